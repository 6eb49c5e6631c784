from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.metrics.copied_runs import CopiedRuns, copied_share, events_of
from toys.made_songs import made, songs

TUNE = [(0, 4, 60), (4, 6, 62), (6, 8, 64), (8, 12, 65), (12, 16, 60)]
BASS = [(0, 8, 48), (8, 16, 41)]


def moved(strokes, *, by=0, later=0):
    return [(start + later, end + later, pitch + by) for start, end, pitch in strokes]


def random_tune(seed, *, bars=8):
    dice = np.random.default_rng(seed)
    starts = sorted(dice.choice(bars * 16, size=bars * 5, replace=False).tolist())
    lead = [(start, start + 1, int(dice.integers(60, 84))) for start in starts]
    return made(bars=bars, lead=lead, bass=[(start, start + 1, 40) for start in starts[::3]], song=str(seed))


def test_a_transposed_copy_has_the_same_events():
    one = made(lead=TUNE, bass=BASS)
    two = made(bars=2, lead=moved(TUNE, by=5, later=16), bass=moved(BASS, by=5, later=16))
    assert events_of(one)[0].tolist() == events_of(two)[0].tolist()
    assert events_of(two)[1].tolist() == [20, 22, 24, 28]


@pytest.mark.parametrize(
    "other",
    [
        made(lead=TUNE, bass=moved(BASS, by=5)),
        made(lead=[(0, 4, 60), (4, 5, 62), (5, 8, 64), *TUNE[3:]], bass=BASS),
        made(lead=[*TUNE[:2], (6, 8, 63), *TUNE[3:]], bass=BASS),
    ],
)
def test_another_tune_rhythm_or_bass_has_not(other):
    assert events_of(made(lead=TUNE, bass=BASS))[0].tolist() != events_of(other)[0].tolist()


def test_ticks_and_steps_tell_the_same_events():
    in_ticks = [(12 * start, 12 * end, pitch) for start, end, pitch in TUNE]
    fine = made(steps=192, quarter=48, lead=in_ticks)
    assert events_of(fine)[0].tolist() == events_of(made(lead=TUNE))[0].tolist()


def test_a_planted_copy_is_found_with_its_song_and_length():
    learnt = [random_tune(seed) for seed in range(20)]
    source = learnt[7].window(2, 3)
    new = random_tune(99)
    there = np.array([64, 0, 3])
    planted = new.with_notes(
        {
            role: np.concatenate([new.window(0, 4).of(role), source.of(role) + there])
            for role in ("lead", "bass")
        }
    )
    run = CopiedRuns(learnt).longest(planted)
    assert run.song == "7"
    assert 9 <= run.quarters <= 16
    assert run.events >= 10
    assert CopiedRuns(learnt).longest(random_tune(99)).quarters < 6


def test_a_piece_shares_all_with_itself_unless_it_does_not_count():
    learnt = [random_tune(seed) for seed in range(5)]
    runs = CopiedRuns(learnt)
    assert runs.longest(learnt[2]).events == len(events_of(learnt[2])[0])
    assert runs.longest(learnt[2], besides=2).events < 6


def test_copies_show_in_the_share_and_new_pieces_do_not():
    learnt, unseen = [random_tune(seed) for seed in range(40)], [random_tune(seed) for seed in range(40, 80)]
    runs = CopiedRuns(learnt)
    share, limit = copied_share([random_tune(seed) for seed in range(80, 120)], runs, unseen)
    assert share <= 0.15
    assert 0 < limit < 6
    assert copied_share(learnt[:10], runs, unseen)[0] == 1.0


def test_silence_shares_nothing():
    runs = CopiedRuns(songs(2))
    assert (runs.longest(made()).events, runs.longest(made()).song) == (0, "")
