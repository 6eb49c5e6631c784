"""Where models of texts are made: texts opened, a game of the preset set up, and how it comes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from huohua.arts.text.datasets.dataset import TextDataset, open_dataset
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.inspection import Progress
from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.presets import TextPreset
from huohua.arts.text.specimen import specimen
from huohua.arts.text.training import Players, build_players, passages_in, prepare
from huohua.arts.text.wording import Wording, training_numbers
from huohua.arts.workshop import OnProgress, Part, Parts, Prepared
from huohua.conditions.space import ConditionSpace


class TextWorkshop:
    """Texts and a preset; see `Workshop` for the meaning of each member.

    Args:
        dataset: the texts.
        preset: every setting.
        frame: how much of a text is seen at once.
    """

    def __init__(self, dataset: TextDataset, *, preset: TextPreset, frame: TextFrame) -> None:
        self.dataset, self.preset, self.frame = dataset, preset, frame
        self.name, self.licence, self.origin = dataset.name, dataset.licence, dataset.origin
        self.fingerprint, self.left_out = (
            dataset.fingerprint,
            sum(problem.lost for problem in dataset.problems),
        )
        self.wording = Wording.learn(dataset, size=preset.vocabulary)
        self.numbers = training_numbers(dataset)
        self._progress: Progress | None = None
        self._players: Players | None = None

    def __len__(self) -> int:
        """Return the number of works that are trained on."""
        return len(self.numbers)

    @property
    def conditions(self) -> ConditionSpace:
        """Return style, form, author and period, as far as they distinguish works."""
        return self.dataset.conditions

    @property
    def condition_NC(self) -> NDArray[np.float32]:
        """Return what each work has of the conditions."""
        condition_NC: NDArray[np.float32] = self.dataset.condition_NC[self.numbers]
        return condition_NC

    @property
    def progress(self) -> Progress:
        """Return the probes, which `prepare` makes."""
        if self._progress is None:
            raise RuntimeError("The workshop is not prepared yet.")
        return self._progress

    def prepare(self, *, seed: int, device: torch.device) -> Prepared:
        """Build networks, game, optimisers and probes.

        Raises:
            ModelError: the preset names a network that does not exist, or settings that it does not have.
        """
        seen = passages_in(self.dataset, self.numbers, self.wording, self.frame)
        unseen = passages_in(self.dataset, self.dataset.numbers("valid"), self.wording, self.frame)
        self._progress = Progress(seen, unseen, self.wording, length=self.frame.tokens)
        self._players = build_players(self.preset, self.wording, self.frame, seed=seed)
        return prepare(seen, self._players, self.wording, self.preset, self.frame, device=device)

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return surprise at seen and unseen texts, and the variety of what is written."""
        return self.progress.measure(cast(Writer, network))

    def preview(self, network: nn.Module, path: Path) -> None:
        """Let the writer write to fixed prompts, as a page and, beside it, as plain text."""
        texts = [text for _, text in self.progress.write(cast(Writer, network))]
        path.parent.mkdir(parents=True, exist_ok=True)
        specimen(texts).save(path)
        path.with_suffix(".txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")

    def _usual_form(self) -> str:
        """Return the form that most works have, which is no condition where all have it; "" for none."""
        counts = Counter(work.form for work in self.dataset.works if work.form)
        return counts.most_common(1)[0][0] if counts else ""

    def parts(self, network: nn.Module) -> Parts:
        """Return the writer, the reader if there is one, and the wording."""
        if self._players is None:
            raise RuntimeError("The workshop is not prepared yet.")
        writer = self._players.writer
        return Parts(
            generator=Part(name=writer.name, settings=writer.settings, network=network),
            latent=0,
            discriminator=self._players.reader,
            learnt={**self.wording.learnt(), "usual_form": self._usual_form()},
        )


def open_workshop(
    source: str | Path,
    *,
    preset: TextPreset,
    frame: TextFrame,
    licence: str | None = None,
    origin: str | None = None,
    on_progress: OnProgress | None = None,
    on_download: OnProgress | None = None,
) -> TextWorkshop:
    """Open the texts of a place for training.

    Args:
        source: a folder of texts and tables, or one file of these.
        preset: every setting.
        frame: how much of a text is seen at once.
        licence: said instead of what is written beside the texts.
        origin: said instead of what is written beside the texts.
        on_progress: told (texts read, 0), as their number is not known before.
        on_download: never told anything; no dataset of texts is fetched.

    Raises:
        DataError: there is no such place, or too little in it can be used.
        MissingDependencyError: the library that reads pieces of words is not installed.
    """
    told = None if on_progress is None else (lambda count: on_progress(count, 0))
    dataset = open_dataset(source, licence=licence, origin=origin, on_progress=told)
    return TextWorkshop(dataset, preset=preset, frame=frame)
