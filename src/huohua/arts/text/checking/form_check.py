"""One door to all checks of a text against a form."""

from __future__ import annotations

import re

from huohua.arts.text.checking.chinese import check_chinese
from huohua.arts.text.checking.english import check_english
from huohua.arts.text.checking.report import Fault, FormReport
from huohua.arts.text.form import Form

_TURN = re.compile(r"\S[^\n:：]{0,39}[:：]")


def check_form(text: str, form: Form) -> FormReport:
    """Return whether and how a text keeps a form."""
    if form.kind == "verse":
        return check_chinese(text, form) if form.language == "zh" else check_english(text, form)
    faults = tuple(_faults(text, form))
    return FormReport(form=form.name, pattern="", lengths=not faults, faults=faults)


def _faults(text: str, form: Form) -> list[Fault]:
    if form.kind == "free":
        return _outside(sum(1 for line in text.splitlines() if line.strip()), form, "lines")
    if form.kind == "prose":
        faults = _outside(len(text.strip()), form, "characters")
        if form.name in {"paragraph", "段落"} and "\n" in text.strip():
            faults.append(Fault(line=0, what="it has more than one paragraph"))
        return faults
    turns = [turn.split("\n") for turn in text.strip().split("\n\n")]
    return [
        *_outside(len(turns), form, "turns"),
        *(
            Fault(line=number, what="a turn is not a speaker and at least one line spoken")
            for number, turn in enumerate(turns, start=1)
            if len(turn) < 2 or not _TURN.fullmatch(turn[0]) or not all(line.strip() for line in turn)
        ),
    ]


def _outside(count: int, form: Form, what: str) -> list[Fault]:
    if form.fewest <= count <= form.most:
        return []
    return [Fault(line=0, what=f"it has {count} {what}, not {form.fewest} to {form.most}")]
