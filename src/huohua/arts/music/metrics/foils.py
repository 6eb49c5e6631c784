"""What stands beside every figure: real pieces against real ones, and music that is wrong in a known way.

| foil | what is kept | what is broken |
|---|---|---|
| two halves by song | everything | nothing: the best that any model can get |
| shuffled roles | each role by itself | how roles fit together |
| patchwork | each bar by itself | how bars follow, and whether anything returns |
| noise | how often each pitch sounds at each step | everything else |

A figure that does not tell a foil from real music says nothing about what that foil breaks.

Letters: N pieces, S steps of a bar, P pitches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from huohua.arts.music.metrics.notes import NOBODY, START, Notes, NoteTable, roles_played, table
from huohua.arts.music.metrics.rolls import PITCHES, Flags, sounding
from huohua.arts.music.roles import ROLES, Role
from huohua.errors import DataError


def song_halves(pieces: Sequence[Notes], dice: np.random.Generator) -> tuple[list[Notes], list[Notes]]:
    """Return pieces in two halves; all windows of a song are in the same half.

    Source: the split by song that two-sample comparisons of windows need, as windows of one song are not
    independent (Hurlbert 1984, "Pseudoreplication and the Design of Ecological Field Experiments").

    Raises:
        DataError: there are fewer than two songs.
    """
    songs = list(dict.fromkeys(notes.song for notes in pieces))
    if len(songs) < 2:
        raise DataError("One song cannot be halved.", advice="Measure against more songs.")
    order = dice.permutation(len(songs))
    first = {songs[number] for number in order[: len(songs) // 2]}
    return (
        [notes for notes in pieces if notes.song in first],
        [notes for notes in pieces if notes.song not in first],
    )


def shuffled_roles(pieces: Sequence[Notes], dice: np.random.Generator) -> list[Notes]:
    """Return pieces in which each role is taken, whole, from another piece of the same frame.

    Source: the track-shuffled control; MuseGAN (Dong et al. 2018) compares tracks of one song only.
    """
    taken: list[dict[Role, NoteTable]] = [{} for _ in pieces]
    for numbers in _frames(pieces).values():
        # Every role moves on by an amount of its own along one random circle: none meets its own again.
        circle = dice.permutation(numbers)
        shifts = dice.permutation(max(len(ROLES), len(circle)))
        for role, shift in zip(ROLES, shifts, strict=False):
            for place, number in enumerate(circle):
                other = pieces[circle[(place + shift) % len(circle)]]
                taken[number][role] = other.of(role)
    return [notes.with_notes(played) for notes, played in zip(pieces, taken, strict=True)]


def patchwork(pieces: Sequence[Notes], dice: np.random.Generator) -> list[Notes]:
    """Return pieces whose bars, all roles together, are each taken from any piece of the same frame.

    Source: the shuffled-bars control of structure, as a null model of Foote 1999's self-similarity.
    """
    patched: list[Notes] = list(pieces)
    for numbers in _frames(pieces).values():
        for number in numbers:
            notes = pieces[number]
            bars = [
                pieces[dice.choice(numbers)].window(int(dice.integers(notes.bars)), 1)
                for _ in range(notes.bars)
            ]
            patched[number] = notes.with_notes(_joined(bars))
    return patched


def noise(pieces: Sequence[Notes], dice: np.random.Generator) -> list[Notes]:
    """Return pieces whose every cell sounds as often, by chance alone, as it does over all pieces.

    Neighbouring cells of a pitch that both sound are one note. Each drum is struck by chance likewise.

    Source: Bernoulli sampling of the marginals, the weakest generator that has them right.
    """
    marginals: dict[tuple[int, ...], Mapping[Role, np.ndarray]] = {}
    for frame, numbers in _frames(pieces).items():
        marginals[frame] = _marginals([pieces[number] for number in numbers])
    made = []
    for notes in pieces:
        chances = marginals[notes.bars, notes.steps, notes.quarter]
        made.append(
            notes.with_notes(
                {role: _drawn(chance_SP, notes, role, dice) for role, chance_SP in chances.items()}
            )
        )
    return made


Foil = Callable[[Sequence[Notes], np.random.Generator], list[Notes]]

FOILS: Mapping[str, Foil] = {"shuffled roles": shuffled_roles, "patchwork": patchwork, "noise": noise}


def _frames(pieces: Sequence[Notes]) -> dict[tuple[int, int, int], list[int]]:
    """Return the numbers of pieces by frame: bars, steps and quarter."""
    found = defaultdict(list)
    for number, notes in enumerate(pieces):
        found[notes.bars, notes.steps, notes.quarter].append(number)
    return dict(found)


def _joined(bars: Sequence[Notes]) -> dict[Role, NoteTable]:
    played: dict[Role, NoteTable] = {}
    for place, bar in enumerate(bars):
        for role, note_N3 in bar.played.items():
            moved_N3 = note_N3.copy()
            moved_N3[:, START] += place * bar.steps
            played[role] = np.concatenate([played.get(role, NOBODY), moved_N3])
    return played


def _marginals(pieces: Sequence[Notes]) -> dict[Role, np.ndarray]:
    """Return chance_SP of each role: how often each pitch sounds at each step of a bar."""
    first = pieces[0]
    bars = sum(notes.bars for notes in pieces)
    chances = {}
    for role in roles_played(pieces, least=0):
        sum_SP = np.zeros((first.steps, PITCHES))
        for notes in pieces:
            sum_SP += sounding(notes.of(role), notes.length).reshape(notes.bars, notes.steps, -1).sum(axis=0)
        chances[role] = sum_SP / bars
    return chances


def _drawn(chance_SP: np.ndarray, notes: Notes, role: Role, dice: np.random.Generator) -> NoteTable:
    roll_TP: Flags = (dice.random((notes.bars, *chance_SP.shape)) < chance_SP).reshape(-1, PITCHES)
    if role == "drums":
        return table((int(step), int(step) + 1, int(pitch)) for step, pitch in np.argwhere(roll_TP))
    edge_TP = np.diff(np.pad(roll_TP.astype(np.int8), ((1, 1), (0, 0))), axis=0)
    start_K2, end_K2 = np.argwhere(edge_TP.T > 0), np.argwhere(edge_TP.T < 0)
    return table(
        (int(start), int(end), int(pitch)) for (pitch, start), (_, end) in zip(start_K2, end_K2, strict=True)
    )
