"""Sittings: everything said and shown survives a kill, and undoing takes back what was learnt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from huohua.errors import DataError, HuohuaError, UsageError
from huohua.randomness import numpy_generator
from huohua.steer.record import Saying
from huohua.steer.sitting import Sitting
from huohua.steer.survey import survey
from toys.toy_medium import ToyMedium

HASH = "ab" * 32
MEDIUM = ToyMedium()
KNOWN = survey(MEDIUM, numpy_generator(0, "survey"), count=200)


def begun(folder: Path, seed: int = 0) -> Sitting:
    return Sitting.begin(folder, MEDIUM, KNOWN, model="toy", model_sha256=HASH, seed=seed)


def resumed(folder: Path) -> Sitting:
    return Sitting.resume(folder, MEDIUM, KNOWN, model_sha256=HASH)


def pick(place: int) -> Saying:
    return Saying(kind="pick", liked=(place,))


def state(sitting: Sitting) -> tuple:
    return sitting.history, sitting.step, sitting.points().tolist(), sitting.belief().mean_K.tolist()


def test_a_sitting_that_is_opened_again_goes_on_as_it_would_have(tmp_path):
    here = begun(tmp_path / "one")
    twin = begun(tmp_path / "two")
    for number in range(4):
        for sitting in (here, twin):
            sitting.say(pick(number))
            sitting.propose()
        here = resumed(tmp_path / "one")
        assert state(here) == state(twin)
    files = [sorted((tmp_path / name / "steps").iterdir()) for name in ("one", "two")]
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]


def test_the_incumbent_is_always_among_the_next_works(tmp_path):
    sitting = begun(tmp_path / "s")
    for number in range(5):
        kept_D = sitting.points()[number]
        sitting.say(pick(number))
        sitting.propose()
        assert sitting.points()[0].tolist() == kept_D.tolist()
        assert [c.slot for c in sitting.step.candidates] == [
            *("incumbent", "exploit", "thompson", "thompson", "thompson"),
            *("local", "local", "local", "random"),
        ]
        assert len({c.point for c in sitting.step.candidates}) == 9


def test_undoing_takes_back_what_was_learnt_and_redoing_brings_it_again(tmp_path):
    sitting = begun(tmp_path / "s")
    states = [state(sitting)]
    for act in (
        lambda: sitting.say(pick(3)),
        sitting.propose,
        lambda: sitting.say(Saying(kind="rank", liked=(2, 1, 0))),
        lambda: sitting.lock(["colour"]),
        lambda: sitting.breed([(0, 3), (2, 2)], mutation=0.5),
        lambda: sitting.say(Saying(kind="judge", liked=(1, 2), disliked=(8,))),
        lambda: sitting.slide("redder", np.eye(6)[4], 1.5, most=3.0),
        lambda: sitting.say(Saying(kind="less", liked=(0,), feature="red")),
        sitting.propose,
    ):
        act()
        states.append(state(sitting))
    end = len(states) - 1
    for number in range(end - 1, -1, -1):
        sitting.undo()
        assert state(sitting)[1:] == states[number][1:]
    for number in range(1, end + 1):
        sitting.redo()
        assert state(sitting)[1:] == states[number][1:]
    assert state(resumed(tmp_path / "s")) == state(sitting) == states[-1]


def test_a_fork_leaves_the_other_branch_and_knows_nothing_of_it(tmp_path):
    sitting = begun(tmp_path / "s")
    sitting.say(pick(0))
    sitting.undo()
    sitting.say(pick(5))
    assert sitting.history.forks(0) == (1, 2)
    assert [choice.stages[0][0] for choice in sitting.choices()] == [5]
    sitting.go_to(1)
    assert [choice.stages[0][0] for choice in sitting.choices()] == [0]


def test_locked_groups_stay_as_the_first_parent_has_them(tmp_path):
    sitting = begun(tmp_path / "s")
    sitting.say(pick(4))
    kept_D = sitting.points()[4]
    sitting.lock(["colour"])
    sitting.propose()
    assert (sitting.points()[:, 4:] == kept_D[4:]).all()
    assert len(np.unique(sitting.points()[:, 0])) == 9
    sitting.breed([(0, 4), (0, 1), (0, 2)])
    assert (sitting.points()[:, 4:] == kept_D[4:]).all()
    sitting.lock([])
    sitting.propose()
    assert not (sitting.points()[1:, 4:] == kept_D[4:]).any()


def test_lineage_goes_back_to_the_works_that_came_by_chance(tmp_path):
    sitting = begun(tmp_path / "s")
    sitting.breed([(0, 1), (0, 2)])
    sitting.breed([(1, 3), (0, 5)])
    assert sitting.lineage((2, 4)) == ((1, 3), (0, 5), (0, 2), (0, 1))
    assert sitting.lineage((0, 1)) == ()


def test_a_slider_moves_the_work_that_is_held_and_goes_back_to_zero(tmp_path):
    sitting = begun(tmp_path / "s")
    sitting.say(pick(2))
    start_D = sitting.points()[2]
    sitting.slide("redder", np.eye(6)[4], 1.0, most=2.0)
    assert sitting.step.sliders == {"redder": 1.0}
    assert sitting.point(sitting.step.kept)[4] == pytest.approx(start_D[4] + 1.0, abs=2e-3)
    sitting.slide("redder", np.eye(6)[4], 0.0, most=2.0)
    assert np.allclose(sitting.point(sitting.step.kept), start_D, atol=2e-3)
    assert len(sitting.choices()) == 3


@pytest.mark.parametrize(("kind", "sign"), [("more", 1), ("less", -1)])
def test_a_wish_in_words_turns_the_belief_that_way(tmp_path, kind, sign):
    sitting = begun(tmp_path / "s")
    sitting.say(Saying(kind=kind, liked=(0,), feature="red"))
    weight_F = KNOWN.in_features(sitting.belief().mean_K)
    assert sign * weight_F[0] > 0
    assert abs(weight_F[0]) > abs(weight_F[1])
    assert sitting.step.kept == (0, 0)


def test_it_says_why_it_shows_what(tmp_path):
    sitting = begun(tmp_path / "s")
    assert sitting.why(0).words() == "something else, by chance"
    red_M = MEDIUM.features(sitting.points())[:, 0]
    sitting.say(Saying(kind="more", liked=(int(red_M.argmin()),), feature="red"))
    sitting.propose()
    exploit = sitting.why(1)
    assert exploit.slot == "exploit"
    assert MEDIUM.features(sitting.points())[1, 0] > red_M.min() + 0.3
    assert exploit.more[:1] == ("red",)
    assert exploit.words().startswith("what I think you like best: more red")
    assert exploit.words("zh").startswith("我认为您最喜欢的：更red")


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from test_sitting import begun, pick
import huohua.steer.shelf as shelf
from pathlib import Path
sitting = begun(Path(sys.argv[2]))
for number in range(3):
    sitting.say(pick(number)); sitting.propose()
print(sitting.history.at, flush=True)
real, left = shelf.write_text, [int(sys.argv[3])]
def dying(target, content):
    if left[0] == 0:
        (target.parent / f".{target.name}.half").write_text(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    real(target, content)
shelf.write_text = dying
sitting.say(pick(1))
"""


