"""Everything the engine needs to train on texts, built from a preset and a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from huohua.arts.choosing import chosen, fitted
from huohua.arts.text.craft import TextCraft
from huohua.arts.text.datasets.dataset import TextDataset
from huohua.arts.text.feed import TextWorks
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.games import set_up
from huohua.arts.text.networks.reader import Reader
from huohua.arts.text.networks.table import DISCRIMINATORS, GENERATORS
from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.passages import Passage, passages_of
from huohua.arts.text.presets import TextPreset
from huohua.arts.text.wording import Wording
from huohua.arts.workshop import Part, Prepared
from huohua.randomness import derive_seed

PROMPT_SHARE = 0.25  # of a row that is left to prompts


@dataclass(frozen=True, kw_only=True)
class Players:
    """A writer and its reader, with how they are built again; no reader where there is none."""

    writer: Part
    reader: Part | None


def passages_in(
    dataset: TextDataset, numbers: list[int], wording: Wording, frame: TextFrame
) -> list[Passage]:
    """Return the passages of some works of a dataset, short enough for a row with a prompt."""
    sources = (wording.source(dataset.works[number]) for number in numbers)
    longest = int(frame.tokens * (1 - PROMPT_SHARE))
    return passages_of(sources, wording.tokeniser, longest=longest)


def build_players(preset: TextPreset, wording: Wording, frame: TextFrame, *, seed: int) -> Players:
    """Return fresh networks whose first weights follow from a seed.

    Raises:
        ModelError: the preset names a network that does not exist, or settings it does not have.
    """
    size = {"vocabulary": len(wording.signs), "longest": 2 * frame.tokens}
    writing = {**size, **preset.generator_settings}
    reading = {**size, "labels": len(wording.signs.labels), **preset.discriminator_settings}
    # Layers draw their first weights from the global state, which is put back afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(seed, "weights"))
        writer = build_generator(preset.generator, writing)
        reader = build_discriminator(preset.discriminator, reading) if preset.discriminator else None
    return Players(
        writer=Part(name=preset.generator, settings=writing, network=writer),
        reader=None if reader is None else Part(name=preset.discriminator, settings=reading, network=reader),
    )


def build_generator(name: str, settings: Mapping[str, Any]) -> Writer:
    """Return a writer with fresh weights.

    Raises:
        ModelError: there is no generator of that name, or the settings do not fit it.
    """
    kind, network = chosen("generator", name, GENERATORS)
    return network(fitted("generator", name, kind, settings))


def build_discriminator(name: str, settings: Mapping[str, Any]) -> Reader:
    """Return a reader with fresh weights.

    Raises:
        ModelError: there is no discriminator of that name, or the settings do not fit it.
    """
    kind, network = chosen("discriminator", name, DISCRIMINATORS)
    return network(fitted("discriminator", name, kind, settings))


def prepare(
    passages: list[Passage],
    players: Players,
    wording: Wording,
    preset: TextPreset,
    frame: TextFrame,
    *,
    device: torch.device,
) -> Prepared:
    """Return the game of a preset, ready to be played."""
    reader = None if players.reader is None else players.reader.network.to(device)
    craft = TextCraft(
        signs=wording.signs, breaks=wording.breaks, works=preset.works, longest=preset.work_tokens
    )
    game, optimisers = set_up(preset, players.writer.network.to(device), reader, craft)
    works = TextWorks(passages, wording.signs, preset.layout, length=frame.tokens, device=device)
    return Prepared(game=game, optimisers=optimisers, works=works)
