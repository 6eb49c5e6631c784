"""Free words become conditions: only words that a model knows, and the rest is reported, not hidden.

A prompt is cut into words; the longest runs of words that are the name of a condition are taken
first, in singular or plural. Scripts without spaces, such as Chinese, are searched letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from huohua.conditions.space import ConditionSpace, Wish, Wishes
from huohua.errors import UsageError

# Words that ask for nothing by themselves, so it is no news that a model does not know them.
SMALL_WORDS = frozenset(
    {"a", "an", "the", "of", "and", "or", "with", "in", "on", "at", "by", "for", "to", "from", "some"}
    | {"two", "three", "my", "me", "please", "make", "draw", "picture", "pictures", "image", "painting"}
    | set("的和与一个张幅了在画")
)

# Groups whose names may stand side by side; in other groups names share one whole.
TOGETHER = frozenset({"tags"})


@dataclass(frozen=True, kw_only=True)
class Understood:
    """Some words of a prompt and the condition they were taken for."""

    words: str
    group: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read out of a prompt.

    Attributes:
        understood: the words that name a condition, in order.
        ignored: the words that name none, without small words.
    """

    understood: tuple[Understood, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def wishes(self) -> dict[str, dict[str, float]]:
        """Return the conditions as weights: tags count 1 each, names of other groups share 1."""
        names: dict[str, list[str]] = {}
        for found in self.understood:
            names.setdefault(found.group, []).append(found.name)
        return {group: _weights(group, found) for group, found in names.items()}


def read(prompt: str, space: ConditionSpace) -> Reading:
    """Read a prompt against the conditions of a model.

    Example:
        >>> space = ConditionSpace(groups={"subject": ("lemon", "apple"), "style": ("van gogh",)})
        >>> read("two Lemons by Van Gogh, glowing", space).wishes
        {'subject': {'lemon': 1.0}, 'style': {'van gogh': 1.0}}
        >>> read("two Lemons by Van Gogh, glowing", space).ignored
        ('glowing',)
    """
    names = _spellings(space)
    longest = max((len(spelling) for spelling in names), default=0)
    words = _words(prompt)
    understood: list[Understood] = []
    ignored: list[str] = []
    place = 0
    while place < len(words):
        length, found = _longest_match(words[place:], names, longest)
        if found:
            phrase = " ".join(words[place : place + length])
            understood += [Understood(words=phrase, group=group, name=name) for group, name in found]
        elif words[place] not in SMALL_WORDS:
            ignored.append(words[place])
        place += length
    return Reading(understood=tuple(dict.fromkeys(understood)), ignored=tuple(dict.fromkeys(ignored)))


def combined(reading: Reading, conditions: Mapping[str, Wish]) -> Wishes:
    """Return the wishes of a prompt and of explicit conditions; an explicit group wins over the prompt."""
    return {**reading.wishes, **conditions}


def require_some(prompt: str, reading: Reading, space: ConditionSpace) -> None:
    """Refuse a prompt of which nothing was understood, because the work would have nothing to do with it.

    Raises:
        UsageError: the model knows none of its words.
    """
    if not prompt.strip() or reading.understood:
        return
    names = [name for group in space.groups.values() for name in group]
    known = f"It knows: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
    raise UsageError(
        f"This model understands nothing in the prompt '{prompt.strip()}'.",
        advice=known if names else "It was trained without labels and takes no prompt.",
    )


Spelling = tuple[str, ...]
Names = Mapping[Spelling, Sequence[tuple[str, str]]]


def _weights(group: str, names: Sequence[str]) -> dict[str, float]:
    distinct = list(dict.fromkeys(names))
    return {name: 1.0 if group in TOGETHER else 1.0 / len(distinct) for name in distinct}


def _spellings(space: ConditionSpace) -> Names:
    """Return the conditions by the words they are spelt with, each word in the singular."""
    names: dict[Spelling, list[tuple[str, str]]] = {}
    for group, group_names in space.groups.items():
        for name in group_names:
            if spelling := tuple(_singular(word) for word in _words(name)):
                names.setdefault(spelling, []).append((group, name))
    return names


def _longest_match(words: Sequence[str], names: Names, longest: int) -> tuple[int, Sequence[tuple[str, str]]]:
    for length in range(min(longest, len(words)), 0, -1):
        spelling = tuple(_singular(word) for word in words[:length])
        if spelling in names:
            return length, _nearest(words[:length], names[spelling])
    return 1, ()


def _nearest(words: Sequence[str], found: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Where a group knows both "heart" and "hearts", keep the one that was written."""
    exact = {(group, name) for group, name in found if _words(name) == list(words)}
    settled = {group for group, _ in exact}
    return [pair for pair in found if pair in exact or pair[0] not in settled]


def _words(text: str) -> list[str]:
    return list(_split(text.casefold().replace("_", " ")))


def _split(text: str) -> Iterator[str]:
    """Yield words; each letter of a script without spaces is a word of its own."""
    for found in re.finditer(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+", text):
        yield found.group()


def _singular(word: str) -> str:
    """Return an English word in the singular, by its ending only.

    Both sides of a comparison go through here, so a wrong guess ("glass" stays, "lens" becomes
    "len") does no harm.

    Example:
        >>> [_singular(word) for word in ("cherries", "peaches", "lemons", "grass")]
        ['cherry', 'peach', 'lemon', 'grass']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
