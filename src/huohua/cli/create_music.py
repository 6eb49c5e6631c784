"""`huohua create music`: write new pieces with a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from huohua.cli import music_options as music
from huohua.cli import options, wishes
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huohua.arts.music.artwork import MusicArtwork
    from huohua.studio.create import Creation


def create_music(
    model: options.Model = None,
    style: music.Style = None,
    prompt: music.Prompt = "",
    bars: music.Bars = None,
    tempo: music.Tempo = None,
    key: music.Key = None,
    form: music.Form = "",
    metre: music.Metre = None,
    role: music.Roles = None,
    density: music.Density = None,
    complexity: music.Complexity = None,
    polyphony: music.Polyphony = None,
    register: music.Register = None,
    range: music.Range = None,
    tension: music.Tension = None,
    repetition: music.Repetition = None,
    swing: music.Swing = None,
    condition: wishes.Conditions = None,
    drafts: music.Drafts = 4,
    keep: music.Keep = 1,
    temperature: music.Temperature = 1.0,
    guidance: music.Guidance = None,
    count: music.Count = 1,
    seed: music.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write new pieces with a model.

    The ending of --out says as what: .mid, .musicxml, .wav, .flac, .mp3, .ogg, .svg, .pdf or .png.
    Without it pieces are saved as MIDI, named after their style, and never written over others.
    """
    from huohua.studio.compose import compose
    from huohua.studio.music_manner import Manner

    controls = {
        "density": density,
        "complexity": complexity,
        "polyphony": polyphony,
        "register": register,
        "range": range,
        "tension": tension,
        "repetition": repetition,
        "swing": swing,
    }
    place = music_destination(out, count * keep)
    creation = compose(
        model,
        seed=seed,
        count=count,
        conditions=music.read_conditions(style, metre, condition, controls),
        prompt=prompt,
        manner=Manner(
            bars=bars,
            tempo=tempo,
            key=key,
            form=form,
            roles=tuple(role or ()),
            drafts=max(drafts, keep),
            keep=keep,
            temperature=temperature,
            guidance=guidance,
        ),
    )
    save_music(creation, place, json=json, quiet=quiet)


def music_destination(out: Path | None, count: int) -> Destination:
    """Return where pieces go.

    Raises:
        UsageError: it ends like a file of a kind that pieces are not saved in.
    """
    from huohua.arts.music.artwork import ENCODERS

    return destination(out, tuple(ENCODERS), count=count)


def save_music(creation: Creation, place: Destination, *, json: bool, quiet: bool, name: str = "") -> None:
    """Save the pieces of an order as they are written, and say which; `name` begins the names of files."""
    if not (json or quiet):
        _introduce(creation)
    saved = []
    for work in cast("Iterator[MusicArtwork]", iter(creation)):
        path = work.save(place.path(_stem(work, place, name)))
        saved.append(_result(path, work))
        if not json:
            put(path)
    if json:
        put_json(
            {
                "model": creation.model.name,
                "seed": creation.seed,
                "understood": [vars(found) for found in creation.reading.understood],
                "ignored": creation.reading.ignored,
                "reasons": creation.reading.reasons,
                "works": saved,
            }
        )


def _introduce(creation: Creation) -> None:
    say(f"Model {creation.model.name}, seed {creation.seed}", style="dim")
    for sentence in creation.reading.sentences():
        say(sentence, style="dim")
    for regret in creation.reading.regrets():
        say(regret, style="yellow")


def _stem(work: MusicArtwork, place: Destination, name: str) -> str:
    recipe = work.recipe
    rank = int(recipe.options.get("rank", 0))
    styles = [style for style, weight in recipe.conditions.get("style", {}).items() if weight]
    named = place.stem or f"{name or plain_name(styles or [recipe.model])}-seed{recipe.seed}"
    return f"{named}-{recipe.index}{f'-draft{rank + 1}' if rank else ''}"


def _result(path: Path, work: MusicArtwork) -> dict[str, Any]:
    recipe = work.recipe
    return {
        "path": path,
        "index": recipe.index,
        "bars": len(work.piece.bars),
        "seconds": round(work.piece.seconds, 2),
        "notes": work.piece.note_count,
        "conditions": recipe.conditions,
        "options": recipe.options,
        "words": recipe.words,
    }
