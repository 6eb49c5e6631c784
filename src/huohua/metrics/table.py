"""Every figure by name: its function, which way is better, and how to read it in plain words.

A figure means something only beside the name of the network that made the features and beside the
same figure of real works against real works, which is the best any model can hope for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from huohua.metrics.copying import copy_rate
from huohua.metrics.density_coverage import coverage, density
from huohua.metrics.diversity import Classes, diversity_ratio, within_class_ratio
from huohua.metrics.features import Features
from huohua.metrics.frechet import frechet_distance
from huohua.metrics.kernel import kernel_distance
from huohua.metrics.perceptual import perceptual_ratio
from huohua.metrics.precision_recall import precision, recall

Better = Literal["higher", "lower"]
# What a figure is measured on: one description of a whole work, or what it looks like on several scales.
Input = Literal["description", "scales"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure of generated works against real ones.

    Attributes:
        function: takes fake_NF and real_MF and returns the figure.
        better: which way is better.
        reading: what the figure says, in one sentence for people.
        of: what the rows are; rows of scales come from `perceptual_rows`.
    """

    function: Callable[[Features, Features], float]
    better: Better
    reading: str
    of: Input = "description"


@dataclass(frozen=True, kw_only=True)
class ClassMetric:
    """A figure that also needs to know which class each work belongs to.

    Attributes:
        function: takes fake_NF, fake_class_N, real_MF and real_class_M and returns the figure.
        better: which way is better.
        reading: what the figure says, in one sentence for people.
    """

    function: Callable[[Features, Classes, Features, Classes], float]
    better: Better
    reading: str


METRICS: Mapping[str, Metric] = {
    "diversity_ratio": Metric(
        function=diversity_ratio,
        better="higher",
        reading="How varied the generated works are beside the real ones: 0 is one work over and over, "
        "1 is as varied as the real works.",
    ),
    "perceptual_ratio": Metric(
        function=perceptual_ratio,
        better="higher",
        reading="How different the generated works look beside the real ones, on several scales at once: 0 "
        "is one picture over and over, 1 is as different as the real works. Like LPIPS, but not LPIPS.",
        of="scales",
    ),
    "precision": Metric(
        function=precision,
        better="higher",
        reading="The share of generated works that could pass among the real ones, from 0 to 1.",
    ),
    "recall": Metric(
        function=recall,
        better="higher",
        reading="The share of real works that the model could have made, from 0 to 1.",
    ),
    "density": Metric(
        function=density,
        better="higher",
        reading="How deep among the real works the generated ones lie: 0 is outside, 1 is like real works, "
        "more is crowding where real works are most alike.",
    ),
    "coverage": Metric(
        function=coverage,
        better="higher",
        reading="The share of real works that have a generated one nearby, from 0 to 1.",
    ),
    "kernel": Metric(
        function=kernel_distance,
        better="lower",
        reading="How far the generated works are from the real ones as a whole: 0 is not to be told apart, "
        "and few works suffice.",
    ),
    "frechet": Metric(
        function=frechet_distance,
        better="lower",
        reading="How far the two sets differ in average and spread: 0 is not at all; compare only sets of "
        "one size.",
    ),
    "copy_rate": Metric(
        function=copy_rate,
        better="lower",
        reading="The share of generated works closer to a real one than real works are to each other: "
        "0.01 is what real works show among themselves, much more means copying.",
    ),
}

CLASS_METRICS: Mapping[str, ClassMetric] = {
    "within_class_ratio": ClassMetric(
        function=within_class_ratio,
        better="higher",
        reading="How varied the works of one class are beside the real ones of that class: 0 is one work for "
        "each class, 1 is as varied as the real works.",
    ),
}
