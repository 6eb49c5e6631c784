"""Measure a model against real works: the use case behind `huohua evaluate`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.arts.table import art
from huohua.arts.yardstick import Collection, OnProgress, Yardstick
from huohua.devices import choose_threads
from huohua.errors import UsageError
from huohua.files import write_text
from huohua.memory import keep_freed_memory
from huohua.randomness import numpy_generator
from huohua.studio.evaluation import Copies, Evaluation, Likeness, Note
from huohua.studio.evaluation_figures import DRAWS, all_figures, class_figures
from huohua.studio.evaluation_report import Exhibits, write_evaluation_report
from huohua.studio.evaluation_samples import Samples, classes_of, conditions_like, differences
from huohua.studio.evaluation_tables import HELD, Describer, Nearest, Table, find_nearest
from huohua.studio.evaluation_words import WORDS
from huohua.studio.model import Model
from huohua.studio.opening import load
from huohua.studio.report_words import Language
from huohua.version import __version__
from huohua.zoo.card import Measured, write_card
from huohua.zoo.format import CARD

RECORD = "evaluation.json"
FEWEST_SAMPLES, USUAL_SAMPLES, MOST_SAMPLES = 16, 1024, 100_000
LEAST_BY_DEFAULT = 256  # samples even of few works, since samples cost little and figures gain
FEW_WORKS = 50  # below so many figures are mostly chance
NEAREST_SHOWN = 16

OnStage = Callable[[str], OnProgress]


def evaluate(
    model: Model | str | Path,
    data: str | Path,
    *,
    samples: int | None = None,
    extractor: str | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    language: Language = "en",
    card: bool = False,
    threads: int | None = None,
    on_stage: OnStage | None = None,
    on_download: OnProgress | None = None,
) -> Evaluation:
    """Measure a model's samples against real works, each figure beside its floor.

    Samples are asked for what the real works have. The floor of a figure is the same figure for one half of
    the real works against the other.

    Args:
        model: a model, its name or its folder.
        data: the real works: a folder, zip, npz or IDX file, or the name of a dataset.
        samples: how many to make; by default as many as there are works, from 256 to 1,024.
        extractor: the network that figures are measured on; by default the art's usual one.
        seed: of samples and of halves; the same seed gives the same figures.
        out: a folder for `evaluation.json` and `report.html`; without it nothing is written.
        language: of the report, "en" or "zh".
        card: whether to write the figures into the model's card.
        threads: processor threads; the free cores if absent.
        on_stage: called with the name of each stage; what it returns is told (done, all).
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        UsageError: an argument is wrong.
        ModelError: there is no such model, it is damaged, or it draws values that are not numbers.
        DataError: the works cannot be used.
        MissingDependencyError: the extractor's weights are not installed.
        StorageError: the folder or the card cannot be written.
    """
    began = time.monotonic()
    if samples is not None and not FEWEST_SAMPLES <= samples <= MOST_SAMPLES:
        raise UsageError(
            f"{samples:,} samples cannot be measured.",
            advice=f"Ask for {FEWEST_SAMPLES} to {MOST_SAMPLES:,}.",
        )
    if language not in WORDS:
        raise UsageError(f"There is no report in '{language}'.", advice=f"Use one of: {', '.join(WORDS)}.")
    playable = model if isinstance(model, Model) else load(model)
    stage = on_stage or (lambda name: lambda done, total: None)
    yardstick = art(playable.config.art).yardstick()
    name = extractor or yardstick.extractors[0]
    if name not in yardstick.extractors:
        yardstick.extractor(name)  # says so before works are read
    works = yardstick.collect(
        data,
        frame=playable.config.frame,
        on_progress=stage("reading works"),
        on_download=on_download,
    )
    keep_freed_memory()
    with _threads(choose_threads(threads)):
        describer = Describer(yardstick.extractor(name, works))
        bench = Bench(model=playable, yardstick=yardstick, describer=describer, works=works, seed=seed)
        found, exhibits = bench.measure(samples, stage)
        found = replace(found, seconds=round(time.monotonic() - began, 1))
        if out is not None:
            found = write_evaluation(found, exhibits, Path(out).expanduser(), language)
    if card:
        _write_card(playable, found)
    return found


def write_evaluation(found: Evaluation, exhibits: Exhibits, folder: Path, language: Language) -> Evaluation:
    """Write `evaluation.json` and `report.html` into a folder; return the evaluation with it.

    Raises:
        StorageError: the folder cannot be written.
    """
    found = replace(found, folder=folder)
    record = json.dumps(found.as_record(), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / RECORD, record + "\n")
    write_evaluation_report(folder, found, exhibits, language)
    return found


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A model, real works and what measures them, laid out."""

    model: Model
    yardstick: Yardstick
    describer: Describer
    works: Collection
    seed: int

    def measure(self, count: int | None, stage: OnStage) -> tuple[Evaluation, Exhibits]:
        """Make samples, describe both sides and compare them; return what was found and what can be shown."""
        works, space = self.works, self.model.config.conditions
        count = count or min(max(len(works), LEAST_BY_DEFAULT), USUAL_SAMPLES)
        asked_NC = works.asked(space)
        group, real_class_N = classes_of(asked_NC, space)
        like_N, condition_NC = conditions_like(asked_NC, self.model.config, count=count, seed=self.seed)
        samples = Samples(self.model, condition_NC, seed=self.seed)
        order = [int(row) for row in numpy_generator(self.seed, "evaluation works").permutation(len(works))]
        measured = order[: max(HELD, count)]
        fake = self.describer.table(
            samples,
            range(count),
            [real_class_N[row] for row in like_N],
            on_progress=stage("making samples"),
        )
        real = self.describer.table(
            works,
            measured,
            [real_class_N[row] for row in measured],
            on_progress=stage("describing works"),
        )
        nearest = find_nearest(
            self.describer,
            self.yardstick,
            fake,
            real,
            works,
            order,
            on_progress=stage("looking for copies"),
        )
        stage("measuring")(0, 1)
        figures = all_figures(fake, real, nearest, seed=self.seed)
        own = self.yardstick.own_figures(lambda: samples.take(range(count)), works, seed=self.seed)
        found = Evaluation(
            model=self.model.name,
            model_sha256=self.model.config.weights_sha256,
            data=works.name,
            licence=works.licence,
            extractor=self.describer.extractor.name,
            extractor_title=self.describer.extractor.title,
            samples=count,
            works=len(works),
            measured=len(measured),
            draws=DRAWS,
            seed=self.seed,
            group=group,
            figures=figures,
            classes=class_figures(fake, real, nearest, seed=self.seed),
            copies=self._copies(nearest),
            own=own,
            notes=[*self._notes(count, len(measured), nearest), *differences(works, asked_NC, space)],
            seconds=0.0,
            version=__version__,
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        )
        return found, self._exhibits(samples, like_N, fake, real)

    def _copies(self, nearest: Nearest) -> Copies:
        calibration = nearest.calibration
        closest = np.argsort(-nearest.similarity_N, kind="stable")
        # One sample for each real work: many samples may be near the same.
        _, first = np.unique(nearest.work_N[closest], return_index=True)
        shown = closest[np.sort(first)][:NEAREST_SHOWN]
        return Copies(
            threshold=calibration.threshold,
            telling=calibration.telling,
            power=calibration.power,
            found=calibration.found,
            false_alarms=calibration.false_alarms,
            samples=len(nearest.similarity_N),
            works=nearest.works,
            nearest=[self._likeness(int(sample), nearest) for sample in shown],
            similarity=nearest.similarity_N.tolist(),
            real_similarity=nearest.real_similarity_M.tolist(),
        )

    def _likeness(self, sample: int, nearest: Nearest) -> Likeness:
        work, similarity = int(nearest.work_N[sample]), float(nearest.similarity_N[sample])
        return Likeness(
            sample=sample,
            work=work,
            title=self.works.titles[work],
            similarity=similarity,
            copy=similarity > nearest.calibration.threshold,
        )

    def _notes(self, count: int, measured: int, nearest: Nearest) -> list[Note]:
        trained, works = self.model.config.trained, len(self.works)
        total = f"{works:,}"
        told = {
            "note_few": (works < FEW_WORKS, {}),
            "note_related": (
                self.describer.extractor.family in self.yardstick.relatives(trained.preset),
                {},
            ),
            "note_inception": (self.describer.extractor.name == "inception", {}),
            "note_other_data": (
                bool(trained.data) and (trained.data, trained.works) != (self.works.name, works),
                {"trained": trained.data},
            ),
            "note_subsample": (measured < works, {"measured": f"{measured:,}", "works": total}),
            "note_references": (nearest.works < works, {"met": f"{nearest.works:,}", "works": total}),
            "note_looked_at": (
                len(nearest.similarity_N) < count,
                {"looked": f"{len(nearest.similarity_N):,}"},
            ),
            "note_left_out": (self.works.left_out > 0, {"count": f"{self.works.left_out:,}"}),
        }
        return [Note(key=key, values=values) for key, (told_of, values) in told.items() if told_of]

    def _exhibits(self, samples: Samples, like_N: NDArray[np.intp], fake: Table, real: Table) -> Exhibits:
        return Exhibits(
            samples=lambda numbers: self.yardstick.pictures(samples.take(numbers)),
            works=lambda numbers: self.yardstick.pictures(self.works.samples(numbers)),
            like_N=like_N,
            fake_NF=fake.feature_NF,
            real_NF=real.feature_NF,
        )


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Compute on so many threads within this block."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _write_card(model: Model, found: Evaluation) -> None:
    figures = [
        Measured(name=name, value=figure.value, spread=figure.spread, floor=figure.floor, works=figure.works)
        for name, figure in found.figures.items()
        if figure.value is not None
    ]
    how = f"{found.data}, {found.works:,} works; {found.extractor_title}; {found.samples:,} samples"
    write_text(model.folder / CARD, write_card(model.config, measured=figures, measured_on=how))
