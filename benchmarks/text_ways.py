"""The ways to write that `text_fronts.py` compares, and the real texts they are compared on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.arts.text import rows
from huohua.arts.text.continuing import Chance, Continued, Guide, go_on
from huohua.arts.text.datasets.dataset import open_dataset
from huohua.arts.text.passages import Passage, passages_of
from huohua.arts.text.plans import LinePlan, StepPlan
from huohua.arts.text.rows import Prompt
from huohua.arts.text.wording import Wording, training_numbers
from huohua.arts.text.writing import Desk
from huohua.randomness import numpy_generator, torch_generator
from huohua.zoo.format import load_config

LONGEST = 120  # tokens of a text that is compared
BATCH = 64  # texts written at once


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to write: whose hand, how hot, and whether a reader chooses among drafts."""

    name: str
    desk: Desk
    temperature: float
    judge: Desk | None = None
    drafts: int = 1


@dataclass(kw_only=True)
class Texts:
    """Real texts as tokens.

    Attributes:
        name: of the data.
        wording: of the models.
        plans: works whose labels and lines are written to, seen in training.
        taught: texts for the judges to learn, seen in training.
        real, unseen: two lots of texts that no writer saw: one to be measured, one to be asked about.
        examples: what was written, for the page.
    """

    name: str
    wording: Wording
    plans: Sequence[Passage]
    taught: Sequence[Sequence[int]]
    real: Sequence[Sequence[int]]
    unseen: Sequence[Sequence[int]]
    examples: list[str] = field(default_factory=list)


def load_desk(folder: str) -> Desk:
    """Return the writer and the reader of a model folder, or of the folder of its run."""
    from huohua.studio.loading import load_discriminator, load_generator

    place = Path(folder)
    place = place / "model" if (place / "model").is_dir() else place
    config = load_config(place)
    reader = load_discriminator(place, config) if config.discriminator else None
    return Desk(load_generator(place, config), reader, Wording.from_learnt(config.learnt))  # type: ignore[arg-type]


def open_texts(source: str, wording: Wording, *, works: int, seed: int, taught: int = 20_000) -> Texts:
    """Return the texts of a place, shared out."""
    dataset = open_dataset(source)
    dice = numpy_generator(seed, "fronts")

    def passages(numbers: Sequence[int], most: int) -> list[Passage]:
        picked = [numbers[int(place)] for place in dice.permutation(len(numbers))[:most]]
        found = passages_of(
            (wording.source(dataset.works[n]) for n in picked), wording.tokeniser, longest=LONGEST
        )
        return [one for one in found if one.written.begins and one.written.ends]

    train = passages(training_numbers(dataset), taught)
    unseen = passages(dataset.numbers("valid") + dataset.numbers("test"), 2 * works)
    tokens = [one.written.token_T.tolist() for one in unseen]
    return Texts(
        name=dataset.name,
        wording=wording,
        plans=train[:works],
        taught=[one.written.token_T.tolist() for one in train],
        real=tokens[: len(tokens) // 2],
        unseen=tokens[len(tokens) // 2 :],
    )


def ways_of(
    likelihood: Desk, game: Desk, others: Mapping[str, Desk], temperatures: Sequence[float], drafts: int
) -> list[Way]:
    """Return all ways at all temperatures; drafts are chosen by the reader that played the game."""
    found = []
    for temperature in temperatures:
        found += [
            Way(name="likelihood", desk=likelihood, temperature=temperature),
            Way(
                name="likelihood, reader chooses",
                desk=likelihood,
                temperature=temperature,
                judge=game,
                drafts=drafts,
            ),
            Way(name="after the game", desk=game, temperature=temperature),
            Way(
                name="after the game, reader chooses",
                desk=game,
                temperature=temperature,
                judge=game,
                drafts=drafts,
            ),
        ]
        found += [Way(name=name, desk=desk, temperature=temperature) for name, desk in others.items()]
    return found


def write(way: Way, texts: Texts, *, seed: int) -> list[list[int]]:
    """Return one text for each plan, without the token that ends it."""
    wording, dice = way.desk.wording, torch_generator(seed, way.name, str(way.temperature))
    plans = [plan for plan in texts.plans for _ in range(way.drafts)]
    written: list[tuple[NDArray[np.int64], Continued]] = []
    for at in range(0, len(plans), BATCH):
        heads, guides = zip(*(_begun(plan, wording) for plan in plans[at : at + BATCH]), strict=True)
        most = way.desk.writer.settings.longest - max(map(len, heads)) - 1
        chance = Chance(temperature=way.temperature)
        first = wording.signs.first
        found = go_on(
            way.desk.writer, heads, guides, chance, dice, text_tokens=first, most=min(most, 2 * LONGEST)
        )
        written += zip(heads, found, strict=True)
    chosen = _chosen(written, way, dice)
    end = wording.signs.end
    return [[token for token in one.tokens if token != end] for one in chosen]


def _begun(plan: Passage, wording: Wording) -> tuple[NDArray[np.int64], Guide]:
    signs, prompt = wording.signs, Prompt(labels=plan.labels)
    row_TK = rows.whole(prompt, plan.written, signs)
    cut = len(prompt.tokens(signs)) + 1
    if wording.breaks:
        return row_TK[:cut], LinePlan(row_TK[cut:], end=signs.end, breaks=wording.breaks)
    return row_TK[:cut], StepPlan(row_TK[cut:], end=signs.end)


def _chosen(
    written: Sequence[tuple[NDArray[np.int64], Continued]], way: Way, dice: torch.Generator
) -> list[Continued]:
    """Return of each `drafts` in a row the one drawn by its energy."""
    if way.judge is None or way.drafts == 1:
        return [found for _, found in written]
    kept = []
    for at in range(0, len(written), way.drafts):
        laid = [rows.joined(head, _asked(found)) for head, found in written[at : at + way.drafts]]
        energy_N = way.judge.energies(laid)
        if energy_N is None:
            raise ValueError("a judge without a reader cannot choose")
        number = int(torch.multinomial((-energy_N).softmax(0), 1, generator=dice))
        kept.append(written[at + number][1])
    return kept


def _asked(found: Continued) -> NDArray[np.int64]:
    row_TK = rows.bare(found.tokens)
    row_TK[:, rows.SYMBOLS] = np.array(found.symbols, dtype=np.int64).reshape(-1, 4)
    row_TK[:, rows.COUNTED] = 1
    return row_TK
