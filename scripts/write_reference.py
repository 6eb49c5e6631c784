"""Write the pages of the documentation that the code already says, so that they cannot differ from it.

    python scripts/write_reference.py            write the pages
    python scripts/write_reference.py --check    say which pages are out of date, and fail if one is

Commands, presets, events, errors and the map from papers to code are read from where they are defined.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from huohua.adversarial.schedule import Schedule

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "huohua"
NOTE = "<!-- Written by scripts/write_reference.py: change the code it names, then run the script. -->\n"

EVENTS_HEAD = """\
A run tells what happens as events. Each is one line of JSON in `events.jsonl` of the run folder, and one
object for every listener given to `huohua.train`. Every event says `kind`, `seconds` (spent training since
the run first began), `shown` (real works shown to the discriminator) and `round`.
"""
ERRORS_HEAD = """\
Every error Huohua raises on purpose says what is wrong in one sentence (`message`) and what to do about it in
another (`advice`). A command prints both on standard error and leaves with the code of the error's class.
"""
PAPERS_HEAD = """\
Which paper stands behind which code, and which tests hold the two together. The sentence beside each name is
the `Source:` line of its docstring. Everything was written from the papers; no code was copied.
"""

PRESETS_HEAD = """\
Every setting of a training run under one name. A preset is a whole and readable configuration. What the
command line offers (size, batch, seed, budget) is laid over it; the result is saved with the run.
"""
MUSIC_HEAD = "Models of music know these. Controls go from 0, little, to 1, much.\n"
WORDS_HEAD = """\
What the words of a prompt ask for, besides the names that a model learnt from labels. Any model trained with
computed attributes knows them. Weights are amounts: 1 is as much as the works it learnt from have, and a look
below 0 is the other end of its scale. How words are put together: [ask in words](../how-to/ask-in-words.md).
"""

# A citation as docstrings write it: `Karras et al. 2020, "Title"`, `Karras et al., "Title" (2020)`, or
# without its title where it was named before.
SURNAME = r"(?:(?:de|van|von) )?[A-Z][\w’'-]+"
WHO = rf"(?P<who>{SURNAME}(?:, {SURNAME})?(?:,? et al\.| and {SURNAME})?)"
CITATION = re.compile(
    rf'{WHO},? \(?(?P<year>(?:19|20)\d\d)\)?(?:, "(?P<title>[^"]+)")?'
    rf'|{WHO.replace("who", "who_")}, "(?P<title_>[^"]+)" \((?P<year_>(?:19|20)\d\d)\)'
)


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────
def commands_page() -> str:
    """Return the page of commands, from the command line's own help."""
    import typer

    from huohua.cli.main import app

    root = typer.main.get_command(app)
    parts = [NOTE, "# Commands\n", _paragraph(root.help), _options(root)]
    for path, command in _commands(root, "huohua"):
        parts += [f"## `{path}`\n", _paragraph(command.help), _options(command)]
    parts.append("Exit codes are in [errors](errors.md).\n")
    return "\n".join(part for part in parts if part)


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _options(command: Any) -> str:
    rows = []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            spelling = f"`{parameter.metavar or parameter.name.upper()}`"
        else:
            spelling = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
        text = _cell(getattr(parameter, "help", "") or "")
        rows.append([spelling, text, _default(parameter)])
    return _table(["argument", "what it does", "default"], rows) if rows else ""


def _default(parameter: Any) -> str:
    value = parameter.default
    if parameter.required:
        return "required"
    if isinstance(value, bool):
        return f"`{parameter.opts[0]}`" if value else ""
    if callable(value) or value is None or value in ([], (), ""):
        return ""
    return f"`{getattr(value, 'value', value)}`"


# ── presets ──────────────────────────────────────────────────────────────────────────────────────────
def presets_page() -> str:
    """Return the page of presets: a table for each art, a column for each preset, a row for each setting."""
    from huohua.arts.table import ARTS

    parts = [NOTE, "# Presets\n", PRESETS_HEAD]
    for art in ARTS.values():
        presets = art.presets()
        purposes = "\n".join(f"- `{name}`: {preset.about}" for name, preset in presets.items()) + "\n"
        columns = {name: dict(_settings(preset)) for name, preset in presets.items()}
        keys = dict.fromkeys(key for column in columns.values() for key in column if key != "about")
        rows = [[f"`{key}`", *(column.get(key, "") for column in columns.values())] for key in keys]
        head = ["setting", *(f"`{name}`" for name in presets)]
        parts += [f"## {art.name.capitalize()}\n", purposes, _table(head, rows)]
    return "\n".join(parts)


