"""Every figure of samples against real works, each beside its floor, over all works and class by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from huohua.errors import DataError
from huohua.metrics.copying import share_deviation
from huohua.metrics.halves import Measure, Measured, draw_halves, measure_all
from huohua.metrics.table import CLASS_METRICS, METRICS, Better
from huohua.randomness import numpy_generator
from huohua.studio.evaluation import ClassFigures, Figure
from huohua.studio.evaluation_tables import Nearest, Table

DRAWS = 10
CLASS_DRAWS = 5
MOST_CLASSES = 16
COPY, REPEAT = "copy_rate", "repeat_rate"
FEWEST_LOOKED_AT = 4  # works of a side from which a rate of copies is told

Pair = tuple[Measure, Measure]


def all_figures(samples: Table, real: Table, nearest: Nearest, *, seed: int) -> dict[str, Figure]:
    """Return every figure over all works, in the order of the table of metrics, repeats and copies last."""
    figures = _compared(samples, real, seed=seed, draws=DRAWS)
    if len(set(real.class_N) - {""}) > 1:
        figures |= _within_classes(samples, real, seed=seed)
    figures[REPEAT] = _rate(REPEAT, nearest.repeat_N, nearest.real_repeat_N, nearest)
    figures[COPY] = _rate(COPY, nearest.similarity_N, nearest.real_similarity_M, nearest)
    return figures


def class_figures(samples: Table, real: Table, nearest: Nearest, *, seed: int) -> list[ClassFigures]:
    """Return the figures of the most common classes that both sides have, or nothing with fewer than two."""
    counts = Counter(str(name) for name in real.class_N if name)
    names = [name for name, _ in counts.most_common(MOST_CLASSES) if name in set(samples.class_N)]
    return [_of_class(name, samples, real, nearest, seed=seed) for name in names] if len(names) > 1 else []


def _of_class(name: str, samples: Table, real: Table, nearest: Nearest, *, seed: int) -> ClassFigures:
    of_samples, of_real = samples.of(name), real.of(name)
    figures = _compared(of_samples, of_real, seed=seed, draws=CLASS_DRAWS)
    asked = samples.class_N[: len(nearest.similarity_N)] == name
    has = real.class_N[: len(nearest.real_similarity_M)] == name
    figures[COPY] = _rate(COPY, nearest.similarity_N[asked], nearest.real_similarity_M[has], nearest)
    return ClassFigures(name=name, works=len(of_real), samples=len(of_samples), figures=figures)


def _compared(samples: Table, real: Table, *, seed: int, draws: int) -> dict[str, Figure]:
    wholes = {
        name: _pair(metric.function, samples.feature_NF, real.feature_NF)
        for name, metric in METRICS.items()
        if metric.of == "description" and name != COPY
    }
    scales = {
        name: _pair(metric.function, samples.row_NS, real.row_NS)
        for name, metric in METRICS.items()
        if metric.of == "scales"
    }
    found = _drawn(wholes, len(samples), len(real), seed=seed, draws=draws)
    found |= _drawn(scales, len(samples.row_NS), len(real.row_NS), seed=seed, draws=draws)
    return {
        name: _figure(name, metric.better, found[name]) for name, metric in METRICS.items() if name in found
    }


def _within_classes(samples: Table, real: Table, *, seed: int) -> dict[str, Figure]:
    samples, real = samples.labelled(), real.labelled()

    def pair(function: Callable[..., float]) -> Pair:
        return (
            lambda a, b: function(
                samples.feature_NF[a], samples.class_N[a], real.feature_NF[b], real.class_N[b]
            ),
            lambda a, b: function(real.feature_NF[a], real.class_N[a], real.feature_NF[b], real.class_N[b]),
        )

    pairs = {name: pair(metric.function) for name, metric in CLASS_METRICS.items()}
    found = _drawn(pairs, len(samples), len(real), seed=seed, draws=DRAWS)
    return {name: _figure(name, CLASS_METRICS[name].better, found[name]) for name in found}


def _rate(name: str, similarity_N: np.ndarray, real_similarity_M: np.ndarray, nearest: Nearest) -> Figure:
    """Return the share of samples more similar than copies need be, and the same of real works."""
    fakes, reals = len(similarity_N), len(real_similarity_M)
    better = METRICS[COPY].better
    if min(fakes, reals) < FEWEST_LOOKED_AT:
        return Figure(name=name, better=better, reason=f"A rate needs {FEWEST_LOOKED_AT} works of each side.")
    share = float(np.mean(similarity_N > nearest.calibration.threshold))
    alarms = float(np.mean(real_similarity_M > nearest.calibration.threshold))
    # A model that shows one work a hundred times has not been tried a hundred times.
    tried = nearest.different * fakes
    # A rate needs no second side of its own size, so it is that of all.
    return Figure(
        name=name,
        better=better,
        value=share,
        spread=share_deviation(share * tried, tried),
        floor=alarms,
        floor_spread=share_deviation(alarms * reals, reals),
        works=fakes,
    )


def _pair(function: Callable[..., float], fake: np.ndarray, real: np.ndarray) -> Pair:
    return (lambda a, b: function(fake[a], real[b]), lambda a, b: function(real[a], real[b]))


def _drawn(
    pairs: Mapping[str, Pair], fakes: int, reals: int, *, seed: int, draws: int
) -> dict[str, Measured | DataError]:
    try:
        halves = list(draw_halves(fakes, reals, numpy_generator(seed, "evaluation draws"), draws=draws))
    except DataError as error:
        return dict.fromkeys(pairs, error)
    return measure_all(pairs, halves)


def _figure(name: str, better: Better, found: Measured | DataError) -> Figure:
    if isinstance(found, DataError):
        return Figure(name=name, better=better, reason=found.message)
    return Figure(name=name, better=better, **vars(found))
