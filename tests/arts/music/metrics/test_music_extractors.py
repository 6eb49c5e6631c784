from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.arts.music.grid import empty_grid, grid_of, strokes_in
from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.extractors import EXTRACTORS, EncoderExtractor, build_extractor
from huohua.arts.music.metrics.foils import noise, shuffled_roles
from huohua.arts.music.metrics.notes import notes_of
from huohua.arts.music.metrics.phrases import BINS, phrase_counts
from huohua.arts.music.metrics.piece_statistics import statistics, statistics_row
from huohua.arts.music.metrics.sample_notes import grids_of_samples, notes_of_samples, samples_of_grids
from huohua.arts.music.near_copies import NEAR_COPIES, near_copies
from huohua.arts.music.piece import Key, Metre, Note, Piece, Track
from huohua.arts.music.roles import ROLES
from huohua.errors import DataError, UsageError
from huohua.metrics.copying import calibrate, nearest, nearest_other
from huohua.metrics.frechet import frechet_distance
from huohua.metrics.perceptual import perceptual_rows
from toys.made_songs import made, songs


def grid_from(notes):
    """Return the grid of notes made by code, which are in C already."""
    tracks = [
        Track(
            role=role,
            drums=role == "drums",
            notes=tuple(
                Note(start=12 * s, duration=12 * d, pitch=p if role != "drums" else (36, 38)[p])
                for s, d, p in notes.of(role).tolist()
            ),
        )
        for role in ROLES
        if role in notes.played
    ]
    numerator = {16: 4, 12: 3, 8: 2}[notes.steps]
    piece = Piece(tracks=tuple(tracks), metres=(Metre(numerator=numerator),))
    return grid_of(piece, bars=notes.bars, key=Key())


GRIDS = [grid_from(notes) for notes in songs(24, drums=True)]
SAMPLE = torch.from_numpy(samples_of_grids(GRIDS, 8))


def test_samples_and_grids_undo_one_another():
    for grid, again in zip(GRIDS, grids_of_samples(SAMPLE), strict=True):
        for role in ROLES:
            assert list(strokes_in(again, role)) == list(strokes_in(grid, role))
    assert [notes.song for notes in notes_of_samples(SAMPLE[:2])] == ["sample 0", "sample 1"]


def test_a_short_waltz_keeps_its_bars_and_an_empty_window_is_silent():
    waltz = grid_from(made(bars=5, steps=12, lead=[(0, 4, 60), (48, 60, 67)]))
    sample = torch.from_numpy(samples_of_grids([waltz], 8))
    notes = notes_of_samples(torch.cat([sample, torch.zeros_like(sample)]))
    assert (notes[0].bars, notes[0].steps) == (5, 12)
    assert notes[0].of("lead").tolist() == [[0, 4, 60], [48, 12, 67]]
    assert (notes[1].bars, notes[1].played) == (1, {})


def test_statistics_have_names_and_one_size():
    numbers = statistics(songs(1, drums=True)[0])
    assert len(numbers) == len(statistics(made())) == 122
    assert numbers["kick: strokes"] == 2 / 8
    assert numbers["lead: empty bars"] == 0
    assert numbers["pitch class 1"] == 0
    table = np.stack([statistics_row(notes) for notes in songs(20)])
    assert np.abs(table).max() < 10
    assert np.isfinite(statistics_row(made())).all()


def test_a_phrase_does_not_mind_key_place_player_or_speed():
    tune = [(0, 4, 60), (4, 6, 62), (6, 8, 64), (8, 12, 65), (12, 16, 60), (16, 20, 67)]
    one = made(bars=2, lead=tune)
    others = [
        made(bars=2, lead=[(s, e, p + 5) for s, e, p in tune]),
        made(bars=3, lead=[(s + 16, e + 16, p) for s, e, p in tune]),
        made(bars=4, lead=[(2 * s, 2 * e, p) for s, e, p in tune]),
        made(bars=2, bass=[(s, e, p - 24) for s, e, p in tune]),
        made(bars=2, harmony=tune),
    ]
    moves, rhythms, _ = phrase_counts(one)
    assert (moves.sum(), rhythms.sum()) == (3, 2)
    for other in others:
        assert (phrase_counts(other)[0] == moves).all()
        assert (phrase_counts(other)[1] == rhythms).all()


def test_another_tune_has_other_phrases_and_a_short_one_none():
    one, two = (phrase_counts(notes)[0][:, 0] for notes in songs(2))
    assert one @ two / np.sqrt((one @ one) * (two @ two)) < 0.6
    assert phrase_counts(made(lead=[(0, 4, 60), (4, 8, 62), (8, 12, 64)]))[0].sum() == 0
    assert phrase_counts(made())[2].shape == (BINS, 1)


