"""Free words become conditions: what a model can be asked for, and the rest is reported, not hidden.

A prompt is cut into the longest runs of words that are the name of a condition or stand in the lexicon, in
English or Chinese. Names of conditions are what the model learnt from labels; the lexicon speaks of colours,
places and looks, which a model understands if it was trained with computed attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from huohua.conditions.amounts import amounts, measured_of, places_taken
from huohua.conditions.clauses import UNKNOWN, Ask, asks
from huohua.conditions.nearest import nearest_entry
from huohua.conditions.saying import listed_out
from huohua.conditions.space import ConditionSpace, Wish, Wishes
from huohua.conditions.units import Guess, units
from huohua.errors import UsageError

# Groups whose names may stand side by side; in other groups names share one whole.
TOGETHER = frozenset({"tags"})

NEVER_MEASURED = "it was trained without computed attributes"
NOT_TOLD = "it was not told what its works show"
NO_DIFFERENCE = "its works hardly differ in that"


@dataclass(frozen=True, kw_only=True)
class Understood:
    """Some words of a prompt and a condition they were taken for.

    Attributes:
        words: as they stand in the prompt.
        group, name: the condition.
        weight: how much of it; for measured conditions an amount on the model's scale.
        near: the word of the lexicon they are nearest to, if neither lexicon nor model has them.
    """

    words: str
    group: str
    name: str
    weight: float = 1.0
    near: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read out of a prompt.

    Attributes:
        understood: the words that ask for a condition, in order.
        ignored: the words that ask for none, without small words.
        reasons: why, for those of the ignored words where there is more to say than that nothing knows them.
        wishes: the conditions as weights: tags count 1 each, names of other labelled groups share 1, measured
            ones are amounts.
    """

    understood: tuple[Understood, ...] = ()
    ignored: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    wishes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def sentences(self) -> tuple[str, ...]:
        """Return what was understood, a sentence for each run of words, for people."""
        lines: dict[tuple[str, str], list[tuple[str, str, float]]] = {}
        for found in self.understood:
            of_words = lines.setdefault((found.words, found.near), [])
            of_words.append((found.group, found.name, found.weight))
        return tuple(
            f"Understood '{words}'{f', which is near to {near!r},' if near else ''} as {listed_out(said)}"
            for (words, near), said in lines.items()
        )

    def regrets(self) -> tuple[str, ...]:
        """Return what was not understood, a sentence for each reason."""
        unknown = [words for words in self.ignored if words not in self.reasons]
        lines = (
            [f"Not understood, because the model never learnt it: {', '.join(unknown)}"] if unknown else []
        )
        for reason in dict.fromkeys(self.reasons.values()):
            words = [words for words, why in self.reasons.items() if why == reason]
            lines.append(f"Cannot be asked of this model, because {reason}: {', '.join(words)}")
        return tuple(lines)


def read(prompt: str, space: ConditionSpace, *, guess: Guess | None = nearest_entry) -> Reading:
    """Read a prompt against the conditions of a model.

    Args:
        prompt: free words.
        space: what the model can be asked for.
        guess: names the entry of the lexicon nearest to a word that nothing knows, or none; by default by the
            encoder of words that is installed, if one is. Models without measured conditions need none.

    Example:
        >>> space = ConditionSpace(groups={"subject": ("lemon", "apple"), "style": ("van gogh",)})
        >>> dict(read("two Lemons by Van Gogh, glowing", space).wishes)
        {'subject': {'lemon': 1.0}, 'style': {'van gogh': 1.0}}
        >>> read("two Lemons by Van Gogh, glowing", space).ignored
        ('glowing',)
    """
    found = asks(units(prompt, space, guess if space.scales else None))
    labelled = _labelled(found)
    wished = {**labelled, **amounts(found, space)}
    taken = places_taken(found)
    understood: list[Understood] = []
    reasons: dict[str, str] = {}
    ignored: list[str] = []
    for ask in found:
        words = prompt[ask.start : ask.end]
        mine = [
            Understood(words=words, group=group, name=name, weight=round(weight, 3), near=ask.near)
            for group, name, weight in (*_named(ask, labelled), *measured_of(ask, taken))
            if name in wished.get(group, {})
        ]
        understood += mine
        if not mine:
            ignored.append(words)
            if reason := _reason(ask, space):
                reasons[words] = reason
    return Reading(
        understood=tuple(dict.fromkeys(understood)),
        ignored=tuple(dict.fromkeys(ignored)),
        reasons=reasons,
        wishes=wished,
    )


def combined(reading: Reading, conditions: Mapping[str, Wish]) -> Wishes:
    """Return the wishes of a prompt and of explicit conditions; an explicit group wins over the prompt."""
    return {**reading.wishes, **conditions}


def require_some(prompt: str, reading: Reading, space: ConditionSpace) -> None:
    """Refuse a prompt of which nothing was understood, because the work would have nothing to do with it.

    Raises:
        UsageError: the model knows none of its words, or can be asked for none of them.
    """
    if not prompt.strip() or reading.understood:
        return
    names = [name for group, names in space.groups.items() if not space.measured(group) for name in names]
    known = [f"It knows: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."] if names else []
    known += ["It knows colours, places and looks, such as 'blue sky' or 'warm'."] if space.scales else []
    raise UsageError(
        f"This model understands nothing in the prompt '{prompt.strip()}'.",
        advice=" ".join(known) or "It was trained without labels and takes no prompt.",
    )


def _labelled(found: Sequence[Ask]) -> dict[str, dict[str, float]]:
    """Return the labelled conditions as weights: tags count 1 each, names of other groups share 1."""
    names: dict[str, dict[str, float]] = {}
    for ask in found:
        for group, name in ask.names:
            names.setdefault(group, {})[name] = 1.0
    return {
        group: {name: 1.0 if group in TOGETHER else 1.0 / len(weights) for name in weights}
        for group, weights in names.items()
    }


def _named(ask: Ask, labelled: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, float]]:
    return [(group, name, labelled[group][name]) for group, name in ask.names]


def _reason(ask: Ask, space: ConditionSpace) -> str:
    """Return why nothing came of an ask, or nothing if its words are not known at all."""
    if ask.refused:
        return "" if ask.refused == UNKNOWN else ask.refused
    if not space.scales:
        return NEVER_MEASURED
    return NO_DIFFERENCE if ask.paint or ask.looks else NOT_TOLD
