"""The Python of the documentation and the examples, executed with small budgets."""

from __future__ import annotations

import importlib.util
import re
import runpy
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# A block that is not meant to be run says so: ```python no-run
PYTHON = re.compile(r"^```python[ ]*([\w-]*)\n(.*?)^```$", re.M | re.S)
# These pages let music sound, with programs of the system.
WITH_SOUND = {"files-and-sound-of-music.md"}
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def blocks(page: Path) -> list[str]:
    found = PYTHON.findall(page.read_text(encoding="utf-8"))
    return [code for mark, code in found if mark != "no-run"]


def unmarked(page: Path) -> list[str]:
    return [
        mark for mark, _ in PYTHON.findall(page.read_text(encoding="utf-8")) if mark not in {"", "no-run"}
    ]


# The Chinese README has the same code, which another test compares.
WITH_CODE = [page for page in PAGES if blocks(page) and page.name != "README.zh.md"]


def test_blocks_are_marked_with_known_words():
    assert [page.name for page in PAGES if unmarked(page)] == []
    assert len(WITH_CODE) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_python_of_a_page_runs_from_top_to_bottom(page, workplace):
    if page.name in WITH_SOUND and not shutil.which("fluidsynth"):
        pytest.skip("what plays music is not installed: huohua doctor --install")
    script = workplace / "page.py"
    script.write_text("\n\n".join(blocks(page)), encoding="utf-8")
    runpy.run_path(str(script))


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name[:2]}", ROOT / "examples" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_examples_are_short_and_listed():
    listing = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES:
        assert path.read_text(encoding="utf-8").count("\n") <= 100
        assert f"({path.name})" in listing
    numbers = [int(path.name[:2]) for path in EXAMPLES]
    assert numbers == list(range(1, len(EXAMPLES) + 1))


def test_every_example_is_run_here():
    own = Path(__file__).read_text(encoding="utf-8")
    assert [path.stem for path in EXAMPLES if f'example("{path.stem}")' not in own] == []


@pytest.mark.slow
def test_example_1_makes_pictures_from_seeds(workplace):
    paths = example("01_make_a_picture").main("runs/first", workplace / "pictures")
    assert [path.is_file() for path in paths] == [True] * 4
    assert len({path.read_bytes() for path in paths}) == 4


@pytest.mark.slow
def test_example_2_trains_and_watches(workplace, capsys):
    model = example("02_train_on_a_folder").main("my_pictures", workplace / "runs" / "example")
    assert model.create(seed=0).image.size == (32, 32)
    assert "variety:" in capsys.readouterr().out


@pytest.mark.slow
def test_example_3_walks_from_one_subject_to_another(workplace):
    paths = example("03_mix_conditions").main("runs/fruit", workplace / "pictures", steps=3)
    assert [path.name for path in paths] == [f"apple-lemon-{step}.png" for step in range(3)]


@pytest.mark.slow
def test_example_4_makes_the_same_pixels_again(workplace):
    path = example("01_make_a_picture").main("runs/fruit", workplace / "pictures")[0]
    assert example("04_make_it_again").main(path)


@pytest.mark.slow
def test_example_5_measures_variety(workplace):
    figures = example("05_measure_variety").main("runs/fruit", "my_pictures", count=12)
    assert 0 <= figures["diversity_ratio"] < 5


def test_example_6_learns_a_ring():
    ring = example("06_a_game_of_your_own")
    before, after = ring.main(count=0), ring.main(count=1200)
    assert before < 0.3
    assert 0.6 < after <= 1.0
