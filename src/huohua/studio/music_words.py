"""Free words become wishes for music: styles, moods, controls, metres and the tempo, in English and Chinese.

The longest run of words that is the name of a condition or stands in the lexicon of music is taken; what
nothing knows is reported, not hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from huohua.conditions.lexicon_music import ENTRIES, SMALL_WORDS, MusicEntry
from huohua.conditions.space import ConditionSpace
from huohua.conditions.spelling import Spelling, Token, singular, spelling, tokens
from huohua.studio.prompt import Reading, Understood

CONTROL = "control"
NOT_LEARNT = "its music hardly differs in that"
BPM = re.compile(r"(\d{2,3})\s*(?:bpm|qpm|拍/分|拍每分)", re.IGNORECASE)


@dataclass(kw_only=True)
class _Wished:
    """What was read so far."""

    space: ConditionSpace
    wishes: dict[str, dict[str, float]] = field(default_factory=dict)
    tempo: float = 1.0
    understood: list[Understood] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def take(self, words: str, found: list[tuple[str, str, float]]) -> None:
        """Take some words as a wish for conditions."""
        for group, name, weight in found:
            self.wishes.setdefault(group, {})[name] = weight
            self.understood.append(Understood(words=words, group=group, name=name, weight=weight))


@dataclass(frozen=True, kw_only=True)
class MusicReading(Reading):
    """What was read out of a prompt for music.

    Attributes:
        tempo_factor: factor on the tempo that is usual in the style.
        tempo: quarter notes in a minute, where a number was said.
    """

    tempo_factor: float = 1.0
    tempo: float | None = None


def read_music(prompt: str, space: ConditionSpace) -> MusicReading:
    """Read a prompt against the conditions of a model of music.

    Example:
        >>> space = ConditionSpace(groups={"style": ("folk", "jazz")})
        >>> found = read_music("slow jazz, 很悲伤, with purple", space)
        >>> dict(found.wishes), round(found.tempo_factor, 3), found.ignored
        ({'style': {'jazz': 1.0}}, 0.512, ('purple',))
    """
    said = BPM.search(prompt)
    left = BPM.sub(" ", prompt)
    wished = _Wished(space=space)
    factor = 1.0
    for words, meaning in _meanings(left, space):
        if isinstance(meaning, MusicEntry) and meaning.factor is not None:
            factor *= meaning.factor
            continue
        _take(wished, words, meaning, factor)
        factor = 1.0
    tempo = float(said[1]) if said else None
    return MusicReading(
        understood=tuple(dict.fromkeys(wished.understood)),
        ignored=tuple(dict.fromkeys(wished.ignored)),
        reasons=wished.reasons,
        wishes={group: _shared(group, weights) for group, weights in wished.wishes.items()},
        tempo_factor=wished.tempo,
        tempo=tempo,
    )


Names = tuple[tuple[str, str], ...]


def _meanings(prompt: str, space: ConditionSpace) -> Iterator[tuple[str, Names | MusicEntry | None]]:
    """Yield runs of words with what they mean: names of the model, an entry, or nothing that is known."""
    entries, names = _entries(), _names(space)
    longest = max(map(len, (*entries, *names)))
    cut = [token for token in tokens(prompt) if token.text.strip(".,;!?。，；！？、\n")]
    place = 0
    while place < len(cut):
        for length in range(min(longest, len(cut) - place), 0, -1):
            spelt = tuple(singular(token.text) for token in cut[place : place + length])
            meaning = names.get(spelt) or entries.get(spelt)
            if meaning:
                yield _words(prompt, cut[place : place + length]), meaning
                break
        else:
            length = 1
            if cut[place].text not in SMALL_WORDS:
                yield _words(prompt, cut[place : place + 1]), None
        place += length


def _take(wished: _Wished, words: str, meaning: Names | MusicEntry | None, factor: float) -> None:
    """Take one run of words into what is wished for, or among what is ignored."""
    if meaning is None:
        wished.ignored.append(words)
        return
    if not isinstance(meaning, MusicEntry):
        wished.take(words, [(group, name, 1.0) for group, name in meaning if factor > 0])
        return
    found = [*_labels(meaning, wished.space, factor), *_controls(meaning, wished.space, factor)]
    wished.take(words, found)
    if meaning.tempo != 1.0:
        wished.tempo *= meaning.tempo**factor
        wished.understood.append(
            Understood(words=words, group="tempo", name="tempo", weight=round(meaning.tempo**factor, 3))
        )
    elif not found:
        wished.ignored.append(words)
        wished.reasons[words] = NOT_LEARNT


def _labels(entry: MusicEntry, space: ConditionSpace, factor: float) -> list[tuple[str, str, float]]:
    if factor < 0:
        return []
    styles = space.groups.get("style", ())
    of_stem = [name for stem in entry.stems for name in styles if stem in name.casefold()]
    found = [("style", of_stem[0], 1.0)] if of_stem else []
    return found + [
        (group, name, 1.0) for group, name in entry.labels.items() if name in space.groups.get(group, ())
    ]


def _controls(entry: MusicEntry, space: ConditionSpace, factor: float) -> list[tuple[str, str, float]]:
    """Return amounts of the controls that the model has, further from the middle or on its other side."""
    known = space.groups.get(CONTROL, ())
    amounts = {name: 0.5 + (amount - 0.5) * factor for name, amount in entry.controls.items()}
    return [
        (CONTROL, name, round(min(1.0, max(0.0, amount)), 3))
        for name, amount in amounts.items()
        if name in known
    ]


def _shared(group: str, weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights of a group: amounts of controls as they are, names of other groups share 1."""
    if group == CONTROL:
        return dict(weights)
    return {name: 1.0 / len(weights) for name in weights}


def _words(prompt: str, cut: list[Token]) -> str:
    return prompt[cut[0].start : cut[-1].end]


@lru_cache(maxsize=1)
def _entries() -> Mapping[Spelling, MusicEntry]:
    return {spelling(word): entry for entry in ENTRIES for word in entry.words}


def _names(space: ConditionSpace) -> Mapping[Spelling, Names]:
    """Return the labelled conditions by how they are spelt."""
    found: dict[Spelling, list[tuple[str, str]]] = {}
    for group, names in space.groups.items():
        if not space.measured(group) and group != "position":
            for name in names:
                if spelt := spelling(name):
                    found.setdefault(spelt, []).append((group, name))
    return {spelt: tuple(pairs) for spelt, pairs in found.items()}
