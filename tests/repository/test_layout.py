"""How the repository is laid out: names, sizes, docstrings, and what an import may do."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "huohua"
FILES = sorted(PACKAGE.rglob("*.py"))
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "core",
    "tools",
    "lib",
    "base",
    "shared",
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# The loop is the one thing that reads best from top to bottom.
LONG_BY_DESIGN = {"adversarial/loop.py:play"}
# Where every public function is mathematics, and where every public class is, and so must name its source.
FORMULAS = [
    "adversarial/losses.py",
    "adversarial/penalties.py",
    "adversarial/reconstruction.py",
    "metrics/*.py",
]
LAYERS = ["blocks/*.py", "arts/*/generators/*.py", "arts/*/discriminators/*.py", "arts/*/encoders/*.py"]
# What stands beside the formulas: checks of arguments, blocks of a large sum, and the table.
NOT_MATHEMATICS = {"metrics/features.py", "metrics/distances.py", "metrics/table.py"}


def short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def length(node: ast.FunctionDef) -> int:
    """Return the lines of a function's body, its docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", FILES, ids=short)
def test_a_name_says_what_is_inside(path):
    parts = {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}
    assert not parts & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", FILES, ids=short)
def test_a_file_fits_in_the_head(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines < LONGEST_FILE, f"{short(path)} has {lines} lines: which second idea is in it?"


@pytest.mark.parametrize("path", FILES, ids=short)
def test_a_function_fits_on_a_screen(path):
    long = {f"{short(path)}:{node.name}" for node in functions(path) if length(node) > LONGEST_FUNCTION}
    assert not long - LONG_BY_DESIGN


@pytest.mark.parametrize("path", FILES, ids=short)
def test_a_file_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path)), f"{short(path)} has no docstring"


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name == "__init__.py" and path.parent != PACKAGE], ids=short
)
def test_a_package_introduces_itself_and_nothing_else(path):
    module = tree(path)
    text = ast.get_docstring(module) or ""
    assert len(module.body) == 1, "code in __init__ makes knots of imports"
    assert re.search(r"\bStart (with|reading at)\b", text)
    sentences = re.findall(r"[^.]{12,}?(?<!\b[A-Z])\.(?=\s|$)", text.replace(".py", ""))
    assert len(sentences) == 3, "what lives here, what may not, where to start reading"
    start = re.search(r"Start (?:with|reading at) `([\w/]+\.py)`", text)
    if start:
        assert (path.parent / start[1]).exists(), f"{start[1]} is not there to start with"


def test_every_folder_of_the_package_is_a_package():
    folders = {path.parent for path in FILES}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("path", FILES, ids=short)
def test_no_module_imports_a_package_for_its_contents(path):
    """`from huohua.arts import ARTS` would need code in `__init__`; packages give modules only."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            assert all(alias.name.partition(".")[0] != "huohua" for alias in node.names)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "huohua":
            folder = PACKAGE.joinpath(*(node.module or "").split(".")[1:])
            modules = [folder / alias.name for alias in node.names if folder.is_dir()]
            missing = [m.name for m in modules if not (m.is_dir() or m.with_suffix(".py").exists())]
            assert not missing, f"{node.module} is a package; {missing} live in one of its modules"


def test_the_way_from_a_test_to_its_code_is_its_folder():
    """Test files have names of their own, because pytest's import mode knows them by name alone."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def unsourced(patterns: list[str], kind: type[ast.FunctionDef | ast.ClassDef]) -> list[str]:
    """Return the public functions or classes without a `Source:` of their own or of their file."""
    missing = []
    for path in sorted(found for pattern in patterns for found in PACKAGE.glob(pattern)):
        module = tree(path)
        if short(path) in NOT_MATHEMATICS or "Source:" in (ast.get_docstring(module) or ""):
            continue
        for node in module.body:
            # A decorated class is a record of values, and a class of settings repeats its network.
            if not isinstance(node, kind) or node.name.startswith("_") or is_record(node):
                continue
            if "Source:" not in (ast.get_docstring(node) or ""):
                missing.append(f"{short(path)}:{node.name}")
    return missing


def is_record(node: ast.AST) -> bool:
    """Return whether a class only holds values: decorated, or derived from anything but a network."""
    if not isinstance(node, ast.ClassDef):
        return False
    return bool(node.decorator_list) or not any("Module" in ast.unparse(base) for base in node.bases)


def test_a_formula_names_its_source():
    assert unsourced(FORMULAS, ast.FunctionDef) == []


def test_a_network_names_its_source():
    assert unsourced(LAYERS, ast.ClassDef) == []


def tracked_texts() -> list[Path]:
    """Return the text files of the repository: those git knows, else those that are there."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    paths = [ROOT / line for line in listing.stdout.splitlines()] or list(ROOT.rglob("*.py"))
    endings = {".py", ".md", ".toml", ".yaml", ".yml", ".cff", ".ini", ".txt", ".json", ""}
    return [path for path in paths if path.suffix in endings and path.is_file()]


def test_no_file_names_a_place_on_somebodys_machine():
    place = re.compile(r"(?<![\w.])/(?:home|Users|work|root|mnt)/\w+")
    found = []
    for path in tracked_texts():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if place.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_no_file_is_larger_than_a_repository_should_carry():
    large = [path for path in tracked_texts() if path.stat().st_size > 1_000_000]
    assert large == []
