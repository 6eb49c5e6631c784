from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch

from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.foils import noise, shuffled_roles
from huohua.arts.music.metrics.genre import genre_judge
from huohua.arts.music.metrics.guessing import balanced_accuracy, guesses
from huohua.arts.music.metrics.notes import PITCHED
from huohua.arts.music.metrics.shown import CHANNELS, LOWEST, OCTAVES, OF_A_ROLE, shown
from huohua.arts.music.metrics.two_sample import two_sample_accuracy
from huohua.errors import DataError
from huohua.metrics.frechet import frechet_distance
from toys.made_songs import made, songs

REAL, OTHER = songs(32, bars=2), songs(32, first=500, bars=2)


def told(fake, real=REAL, seed=0):
    return two_sample_accuracy(
        shown(fake),
        shown(real),
        fake_songs=[notes.song for notes in fake],
        real_songs=[notes.song for notes in real],
        seed=seed,
    )


def slow_shown(notes):
    """Channel by channel from the notes themselves."""
    channels = np.zeros((CHANNELS, notes.length))
    chords = {
        role: [
            {pitch for start, length, pitch in notes.of(role).tolist() if start <= step < start + length}
            for step in range(notes.length)
        ]
        for role in PITCHED
    }
    for step in range(notes.length):
        for place, role in enumerate(PITCHED):
            first = place * OF_A_ROLE
            channels[first, step] = any(start == step for start in notes.of(role)[:, 0].tolist())
            for pitch in chords[role][step]:
                channels[first + 1 + pitch % 12, step] = 1
                channels[first + 13 + (pitch - LOWEST) // 12, step] = 1
        for place, (one, two) in enumerate(combinations(PITCHED, 2)):
            first = OF_A_ROLE * len(PITCHED) + 12 * place
            for low in {pitch % 12 for pitch in chords[one][step]}:
                for high in {pitch % 12 for pitch in chords[two][step]}:
                    channels[first + (high - low) % 12, step] += 0.5
    channels[: OF_A_ROLE * len(PITCHED) + 120] = channels[: OF_A_ROLE * len(PITCHED) + 120].clip(0, 1)
    for start, _, drum in notes.of("drums").tolist():
        channels[-9 + drum, start] = 1
    return channels


@pytest.mark.parametrize("notes", songs(3, bars=2, drums=True), ids=lambda notes: notes.song)
def test_what_is_shown_is_that_of_the_slow_twin(notes):
    assert OCTAVES * 12 + LOWEST == 108
    assert shown([notes])[0] == pytest.approx(slow_shown(notes))


def test_pieces_are_shown_in_sixteenths_and_nothing_after_their_ends():
    fine = made(steps=192, quarter=48, lead=[(0, 48, 60), (48, 54, 62)])
    coarse = made(lead=[(0, 4, 60), (4, 5, 62)])
    seen = shown([fine, coarse], 32)
    assert (seen[0] == seen[1]).all()
    assert not seen[:, :, 16:].any()


def test_nobody_can_tell_songs_from_songs_of_the_same_kind():
    found = told(OTHER)
    assert abs(found.accuracy - 0.5) < 3 * found.deviation
    assert 0.05 < found.deviation < 0.07


def test_songs_whose_roles_do_not_fit_are_told():
    assert told(shuffled_roles(OTHER, np.random.default_rng(0))).accuracy > 0.8


def test_the_same_seed_gives_the_same_answer_and_leaves_the_dice_of_others_alone():
    before = torch.get_rng_state()
    few = np.random.default_rng(1).normal(size=(24, 4)).astype(np.float32)
    answer, names = np.arange(24) % 2, [str(number) for number in range(24)]
    one, two = (guesses(few, answer, names, seed=3).tolist() for _ in range(2))
    assert one == two
    assert guesses(few, answer, names, seed=4).tolist() != one
    assert (torch.get_rng_state() == before).all()


def test_a_song_that_is_cut_into_windows_is_not_learnt_by_heart():
    # Each song has answers of chance; only who met its other windows could know them.
    dice = np.random.default_rng(0)
    windows = [song.window(first, 1) for song in songs(24) for first in range(0, 8, 2)]
    answer = np.repeat(dice.permutation(np.repeat([0, 1], 12)), 4)
    guess = guesses(shown(windows), answer, [notes.song for notes in windows], seed=0)
    assert 0.3 < balanced_accuracy(guess, answer) < 0.7


def test_answers_count_alike_however_many_have_them():
    assert balanced_accuracy(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1])) == 0.5
    with pytest.raises(DataError, match="too few to guess"):
        told(REAL[:3], OTHER)


def test_numbers_are_judged_like_music():
    dice = np.random.default_rng(0)
    one, two = (dice.normal(mean, 1, size=(60, 5)).astype(np.float32) for mean in (0, 1.5))
    names = [str(number) for number in range(60)]
    found = two_sample_accuracy(one, two, fake_songs=names, real_songs=names, seed=0)
    assert found.accuracy > 0.85


def styled(pieces, style):
    return [made(bars=n.bars, song=n.song, style=style).with_notes(n.played) for n in pieces]


def test_a_judge_of_styles_knows_how_good_it_is_and_judges_others():
    octave = np.array([0, 0, 12])
    low = [
        notes.with_notes({role: table - octave for role, table in notes.played.items()})
        for notes in songs(24, first=90, bars=2)
    ]
    judge = genre_judge(styled(songs(24, bars=2), "high") + styled(low, "low"), seed=0)
    assert judge.styles == ("high", "low")
    assert judge.accuracy > 0.9
    new = styled(songs(10, first=300, bars=2), "high")
    assert judge.agreement(new) > 0.8
    assert judge.agreement(styled(new, "low")) < 0.2
    with pytest.raises(DataError, match="style that was learnt"):
        judge.agreement(songs(2))
    with pytest.raises(DataError, match="fewer than two"):
        genre_judge(songs(8), seed=0)


def test_an_encoder_puts_like_near_like():
    encoder = encoder_of(REAL, seed=0, turns=30)
    real, other, wild = (
        encoder.features(pieces) for pieces in (REAL, OTHER, noise(OTHER, np.random.default_rng(0)))
    )
    assert real.shape == (32, 128)
    assert frechet_distance(wild, real) > 3 * frechet_distance(other, real)
    again = encoder_of(REAL, seed=0, turns=30).features(REAL)
    assert (again == real).all()
    with pytest.raises(DataError, match="too few"):
        encoder_of(REAL[:4], seed=0)
