from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.metrics import musegan
from huohua.arts.music.metrics.foils import FOILS, noise, patchwork, shuffled_roles, song_halves
from huohua.arts.music.metrics.tally import together
from huohua.errors import DataError
from toys.made_songs import made, songs

REAL = songs(40, drums=True)


def dice():
    return np.random.default_rng(0)


def mean(figure, pieces, *roles):
    return together(figure(notes, *roles) for notes in pieces).mean


def test_halves_never_share_a_song():
    windows = [song.window(first, 2) for song in REAL for first in (0, 2, 4)]
    first, second = song_halves(windows, dice())
    assert len(first) == len(second) == 60
    assert not {notes.song for notes in first} & {notes.song for notes in second}
    with pytest.raises(DataError, match="One song"):
        song_halves(windows[:3], dice())


def test_shuffling_roles_keeps_each_role_and_parts_all_of_a_piece():
    shuffled = shuffled_roles(REAL, dice())
    for role in ("lead", "bass", "harmony", "drums"):
        before, after = ([notes.of(role).tobytes() for notes in pieces] for pieces in (REAL, shuffled))
        assert sorted(before) == sorted(after)
    for notes in shuffled:
        homes = [
            {each.song for each in REAL if each.of(role).tobytes() == notes.of(role).tobytes()}
            for role in ("lead", "harmony")
        ]
        assert not homes[0] & homes[1]


def test_shuffling_roles_breaks_harmony_and_nothing_within_a_role():
    shuffled = shuffled_roles(REAL, dice())
    real, broken = (mean(musegan.tonal_distance, pieces, "lead", "harmony") for pieces in (REAL, shuffled))
    assert broken > 1.3 * real
    for figure in (musegan.empty_bars, musegan.used_pitch_classes, musegan.notes_from_eighths):
        assert mean(figure, shuffled, "lead") == pytest.approx(mean(figure, REAL, "lead"))


def test_a_patchwork_keeps_harmony():
    patched = patchwork(REAL, dice())
    real, kept = (mean(musegan.tonal_distance, pieces, "lead", "harmony") for pieces in (REAL, patched))
    assert kept == pytest.approx(real, rel=0.1)
    assert [notes.bars for notes in patched] == [8] * 40
    assert not any(
        patch.of("lead").tobytes() == notes.of("lead").tobytes()
        for patch, notes in zip(patched, REAL, strict=True)
    )


def test_noise_has_the_marginals_and_nothing_else():
    pieces = [
        made(bars=50, harmony=[(4 * n, 4 * n + 2, 60) for n in range(200)], song=str(n)) for n in (1, 2)
    ]
    made_noise = noise(pieces, dice())
    note_N3 = np.concatenate([notes.of("harmony") for notes in made_noise])
    assert set(note_N3[:, 2]) == {60}
    # Each cell on a quarter and after it sounds for sure, and no other one does.
    assert set(note_N3[:, 1]) == {2}
    half = [made(bars=1, lead=[(0, 1, 60)] if n % 2 else [(0, 1, 62)], song=str(n)) for n in range(400)]
    struck = np.concatenate([notes.of("lead") for notes in noise(half, dice())])
    assert 0.4 < (struck[:, 2] == 60).sum() / 400 < 0.6


def test_the_tonal_distance_of_noise_is_no_worse_than_that_of_shuffled_songs():
    """Why noise alone is no control: many notes at once lie in the middle of tonal space, near anything."""
    far, noisy = (
        mean(musegan.tonal_distance, FOILS[foil](REAL, dice()), "lead", "harmony")
        for foil in ("shuffled roles", "noise")
    )
    assert noisy < far


@pytest.mark.parametrize("foil", list(FOILS))
def test_the_same_dice_give_the_same_foil(foil):
    one, two = (FOILS[foil](REAL[:6], np.random.default_rng(4)) for _ in range(2))
    assert [notes.together().tolist() for notes in one] == [notes.together().tolist() for notes in two]


@pytest.mark.parametrize("foil", list(FOILS))
def test_pieces_of_other_frames_do_not_mix(foil):
    three_four = [made(bars=4, steps=12, lead=[(0, 4, 100)], song=f"waltz {n}") for n in range(3)]
    found = FOILS[foil]([*REAL[:3], *three_four], dice())
    assert [notes.steps for notes in found] == [16, 16, 16, 12, 12, 12]
    assert not any((notes.of("lead")[:, 2] == 100).any() for notes in found[:3])
