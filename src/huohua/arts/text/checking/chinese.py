"""Chinese verse against a form, from the text and the plain tables.

Source: Wang Li, 《诗词格律》, chapters 2 and 3.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from huohua.arts.text.checking.report import Fault, FormReport
from huohua.arts.text.form import Form, Line, Pattern

_BREAKS = re.compile(r"[\s，。、！？；：,.!?;:]+")
# For each book the files that tell tones; the first of them tells rhymes.
_FILES = {"pingshui": ("pingshui", "cilin"), "cilin": ("cilin", "pingshui"), "xinyun": ("xinyun",)}


@cache
def _lines_of(file: str) -> tuple[str, ...]:
    path = resources.files("huohua.arts.text") / "tables" / f"{file}.txt"
    return tuple(path.read_text(encoding="utf-8").splitlines())


@cache
def tone_marks(character: str, book: str) -> str:
    """Return "平", "仄", "平仄" or, for a character that no file of a book holds, ""."""
    rows = [row for file in _FILES[book] for row in _lines_of(file) if character in row[2:].partition(" ")[2]]
    level = any(row.startswith("平") for row in rows)
    return ("平" if level else "") + ("仄" if any(not row.startswith("平") for row in rows) else "")


@cache
def rhyme_marks(character: str, book: str, tone: str, entering: bool) -> frozenset[str]:
    """Return the names of the groups that a character rhymes in."""
    wanted = "平" if tone == "平" else "入" if entering else "上去仄入"
    rows = (row.split(" ") for row in _lines_of(_FILES[book][0]))
    return frozenset(group for mark, group, members in rows if mark in wanted and character in members)


def check_chinese(text: str, form: Form) -> FormReport:
    """Return how a text keeps a form of Chinese verse, by the pattern it is nearest to."""
    clauses = [clause for clause in _BREAKS.split(text) if clause]
    reports = [_against(clauses, form, pattern) for pattern in form.patterns]
    fitting = [report for report in reports if report.lengths] or reports
    return min(fitting, key=lambda report: (report.tones_wrong, len(report.faults)))


def _against(clauses: list[str], form: Form, pattern: Pattern) -> FormReport:
    faults = _length_faults(clauses, pattern)
    if faults:
        return FormReport(
            form=form.name, pattern=pattern.name, lengths=False, rhymes=False, faults=tuple(faults)
        )
    marks = [
        (number, asked, tone_marks(character, form.book), character)
        for number, (clause, line) in enumerate(zip(clauses, pattern.lines, strict=True), start=1)
        for character, asked in zip(clause, line.tones, strict=True)
        if asked != "中"
    ]
    wrong = [(number, character) for number, asked, had, character in marks if had and asked not in had]
    lost = [(number, character) for number, _, had, character in marks if not had]
    faults += [Fault(line=number, what=f"'{character}' has the other tone") for number, character in wrong]
    faults += [
        Fault(line=number, what=f"the tone of '{character}' is not known") for number, character in lost
    ]
    rhyme_faults, repeated = _rhyme_faults(clauses, form, pattern)
    return FormReport(
        form=form.name,
        pattern=pattern.name,
        lengths=True,
        tones_right=len(marks) - len(wrong) - len(lost),
        tones_wrong=len(wrong),
        tones_unknown=len(lost),
        rhymes=not rhyme_faults,
        repeated=tuple(repeated),
        unknown=tuple(character for _, character in lost),
        faults=(
            *faults,
            *rhyme_faults,
            *(Fault(line=0, what=f"'{character}' rhymes with itself") for character in repeated),
            *_echo_faults(clauses, pattern),
        ),
    )


def _length_faults(clauses: list[str], pattern: Pattern) -> list[Fault]:
    if len(clauses) != len(pattern.lines):
        return [Fault(line=0, what=f"it has {len(clauses)} clauses, not {len(pattern.lines)}")]
    return [
        Fault(line=number, what=f"it has {len(clause)} characters, not {line.most}")
        for number, (clause, line) in enumerate(zip(clauses, pattern.lines, strict=True), start=1)
        if len(clause) != line.most
    ]


def _rhyme_faults(clauses: list[str], form: Form, pattern: Pattern) -> tuple[list[Fault], list[str]]:
    """Return the rhymes that do not hold, and the characters that rhyme with themselves."""
    faults: list[Fault] = []
    repeated: list[str] = []
    for letter in sorted({line.rhyme for line in pattern.lines if line.rhyme}):
        members = [
            (number, clause[-1], line)
            for number, (clause, line) in enumerate(zip(clauses, pattern.lines, strict=True), start=1)
            if line.rhyme == letter
        ]
        groups = [_groups(character, line, form) for _, character, line in members]
        if not frozenset.intersection(*groups):
            ends = " ".join(character for _, character, _ in members)
            faults.append(Fault(line=members[-1][0], what=f"no rhyme group holds all of {ends}"))
        ends_once = [character for _, character, line in members if not line.echo]
        repeated += sorted({character for character in ends_once if ends_once.count(character) > 1})
    return faults, repeated


def _groups(character: str, line: Line, form: Form) -> frozenset[str]:
    return rhyme_marks(character, form.book, line.tones[-1], form.entering)


def _echo_faults(clauses: list[str], pattern: Pattern) -> list[Fault]:
    return [
        Fault(line=number + 1, what="it does not repeat the end of the line before")
        for number, line in enumerate(pattern.lines)
        if line.echo and not clauses[number - 1].endswith(clauses[number])
    ]
