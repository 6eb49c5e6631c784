"""Every benchmark can be imported, says what it can be asked, and is known to the documentation."""

from __future__ import annotations

import importlib
import re
import shlex
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "benchmarks").glob("*.py"))
SCRIPTS = [path for path in MODULES if '__name__ == "__main__"' in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_says_what_it_is_for_and_does_nothing_when_imported(path, capsys):
    module = importlib.import_module(path.stem)
    assert module.__doc__
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", [p for p in SCRIPTS if p.stem != "peers"], ids=lambda path: path.stem)
def test_a_script_says_what_it_can_be_asked(path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(path), "--help"])
    with pytest.raises(SystemExit) as stopped:
        importlib.import_module(path.stem).main()
    assert stopped.value.code == 0
    assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_is_mentioned_where_people_look(path):
    assert f"`{path.name}`" in (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_commands_of_the_how_to_are_understood(monkeypatch):
    page = (ROOT / "docs/how-to/run-the-benchmarks.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ \S*python benchmarks/(\w+)\.py ?([^#\n]*)", page, re.M)
    assert len(commands) >= 5
    for name, words in commands:
        module = importlib.import_module(name)
        if not hasattr(module, "_arguments"):
            continue
        monkeypatch.setattr(sys, "argv", [f"{name}.py", *shlex.split(words)])
        assert module._arguments().out
