"""Figures in plain words: a light and a sentence for each, and a verdict on all.

A figure is read against its floor and never alone. It counts as no worse than real works where the
difference is within two standard deviations of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huohua.studio.evaluation import Evaluation, Figure
from huohua.studio.evaluation_words import say
from huohua.studio.report_words import Language
from huohua.studio.verdict import ALIKE, SEVERITY, VARIED, WILD, Finding, Light, Verdict

LIKENESS = "sum_like"
SURE = 2.0  # standard deviations of a difference that is not chance
SURE_OF_COPIES = 3.0  # the same before a model is said to copy
LIKE, UNLIKE = 0.7, 0.25  # shares of the floor: as good as is usual, and bad
REACHED, UNREACHED = 0.5, 0.1
FEW_COPIES = 0.02  # share of copies that is worth a word
APART = 1.3  # Fréchet distance over its floor from which the crowds are apart
MANY_REPEATS = 0.5  # share of samples that repeat another from which a model has collapsed
WEAK, MOST_WEAK = 0.5, 3  # classes below this share of the model's own likeness, and how many are named

RATES = ("copy_rate", "repeat_rate")
VARIETY = ("within_class_ratio", "diversity_ratio", "perceptual_ratio")
# What a share of the floor must reach: (good, not bad).
BOUNDS = {
    "precision": (LIKE, UNLIKE),
    "density": (LIKE, UNLIKE),
    "recall": (REACHED, UNREACHED),
    "coverage": (REACHED, UNREACHED),
    **dict.fromkeys(VARIETY, (VARIED, ALIKE)),
}


def read_figure(
    figure: Figure, lang: Language, *, telling: bool = True, power: float = 1.0
) -> tuple[Light, str]:
    """Return how good a figure is, and what it says.

    Args:
        figure: the figure.
        lang: the language.
        telling: whether copies can be told on these works; for the copy rate.
        power: share of known near-copies that are found; likewise.
    """
    if figure.value is None:
        return "watch", say(lang, "read_none", reason=figure.reason)
    if figure.name in ("kernel", "frechet"):
        return _read_distance(figure, lang)
    if figure.name in RATES:
        return _read_rate(figure, lang, telling=telling, power=power)
    grade = _grade(figure)
    values = {"value": percent(figure.value), "floor": percent(figure.floor), "share": percent(figure.share)}
    return _light(figure), say(lang, f"read_{figure.name}_{grade}", **values)


def percent(number: float) -> str:
    """Return a share as people write it: 0.4 %, 7 %, 85 %."""
    return f"{number:.1%}" if 0 < abs(number) < 0.1 else f"{number:.0%}"


def amount(number: float) -> str:
    """Return a number with three digits that count, without an exponent where it is not tiny."""
    return f"{number:.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def margin(number: float) -> str:
    """Return a standard deviation with the two digits that count."""
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"


def judge(found: Evaluation, lang: Language) -> Verdict:
    """Return the verdict on an evaluation."""
    findings = [finding for check in CHECKS if (finding := check(found, lang))]
    if not findings:
        findings = [Finding(light="watch", sentence="sum_none", advice="sum_none_advice", values={})]
    worst = max((finding.light for finding in findings), key=lambda light: SEVERITY[light])
    ordered = sorted(findings, key=lambda finding: -SEVERITY[finding.light])
    # How like the works samples are is always told; other good news only where nothing is worse.
    told = [each for each in ordered if each.light != "good" or worst == "good" or each.sentence == LIKENESS]
    advice = [say(lang, finding.advice, **finding.values) for finding in told if finding.advice]
    return Verdict(
        light=worst,
        summary=say(lang, "space").join(say(lang, each.sentence, **each.values) for each in told),
        advice=tuple(dict.fromkeys(advice)) or (say(lang, "sum_enjoy_advice"),),
    )


def _read_distance(figure: Figure, lang: Language) -> tuple[Light, str]:
    bound = figure.floor + SURE * figure.noise
    value = figure.value or 0.0
    if value <= bound:
        return "good", say(lang, "read_distance_good")
    # A kernel distance has no length of its own: what chance makes of two halves is the only measure.
    times = value / (bound if figure.name == "kernel" else figure.floor) if bound > 0 else float("inf")
    return "watch", say(
        lang, f"read_{figure.name}_far", times=f"{times:.2g}" if times < 10 else f"{times:.0f}"
    )


def _read_rate(figure: Figure, lang: Language, *, telling: bool, power: float) -> tuple[Light, str]:
    if not telling:
        return "watch", say(lang, "read_copy_rate_untold", power=percent(power))
    if not _beyond_chance(figure):
        return "good", say(lang, f"read_{figure.name}_good")
    values = {"value": percent(figure.value or 0.0), "floor": percent(figure.floor)}
    light: Light = (
        "trouble" if figure.name == "copy_rate" or (figure.value or 0.0) > MANY_REPEATS else "watch"
    )
    return light, say(lang, f"read_{figure.name}_bad", **values)


def _beyond_chance(figure: Figure) -> bool:
    """Say whether more samples are copies than works are, by more than chance and enough to matter."""
    beyond = (figure.value or 0.0) - figure.floor
    return beyond > max(SURE_OF_COPIES * figure.noise, FEW_COPIES)


def _grade(figure: Figure) -> str:
    difference = (figure.value or 0.0) - figure.floor
    if abs(difference) <= SURE * figure.noise:
        return "good"
    high = figure.name in (*VARIETY, "density")
    return "low" if difference < 0 else "high" if high else "good"


def _light(figure: Figure) -> Light:
    good, not_bad = BOUNDS[figure.name]
    if _grade(figure) == "good":
        return "good"
    if figure.share > (WILD if figure.name in (*VARIETY, "density") else float("inf")):
        return "watch"
    return "good" if figure.share >= good else "watch" if figure.share >= not_bad else "trouble"


def _likeness(found: Evaluation, lang: Language) -> Finding | None:
    figure = found.figures.get("precision")
    if figure is None or figure.value is None:
        return None
    values = {"likeness": percent(figure.value), "floor": percent(figure.floor)}
    light = _light(figure)
    if light == "trouble":
        return Finding(light=light, sentence="sum_unlike", advice="sum_unlike_advice", values=values)
    measured = [figure for figure in found.figures.values() if figure.value is not None]
    same = all(read_figure(each, lang)[0] == "good" for each in measured if each.name not in RATES)
    if _grade(figure) == "good" and not same:
        return None  # noise and a single work may lie among the works too, and that is no praise
    sentence = "sum_good" if _grade(figure) == "good" else LIKENESS
    return Finding(light=light, sentence=sentence, advice="", values=values)


def _variety(found: Evaluation, lang: Language) -> Finding | None:
    measured = [found.figures[name] for name in VARIETY if name in found.figures]
    measured = [figure for figure in measured if figure.value is not None]
    if not measured:
        return None
    # A model may differ over labels and yet make one work of each, so the least counts.
    least, most = (choose(measured, key=lambda figure: figure.share) for choose in (min, max))
    light = _light(least) if least.share < 1 else "good"
    if light == "good" and most.share > 1 and _light(most) == "watch":
        values = {"share": percent(most.share)}
        return Finding(light="watch", sentence="sum_wild", advice="sum_wild_advice", values=values)
    if light == "good":
        return None
    key = "sum_alike" if light == "trouble" else "sum_narrow"
    return Finding(light=light, sentence=key, advice=f"{key}_advice", values={"share": percent(least.share)})


def _reach(found: Evaluation, lang: Language) -> Finding | None:
    figure, covered = found.figures.get("recall"), found.figures.get("coverage")
    if figure is None or figure.value is None or _light(figure) == "good":
        return None
    values = {"value": percent(figure.value), "floor": percent(figure.floor)}
    # Recall is strict, and a narrow model may be a good one: it is bad where works have no samples nearby.
    narrow = covered is None or covered.value is None or _light(covered) != "good"
    light = _light(figure) if narrow else "watch"
    return Finding(light=light, sentence="sum_unreached", advice="sum_unreached_advice", values=values)


def _copying(found: Evaluation, lang: Language) -> Finding | None:
    figure = found.figures.get("copy_rate")
    if figure is None or figure.value is None:
        return None
    if not found.copies.telling:
        return Finding(light="good", sentence="sum_untold", advice="sum_untold_advice", values={})
    if not _beyond_chance(figure):
        return None
    values = {"value": percent(figure.value), "floor": percent(figure.floor)}
    return Finding(light="trouble", sentence="sum_copies", advice="sum_copies_advice", values=values)


def _apart(found: Evaluation, lang: Language) -> Finding | None:
    figure = found.figures.get("frechet")
    if figure is None or figure.value is None or figure.share < APART:
        return None
    light, _ = read_figure(figure, lang)
    values = {"times": f"{figure.share:.2g}"}
    return (
        None
        if light == "good"
        else Finding(light="watch", sentence="sum_apart", advice="sum_apart_advice", values=values)
    )


def _repeats(found: Evaluation, lang: Language) -> Finding | None:
    figure = found.figures.get("repeat_rate")
    if figure is None or figure.value is None or not found.copies.telling:
        return None
    light, _ = read_figure(figure, lang)
    if light == "good":
        return None
    values = {"value": percent(figure.value), "floor": percent(figure.floor)}
    return Finding(light=light, sentence="sum_repeats", advice="sum_alike_advice", values=values)


def _weak_classes(found: Evaluation, lang: Language) -> Finding | None:
    shares = {
        each.name: figure.share
        for each in found.classes
        if (figure := each.figures.get("precision")) is not None and figure.value is not None
    }
    if len(shares) < 2:
        return None
    usual = sorted(shares.values())[len(shares) // 2]
    weak = sorted((name for name in shares if shares[name] < WEAK * usual), key=lambda name: shares[name])
    if not weak:
        return None
    names = say(lang, "list_comma").join(weak[:MOST_WEAK])
    return Finding(
        light="watch", sentence="sum_weak_class", advice="sum_weak_class_advice", values={"names": names}
    )


CHECKS: Sequence[Callable[[Evaluation, Language], Finding | None]] = (
    _copying,
    _likeness,
    _variety,
    _repeats,
    _apart,
    _reach,
    _weak_classes,
)
