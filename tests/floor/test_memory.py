"""Keeping freed memory: asked of the GNU C library alone, and to good effect."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from huohua import memory

SOURCE = Path(__file__).resolve().parents[2] / "src"
GNU = platform.libc_ver()[0] == "glibc"

BLOCK, TIMES = 40 << 20, 5  # the library never keeps blocks of more than 32 MB by itself
# Counts the pages that the system hands out while such blocks are made, filled and freed.
FAULTS = f"""
import ctypes, resource, sys
from huohua.memory import keep_freed_memory

kept = sys.argv[1] == "keep" and keep_freed_memory()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
def use():
    block = library.malloc({BLOCK})
    library.memset(block, 1, {BLOCK})
    library.free(block)
use()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range({TIMES}):
    use()
sys.stdout.write(f"{{kept}} {{resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before}}")
"""


def faults(wish: str) -> tuple[bool, int]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    for tuned in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "LD_PRELOAD", "GLIBC_TUNABLES"):
        environment.pop(tuned, None)
    command = [sys.executable, "-c", FAULTS, wish]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    kept, count = said.split()
    return kept == "True", int(count)


@pytest.mark.skipif(not GNU, reason="only the GNU C library can be asked")
def test_kept_memory_costs_no_new_pages():
    pages = TIMES * BLOCK // os.sysconf("SC_PAGE_SIZE")
    kept, few = faults("keep")
    assert kept
    assert few < pages / 50
    left, many = faults("leave")
    assert not left
    assert many > 0.5 * pages / 512  # at least one for every page, be it of 4 kB or of 2 MB
    assert many > few


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_left_alone(monkeypatch, system):
    monkeypatch.setattr(memory.sys, "platform", system)
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: pytest.fail("the library was asked"))
    assert memory.keep_freed_memory() is False


class _Library:
    """A C library that is not GNU's, or whose `mallopt` refuses."""

    def __init__(self, *, gnu: bool, answer: int | None) -> None:
        self.asked: list[tuple[int, int]] = []
        if gnu:
            self.gnu_get_libc_version = lambda: b"2.36"
        if answer is not None:
            self.mallopt = lambda option, value: self.asked.append((option, value)) or answer


@pytest.mark.parametrize(
    ("gnu", "answer", "kept", "asked"),
    [(True, 1, True, 3), (True, 0, False, 3), (True, None, False, 0), (False, 1, False, 0)],
    ids=["gnu", "refuses", "no mallopt", "another library"],
)
def test_only_the_gnu_library_is_asked_and_its_answer_is_told(monkeypatch, gnu, answer, kept, asked):
    library = _Library(gnu=gnu, answer=answer)
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: library)
    assert memory.keep_freed_memory() is kept
    assert len(library.asked) == asked
    assert all(-(2**31) <= value < 2**31 for _, value in library.asked)  # they are C ints
