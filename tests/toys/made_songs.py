"""Pieces made by code for the tests of figures: small ones by hand, and songs by dice that hang together."""

from __future__ import annotations

import numpy as np

from huohua.arts.music.metrics.notes import Notes, table

SCALE = np.array([0, 2, 4, 5, 7, 9, 11])


def made(*, bars=1, steps=16, quarter=4, song="", style="", **played):
    """Return notes from (start, end, pitch) for each role."""
    empty = Notes(bars=bars, steps=steps, quarter=quarter, played={}, song=song, style=style)
    return empty.with_notes({role: table(strokes) for role, strokes in played.items()})


def song(number, *, bars=8, drums=False):
    """Return a song in C: chords that go round, a bass on their roots, a lead of their notes that returns."""
    dice = np.random.default_rng(number)
    degrees = dice.integers(0, 7, size=bars // 2).tolist() * 2
    rhythm = [(0, 4), (4, 6), (6, 8), (8, 12), (12, 16)] if number % 2 else [(0, 8), (8, 12), (12, 16)]
    lead, bass, harmony, beat = [], [], [], []
    tune = dice.integers(0, 3, size=(bars // 2, len(rhythm)))
    for bar, degree in enumerate(degrees):
        chord = [int(SCALE[(degree + third) % 7]) for third in (0, 2, 4)]
        first = bar * 16
        for place, (start, end) in enumerate(rhythm):
            tone = chord[tune[bar % (bars // 2), place]]
            lead.append((first + start, first + end, 72 + tone))
        bass += [(first, first + 8, 36 + chord[0]), (first + 8, first + 16, 36 + chord[0])]
        harmony += [(first, first + 16, 60 + tone) for tone in chord]
        beat += [(first + step, first + step + 1, step // 4 % 2) for step in range(0, 16, 4)]
    roles = {"lead": lead, "bass": bass, "harmony": harmony} | ({"drums": beat} if drums else {})
    return made(bars=bars, song=f"song {number}", **roles)


def songs(count, *, first=0, **options):
    return [song(first + number, **options) for number in range(count)]