def test_chords_are_counted_by_what_is_above_their_lowest_note():
    def chords(*roots):
        triads = [(8 * n, 8 * n + 8, root + third) for n, root in enumerate(roots) for third in (0, 4, 7)]
        return phrase_counts(made(bars=2, harmony=triads))[2]

    assert (chords(48, 53) == chords(50, 55)).all()
    assert not (chords(48, 53) == chords(48, 55)).all()


@pytest.mark.parametrize("kind", list(NEAR_COPIES))
def test_a_near_copy_is_another_piece_of_the_same_size(kind):
    copies = near_copies(SAMPLE)[kind]
    assert copies.shape == SAMPLE.shape
    assert copies.dtype == torch.int16
    differ = (copies != SAMPLE).flatten(1).any(1)
    assert differ.all()


def test_a_transposed_copy_is_three_semitones_higher():
    for role in ("lead", "bass", "harmony"):
        before, after = (notes_of(grid).of(role) for grid in (GRIDS[0], NEAR_COPIES["transposed"](GRIDS[0])))
        assert ((after[:, 2] - before[:, 2]) == 3).all()
    high = grid_from(made(lead=[(0, 4, 107)], harmony=[(0, 4, 95), (0, 4, 60)]))
    moved = notes_of(NEAR_COPIES["transposed"](high))
    assert moved.of("lead").tolist() == [[0, 4, 98]]
    assert moved.of("harmony").tolist() == [[0, 4, 63], [0, 4, 86]]


def test_a_copy_that_begins_later_ends_with_the_first_bar():
    before, after = notes_of(GRIDS[0]), notes_of(NEAR_COPIES["later"](GRIDS[0]))
    assert after.window(0, 7).of("lead").tolist() == before.window(1, 7).of("lead").tolist()
    assert after.window(7, 1).of("lead").tolist() == before.window(0, 1).of("lead").tolist()


def test_swapped_roles_play_the_same_notes_where_they_can():
    before, after = notes_of(GRIDS[0]), notes_of(NEAR_COPIES["swapped"](GRIDS[0]))
    assert after.of("counter").tolist() == before.of("lead").tolist()
    assert (after.of("inner")[:, 2] % 12 == before.of("bass")[:, 2] % 12).all()
    assert "lead" not in after.played


def test_changed_copies_keep_most_notes():
    before, after = (notes_of(grid).together() for grid in (GRIDS[0], NEAR_COPIES["changed"](GRIDS[0])))
    assert len(before) == len(after)
    same = {tuple(row) for row in before.tolist()} & {tuple(row) for row in after.tolist()}
    assert 0.6 < len(same) / len(before) < 1


def test_near_copies_are_told_from_other_songs():
    rows = perceptual_rows(build_extractor("statistics").look(SAMPLE).tap_LNCP)
    copies = {
        kind: nearest(perceptual_rows(build_extractor("statistics").look(copy).tap_LNCP), rows)
        for kind, copy in near_copies(SAMPLE).items()
    }
    found = calibrate(nearest_other(rows), {kind: similar for kind, (_, similar) in copies.items()}, most=0.1)
    assert found.telling
    for kind in ("transposed", "later"):
        assert (copies[kind][0] == np.arange(24)).all()
        assert found.found[kind] > 0.8


def features(extractor, pieces):
    return extractor.look(torch.from_numpy(samples_of_grids([grid_from(p) for p in pieces], 8))).feature_NF


def test_statistics_put_songs_near_songs():
    extractor, other, dice = build_extractor("statistics"), songs(24, first=950), np.random.default_rng(0)
    base = features(extractor, songs(24, first=900))
    near = frechet_distance(features(extractor, other), base)
    assert frechet_distance(features(extractor, noise(other, dice)), base) > 2 * near
    assert frechet_distance(features(extractor, shuffled_roles(other, dice)), base) > 1.05 * near


def test_an_encoder_describes_what_its_own_notes_say():
    real = songs(12, bars=4)
    extractor = EncoderExtractor(encoder_of(real, seed=0, turns=4))
    assert features(extractor, real) == pytest.approx(extractor.encoder.features(real), abs=1e-5)
    assert extractor.name in EXTRACTORS


def test_an_unknown_extractor_or_no_works_to_learn_from_is_said():
    with pytest.raises(UsageError, match="no extractor 'ears'"):
        build_extractor("ears")
    with pytest.raises(DataError, match="too few to learn"):
        build_extractor("encoder")


def test_an_empty_window_has_a_description():
    sample = torch.from_numpy(samples_of_grids([empty_grid(8)], 8))
    described = build_extractor("statistics").look(sample)
    assert np.isfinite(described.feature_NF).all()
    assert [tap.shape for tap in described.tap_LNCP] == [(1, BINS, 1)] * 3
