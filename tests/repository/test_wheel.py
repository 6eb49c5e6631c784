"""What an installation gets: the package, whole, and nothing else."""

from __future__ import annotations

import email
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy, so that the tree stays as it is."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    # A fixed date makes the same wheel from the same tree.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=environment)
    return zipfile.ZipFile(next((copy / "dist").glob("huohua-*.whl")))


def test_the_wheel_holds_every_file_of_the_package(wheel):
    packed = {name for name in wheel.namelist() if name.startswith("huohua/")}
    there = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "huohua").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == there
    assert "huohua/py.typed" in packed


def test_the_wheel_holds_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"huohua"}


def test_the_wheel_says_what_it_needs_and_under_which_licence(wheel):
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    facts = email.message_from_bytes(wheel.read(name))
    assert facts["License-Expression"] == "Apache-2.0"
    assert facts["Requires-Python"] == ">=3.10"
    needed = {re.match(r"[\w-]+", line)[0] for line in facts.get_all("Requires-Dist")}
    assert "torch" in needed
    assert not needed & {"torchvision", "torchaudio"}
    entry = wheel.read(name.replace("METADATA", "entry_points.txt")).decode()
    assert "huohua = huohua.cli.main:main" in entry
