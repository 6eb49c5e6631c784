"""How notes of a voice are joined on paper: beams over the short ones of a beat, brackets over triplets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huohua.arts.music.notation import Event
from huohua.arts.music.piece import TICKS, Metre
from huohua.arts.music.rhythm import pulse

# How many beams a value has.
LEVELS: Mapping[str, int] = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}


def beams(events: Sequence[Event], metre: Metre) -> list[tuple[str, ...]]:
    """Return for each event its beams from the outermost in, in MusicXML's words; none where it stands alone.

    Notes of one beat are joined; a rest or a longer note parts them.
    """
    joined: list[tuple[str, ...]] = [() for _ in events]
    for group in _groups(events, metre):
        for place in group:
            levels = LEVELS[events[place].value.kind]
            joined[place] = tuple(_beam(events, group, place, level) for level in range(1, levels + 1))
    return joined


def _groups(events: Sequence[Event], metre: Metre) -> list[list[int]]:
    """Return the places of notes that share a beam, two or more in each group."""
    groups: list[list[int]] = []
    current: list[int] = []
    beat = max(pulse(metre), TICKS // 2)
    for place, event in enumerate(events):
        short = bool(event.heads) and event.value.kind in LEVELS
        same = current and events[current[-1]].start // beat == event.start // beat
        if not (short and same):
            groups.append(current)
            current = []
        if short:
            current.append(place)
    return [group for group in (*groups, current) if len(group) > 1]


def _beam(events: Sequence[Event], group: Sequence[int], place: int, level: int) -> str:
    def has(neighbour: int) -> bool:
        return neighbour in group and LEVELS[events[neighbour].value.kind] >= level

    before, after = has(place - 1), has(place + 1)
    if before and after:
        return "continue"
    if before or after:
        return "end" if before else "begin"
    return "forward hook" if place == group[0] else "backward hook"


def triplet_ends(events: Sequence[Event]) -> list[tuple[str, ...]]:
    """Return for each event whether the bracket of a triplet starts or stops at it, or both, or neither."""
    ends: list[tuple[str, ...]] = []
    for place, event in enumerate(events):
        inside = event.value.triplet
        first = inside and not _same_triplet(events, place - 1, event)
        last = inside and not _same_triplet(events, place + 1, event)
        ends.append(tuple(kind for kind, here in (("start", first), ("stop", last)) if here))
    return ends


def _same_triplet(events: Sequence[Event], neighbour: int, event: Event) -> bool:
    if not 0 <= neighbour < len(events):
        return False
    other = events[neighbour]
    return other.value.triplet and other.start // TICKS == event.start // TICKS