@pytest.mark.parametrize(("writes", "steps"), [(0, 7), (1, 8)])
def test_a_kill_between_any_two_writes_loses_nothing_that_was_shown(tmp_path, writes, steps):
    here, tests = str(Path(__file__).parent), str(Path(__file__).parents[1])
    command = [sys.executable, "-c", KILLED, here, str(tmp_path / "s"), str(writes)]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": tests}
    )
    assert result.returncode == -signal.SIGKILL, result.stderr
    sitting = resumed(tmp_path / "s")
    assert sitting.history.at == int(result.stdout) == 6
    assert len(sitting.history.parents) == steps
    sitting.say(pick(1))
    assert sitting.history.at == steps
    assert not [p for p in (tmp_path / "s").rglob(".*")]


def test_a_full_disk_leaves_the_sitting_where_it_was(tmp_path, monkeypatch):
    sitting = begun(tmp_path / "s")
    before = state(sitting)

    def full(place):
        raise OSError("full")

    with monkeypatch.context() as patch:
        patch.setattr(sitting._shelf, "put_place", full)
        with pytest.raises(OSError, match="full"):
            sitting.say(pick(0))
    assert state(sitting) == before
    sitting.say(pick(5))
    assert resumed(tmp_path / "s").step.kept == (0, 5)


def test_a_sitting_of_other_weights_is_refused(tmp_path):
    begun(tmp_path / "s")
    with pytest.raises(DataError, match="other weights"):
        Sitting.resume(tmp_path / "s", MEDIUM, KNOWN, model_sha256="cd" * 32)
    with pytest.raises(UsageError, match="already"):
        begun(tmp_path / "s")
    with pytest.raises(DataError, match="no sitting"):
        resumed(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("steps/000001.json", "{"),
        ("steps/000001.json", '{"format": 2}'),
        ("sitting.json", "[]"),
        ("sitting.json", f'{{"format":1,"model":"toy","model_sha256":"{HASH}","seed":0,"at":9,"tip":9}}'),
    ],
)
def test_a_damaged_sitting_is_named_and_not_guessed(tmp_path, file, content):
    begun(tmp_path / "s").say(pick(0))
    (tmp_path / "s" / file).write_text(content)
    with pytest.raises(HuohuaError):
        resumed(tmp_path / "s")


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.propose(),
        lambda s: s.say(pick(9)),
        lambda s: s.say(Saying(kind="pick")),
        lambda s: s.say(Saying(kind="less", liked=(0,), feature="sweet")),
        lambda s: s.say(Saying(kind="more", liked=(12,), feature="red")),
        lambda s: s.lock(["taste"]),
        lambda s: s.breed([]),
        lambda s: s.breed([(0, 9)]),
        lambda s: s.breed([(0, 0)], mutation=2.0),
        lambda s: s.breed([(0, 0)], diversity=-1.0),
        lambda s: s.go_to(1),
        lambda s: s.slide("redder", np.eye(6)[4], 1.0, most=2.0),
        lambda s: s.slide("redder", np.eye(6)[4], 3.0, most=2.0),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(tmp_path, act):
    sitting = begun(tmp_path / "s")
    before = state(sitting)
    with pytest.raises(UsageError):
        act(sitting)
    assert state(sitting) == before == state(resumed(tmp_path / "s"))