def _settings(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Schedule):
        yield prefix.rstrip("."), _schedule(value)
        return
    if hasattr(type(value), "model_fields"):
        items = [(name, getattr(value, name)) for name in type(value).model_fields]
    elif is_dataclass(value):
        items = [(field.name, getattr(value, field.name)) for field in fields(value)]
    elif isinstance(value, Mapping) and value:
        items = list(value.items())
    else:
        yield prefix.rstrip("."), _cell("–" if value is None or value == {} else str(value))
        return
    for name, inner in items:
        yield from _settings(inner, f"{prefix}{name}.")


def _schedule(value: Schedule) -> str:
    """Return a schedule as a person would say it, such as `0 to 1 from 4 to 12 kimg`."""
    if value.kind == "constant":
        return f"{value.start:g}"
    way = "along a cosine " if value.kind == "cosine" else ""
    return f"{value.start:g} to {value.end:g} {way}from {value.begin_kimg:g} to {value.finish_kimg:g} kimg"


# ── events and errors ────────────────────────────────────────────────────────────────────────────────
def events_page() -> str:
    """Return the page of events: what a run tells, and the JSON line it leaves."""
    from huohua.adversarial.events import EVENTS, Event

    common = [field.name for field in fields(Event)]
    parts = [NOTE, "# Events\n", EVENTS_HEAD]
    for kind, event in EVENTS.items():
        rows = [
            [f"`{field.name}`", _cell(str(field.type))] for field in fields(event) if field.name not in common
        ]
        parts += [
            f"## `{kind}`\n",
            _paragraph(inspect.getdoc(event)),
            _table(["field", "type"], rows) if rows else "",
        ]
    return "\n".join(part for part in parts if part)


