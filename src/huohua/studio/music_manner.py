"""How a piece of music is to be written, beside what it is asked to be: bars, tempo, key, roles, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import cast

from huohua.arts.music.control_scales import GROUP
from huohua.arts.music.controls import CONTROLS
from huohua.arts.music.key_names import key_of_name
from huohua.arts.music.roles import ROLES
from huohua.conditions.space import Wish
from huohua.errors import UsageError
from huohua.studio.model import check_range
from huohua.studio.music_job import MOST_BARS
from huohua.studio.music_words import MusicReading
from huohua.studio.prompt import Reading

# Thirty-two bars are written in five seconds of one processor core so.
DRAFTS, TRIES, MOST_DRAFTS = 4, 2, 64
# With so much guidance controls move what they name; without any wish there is nothing to guide by.
GUIDANCE = 2.5
BARS_MORE = 8


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a piece is to be written, beside its conditions; what is None is chosen as is usual.

    Attributes:
        bars: how many; 16 of a new piece, 8 more of a continued one.
        tempo: quarter notes in a minute.
        pace: factor on the tempo that is usual in the style.
        key: in words, such as "G minor".
        roles: who plays, or in a given piece whose part is written.
        form: the sections of a new piece, such as "intro A B A' ending"; as it comes if empty.
        drafts: how many are written, of which the best is taken.
        tries: how many versions of each few bars a draft chooses from, where the model can choose.
        keep: how many drafts are returned, best first.
        temperature: below 1 more usual, above 1 bolder.
        guidance: above 1 what is asked for counts for more; by itself only where something is asked for.
        between: the first and the last bar that are filled in, from 1.
        amount: share of the bars that are varied.
    """

    bars: int | None = None
    tempo: float | None = None
    pace: float = 1.0
    key: str | None = None
    roles: Sequence[str] = ()
    form: str = ""
    drafts: int = DRAFTS
    tries: int = TRIES
    keep: int = 1
    temperature: float = 1.0
    guidance: float | None = None
    between: tuple[int, int] | None = None
    amount: float = 0.3

    def check(self) -> None:
        """Check every number and every word.

        Raises:
            UsageError: one is out of range or not known.
        """
        check_range("bars", 1 if self.bars is None else self.bars, 1, MOST_BARS)
        check_range("tempo", 120.0 if self.tempo is None else self.tempo, 20.0, 400.0)
        check_range("drafts", self.drafts, 1, MOST_DRAFTS)
        check_range("tries", self.tries, 1, MOST_DRAFTS)
        check_range("keep", self.keep, 1, self.drafts)
        check_range("temperature", self.temperature, 0.1, 4.0)
        check_range("guidance", 1.0 if self.guidance is None else self.guidance, 0.0, 10.0)
        check_range("amount", self.amount, 0.0, 1.0)
        if unknown := [role for role in self.roles if role not in ROLES]:
            raise UsageError(f"There is no role '{unknown[0]}'.", advice=f"The roles are {', '.join(ROLES)}.")
        if self.key is not None:
            key_of_name(self.key)

    @property
    def numbers(self) -> dict[str, float]:
        """Return what every recipe says of it in numbers."""
        return {
            "drafts": float(self.drafts),
            "tries": float(self.tries),
            "temperature": self.temperature,
        }

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """Return what a recipe says of it in words, where there is anything to say."""
        roles = tuple(role for role in ROLES if role in self.roles)
        said = {"roles": roles, "form": tuple(self.form.split())}
        return {name: words for name, words in said.items() if words}


def sorted_out(wishes: Mapping[str, object], manner: Manner | None = None) -> tuple[Manner, dict[str, Wish]]:
    """Return what was asked for by name as a manner and as conditions.

    Example:
        >>> manner, conditions = sorted_out({"bars": 4, "density": 0.7, "style": "jazz"})
        >>> manner.bars, conditions
        (4, {'control': {'density': 0.7}, 'style': 'jazz'})
    """
    names = {field.name for field in fields(Manner)}
    chosen = {name: value for name, value in wishes.items() if name in names}
    controls = {name: float(cast("float", wishes[name])) for name in CONTROLS if name in wishes}
    others = {name: cast("Wish", value) for name, value in wishes.items() if name not in {*chosen, *controls}}
    base = vars(manner) if manner else {}
    conditions: dict[str, Wish] = {GROUP: controls} if controls else {}
    return Manner(**{**base, **chosen}), {**conditions, **others}


def paced(manner: Manner, reading: Reading) -> Manner:
    """Return the manner at the tempo that free words ask for, unless it names one itself."""
    if manner.tempo is not None or not isinstance(reading, MusicReading):
        return manner
    return replace(manner, tempo=reading.tempo, pace=manner.pace * reading.tempo_factor)


def extent(operation: str, manner: Manner) -> dict[str, float]:
    """Return how much of a given piece is written."""
    if operation == "continue":
        return {"bars": float(manner.bars or BARS_MORE)}
    if operation == "infill":
        if manner.between is None:
            raise UsageError("Which bars are to be filled in?", advice="Say so with --at, as in --at 5-8.")
        return {"first": float(manner.between[0]), "last": float(manner.between[1])}
    return {"amount": manner.amount} if operation == "vary" else {}
