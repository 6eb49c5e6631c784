"""What the machine offers, and what is free of it."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest
import torch

from huohua import devices
from huohua.errors import UsageError


def test_the_machine_is_described_in_numbers_that_fit_together():
    machine = devices.look()
    assert 1 <= machine.free_cores <= machine.cores <= (os.cpu_count() or 1)
    assert 0 < machine.free_memory_bytes <= machine.memory_bytes
    assert machine.system
    assert machine.processor


def test_busy_cores_are_not_free(monkeypatch):
    monkeypatch.setattr(devices, "allowed_cores", lambda: [0, 1, 2, 3])
    monkeypatch.setattr(devices, "_quota_cores", lambda: None)
    monkeypatch.setattr(psutil, "cpu_percent", lambda **_: [99.0, 3.0, 51.0, 49.0])
    assert devices.free_cores() == 2


def test_a_busy_program_that_moves_between_cores_takes_one_of_them(monkeypatch):
    monkeypatch.setattr(devices, "allowed_cores", lambda: [0, 1])
    monkeypatch.setattr(devices, "_quota_cores", lambda: None)
    monkeypatch.setattr(psutil, "cpu_percent", lambda **_: [48.0, 49.0])
    assert devices.free_cores() == 1
    monkeypatch.setattr(psutil, "cpu_percent", lambda **_: [20.0, 20.0])
    assert devices.free_cores() == 2


def test_one_core_is_always_free(monkeypatch):
    monkeypatch.setattr(devices, "allowed_cores", lambda: [0, 1])
    monkeypatch.setattr(psutil, "cpu_percent", lambda **_: [100.0, 100.0])
    assert devices.free_cores() == 1


def test_cores_of_others_do_not_count(monkeypatch):
    monkeypatch.setattr(devices, "allowed_cores", lambda: [2, 3])
    monkeypatch.setattr(devices, "_quota_cores", lambda: None)
    monkeypatch.setattr(psutil, "cpu_percent", lambda **_: [100.0, 100.0, 0.0, 0.0])
    assert devices.free_cores() == 2


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000", 8), ("150000 100000", 2), ("200000 100000", 2), ("1000 100000", 1), ("", 8)],
)
def test_a_containers_quota_cuts_the_cores(monkeypatch, quota, cores):
    monkeypatch.setattr(devices, "allowed_cores", lambda: list(range(8)))
    monkeypatch.setattr(devices, "_group_text", lambda name: quota if name == "cpu.max" else "")
    assert devices.usable_cores() == cores


def test_threads_are_the_wish_then_the_environment_then_what_is_free(monkeypatch):
    monkeypatch.setattr(devices, "free_cores", lambda: 5)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert devices.choose_threads(2) == 2
    assert devices.choose_threads() == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert devices.choose_threads() == 5
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert devices.choose_threads() == 5


@pytest.mark.parametrize("wish", [0, -1])
def test_no_threads_is_an_error(wish):
    with pytest.raises(UsageError, match="--threads"):
        devices.choose_threads(wish)


def test_a_device_that_is_not_there_is_an_error():
    with pytest.raises(UsageError, match="no device 'meta'"):
        devices.choose_device("meta")
    with pytest.raises(UsageError, match="is not a device"):
        devices.choose_device("toaster")
    with pytest.raises(UsageError, match="no device 'cuda:99'"):
        devices.choose_device("cuda:99")


def test_the_processor_is_a_device():
    assert devices.choose_device("cpu") == torch.device("cpu")
    assert devices.choose_device().type in {"cpu", "cuda", "mps"}


@pytest.mark.parametrize(
    ("flags", "precision"), [({"avx2", "avx512_bf16"}, "bf16"), ({"avx2"}, "fp32"), ({"bf16"}, "bf16")]
)
def test_precision_follows_the_processor(monkeypatch, flags, precision):
    monkeypatch.setattr(devices, "_processor_flags", lambda: frozenset(flags))
    assert devices.choose_precision("auto", torch.device("cpu")) == precision
    assert devices.choose_precision("fp32", torch.device("cpu")) == "fp32"
    assert devices.choose_precision("bf16", torch.device("cpu")) == "bf16"


def test_half_precision_on_a_processor_is_an_error():
    with pytest.raises(UsageError, match="fp16"):
        devices.choose_precision("fp16", torch.device("cpu"))


def test_other_accelerators_without_an_answer_train_in_full_precision():
    assert devices.choose_precision("auto", torch.device("mps")) == "fp32"


def run(code: str) -> str:
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, check=True, env={**os.environ, **paths}, capture_output=True, text=True
    ).stdout


def test_peak_memory_is_the_most_that_was_held():
    code = (
        "from huohua.devices import peak_memory_bytes as peak\n"
        "before = peak(); held = bytearray(b'x') * (before + 50_000_000); during = peak()\n"
        "del held; print(before, during, peak())"
    )
    before, during, after = map(int, run(code).split())
    assert 5_000_000 < before < 1_000_000_000
    assert before + 40_000_000 <= during <= 2 * before + 80_000_000
    assert after >= during - 1_000_000  # the kernel counts pages in batches


def test_looking_at_the_machine_does_not_import_torch():
    run(
        "import sys; from huohua import devices; devices.look(); devices.choose_threads(); "
        "assert 'torch' not in sys.modules"
    )


def test_a_new_process_does_not_inherit_the_peak_of_the_one_that_started_it():
    held = bytearray(b"x") * 300_000_000
    code = "from huohua.devices import peak_memory_bytes as peak; print(peak())"
    assert 5_000_000 < int(run(code)) < len(held)
