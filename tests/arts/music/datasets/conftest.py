"""Small datasets written by code: every piece is made here and nothing is fetched."""

from __future__ import annotations

import zipfile

import pytest

from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Key, Metre, Note, Piece, Tempo, Track

SCALE = (0, 2, 4, 5, 7, 9, 11)


def made_tune(number, *, bars=16, metre=(4, 4), shift=0, chords=True):
    """Return a tune in C major plus a shift: quarters that wander through the scale, and a chord a bar."""
    quarters = bars * metre[0] * 4 // metre[1]
    steps = [(number * 3 + i * (1 + number % 3)) % 7 for i in range(quarters)]
    line = [Note(start=48 * i, duration=48, pitch=60 + SCALE[s] + shift) for i, s in enumerate(steps)]
    # Long notes of the tonic make the key plain.
    line[-1] = Note(start=line[-1].start, duration=48, pitch=60 + shift)
    bar = metre[0] * 192 // metre[1]
    harmony = [
        Note(start=bar * b, duration=bar, pitch=pitch + shift) for b in range(bars) for pitch in (48, 52, 55)
    ]
    tracks = [Track(name="melody", notes=tuple(line))]
    if chords:
        tracks.append(Track(name="chords", notes=tuple(harmony)))
    return Piece(
        tracks=tuple(tracks),
        tempos=(Tempo(qpm=90.0 + number),),
        metres=(Metre(numerator=metre[0], denominator=metre[1]),),
        keys=(Key(tonic=shift % 12),),
    )


@pytest.fixture(scope="session")
def tune():
    return made_tune


def rows(names, **columns):
    """Return a metadata.csv of some files; each column is a function of the number of the file."""
    lines = [",".join(["file", *columns])]
    lines += [",".join([name, *(made(i) for made in columns.values())]) for i, name in enumerate(names)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def music_zip(tmp_path_factory):
    """A zip of sixteen tunes in two styles, half of them waltzes, with splits, titles and a licence."""
    path = tmp_path_factory.mktemp("music") / "tunes.zip"
    names = [f"tune{i:02d}.mid" for i in range(16)]
    table = rows(
        names,
        style=lambda i: "waltz" if i % 2 else "march",
        split=lambda i: ("train", "train", "train", "valid", "test")[i % 5],
        title=lambda i: f"Tune {i}",
        composer=lambda i: "Nobody",
        licence=lambda i: "CC0-1.0",
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.csv", table)
        for i, name in enumerate(names):
            metre = (3, 4) if i % 2 else (4, 4)
            archive.writestr(name, midi_bytes(made_tune(i, metre=metre, bars=14 + i, shift=i % 5)))
    return path
