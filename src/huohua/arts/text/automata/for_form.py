"""The automaton of any form, from what a person asks for."""

from __future__ import annotations

from typing import Any

from huohua.arts.text.automata.automaton import Automaton
from huohua.arts.text.automata.characters import CharacterAutomaton, heads
from huohua.arts.text.automata.open_lines import OpenAutomaton
from huohua.arts.text.automata.turns import TurnAutomaton
from huohua.arts.text.automata.verse import VerseAutomaton
from huohua.arts.text.form import Form
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError


def automaton_for(form: Form, vocabulary: Vocabulary, *, acrostic: str = "", **asked: Any) -> Automaton[Any]:
    """Return the automaton that holds a vocabulary to a form.

    Args:
        form: what to write.
        vocabulary: what can be written.
        acrostic: what the heads of the lines say; not for prose and drama.
        asked: what else the automaton of this kind of form takes.

    Raises:
        UsageError: the form cannot be written so; the message says why.
    """
    letters = "".join(acrostic.split())
    if form.kind == "drama":
        if letters:
            raise UsageError(f"{form.name} has no lines of its own, and so no acrostic.")
        return TurnAutomaton(form, vocabulary, **asked)
    if form.kind != "verse":
        return OpenAutomaton(form, vocabulary, initials=tuple(letters), **asked)
    if form.language == "en":
        return VerseAutomaton(form, vocabulary, initials=letters, **asked)
    if letters:
        asked["set_characters"] = {**heads(form, letters), **asked.get("set_characters", {})}
    return CharacterAutomaton(form, vocabulary, **asked)
