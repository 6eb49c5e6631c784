"""The pages of the documentation: links lead somewhere, commands exist, the two READMEs are in step."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from huohua.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    return FENCE.sub("", text_of(path))


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(path), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_link_leads_somewhere(page):
    missing = []
    for target in LINK.findall(prose(page)):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            missing.append(target)
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_page_has_one_title_at_its_head(page):
    lines = [line for line in prose(page).splitlines() if line and not line.startswith("<!--")]
    if page.parent.name == ".github" or page.name == "PULL_REQUEST_TEMPLATE.md":
        return
    assert lines[0].startswith("# ")
    assert sum(line.startswith("# ") for line in lines) == 1


def test_every_page_of_the_documentation_is_reached_from_its_index():
    reached, waiting = set(), [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = {(page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(prose(page))}
        waiting += [t for t in targets if t.suffix == ".md" and t.is_file() and t not in reached]
    assert [short(page) for page in PAGES if "docs" in page.parts and page not in reached] == []


def commands_in(page: Path) -> Iterator[list[str]]:
    """Yield the words of every `huohua` command in the page's blocks of shell commands."""
    for kind, block in FENCE.findall(text_of(page)):
        if kind not in {"console", "bash", "sh"}:
            continue
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words[:1] == ["huohua"]:
                yield words[1:]
            elif "-m" in words and words[words.index("-m") + 1] == "huohua":
                yield words[words.index("-m") + 2 :]


COMMANDS = [(short(page), words) for page in PAGES for words in commands_in(page)]


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=[f"{page}: {' '.join(w)}" for page, w in COMMANDS])
def test_a_command_in_the_documentation_exists_with_its_options(page, words):
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"{page}: there is no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}
    asked = {word.partition("=")[0] for word in rest if word.startswith("-") and word != "--help"}
    assert asked <= known, f"{page}: {asked - known} unknown to {' '.join(words)}"


def test_the_documentation_shows_every_command():
    shown = {tuple(words[:2]) for _, words in COMMANDS} | {tuple(words[:1]) for _, words in COMMANDS}
    root: Any = typer.main.get_command(app)
    names = {
        (name, inner) if inner else (name,)
        for name, command in root.commands.items()
        for inner in (getattr(command, "commands", None) or [""])
    }
    assert names - shown == set()


def outline(path: Path) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(path), re.M)]


def code(path: Path) -> list[str]:
    """Return the lines of the blocks of code, without comments."""
    lines = [line for _, block in FENCE.findall(text_of(path)) for line in block.splitlines()]
    return [re.sub(r"\s*#.*", "", line).rstrip() for line in lines]


def test_the_two_readmes_are_in_step():
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    assert outline(english) == outline(chinese)
    assert code(english) == code(chinese)

    def links(path: Path) -> list[str]:
        return [t for t in LINK.findall(text_of(path)) if t not in {"README.md", "README.zh.md"}]

    assert sorted(links(english)) == sorted(links(chinese))
    assert sorted(re.findall(r"`([^`\n]+)`", prose(english))) == sorted(
        re.findall(r"`([^`\n]+)`", prose(chinese))
    )


def test_the_readme_leads_with_its_two_commands():
    blocks = [block for kind, block in FENCE.findall(text_of(ROOT / "README.md")) if kind == "bash"]
    scripts = [line.split()[0] for line in blocks[0].splitlines() if line]
    assert scripts == ["./scripts/quickstart", "./scripts/test"]
    assert all((ROOT / script).is_file() for script in scripts)


@pytest.mark.slow
def test_every_command_of_the_readme_runs(workplace):
    """In a folder of small collections; what trains for an hour there trains for a moment here."""
    commands = [words for words in commands_in(ROOT / "README.md") if words]
    assert {words[0] for words in commands} >= {
        "data",
        "train",
        "create",
        "transform",
        "directions",
        "walk",
        "evaluate",
    }
    for words in commands:
        if words[0] == "train":
            words[words.index("--minutes") + 1] = "0.02"
            words += ["--preset", "tiny", "--threads", "1", "--restart"]
            words += {"image": ["--size", "32"], "text": ["--size", "64"]}.get(words[1], [])
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, f"huohua {' '.join(words)}: {result.output}"
    assert len(list((workplace / "asked").glob("*.png"))) == 4
    for name in ("walk.gif", "tune.mid", "longer.mid", "poem.png", "other.txt"):
        assert (workplace / name).is_file(), name
    assert list((workplace / "evaluations").rglob("report.html"))
