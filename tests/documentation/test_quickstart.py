"""The README's first command, without the installation and with seconds in place of minutes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from huohua.arts.image.artwork import Artwork

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_quick_start_leaves_pictures_and_can_be_run_again(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "huohua").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m huohua "$@"\n')
    (tools / "huohua").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "INSTALL": "no",
        "MINUTES": "0.04",
    }
    for _ in range(2):
        command = ["bash", str(tmp_path / "scripts" / "quickstart")]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    pictures = sorted((tmp_path / "pictures" / "first").glob("*.png"))
    assert len(pictures) == 10
    works = [Artwork.open(path) for path in pictures if "sheet" not in path.name]
    assert len({work.image.tobytes() for work in works}) == 9
    assert {work.origin.data_licence for work in works} == {"CC0-1.0"}
    with Image.open(next(path for path in pictures if "sheet" in path.name)) as sheet:
        assert min(sheet.size) > max(works[0].image.size)
    assert "</html>" in (tmp_path / "runs" / "first" / "report.html").read_text(encoding="utf-8")
