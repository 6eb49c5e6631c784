"""What this machine offers: cores, memory, accelerators, and what is free of them.

A training step on two busy cores with two threads is many times slower than with one, because every
thread waits for the slowest. So the number of threads is chosen from what is free, not from what exists.
Nothing here imports torch before a function needs it.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psutil

from huohua.errors import UsageError

if TYPE_CHECKING:
    import torch

Precision = Literal["auto", "fp32", "bf16", "fp16"]

# How long other programs are watched before deciding how many cores they leave.
WATCH_SECONDS = 0.3
# The last core counts as free when more than half of it is.
HALF = 0.5
# More threads than this no machine has use for, and PyTorch dies on the way to them without a word.
MOST_THREADS = 1024
# Instruction sets that multiply bfloat16 numbers in hardware, as /proc/cpuinfo spells them.
BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What a machine offers to training, as read at one moment.

    Attributes:
        system: operating system and processor architecture.
        processor: the processor's name, or its architecture where the system gives none.
        cores: cores this process may use.
        free_cores: cores that other programs leave, at least one.
        memory_bytes: main memory this process may use.
        free_memory_bytes: main memory that is free now.
        fast_bfloat16: whether the processor multiplies bfloat16 numbers in hardware.
    """

    system: str
    processor: str
    cores: int
    free_cores: int
    memory_bytes: int
    free_memory_bytes: int
    fast_bfloat16: bool


def look() -> Machine:
    """Return what this machine offers now; takes a third of a second."""
    limit = _group_number("memory.max", "memory/memory.limit_in_bytes")
    memory = psutil.virtual_memory()
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor_name(),
        cores=usable_cores(),
        free_cores=free_cores(),
        memory_bytes=min(memory.total, limit or memory.total),
        free_memory_bytes=min(memory.available, limit or memory.available),
        fast_bfloat16=has_fast_bfloat16(),
    )


def usable_cores() -> int:
    """Return the cores this process may use: its affinity, cut by a container's quota, at least one."""
    cores = len(allowed_cores())
    return max(1, min(cores, _quota_cores() or cores))


def allowed_cores() -> list[int]:
    """Return the numbers of the cores this process may run on; a container's quota is not in them."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def free_cores(*, watch_seconds: float = WATCH_SECONDS) -> int:
    """Return the usable cores that other programs leave free, at least one.

    Args:
        watch_seconds: how long to watch; this process itself should be idle meanwhile.
    """
    used = psutil.cpu_percent(interval=watch_seconds, percpu=True)
    shares = [used[core] / 100 for core in allowed_cores() if core < len(used)]
    # Together, because one busy program that moves between two cores leaves half of each, and only one.
    return max(1, min(usable_cores(), int(len(shares) - sum(shares) + HALF)))


def choose_threads(wish: int | None = None) -> int:
    """Return how many threads to compute with: the wish, else `OMP_NUM_THREADS`, else the free cores.

    Raises:
        UsageError: the wish is below one, or so large that the system could not start them.
    """
    if wish is not None:
        if not 1 <= wish <= MOST_THREADS:
            raise UsageError(
                f"{wish} threads cannot compute.", advice=f"Give --threads from 1 to {MOST_THREADS}."
            )
        return wish
    named = os.environ.get("OMP_NUM_THREADS", "")
    return int(named) if named.isdigit() and int(named) > 0 else free_cores()


def choose_device(wish: str = "auto") -> torch.device:
    """Return the device named by `wish`; `auto` takes CUDA or Apple's MPS where present, else the CPU.

    Raises:
        UsageError: the name is not a device, or this machine does not have it.
    """
    import torch

    if wish == "auto":
        return torch.device(_best_device())
    try:
        device = torch.device(wish)
    except RuntimeError:
        raise UsageError(f"'{wish}' is not a device.", advice="Use auto, cpu, cuda, cuda:1 or mps.") from None
    if not _has_device(device):
        raise UsageError(f"This machine has no device '{wish}'.", advice="Use auto or cpu.")
    return device


def choose_precision(wish: Precision, device: torch.device) -> Literal["fp32", "bf16", "fp16"]:
    """Return the arithmetic to train in; `auto` takes bfloat16 where the device is faster with it.

    Raises:
        UsageError: half precision was asked of a CPU, which computes it slowly and overflows.
    """
    if wish == "fp16" and device.type == "cpu":
        raise UsageError("fp16 does not train on a CPU.", advice="Use --precision bf16 or fp32.")
    if wish != "auto":
        return wish
    if device.type == "cpu":
        return "bf16" if has_fast_bfloat16() else "fp32"
    if device.type == "cuda":
        import torch

        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    return "fp32"


def has_fast_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 numbers in hardware."""
    return not BFLOAT16_FLAGS.isdisjoint(_processor_flags())


def peak_memory_bytes() -> int:
    """Return the most main memory this process has held, in bytes; zero where the system does not tell."""
    # Linux lets a new process inherit the peak of the one that started it, except in this file.
    peak = _system_line("/proc/self/status", "VmHWM").removesuffix("kB").strip()
    if peak.isdecimal():
        return int(peak) * 1024
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return most if platform.system() == "Darwin" else most * 1024


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _has_device(device: torch.device) -> bool:
    import torch

    if device.type == "cuda":
        return torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count()
    if device.type == "mps":
        return torch.backends.mps.is_available()
    return device.type == "cpu"


def _quota_cores() -> int | None:
    """Return a container's limit in whole cores, rounded up; none where there is no limit."""
    quota = _group_text("cpu.max")
    if quota and not quota.startswith("max"):
        allowed, period = (int(part) for part in quota.split()[:2])
        return -(-allowed // period)
    return None


def _group_number(*names: str) -> int | None:
    for name in names:
        text = _group_text(name)
        if text.isdigit():
            return int(text)
    return None


def _group_text(name: str) -> str:
    try:
        return (Path("/sys/fs/cgroup") / name).read_text().strip()
    except OSError:
        return ""


def _processor_flags() -> frozenset[str]:
    return frozenset(_system_line("/proc/cpuinfo", "flags", "Features").split())


def _processor_name() -> str:
    return _system_line("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _system_line(path: str, *keys: str) -> str:
    """Return the first value of a key in a file of the system; empty where there is no such file."""
    try:
        text = Path(path).read_text()
    except OSError:
        return ""
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() in keys:
            return value.strip()
    return ""
