"""What other people's code may rely on, frozen: a change here is a change to announce."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

import huohua

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    *("Artwork", "Model", "__version__", "evaluate", "find_directions", "invert", "load", "open_artwork"),
    *("recreate", "rename_direction", "train", "walk"),
]


def test_the_public_names_are_these():
    assert sorted(huohua.__all__) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_exists_and_is_documented(name):
    found = getattr(huohua, name)
    if name != "__version__":
        assert (inspect.getdoc(found) or "").strip()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "__version__"])
def test_a_public_name_is_in_the_python_reference(name):
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert f"`huohua.{name}" in page


def test_the_arguments_of_training_are_these():
    parameters = inspect.signature(huohua.train).parameters
    assert list(parameters)[:2] == ["art", "data"]
    rest = {name: parameter for name, parameter in parameters.items() if name not in {"art", "data"}}
    assert {"preset", "size", "out", "kimg", "minutes", "seed", "resume", "threads", "listeners"} <= set(rest)
    # Beside the named ones any setting of a preset.
    assert rest.pop("settings").kind is inspect.Parameter.VAR_KEYWORD
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in rest.values())


def test_a_name_that_is_not_there_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'paint'"):
        huohua.paint  # noqa: B018


def test_the_version_is_the_same_everywhere():
    version = huohua.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|rc\d+)?", version)
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_package_says_that_it_is_typed():
    assert (Path(inspect.getfile(importlib.import_module("huohua"))).parent / "py.typed").exists()