def errors_page() -> str:
    """Return the page of errors and exit codes."""
    from huohua.errors import HuohuaError

    kinds: list[type[HuohuaError]] = [HuohuaError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    rows = [[f"{kind.exit_code}", f"`{kind.__name__}`", _first_line(kind)] for kind in kinds]
    rows = [["0", "", "It worked."], *rows, ["130", "", "You pressed Ctrl-C; what was done is saved."]]
    table = _table(["exit code", "class in `huohua.errors`", "meaning"], rows)
    return "\n".join([NOTE, "# Errors and exit codes\n", ERRORS_HEAD, table])


# ── papers ───────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Item:
    """A piece of code with a `Source:` paragraph.

    Attributes:
        file: path inside `src/huohua`.
        name: its name inside the file; empty for the file itself.
        source: the paragraph after `Source:`, on one line.
    """

    file: str
    name: str
    source: str


def sourced_items() -> list[Item]:
    """Return every piece of code whose docstring names its source, in the order of files."""
    return [item for path in sorted(SOURCE.rglob("*.py")) for item in _items_of(path)]


def _items_of(path: Path) -> Iterator[Item]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = path.relative_to(SOURCE).as_posix()
    for name, node in _documented(tree, ""):
        text = ast.get_docstring(node) or ""
        for subject, source in re.findall(r"^Source((?: for [\w ]+)?): (.+?)(?:\n\n|\Z)", text, re.S | re.M):
            prefix = f"{subject.strip()}: " if subject else ""
            yield Item(file=file, name=name, source=prefix + " ".join(source.split()))


def _documented(node: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, node
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield from _documented(child, f"{name}.{child.name}".lstrip("."))


@dataclass(frozen=True, order=True)
class Paper:
    """A paper as it is cited; the title is empty where no docstring gives it."""

    year: str
    who: str
    title: str


def cited(source: str) -> list[Paper]:
    """Return the papers a source names, in its order."""
    papers = []
    for match in CITATION.finditer(source):
        who, year, title = (match[name] or match[f"{name}_"] or "" for name in ("who", "year", "title"))
        papers.append(Paper(year, who, title))
    return papers


def papers_page() -> str:
    """Return the map from papers to equations, code and tests."""
    items, tests = sourced_items(), _tests_by_module()
    by_paper: dict[Paper | None, list[Item]] = defaultdict(list)
    for item in items:
        papers = [_with_title(paper, item.file, items) for paper in cited(item.source)]
        for paper in dict.fromkeys(papers) or [None]:
            by_paper[paper].append(item)
    parts = [NOTE, "# Map of papers\n", PAPERS_HEAD]
    for paper in [*sorted(paper for paper in by_paper if paper), None]:
        rows = [_row(item, tests) for item in by_paper[paper]]
        if rows:
            parts += [f"## {_heading(paper)}\n", _table(["code", "source", "tests"], rows)]
    return "\n".join(parts)


def _with_title(paper: Paper, file: str, items: list[Item]) -> Paper:
    """Return a paper cited briefly as the one that was cited with its title, in this file if possible."""
    if paper.title:
        return paper
    nearest = sorted(items, key=lambda item: item.file != file)
    full = [other for item in nearest for other in cited(item.source) if other.title]
    return next((other for other in full if (other.who, other.year) == (paper.who, paper.year)), paper)


def _heading(paper: Paper | None) -> str:
    if paper is None:
        return "Not from a paper"
    return f"{paper.who} {paper.year}" + (f", *{paper.title}*" if paper.title else "")


def _row(item: Item, tests: Mapping[str, list[str]]) -> list[str]:
    place = f"[{item.file}](../../src/huohua/{item.file})"
    code = f"`{item.name}` in {place}" if item.name else place
    names = [f"[{Path(test).name}](../../{test})" for test in tests.get(item.file, [])]
    return [code, _cell(item.source), ", ".join(names)]


def _tests_by_module() -> dict[str, list[str]]:
    """Return for each file of the package the tests that import it."""
    found: dict[str, list[str]] = defaultdict(list)
    for test in sorted((ROOT / "tests").rglob("test_*.py")):
        text = test.read_text(encoding="utf-8")
        for module in _imported(ast.parse(text)):
            found[module.removeprefix("huohua.").replace(".", "/") + ".py"].append(
                test.relative_to(ROOT).as_posix()
            )
    return found


def _imported(tree: ast.Module) -> set[str]:
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("huohua"):
            modules |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names if alias.name.startswith("huohua")}
    return modules


# ── words of prompts ─────────────────────────────────────────────────────────────────────────────────
def words_page() -> str:
    """Return the page of the lexicon: which words ask for what."""
    from huohua.conditions.lexicon import ASKING, SERVING
    from huohua.conditions.lexicon_music import ENTRIES as MUSIC_ENTRIES

    kinds = (("Colours", "colour"), ("Looks and moods", "look"), ("Things", "thing"))
    parts = [NOTE, "# Words of prompts\n", WORDS_HEAD]
    for title, kind in kinds:
        rows = [_word_row(entry, _asked_for(entry)) for entry in ASKING if entry.kind == kind]
        parts += [f"## {title}\n", _table(["English", "中文", "asks for"], rows)]
    rows = [_word_row(entry, _served(entry)) for entry in SERVING if entry.kind != "joint"]
    parts += ["## Degrees, places, and what is not told\n", _table(["English", "中文", "does"], rows)]
    rows = [_music_row(entry) for entry in MUSIC_ENTRIES]
    parts += ["## Words for music\n", MUSIC_HEAD, _table(["English", "中文", "asks for"], rows)]
    return "\n".join(parts)


def _music_row(entry: Any) -> list[str]:
    english = [word for word in entry.words if word.isascii()]
    chinese = [word for word in entry.words if not word.isascii()]
    meant = [f"{name} {amount:g}" for name, amount in entry.controls.items()]
    meant += [f"{group} {name}" for group, name in entry.labels.items()]
    if entry.stems:
        meant.append("a style named " + " or ".join(entry.stems))
    if entry.tempo != 1.0:
        meant.append(f"{entry.tempo:g} times the usual tempo")
    if entry.factor is not None:
        meant.append(f"{entry.factor:g} times as far from the middle")
    return [_cell(", ".join(words)) for words in (english, chinese, meant)]


def _word_row(entry: Any, meaning: str) -> list[str]:
    return [", ".join(entry.english), "、".join(entry.chinese), meaning]


def _asked_for(entry: Any) -> str:
    def listed(weights: Mapping[str, float]) -> str:
        return ", ".join(f"{name} {weight:g}" for name, weight in weights.items())

    placed = [f"{place}: {listed(weights)}" for place, weights in entry.paint.items()]
    where = [f"the colour said of it, {' and '.join(entry.places)}"] if entry.places and not placed else []
    return "; ".join(
        [*filter(None, [listed(entry.colours)]), *placed, *where, *filter(None, [listed(entry.looks)])]
    )


def _served(entry: Any) -> str:
    if entry.kind == "modifier":
        return f"looks × {entry.on_looks:g}, colours × {entry.on_shares:g}"
    return " and ".join(entry.places) or f"nothing: {entry.reason}"


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────
def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _paragraph(text: str | None) -> str:
    return inspect.cleandoc(text).strip() + "\n" if text else ""


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/cli.md": commands_page,
    "docs/reference/presets.md": presets_page,
    "docs/reference/events.md": events_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/words.md": words_page,
    "docs/explanation/map-of-papers.md": papers_page,
}


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or with `--check` compare them; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a page is out of date")
    parser.add_argument("pages", nargs="*", help="parts of page names; all pages if none is given")
    chosen = parser.parse_args(arguments)
    stale = 0
    for page, render in PAGES.items():
        if chosen.pages and not any(part in page for part in chosen.pages):
            continue
        path, text = ROOT / page, render()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{page} {'is out of date' if chosen.check else 'written'}")
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
