"""Rows that are figures of whole sets: distances of pairs, what networks tell, and what was copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from huohua.arts.music.metrics.copied_runs import CopiedRuns, copied_share
from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.figure_rows import AGAIN, REAL, Row
from huohua.arts.music.metrics.genre import genre_judge
from huohua.arts.music.metrics.guessing import FOLDS
from huohua.arts.music.metrics.note_statistics import overlaps
from huohua.arts.music.metrics.notes import Notes
from huohua.arts.music.metrics.shown import shown
from huohua.arts.music.metrics.two_sample import two_sample_accuracy
from huohua.metrics.frechet import frechet_distance
from huohua.randomness import derive_seed, numpy_generator

MOST = 400  # pieces of a side that networks and distances of pairs are given

Columns = Mapping[str, Sequence[Notes]]


def overlap_rows(columns: Columns, *, seed: int) -> list[Row]:
    """Return the overlap and the divergence of each of nine features."""
    against = _some(columns[REAL], seed)
    found = {name: overlaps(_some(pieces, seed), against) for name, pieces in columns.items() if name != REAL}
    features = list(found[AGAIN])
    return [
        Row(
            figure=figure,
            of=feature,
            value={REAL: itself, **{name: found[name][feature][place] for name in found}},
            gap={},
        )
        for place, (figure, itself) in enumerate((("overlap", 1.0), ("divergence", 0.0)))
        for feature in features
    ]


def network_rows(columns: Columns, real: Sequence[Notes], *, seed: int) -> list[Row]:
    """Return what a judge tells, and the distance on an encoder that is taught on all real pieces."""
    against = _some(columns[REAL], seed)
    steps = max(notes.bars * notes.steps * 4 // notes.quarter for notes in real)
    seen = shown(against, steps)
    encoder = encoder_of(real, seed=derive_seed(seed, "encoder"))
    told, apart = {REAL: 0.5}, {REAL: 0.0}
    for name, pieces in columns.items():
        if name == REAL:
            continue
        some = _some(pieces, seed)[: len(against)]
        told[name] = two_sample_accuracy(
            shown(some, steps),
            seen,
            fake_songs=[notes.song for notes in some],
            real_songs=[notes.song for notes in against],
            seed=derive_seed(seed, "two sample"),
        ).accuracy
        # The distance falls with the number of pieces, so it is taken on as many of each.
        size = min(len(_some(each, seed)) for each in columns.values())
        apart[name] = frechet_distance(encoder.features(some[:size]), encoder.features(against[:size]))
    return [
        Row(figure="two_sample", of="", value=told, gap={}),
        Row(figure="frechet", of="", value=apart, gap={}),
    ]


def styles_of(pieces: Sequence[Notes]) -> set[str]:
    """Return the styles of which there are enough songs to teach a judge, if there are at least two."""
    songs = Counter(style for style, _ in {(notes.style, notes.song) for notes in pieces if notes.style})
    enough = {style for style, count in songs.items() if count >= FOLDS}
    return enough if len(enough) > 1 else set()


def named_styles(pieces: Sequence[Notes]) -> set[str]:
    """Return the styles that pieces have."""
    return {notes.style for notes in pieces} - {""}


def genre_row(columns: Columns, styles: set[str], *, seed: int) -> Row:
    """Return how often a judge of the first half's styles agrees with what pieces were asked for."""
    taught = [notes for notes in columns[REAL] if notes.style in styles]
    judge = genre_judge(_some(taught, seed), seed=derive_seed(seed, "genre"))
    agreement = {
        name: judge.agreement(pieces) if named_styles(pieces) & styles else float("nan")
        for name, pieces in columns.items()
    }
    return Row(figure="genre", of="", value=agreement | {REAL: judge.accuracy}, gap={})


def copied_row(columns: Columns, learnt: Sequence[Notes]) -> Row:
    """Return the share of pieces with longer copies than unseen real ones have."""
    runs, unseen = CopiedRuns(learnt), columns[REAL]
    return Row(
        figure="copied",
        of="",
        value={name: copied_share(pieces, runs, unseen)[0] for name, pieces in columns.items()},
        gap={},
    )


def _some(pieces: Sequence[Notes], seed: int) -> list[Notes]:
    """Return at most `MOST` pieces, in an order of chance: the first windows of songs are not typical."""
    order = numpy_generator(seed, "some").permutation(len(pieces))[:MOST]
    return [pieces[int(number)] for number in order]
