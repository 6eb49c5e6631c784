"""What a prompt asks for: which colour belongs to which thing, and which word of degree to which word.

A small grammar that serves English and Chinese, because both put what describes before what is described.
Units are read from left to right:

- a word of degree counts for the next word that asks for something: *very* dark, 很暗, *no* clouds;
- colours wait for a thing or a place and are its colours: *blue* sky, 蓝色的天空, *red* at the top;
- where the clause ends first, they go back to its place or its thing: the sky is *blue*, 天空很*蓝*;
- and where there is none, they are colours of the whole picture: *red*, *yellow*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from huohua.conditions.attribute_names import PLACES
from huohua.conditions.lexicon import OTHER
from huohua.conditions.lexicon_entry import Entry
from huohua.conditions.lexicon_grammar import AND, AT, GROUND, IS, ON, OR
from huohua.conditions.units import Unit

UNKNOWN = "unknown"
_ENDINGS = frozenset("上下")
_SOME: Mapping[str, float] = {"": 1.0}
_SERVING = frozenset({"stop", "joint", "modifier", "place"})
# A light or dark shade of a colour makes the whole picture so only by half.
SHADE = 0.5
# Where a thing is when nothing says so.
MAIN = ("middle",)


@dataclass(kw_only=True)
class Ask:
    """One thing that is asked for.

    Attributes:
        start, end: the words of the prompt that ask for it.
        paint: weights by colour by place; a place of "" is that of a colour of the whole picture.
        places: where it is, the main place first.
        looks: weights by look.
        names: conditions of the model, as (group, name).
        worn: colours that were said of a thing, in place of its usual ones.
        near: the entry of the lexicon it was taken for, if that was guessed.
        refused: why it cannot be asked for, if it cannot.
    """

    start: int
    end: int
    paint: dict[str, dict[str, float]] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    looks: dict[str, float] = field(default_factory=dict)
    names: tuple[tuple[str, str], ...] = ()
    worn: dict[str, float] = field(default_factory=dict)
    near: str = ""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class _Degree:
    """The words of degree before a word, multiplied."""

    on_looks: float = 1.0
    on_shares: float = 1.0
    start: int | None = None
    end: int = 0


class _Reader:
    """Reads units from left to right; see the head of this file."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self.waiting: list[Ask] = []  # colours
        self.before: Unit | None = None
        self.degree = _Degree()  # of the next word
        self.past = _Degree()  # of the last word
        self._begin_clause()

    def _begin_clause(self) -> None:
        self.here: tuple[str, ...] = ()  # where what follows is
        self.here_start: int | None = None  # the word that said so, until something was said of it
        self.held: Ask | None = None  # the last thing
        self.said: Ask | None = None  # the last look
        self.joint: Entry | None = None  # the last joint, until a word that asks for something
        self.linked = False  # whether something "is" what follows
        self.ground = False  # whether a waiting colour is what something is "on"

    def read(self, unit: Unit, following: Unit | None) -> None:
        """Take in one unit."""
        entry = unit.entry
        kind = entry.kind if entry else ""
        if entry is not None and kind in ("colour", "look"):
            self._adjective(unit, entry, following)
        elif entry is not None and kind in _SERVING and not unit.names:
            getattr(self, f"_{kind}")(unit, entry)
        elif unit.names or kind == "thing":
            self._thing(unit, entry)
        else:
            reason = entry.reason if entry is not None and entry is not OTHER else ""
            self.asks.append(Ask(start=unit.start, end=unit.end, refused=reason or UNKNOWN))
            self.degree = _Degree()
        self.joint = entry if kind == "joint" else self.joint if kind == "modifier" else None
        self.before = unit

    def finish(self) -> list[Ask]:
        """Return everything that was asked for."""
        self._end_clause()
        return sorted(self.asks, key=lambda ask: (ask.start, ask.end))

    def _end_clause(self) -> None:
        self._trail()
        self._settle()
        self._begin_clause()

    # ── words that serve others ──────────────────────────────────────────────────────────────────

    def _stop(self, unit: Unit, entry: Entry) -> None:
        self._end_clause()

    def _joint(self, unit: Unit, entry: Entry) -> None:
        if entry is IS:
            self.linked = self.held is not None
        elif entry is AND and self.waiting and self.linked:
            self._settle()  # "the sky is blue and …": blue is the sky's, whatever follows
        elif entry in (AND, OR) and not self.waiting and not self.linked:
            self.held = None
        if entry is OR and self.past.on_shares == 0:
            self.degree = self.past  # "no red or yellow"

    def _modifier(self, unit: Unit, entry: Entry) -> None:
        old = self.degree
        self.degree = _Degree(
            on_looks=old.on_looks * entry.on_looks,
            on_shares=old.on_shares * entry.on_shares,
            start=unit.start if old.start is None else old.start,
            end=unit.end,
        )

    def _place(self, unit: Unit, entry: Entry) -> None:
        if self._only_ends(unit):
            return
        if self.waiting and not self.here:
            self.waiting[-1].end = unit.end
            self._put(entry.places)
            self.held = None
        elif self.joint in (AT, ON) and self.held is not None and not self.waiting:
            usual = next(iter(self.held.paint.values()), None)
            self.held.paint = {place: dict(usual) for place in entry.places} if usual else {}
            self.held.places, self.held.end, self.held = entry.places, unit.end, None
        else:
            self._settle()
            self.here, self.here_start, self.held = entry.places, unit.start, None

    def _only_ends(self, unit: Unit) -> bool:
        """Whether a place word only ends the word before it, as 上 in 背景上, "on the ground"."""
        before = self.before
        if unit.words not in _ENDINGS or before is None or before.end != unit.start:
            return False
        return bool(before.names) or (before.entry is not None and before.entry.kind in ("thing", "look"))

    # ── words that ask for something ─────────────────────────────────────────────────────────────

    def _adjective(self, unit: Unit, entry: Entry, following: Unit | None) -> None:
        """Take in a colour, which waits for what it is said of, or a look, which is of the whole picture."""
        degree = self._take_degree()
        # Where labels name a mood too, such as "abstract", they know better what it looks like.
        looks = {} if unit.names and len(entry.looks) > 1 else entry.looks
        ask = Ask(
            start=unit.start if degree.start is None else degree.start,
            end=unit.end,
            names=unit.names if degree.on_shares else (),
            near=entry.name if unit.guessed else "",
        )
        if entry.kind == "colour":
            self.ground = self.ground or (self.joint is ON and not self.waiting)
            ask.paint = {"": _times(entry.colours, degree.on_shares)}
            ask.looks = dict(looks) if degree.on_shares else {}
            self.waiting.append(ask)
            return
        shade = following is not None and following.entry is not None and following.entry.kind == "colour"
        factor = degree.on_looks * (SHADE if shade and set(looks) == {"light"} else 1.0)
        ask.looks = _times(looks, factor)
        self.asks.append(ask)
        self.said = ask

    def _thing(self, unit: Unit, entry: Entry | None) -> None:
        degree = self._take_degree()
        # A model that was told what its works show knows better than the lexicon how that looks.
        implied = entry if entry is not None and not unit.names else None
        places = self.here or (entry.places if entry is not None and entry.places else MAIN)
        starts = [start for start in (self.here_start, degree.start) if start is not None]
        ask = Ask(
            start=min([unit.start, *starts]),
            end=unit.end,
            paint=_painted(implied, self.here, degree.on_shares) if implied else {},
            places=places,
            looks=dict(implied.looks) if implied and degree.on_shares else {},
            names=unit.names,
            near=entry.name if entry is not None and unit.guessed else "",
        )
        if unit.names and not degree.on_shares:
            ask.names, ask.refused = (), "what was learnt from labels cannot be left out"
        self.asks.append(ask)
        self.here_start = None
        if self.waiting:
            self._dress(ask)
        # A style is no thing that could be blue.
        if implied is not None or any(group != "style" for group, _ in unit.names):
            self.held, self.linked = ask, False

    def _take_degree(self) -> _Degree:
        self.past, self.degree = self.degree, _Degree()
        return self.past

    # ── whose colours are whose ──────────────────────────────────────────────────────────────────

    def _trail(self) -> None:
        """Let a degree that stands last count for what is before it: 对比度很高, contrast low."""
        degree = self.degree
        if degree.start is not None and self.waiting:
            last = self.waiting[-1]
            last.paint, last.end = {"": _times(last.paint[""], degree.on_shares)}, degree.end
        elif degree.start is not None and self.said is not None:
            self.said.looks, self.said.end = _times(self.said.looks, degree.on_looks), degree.end
        self.degree = _Degree()

    def _settle(self) -> None:
        """Give waiting colours to the place, the ground, the thing or the whole picture they were said of."""
        if self.waiting and self.here:
            first = self.waiting[0]
            first.start = first.start if self.here_start is None else self.here_start
            self.here_start = None
            self._put(self.here)
        elif self.waiting and self.ground:
            self._put(GROUND)
        elif self.waiting and self.held is not None:
            self._dress(self.held)
        self.asks += self.waiting
        self.waiting, self.ground = [], False

    def _put(self, places: Sequence[str]) -> None:
        """Give waiting colours to places."""
        for ask in self.waiting:
            ask.paint, ask.places = {place: dict(ask.paint[""]) for place in places}, tuple(places)
            ask.names = ask.names if MAIN[0] in places else ()
        self.asks += self.waiting
        self.waiting, self.ground = [], False

    def _dress(self, thing: Ask) -> None:
        """Give waiting colours to a thing, in place of those it usually has."""
        if thing.names:
            self._put(thing.places)
            return
        amounts = {place: max(thing.paint.get(place, _SOME).values()) for place in thing.places}
        most = max(amounts.values()) or 1.0
        for ask in self.waiting:
            thing.worn |= ask.paint[""]
            thing.looks = {**ask.looks, **thing.looks}
            # A label such as "white" is about what a work shows, and not about the clouds above it.
            thing.names += ask.names if MAIN[0] in thing.places else ()
            thing.near = thing.near or ask.near
            thing.start, thing.end = min(thing.start, ask.start), max(thing.end, ask.end)
        thing.paint = {place: _times(thing.worn, amount / most) for place, amount in amounts.items()}
        self.waiting, self.ground = [], False


def asks(found: Sequence[Unit]) -> list[Ask]:
    """Return what the units of a prompt ask for, in their order; words nothing knows are refused."""
    reader = _Reader()
    for unit, following in zip_longest(found, found[1:]):
        reader.read(unit, following)
    return reader.finish()


def _times(weights: Mapping[str, float], factor: float) -> dict[str, float]:
    return {name: weight * factor for name, weight in weights.items()}


def _painted(entry: Entry, here: Sequence[str], factor: float) -> dict[str, dict[str, float]]:
    """Return the colours of a thing in the places it was said to be in, or where it usually is."""
    paint = entry.paint
    if here and paint:
        paint = dict.fromkeys(here, next(iter(paint.values())))
    return {place: _times(weights, factor) for place, weights in paint.items()}


def places_of(taken: set[str]) -> dict[str, float]:
    """Return where colours of the whole picture go, and how much of them: to places not taken by others.

    Example:
        >>> places_of({"top"})
        {'middle': 1.0, 'bottom': 0.5}
    """
    free = [place for place in PLACES if place not in taken] or list(MAIN)
    lead = "middle" if "middle" in free else ""
    return {place: 1.0 if lead in ("", place) else 0.5 for place in free}
