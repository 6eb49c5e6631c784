"""The benchmarks are scripts beside each other: for these tests their folder is a place to import from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))


@pytest.fixture
def made():
    """Circumstances of no machine at all."""
    from results_page import Circumstances

    return Circumstances(
        date="2026-01-02", command="python x.py", machine="m", versions={}, commit="abc1234", load=0.0
    )
