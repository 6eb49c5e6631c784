"""Two processes learn what one learns, and decide alike."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from toys.ring import rich_run
from toys.ring_team import LOSSES, duel_run

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Path:
    """The folder in which two processes have left what became of every scenario."""
    folder = tmp_path_factory.mktemp("team")
    rich_run(folder / "going on", path_length=False, shown=320).go()  # one process begins this run
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
        "OMP_NUM_THREADS": "1",
    }
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launcher, "-m", "toys.ring_team", str(folder)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as launched:
        try:
            said, _ = launched.communicate(timeout=240)
        finally:
            if launched.poll() is None:  # they wait for one another: a hang, which is what we test for
                os.killpg(launched.pid, signal.SIGKILL)
    assert launched.returncode == 0, said.decode(errors="replace")[-4000:]
    return folder


def weights(team: Path, name: str) -> list[dict[str, Tensor]]:
    return [load_file(team / f"{name}-{rank}.safetensors") for rank in (0, 1)]


def facts(team: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads((team / f"{name}-{rank}.json").read_text()) for rank in (0, 1)]


def alone(run) -> dict[str, Tensor]:
    run.go()
    networks = {**run.game.players, "average": run.average.network}
    return {f"{n}.{k}": v for n, network in networks.items() for k, v in network.state_dict().items()}


def assert_near(one: dict[str, Tensor], other: dict[str, Tensor], rtol: float) -> None:
    assert one.keys() == other.keys()
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=rtol, atol=rtol / 100, msg=name)


@pytest.mark.parametrize("loss", LOSSES)
def test_two_processes_learn_what_one_learns(team, tmp_path, loss):
    """Up to the order of sums; the second began with other weights and was given those of the first."""
    run = duel_run(tmp_path, loss, seed=0)
    start = {name: weight.clone() for name, weight in run.game.players["generator"].state_dict().items()}
    expected = alone(run)
    assert_near(weights(team, loss)[0], expected, rtol=1e-4)
    assert all(not torch.allclose(expected[f"generator.{name}"], start[name]) for name in start)


@pytest.mark.parametrize("name", [*LOSSES, "rich", "nan", "collapsing", "going on"])
def test_the_two_end_with_the_same_weights_bit_for_bit(team, name):
    first, second = weights(team, name)
    assert all(torch.equal(first[key], second[key]) for key in first)
    one, other = facts(team, name)
    assert one["strength"] == other["strength"]
    assert one["dose"] == other["dose"]


def test_only_the_main_process_speaks(team):
    for name in ("rich", "nan", "collapsing"):
        one, other = facts(team, name)
        assert [event["kind"] for event in one["events"]][-1] == "finished"
        assert other["events"] == []
        assert one["reason"] == other["reason"] == "budget"


def test_both_stop_when_time_is_up_for_one(team):
    one, other = facts(team, "late")
    assert (one["reason"], other["reason"]) == ("budget", "budget")
    assert one["round"] == other["round"] == 0


def test_both_stop_when_one_is_asked_to(team):
    one, other = facts(team, "stopped")
    assert (one["reason"], other["reason"]) == ("stopped", "interrupted")
    assert one["round"] == other["round"] == 4


def test_a_nan_in_one_process_sends_both_back(team):
    one, other = facts(team, "nan")
    (back,) = [event for event in one["events"] if event["kind"] == "rolled_back"]
    assert (back["problem"], back["to_shown"]) == ("divergence", 320)
    rate = pytest.approx(0.5 * 2 ** ((640 - 320) / 4000))  # it has begun to grow back
    assert one["dose"] == other["dose"] == {"learning_rate": rate, "penalty": 2.0, "spread": 1.0}
    assert one["round"] == other["round"] == 20


def test_both_give_up_together(team):
    one, other = facts(team, "hopeless")
    assert "again and again" in one["error"]
    assert one["error"] == other["error"]
    assert one["dose"]["learning_rate"] == other["dose"]["learning_rate"] == pytest.approx(0.5**5, rel=0.1)


def test_both_answer_a_collapse_that_only_the_main_process_measures(team):
    one, other = facts(team, "collapsing")
    (back,) = [event for event in one["events"] if event["kind"] == "rolled_back"]
    assert (back["problem"], back["to_shown"]) == ("collapse", 160)
    rate = pytest.approx(0.5, rel=0.1)  # it has begun to grow back
    assert one["dose"] == other["dose"] == {"learning_rate": rate, "penalty": 2.0, "spread": 2.0}


def test_two_processes_go_on_with_what_one_began(team, tmp_path):
    assert_near(weights(team, "going on")[0], alone(rich_run(tmp_path, path_length=False)), rtol=5e-3)


def test_a_batch_that_two_cannot_share_is_refused_by_both(team):
    one, other = facts(team, "uneven")
    assert one["error"] == other["error"]
    assert "33 works" in one["error"]
