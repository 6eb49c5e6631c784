"""The Accelerator of a run: each run gets what it asked for, whatever the one before it asked for."""

from __future__ import annotations

import pytest
import torch

from huohua.studio.processes import accelerator

CPU = torch.device("cpu")


def precision_of(team):
    """Return the type that a product of two matrices has under this Accelerator."""
    with team.autocast():
        return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


@pytest.mark.parametrize(("precision", "kind"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_a_precision_is_the_one_that_is_computed_in(precision, kind):
    team = accelerator(precision, CPU)
    assert precision_of(team) == kind
    assert team.device == CPU
    assert (team.num_processes, team.is_main_process) == (1, True)


def test_runs_of_different_precision_follow_each_other_in_one_program():
    kinds = [precision_of(accelerator(precision, CPU)) for precision in ("bf16", "fp32", "bf16")]
    assert kinds == [torch.bfloat16, torch.float32, torch.bfloat16]


def test_no_run_inherits_what_another_has_counted():
    first = accelerator("fp32", CPU)
    first.gradient_state._set_sync_gradients(False)
    assert accelerator("fp32", CPU).sync_gradients is True
