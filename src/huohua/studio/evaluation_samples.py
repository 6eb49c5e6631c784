"""Samples of a model for an evaluation: asked for what real works have, made a few at a time, not kept.

Sample number i of a seed is the work that `huohua create` makes as number i of that seed under the same
conditions, but for the last bits: works are made one by one there and several at once here.

Letters: N samples, B of a batch, C condition, Z latent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.yardstick import Collection
from huohua.conditions.space import ConditionSpace
from huohua.conditions.typical import completed
from huohua.errors import ModelError
from huohua.randomness import numpy_generator
from huohua.studio.evaluation import Note
from huohua.studio.model import Model
from huohua.zoo.format import ModelConfig

BATCH = 16  # samples made at once; more are no faster on a processor and take memory
LISTED = 8  # names in a note


class Samples:
    """Works of a model by number.

    Args:
        model: the model.
        condition_NC: what each sample is asked for.
        seed: of the samples.
    """

    def __init__(self, model: Model, condition_NC: NDArray[np.float32], *, seed: int) -> None:
        self.model, self.condition_NC, self.seed = model, condition_NC, seed

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.condition_NC)

    def take(self, numbers: Sequence[int]) -> Tensor:
        """Return the samples of these numbers, made now.

        Raises:
            ModelError: they hold values that are not numbers.
        """
        batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
        made = torch.cat(
            [self.model.samples(batch, self.condition_NC[list(batch)], seed=self.seed) for batch in batches]
        )
        if not bool(made.isfinite().all()):
            raise ModelError(
                "The model draws values that are not numbers, so nothing can be measured.",
                advice="Its weights are damaged: go back to an earlier checkpoint of the run.",
            )
        return made


def conditions_like(
    asked_NC: NDArray[np.float32], config: ModelConfig, *, count: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return for each sample the real work that it takes its conditions from, and condition_NC.

    Every work is asked after once before any is a second time. What a work leaves open, because it has no
    label there or a label that the model never learnt, is filled in as for a wish that does.
    """
    dice = numpy_generator(seed, "evaluation conditions")
    turns = [dice.permutation(len(asked_NC)) for _ in range(-(-count // len(asked_NC)))]
    work_N = np.concatenate(turns)[:count]
    return work_N, _completed(asked_NC[work_N], config, dice)


def _completed(
    condition_NC: NDArray[np.float32], config: ModelConfig, dice: np.random.Generator
) -> NDArray[np.float32]:
    space = config.conditions
    spans = _spans(space)
    whole_NC: NDArray[np.float32] = condition_NC.copy()
    for row_C in whole_NC:
        if all(row_C[span].any() for group, span in spans.items() if not space.measured(group)):
            continue
        wishes = {
            group: dict(zip(space.groups[group], map(float, row_C[span]), strict=True))
            for group, span in spans.items()
            if space.measured(group) or row_C[span].any()
        }
        row_C[:] = space.encode(completed(wishes, space, config.typical, dice))
    return whole_NC


def _spans(space: ConditionSpace) -> dict[str, slice]:
    """Return the places of each group that has names."""
    spans, first = {}, 0
    for group, names in space.groups.items():
        if names:
            spans[group] = slice(first, first + len(names))
        first += len(names)
    return spans


def classes_of(condition_NC: NDArray[np.float32], space: ConditionSpace) -> tuple[str, list[str]]:
    """Return the leading group of labels and each row's first name in it, or an empty word.

    What works show leads before their style, and that before other labels; a group in which no row has a
    name does not lead.
    """
    spans = {group: span for group, span in _spans(space).items() if not space.measured(group)}
    order = [group for group in dict.fromkeys(("subject", "style", *spans)) if group in spans]
    for group in order:
        part_NG = np.asarray(condition_NC[:, spans[group]] > 0)
        if part_NG.any():
            names = space.groups[group]
            return group, [names[int(row_G.argmax())] if row_G.any() else "" for row_G in part_NG]
    return "", [""] * len(condition_NC)


def differences(works: Collection, asked_NC: NDArray[np.float32], space: ConditionSpace) -> list[Note]:
    """Return notes on labels that the model knows and the works lack, and the other way round."""
    pairs = [pair for pair in space.places() if not space.measured(pair[0])]
    places = space.places()
    unasked = [name for group, name in pairs if not asked_NC[:, places[group, name]].any()]
    known = {(group, name.casefold()) for group, name in pairs}
    unknown = [
        name
        for group, names in works.conditions.groups.items()
        if not works.conditions.measured(group)
        for name in names
        if (group, name.casefold()) not in known
    ]
    notes = []
    if unasked:
        notes.append(Note(key="note_unasked", values={"names": _listed(unasked)}))
    if unknown and pairs:
        notes.append(Note(key="note_unknown", values={"names": _listed(unknown)}))
    if unknown and not pairs:
        notes.append(Note(key="note_unlabelled_model", values={}))
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")
