"""How models of texts are measured: real texts as samples, an extractor, and known near-copies.

A sample is the beginning of a text as the numbers of its characters, so that models with other tokenisers
compare. Letters: N texts, C characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from huohua.arts.text.codes import NOTHING, as_codes, as_text
from huohua.arts.text.datasets.dataset import TextDataset, open_dataset
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.metrics.ngram_extractor import NgramExtractor
from huohua.arts.text.specimen import specimen
from huohua.arts.yardstick import Collection, Extractor, OnProgress, OwnFigure
from huohua.conditions.space import ConditionSpace
from huohua.errors import UsageError
from huohua.randomness import torch_generator

EXTRACTORS = ("ngrams",)
LETTERS = 4  # characters of a sample for each token of the frame: enough for pieces of words
CHANGED = 0.1  # share of characters that differ in a changed copy


class TextCollection:
    """Real texts to be measured against; see `Collection` for the meaning of each member."""

    def __init__(self, dataset: TextDataset, *, frame: TextFrame) -> None:
        self.dataset, self.length = dataset, LETTERS * frame.tokens
        self.name, self.licence = dataset.name, dataset.licence
        self.titles = [work.title or work.name for work in dataset.works]
        self.left_out = sum(problem.lost for problem in dataset.problems)
        self.conditions: ConditionSpace = dataset.conditions

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.dataset)

    def samples(self, rows: Sequence[int]) -> Tensor:
        """Return the beginnings of texts as codes."""
        return as_codes([self.dataset.works[row].text for row in rows], self.length)

    def asked(self, space: ConditionSpace) -> NDArray[np.float32]:
        """Return condition_NC: what each text has of the conditions that a model understands."""
        condition_NC = np.zeros((len(self), space.size), dtype=np.float32)
        ours, theirs = self.conditions.places(), space.places()
        for pair in theirs.keys() & ours.keys():
            condition_NC[:, theirs[pair]] = self.dataset.condition_NC[:, ours[pair]]
        for pair in theirs.keys() & self.dataset.constants.items():
            condition_NC[:, theirs[pair]] = 1
        return condition_NC


class TextYardstick:
    """How models of texts are measured; see `Yardstick` for the meaning of each member."""

    extractors = EXTRACTORS

    def extractor(self, name: str, works: Collection | None = None) -> Extractor:
        """Return an extractor by its name.

        Raises:
            UsageError: there is none of that name.
        """
        if name not in EXTRACTORS:
            raise UsageError(
                f"Texts are not described by '{name}'.", advice=f"Use one of {', '.join(EXTRACTORS)}."
            )
        return NgramExtractor()

    def relatives(self, preset: str) -> Sequence[str]:
        """Return nothing: no model of texts learns to please what it is measured with."""
        return ()

    def collect(
        self,
        source: str | Path,
        *,
        frame: TextFrame,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> TextCollection:
        """Return the texts of a place.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        told = None if on_progress is None else (lambda count: on_progress(count, 0))
        return TextCollection(open_dataset(source, on_progress=told), frame=frame)

    def appearances(self, sample: Tensor) -> Sequence[Tensor]:
        """Return texts as they are."""
        return (sample,)

    def near_copies(self, sample: Tensor) -> Mapping[str, Tensor]:
        """Return copies in which some characters are others of the text, and copies with halves swapped."""
        dice = torch_generator(0, "near copies")
        changed, swapped = sample.clone(), sample.clone()
        for number, row in enumerate(sample):
            length = int((row != NOTHING).sum())
            if length < 2:
                continue
            which = torch.randperm(length, generator=dice)[: max(1, round(CHANGED * length))]
            changed[number, which] = row[torch.randint(length, (len(which),), generator=dice)]
            half = length // 2
            swapped[number, :length] = torch.cat([row[half:length], row[:half]])
        return {"letters": changed, "halves": swapped}

    def own_figures(
        self, samples: Callable[[], Tensor], works: TextCollection, *, seed: int
    ) -> Sequence[OwnFigure]:
        """Return nothing: LM against reverse LM and BLEU fronts need several temperatures."""
        return ()

    def pictures(self, sample: Tensor) -> Sequence[Image.Image]:
        """Return each text on a page of its own."""
        return [specimen([as_text(row)]) for row in torch.as_tensor(sample)]
