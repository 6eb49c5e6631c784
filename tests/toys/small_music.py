"""A model of music with random weights, small enough to write a piece in a moment, and tunes to try it on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from huohua.arts.music.control_scales import GROUP
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.table import art
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, Training, save_model

SPACE = ConditionSpace(
    groups={
        "style": ("folk", "jazz"),
        "metre": ("4/4", "3/4"),
        "mode": ("major", "minor"),
        "position": ("opening", "middle", "ending"),
        GROUP: ("density", "tension"),
    },
    scales={GROUP: {"density": Scale(high=4.0), "tension": Scale()}},
)
TYPICAL = (
    {"style": ("folk",), "metre": ("3/4",), "mode": ("major",), GROUP: "density 0.3"},
    {"style": ("jazz",), "metre": ("4/4",), "mode": ("minor",), GROUP: "density 0.8, tension 1"},
)
LEARNT = {
    "styles": {
        "folk": {"tempo": 100.0, "swing": 1.0, "casts": {"100010": 3}},
        "jazz": {"tempo": 160.0, "swing": 1.5, "casts": {"100111": 2, "100110": 1}},
    }
}
SMALL = {"width": 16, "heads": 2, "encoder": 1, "decoder": 1, "mapped": 8, "chord": 4}


def write_music_model(folder: Path, *, seed: int = 0, **changes: Any) -> Path:
    """Write a model with random weights into a folder."""
    fields = {
        "art": "music",
        "generator": "composer",
        "settings": SMALL,
        "latent": 4,
        "frame": MusicFrame(),
        "conditions": SPACE,
        "typical": TYPICAL,
        "learnt": LEARNT,
        "trained": Training(data="tunes", licence="CC0-1.0", works=12, shown=3456),
        "name": "tunes",
    }
    config = ModelConfig(**{**fields, **changes})
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = art("music").build_generator(
            config.generator,
            config.settings,
            latent=config.latent,
            condition=config.conditions.size,
            frame=config.frame,
        )
    dice = torch.Generator().manual_seed(seed)
    for parameter in generator.parameters():  # fresh networks do not listen to conditions yet
        parameter.data += 0.2 * torch.randn(parameter.shape, generator=dice)
    save_model(folder, config=config, weights=generator.state_dict(), card=write_card(config), dtype="fp32")
    return folder


def melody(bars: int, *, metre: tuple[int, int] = (4, 4), step: int = 2) -> Track:
    """Return a tune of quarter notes, played a little late and each a little louder than the last."""
    beats = bars * metre[0]
    notes = tuple(
        Note(start=48 * beat + 2, duration=40, pitch=60 + (beat * step) % 12, velocity=50 + beat % 40)
        for beat in range(beats)
    )
    return Track(name="tune", program=40, role="lead", notes=notes)


def tune(bars: int = 8, *, metre: tuple[int, int] = (4, 4)) -> Piece:
    """Return a tune with nobody to accompany it."""
    return Piece(
        title="A tune",
        tracks=(melody(bars, metre=metre),),
        tempos=(Tempo(qpm=90),),
        metres=(Metre(numerator=metre[0], denominator=metre[1]),),
        keys=(Key(tonic=7),),
    )


def write_tune(path: Path, bars: int = 8, *, metre: tuple[int, int] = (4, 4)) -> Path:
    """Write such a tune as MIDI."""
    path.write_bytes(midi_bytes(tune(bars, metre=metre)))
    return path
