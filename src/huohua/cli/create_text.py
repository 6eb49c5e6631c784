"""`huohua create text`: write new texts with a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from huohua.cli import options, wishes
from huohua.cli import text_options as text
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huohua.arts.text.artwork import TextArtwork
    from huohua.studio.create import Creation


def create_text(
    model: options.Model = None,
    form: text.Form = "",
    style: text.Style = None,
    prompt: text.Prompt = "",
    title: text.Title = "",
    keywords: text.Keywords = "",
    acrostic: text.Acrostic = "",
    rhyme: text.Rhyme = "",
    condition: wishes.Conditions = None,
    drafts: text.Drafts = 16,
    keep: text.Keep = 1,
    temperature: text.Temperature = 0.9,
    choosiness: text.Choosiness = 1.0,
    count: text.Count = 1,
    seed: text.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write new texts with a model, exact in their form.

    The ending of --out says as what: .txt, .md, .json, or a typeset page as .png, .svg or .pdf. Without it
    texts are saved as .txt, named after their form, and never written over others.
    """
    from huohua.studio.text_brief import Brief
    from huohua.studio.write import write

    place = text_destination(out, count * keep)
    creation = write(
        model,
        seed=seed,
        count=count,
        conditions=wishes.read_wishes(None, style, [], condition or []),
        prompt=prompt,
        brief=Brief(
            form=form,
            title=title,
            keywords=text.read_keywords(keywords),
            acrostic=acrostic,
            rhyme=rhyme,
            drafts=max(drafts, keep),
            keep=keep,
            temperature=temperature,
            choosiness=choosiness,
        ),
    )
    save_texts(creation, place, json=json, quiet=quiet)


def text_destination(out: Path | None, count: int) -> Destination:
    """Return where texts go.

    Raises:
        UsageError: it ends like a file of a kind that texts are not saved in.
    """
    from huohua.arts.text.artwork import ENCODERS

    return destination(out, tuple(ENCODERS), count=count)


def save_texts(creation: Creation, place: Destination, *, json: bool, quiet: bool, name: str = "") -> None:
    """Save the texts of an order as they are written, and show them; `name` begins the names of files."""
    if not (json or quiet):
        say(f"Model {creation.model.name}, seed {creation.seed}", style="dim")
        for sentence in creation.reading.sentences():
            say(sentence, style="dim")
    saved = []
    for work in cast("Iterator[TextArtwork]", iter(creation)):
        path = work.save(place.path(_stem(work, place, name)))
        saved.append(_result(path, work))
        if not (json or quiet):
            put(work.text)
        if not json:
            put(path)
    if json:
        put_json({"model": creation.model.name, "seed": creation.seed, "works": saved})


def _stem(work: TextArtwork, place: Destination, name: str) -> str:
    recipe = work.recipe
    rank = int(recipe.options.get("rank", 0))
    named = place.stem or f"{name or plain_name([work.form or recipe.model])}-seed{recipe.seed}"
    return f"{named}-{recipe.index}{f'-draft{rank + 1}' if rank else ''}"


def _result(path: Path, work: TextArtwork) -> dict[str, Any]:
    recipe = work.recipe
    return {
        "path": path,
        "index": recipe.index,
        "text": work.text,
        "title": work.title,
        "form": work.form,
        "conditions": recipe.conditions,
        "options": recipe.options,
        "words": recipe.words,
    }
