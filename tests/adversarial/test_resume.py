"""Going on: after a stop, after kill -9 and after damage, to the same weights bit for bit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.events import Event
from huohua.adversarial.run import Run
from huohua.errors import CheckpointError
from toys.ring import RingWorks, equal, everything_of, rich_run, toy_duel, toy_run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> dict:
    """All that a run has learnt which was never stopped."""
    run = rich_run(tmp_path_factory.mktemp("straight"))
    run.go()
    return everything_of(run)


def resumed(folder: Path) -> Run:
    run = rich_run(folder)
    assert run.resume()
    return run


def stopped(folder: Path, after: int) -> None:
    def stop(moment) -> None:
        if moment.round == after - 1:
            run.stop()

    run = rich_run(folder, works=RingWorks(labelled=True, on_take=stop))
    run.go()
    assert run.round == after


@pytest.mark.parametrize("after", [1, 10, 13])
def test_a_stopped_run_goes_on_to_the_same_weights(tmp_path, straight, after):
    stopped(tmp_path, after)
    run = resumed(tmp_path)
    assert run.round == after
    events: list[Event] = []
    run.listeners = [events.append]
    run.go()
    assert events[0].resumed
    assert equal(everything_of(run), straight)


def test_a_run_stopped_again_and_again_goes_on_to_the_same_weights(tmp_path, straight):
    stopped(tmp_path, 3)
    for after in (4, 10, 11, 15):
        part = rich_run(tmp_path, shown=after * 32)
        part.resume()
        part.go()
    run = resumed(tmp_path)
    run.go()
    assert equal(everything_of(run), straight)


def test_what_was_seen_since_the_last_tick_is_remembered(tmp_path):
    straight = rich_run(tmp_path / "straight", shown=17 * 32)
    straight.go()
    stopped(tmp_path / "stopped", 13)
    run = rich_run(tmp_path / "stopped", shown=17 * 32)
    run.resume()
    run.go()
    assert len(run._signs) == 7
    assert equal(everything_of(run), everything_of(straight))


def test_everything_that_moves_has_moved(straight):
    """Otherwise the tests beside this one would compare constants."""
    assert straight["strength"]["strength"] != 0.5
    assert straight["networks"]["path_length"]["mean"] > 0
    assert not equal(straight["networks"]["average"], straight["networks"]["generator"])
    assert straight["optimisers"]["generator"]["param_groups"][0]["lr"] < 2e-3
    assert 0.6 < straight["health"]["best"] < 0.7


@pytest.mark.slow
@pytest.mark.parametrize("when", ["round", "save"])
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path, straight, when):
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-m", "toys.ring_run", str(tmp_path), when]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == -signal.SIGKILL, result.stderr
    torn = [path for path in (tmp_path / "checkpoints").iterdir() if path.name.startswith(".")]
    assert len(torn) == (1 if when == "save" else 0)
    run = resumed(tmp_path)
    assert run.round == 10  # the tick before the kill
    run.go()
    assert equal(everything_of(run), straight)
    assert not [path for path in (tmp_path / "checkpoints").iterdir() if path.name.startswith(".")]


def test_a_torn_newest_checkpoint_costs_its_rounds_and_nothing_else(tmp_path, straight):
    stopped(tmp_path, 13)
    newest = checkpoints.latest(tmp_path / "checkpoints")
    assert newest.shown == 13 * 32
    (newest.folder / "generator.safetensors").write_bytes(b"torn")
    events: list[Event] = []
    run = rich_run(tmp_path, listeners=(events.append,))
    assert run.resume()
    assert run.round == 10
    (warned,) = events
    assert "000000416, is damaged" in warned.message
    assert "000000320" in warned.remedy
    run.go()
    assert equal(everything_of(run), straight)


def test_a_folder_without_checkpoints_is_a_beginning(tmp_path):
    assert not rich_run(tmp_path).resume()
    (tmp_path / "checkpoints").mkdir()
    assert not rich_run(tmp_path).resume()


def test_what_a_kill_left_of_the_very_first_checkpoint_is_a_beginning(tmp_path):
    (tmp_path / "checkpoints" / ".000000000.x1y2").mkdir(parents=True)
    run = rich_run(tmp_path, shown=32)
    assert not run.resume()
    assert run.go() == "budget"


def test_if_every_checkpoint_is_damaged_there_is_one_clear_error(tmp_path):
    stopped(tmp_path, 13)
    for found in checkpoints.listing(tmp_path / "checkpoints"):
        (found.folder / "discriminator.safetensors").unlink()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CheckpointError, match="is damaged") as caught:
        rich_run(tmp_path).resume()
    assert "--restart" in caught.value.advice
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_of_other_networks_does_not_fit(tmp_path):
    stopped(tmp_path, 1)
    other = toy_run(tmp_path, duel=toy_duel(DuelSettings(), width=16))
    with pytest.raises(CheckpointError, match="belongs to another kind of run"):
        other.resume()
