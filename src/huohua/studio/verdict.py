"""How a run went, in plain words: a light, a summary, and what to try next.

Each check looks at one side of the run and finds something or nothing. The worst finding sets the
light; its words come after how the run ended, and every finding's advice is given, worst first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

from huohua.adversarial.events import Event, Finished, Progress, RolledBack, Started
from huohua.studio.history import History, figures, recent_figure, settle
from huohua.studio.report_words import Language, duration, say

Light = Literal["good", "watch", "trouble"]
# How a run can end: the light of that alone, and its advice.
ENDS: Mapping[str, tuple[Light, str]] = {
    "budget": ("good", ""),
    "stopped": ("good", "end_early_advice"),
    "interrupted": ("good", "end_early_advice"),
    "open": ("watch", "end_open_advice"),
    "failed": ("trouble", "end_failed_advice"),
}
SEVERITY: Mapping[Light, int] = {"good": 0, "watch": 1, "trouble": 2}

VARIETY = ("diversity_ratio", "diversity_within")
VARIED = 0.7  # as varied, beside the real works, as new ones should be
ALIKE = 0.4  # less varied than this they look alike
WILD = 1.3  # more varied than this they are noise
ANOTHER = 0.9  # a reconstruction as far from its work as this share of another work's distance is none
LIKE = 0.2  # the share that should be able to pass among real works
YOUNG = 20_000  # works shown before which little can be asked
SHORT = 10_000  # works shown that are only a beginning
BY_HEART = 0.95  # sureness about real works; adaptive augmentation aims at 0.6
FULL = 0.95  # strength of augmentation that leaves no room
OFTEN = 4  # roll-backs after which the settings are at fault
LATE = 0.8  # the share of the time after which a roll-back is late
SLOW = 0.5  # the share of its first speed below which a run has slowed down


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a run went.

    Attributes:
        light: good, watch or trouble.
        summary: one to three sentences.
        advice: what to try next, the most useful first; never empty.
    """

    light: Light
    summary: str
    advice: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found: how bad it is, and the keys of its sentence and its advice, if any."""

    light: Light
    sentence: str = ""
    advice: str = ""
    values: Mapping[str, str]


def verdict(events: Iterable[Event], lang: Language = "en") -> Verdict:
    """Judge a run by its events alone."""
    history = settle(events)
    end = _end(history, lang)
    findings = [found for check in CHECKS if (found := check(history, lang))] if history.of(Progress) else []
    worst = max((end, *findings), key=lambda finding: SEVERITY[finding.light]).light
    said = [end, *(found for found in findings if found.light == worst and found.sentence)]
    ordered = sorted((end, *findings), key=lambda finding: -SEVERITY[finding.light])
    advice = [say(lang, finding.advice, **finding.values) for finding in ordered if finding.advice]
    return Verdict(
        light=worst,
        summary=say(lang, "space").join(say(lang, finding.sentence, **finding.values) for finding in said),
        advice=tuple(dict.fromkeys(advice)) or (say(lang, "enjoy_advice"),),
    )


def _end(history: History, lang: Language) -> Finding:
    values = {"works": f"{history.shown:,}", "time": duration(lang, history.seconds)}
    if not history.of(Progress):
        return Finding(light="trouble", sentence="end_none", advice="end_none_advice", values=values)
    last = next((event for event in reversed(history.events) if isinstance(event, (Started, Finished))), None)
    reason = last.reason if isinstance(last, Finished) else "open"
    light, advice = ENDS.get(reason, ENDS["stopped"])
    sentence = f"end_{reason if reason in ENDS else 'stopped'}"
    return Finding(light=light, sentence=sentence, advice=advice, values=values)


def _variety(history: History, lang: Language) -> Finding | None:
    found = {name: recent for name in VARIETY if (recent := recent_figure(history, name)) is not None}
    if not found:
        return Finding(light="watch", sentence="unmeasured", advice="unmeasured_advice", values={})
    if _soft(history):
        # The blur of an autoencoder takes away variety and likeness alike; it is no collapse.
        values = {"ratio": f"{min(found.values()):.0%}"}
        return Finding(light="good", sentence="variety_soft", advice="variety_soft_advice", values=values)
    # A model may differ over labels and yet make one work of each: the lower figure tells.
    name, ratio = min(found.items(), key=lambda item: item[1])
    within = say(lang, "within") if name == "diversity_within" else ""
    values, way = {"ratio": f"{ratio:.0%}", "within": within}, _way(figures(history, name))
    if ratio > WILD:
        return Finding(light="watch", sentence="variety_wild", advice="variety_wild_advice", values=values)
    if ratio >= VARIED:
        advice = {"up": "variety_growing_advice", "down": "variety_falling_advice"}.get(way, "")
        return Finding(light="good", sentence="variety_good", advice=advice, values=values)
    if ratio < ALIKE and history.shown >= YOUNG:
        return Finding(light="trouble", sentence="variety_lost", advice="variety_lost_advice", values=values)
    if history.shown < YOUNG:
        advice = "variety_young_advice"
    else:
        advice = {"up": "variety_growing_advice", "down": "variety_falling_advice"}.get(
            way, "variety_short_advice"
        )
    return Finding(light="watch", sentence="variety_short", advice=advice, values=values)


def _likeness(history: History, lang: Language) -> Finding | None:
    share = recent_figure(history, "precision")
    if share is None or share >= LIKE or _soft(history):
        return None
    values = {"precision": f"{share:.0%}"}
    return Finding(light="watch", sentence="likeness_low", advice="likeness_low_advice", values=values)


def _reconstruction(history: History, lang: Language) -> Finding | None:
    share = recent_figure(history, "reconstruction_pixels")
    if share is None:
        return None
    values = {"share": f"{share:.0%}"}
    if share < ANOTHER:
        return Finding(light="good", sentence="rebuilt", values=values)
    light: Light = "watch" if history.shown < YOUNG else "trouble"
    return Finding(light=light, sentence="rebuilt_badly", advice="rebuilt_badly_advice", values=values)


def _soft(history: History) -> bool:
    """Return whether the works of a run are soft by nature: rebuilt, and judged by no discriminator."""
    judged = any("score_real" in event.gauges for event in history.of(Progress))
    return recent_figure(history, "reconstruction_pixels") is not None and not judged


def _overfitting(history: History, lang: Language) -> Finding | None:
    gauges = [event.gauges for event in _ending(history.of(Progress))]
    sign = _mean(gauge["sign_real"] for gauge in gauges if "sign_real" in gauge)
    strengths = [gauge["augmentation"] for gauge in gauges if "augmentation" in gauge]
    if sign > BY_HEART:
        # Adaptive augmentation would rise now; where it stands still it has reached its most, or is fixed.
        stuck = not strengths or min(strengths) == max(strengths)
        key = "overfit_full" if stuck else "overfit"
        return Finding(light="watch", sentence=key, advice=f"{key}_advice", values={})
    full = bool(strengths) and min(strengths) >= FULL
    return Finding(light="good", advice="augmented_full_advice", values={}) if full else None


def _stability(history: History, lang: Language) -> Finding | None:
    if not all(math.isfinite(cost) for cost in history.of(Progress)[-1].costs.values()):
        return Finding(light="trouble", sentence="infinite", advice="infinite_advice", values={})
    backs = history.of(RolledBack)
    if not backs:
        return None
    values = {"count": say(lang, "once") if len(backs) == 1 else say(lang, "many", count=len(backs))}
    if backs[-1].seconds > LATE * history.seconds:
        return Finding(
            light="watch", sentence="rolled_back_late", advice="rolled_back_late_advice", values=values
        )
    if len(backs) >= OFTEN:
        return Finding(
            light="watch", sentence="rolled_back_often", advice="rolled_back_often_advice", values=values
        )
    return Finding(light="good", sentence="recovered", values=values)


def _speed(history: History, lang: Language) -> Finding | None:
    speeds = [event.speed for event in history.of(Progress) if event.speed > 0]
    if len(speeds) < 8:
        return None
    before, after = median(speeds[: len(speeds) // 2]), median(speeds[-(len(speeds) // 4) :])
    if after >= SLOW * before:
        return None
    values = {"before": f"{before:.3g}", "after": f"{after:.3g}"}
    return Finding(light="watch", sentence="slowed", advice="slowed_advice", values=values)


def _length(history: History, lang: Language) -> Finding | None:
    return Finding(light="good", advice="short_advice", values={}) if history.shown < SHORT else None


CHECKS: Sequence[Callable[[History, Language], Finding | None]] = (
    _variety,
    _likeness,
    _reconstruction,
    _stability,
    _overfitting,
    _speed,
    _length,
)


def _way(numbers: Sequence[float]) -> Literal["up", "down", "level"]:
    """Say whether the last third of the numbers lies clearly above or below the third before it."""
    third = len(numbers) // 3
    if third < 2:
        return "level"
    change = fmean(numbers[-third:]) - fmean(numbers[-2 * third : -third])
    if abs(change) < 0.02:
        return "level"
    return "up" if change > 0 else "down"


def _ending(progress: Sequence[Progress]) -> Sequence[Progress]:
    return progress[-max(1, len(progress) // 5) :]


def _mean(numbers: Iterable[float]) -> float:
    finite = [number for number in numbers if math.isfinite(number)]
    return fmean(finite) if finite else 0.0
