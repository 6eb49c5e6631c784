"""Free words become wishes for a text: names that the model knows are conditions, all others keywords."""

from __future__ import annotations

import re

from huohua.conditions.space import ConditionSpace
from huohua.conditions.spelling import spelling
from huohua.studio.prompt import Reading, Understood

KEYWORDS = "keywords"
_BETWEEN = re.compile(r"[\s,，、;；.。!！?？]+")
SMALL_WORDS = frozenset(["a", "an", "and", "the", "of", "in", "on", "about", "with", "to", "by", "poem"])


def read_text_words(prompt: str, space: ConditionSpace) -> Reading:
    """Read a prompt against the conditions of a model of texts.

    Example:
        >>> space = ConditionSpace(groups={"style": ("tang-shi", "song-ci"), "author": ("Li Bai",)})
        >>> found = read_text_words("tang-shi by li bai, 春江 月", space)
        >>> dict(found.wishes), [each.name for each in found.understood if each.group == "keywords"]
        ({'style': {'tang-shi': 1.0}, 'author': {'Li Bai': 1.0}}, ['春江', '月'])
    """
    words = [word for word in _BETWEEN.split(prompt) if word]
    names = {spelling(name): (group, name) for group, name in space.places()}
    longest = max((len(spelt) for spelt in names), default=1)
    wishes: dict[str, dict[str, float]] = {}
    understood: list[Understood] = []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            said = " ".join(words[place : place + length])
            if found := names.get(spelling(said)):
                group, name = found
                wishes.setdefault(group, {})[name] = 1.0
                understood.append(Understood(words=said, group=group, name=name))
                break
        else:
            length, said = 1, words[place]
            if said.casefold() not in SMALL_WORDS:
                understood.append(Understood(words=said, group=KEYWORDS, name=said))
        place += length
    shared = {group: dict.fromkeys(of, 1.0 / len(of)) for group, of in wishes.items()}
    return Reading(understood=tuple(dict.fromkeys(understood)), wishes=shared)
