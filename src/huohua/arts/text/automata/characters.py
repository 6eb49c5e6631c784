"""Chinese verse, character by character: lengths, tones, rhymes, repeats, characters set beforehand.

All patterns of a form are tried at once, and those that no longer fit what is written drop out. A rhyme stays
open until its first character is written; what can be written there leaves a group with enough characters for
the rhymes to come, and no rhyme character comes twice.

A character set beforehand (the head of a line in an acrostic, a locked word) stands whatever the form says.
Patterns that need the fewest exceptions are kept, and the exceptions are listed in `exceptions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.automata.cells import Cell, cells_of
from huohua.arts.text.automata.rhyme_room import rhyme_room
from huohua.arts.text.form import EITHER, Form, Pattern
from huohua.arts.text.slots import UNDECIDED, Ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

Place = tuple[int, int]


@dataclass(frozen=True)
class _Rhyme:
    """What a letter of the scheme has become: groups still open, characters used, rhymes written."""

    groups: frozenset[str]
    used: frozenset[str] = frozenset()
    written: int = 0


@dataclass(frozen=True)
class _Branch:
    """One pattern that still fits, with its rhymes by letter."""

    pattern: int
    rhymes: tuple[tuple[str, _Rhyme], ...]


@dataclass(frozen=True)
class CharacterState:
    """How far a text has come."""

    text: str
    branches: tuple[_Branch, ...]
    ended: bool = False


@dataclass(frozen=True)
class _Plan:
    """A pattern laid out as cells, with the characters that are set."""

    pattern: Pattern
    cells: tuple[Cell, ...]
    fixed: Mapping[int, str]
    rhymes: tuple[tuple[str, _Rhyme], ...]
    exceptions: tuple[Place, ...]

    @cached_property
    def wanted(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each rhyme letter the tones of its free cells, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for place, cell in enumerate(self.cells):
            if cell.rhyme and cell.source < 0 and place not in self.fixed:
                found[cell.rhyme] = (*found.get(cell.rhyme, ()), cell.tone)
        return found


class CharacterAutomaton:
    """A form of Chinese verse over a vocabulary that holds characters.

    Args:
        form: of the kind "verse", in Chinese.
        vocabulary: each character, mark and line break as a piece of its own.
        set_characters: characters that stand fixed, by (line, character), from 0.
        pattern: the name of the one pattern to keep; all of the form's unless given.
        rhyme: the group that its first rhyme is of, such as "一东"; any unless given.

    Raises:
        UsageError: the form cannot be written so; the message says why.
    """

    def __init__(
        self,
        form: Form,
        vocabulary: Vocabulary,
        *,
        set_characters: Mapping[Place, str] | None = None,
        pattern: str | None = None,
        rhyme: str | None = None,
    ) -> None:
        if form.language != "zh" or form.kind != "verse":
            raise UsageError(f"{form.name} is not Chinese verse.")
        self.form, self.vocabulary = form, vocabulary
        self._room = rhyme_room(form.book, vocabulary, form.entering)
        if rhyme is not None and rhyme not in self._room.groups:
            raise UsageError(
                f"'{rhyme}' is no rhyme group of {form.book}.",
                advice=f"There are: {' '.join(sorted(self._room.groups))}.",
            )
        self._tones = self._room.tones
        chosen = [one for one in form.patterns if pattern in (None, one.name)]
        if not chosen:
            names = ", ".join(one.name for one in form.patterns)
            raise UsageError(f"{form.name} has no pattern '{pattern}'.", advice=f"It has: {names}.")
        self._plans = self._laid_out(chosen, dict(set_characters or {}), rhyme)

    @property
    def exceptions(self) -> tuple[Place, ...]:
        """Return the (line, character) places where a character set beforehand breaks tone or rhyme."""
        return self._plans[0].exceptions

    def start(self) -> CharacterState:
        """Return the state before the first character."""
        branches = tuple(_Branch(number, plan.rhymes) for number, plan in enumerate(self._plans))
        return CharacterState("", branches)

    def done(self, state: CharacterState) -> bool:
        """Return whether the end has been written."""
        return state.ended

    def mask(self, state: CharacterState) -> NDArray[np.bool_]:
        """Return mask_V, true for what may come next."""
        masks = [self._branch_mask(branch, state.text) for branch in state.branches]
        if state.ended or not masks:
            return np.zeros(len(self.vocabulary), dtype=np.bool_)
        result: NDArray[np.bool_] = masks[0].copy()
        for other in masks[1:]:
            np.logical_or(result, other, out=result)
        return result

    def step(self, state: CharacterState, token: int) -> CharacterState:
        """Return the state after a token.

        Raises:
            ValueError: the token is not allowed here.
        """
        open_branches = [
            b for b in state.branches if not state.ended and self._branch_mask(b, state.text)[token]
        ]
        if not open_branches:
            raise ValueError(f"{self.vocabulary.pieces[token]!r} is not allowed after {state.text!r}")
        if token == self.vocabulary.end:
            return CharacterState(state.text, tuple(open_branches), ended=True)
        piece = self.vocabulary.pieces[token]
        after = tuple(self._after(branch, len(state.text), piece) for branch in open_branches)
        return CharacterState(state.text + piece, after)

    def ahead(self, state: CharacterState) -> Ahead:
        """Return what the next token is for."""
        at = len(state.text)
        branches = [one for one in state.branches if at < len(self._plans[one.pattern].cells)]
        if state.ended or not branches:
            return Ahead()
        cells = [self._plans[branch.pattern].cells[at] for branch in branches]
        lefts = {0 if cell.literal else cell.from_end + 1 for cell in cells}
        tones = {cell.tone for cell in cells}
        rhymes = {self._rhyme_ahead(branch, cell) for branch, cell in zip(branches, cells, strict=True)}
        return Ahead(
            line=cells[0].line,
            left=lefts.pop() if len(lefts) == 1 else None,
            tone=tones.pop() if len(tones) == 1 and tones != {EITHER} else "",
            rhyme=rhymes.pop() if len(rhymes) == 1 else "",
        )

    def _rhyme_ahead(self, branch: _Branch, cell: Cell) -> str:
        """Return the rhyme of the line a cell is in: a group, undecided, or "" where there is none."""
        if cell.literal or not (letter := self._plans[branch.pattern].pattern.lines[cell.line].rhyme):
            return ""
        groups = dict(branch.rhymes)[letter].groups
        return f"{self.form.book}:{next(iter(groups))}" if len(groups) == 1 else UNDECIDED

    def _branch_mask(self, branch: _Branch, text: str) -> NDArray[np.bool_]:
        plan, at = self._plans[branch.pattern], len(text)
        if at == len(plan.cells):
            return self._only(self.vocabulary.end)
        cell = plan.cells[at]
        set_text = cell.literal or plan.fixed.get(at) or (text[cell.source] if cell.source >= 0 else "")
        if set_text:
            return self._only(self.vocabulary.ids[set_text])
        if not cell.rhyme:
            return self._tones[cell.tone]
        rhyme = dict(branch.rhymes)[cell.rhyme]
        allowed = self._room.mask(rhyme.groups, cell.tone)
        if rhyme.used:
            allowed = allowed.copy()
            allowed[[self.vocabulary.ids[character] for character in rhyme.used]] = False
        return allowed

    def _after(self, branch: _Branch, at: int, piece: str) -> _Branch:
        plan = self._plans[branch.pattern]
        cell = plan.cells[at]
        if not cell.rhyme or cell.source >= 0 or at in plan.fixed:
            return branch
        rhymes = dict(branch.rhymes)
        rhyme = rhymes[cell.rhyme]
        used, written = rhyme.used | {piece}, rhyme.written + 1
        left = Counter(plan.wanted[cell.rhyme][written:])
        groups = frozenset(
            group
            for group in rhyme.groups
            if self._room.holds(group, cell.tone, piece) and self._room.enough(group, left, used)
        )
        rhymes[cell.rhyme] = _Rhyme(groups, used, written)
        return _Branch(branch.pattern, tuple(rhymes.items()))

    def _only(self, token: int) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.vocabulary), dtype=np.bool_)
        mask[token] = True
        return mask

    def _laid_out(
        self, patterns: list[Pattern], set_characters: Mapping[Place, str], rhyme: str | None
    ) -> tuple[_Plan, ...]:
        plans = [self._plan(pattern, set_characters, rhyme) for pattern in patterns]
        found = [plan for plan in plans if isinstance(plan, _Plan)]
        if not found:
            raise UsageError(f"{self.form.name} cannot be written so: {plans[0]}.")
        fewest = min(len(plan.exceptions) for plan in found)
        kept = tuple(plan for plan in found if len(plan.exceptions) == fewest)
        marks = [cell.literal for plan in kept for cell in plan.cells if cell.literal]
        set_texts = [character for plan in kept for character in plan.fixed.values()]
        self.vocabulary.need([*marks, *set_texts], what=self.form.name)
        for tone, mask in self._tones.items():
            if not mask.any():
                raise UsageError(f"This model can write no character of the tone {tone}.")
        return kept

    def _plan(self, pattern: Pattern, set_characters: Mapping[Place, str], rhyme: str | None) -> _Plan | str:
        """Return a pattern laid out, or in words why it cannot be."""
        cells = cells_of(pattern)
        where = {(cell.line, cell.place): at for at, cell in enumerate(cells) if not cell.literal}
        outside = [place for place in set_characters if place not in where]
        if outside:
            return f"it has no character {outside[0][1] + 1} in line {outside[0][0] + 1}"
        fixed = {where[place]: character for place, character in set_characters.items()}
        odd = [at for at, character in fixed.items() if self._out_of_tone(cells[at], character)]
        rhymes: list[tuple[str, _Rhyme]] = []
        for number, letter in enumerate(pattern.rhymes()):
            members = [at for at, cell in enumerate(cells) if cell.rhyme == letter and cell.source < 0]
            wish = frozenset({rhyme}) if rhyme and number == 0 else self._room.groups
            begun, unfit = self._begun(wish, [(cells[at].tone, fixed.get(at, "")) for at in members])
            if not begun.groups:
                return f"rhyme {letter} has no group with enough characters that this model can write"
            odd += [members[place] for place in unfit if members[place] not in odd]
            rhymes.append((letter, begun))
        exceptions = tuple((cells[at].line, cells[at].place) for at in sorted(odd))
        return _Plan(pattern, cells, fixed, tuple(rhymes), exceptions)

    def _out_of_tone(self, cell: Cell, character: str) -> bool:
        return cell.tone != EITHER and cell.tone not in self._room.book.tones_of(character)

    def _begun(self, wish: frozenset[str], members: list[tuple[str, str]]) -> tuple[_Rhyme, list[int]]:
        """Return a rhyme before its first character, and which of the members set beforehand do not fit it.

        Args:
            wish: the groups to choose from.
            members: the tone of each rhyming place, and the character set there or "".
        """
        used = frozenset(character for _, character in members if character)
        left = Counter(tone for tone, character in members if not character)
        roomy = [group for group in sorted(wish) if self._room.enough(group, left, used)]
        unfit = {
            group: [
                place
                for place, (tone, character) in enumerate(members)
                if character and not self._room.holds(group, tone, character)
            ]
            for group in roomy
        }
        if not unfit:
            return _Rhyme(frozenset()), []
        fewest = min(len(places) for places in unfit.values())
        best = [group for group, places in unfit.items() if len(places) == fewest]
        return _Rhyme(frozenset(best), used), unfit[best[0]]


def heads(form: Form, acrostic: str) -> dict[Place, str]:
    """Return the characters of an acrostic (藏头) as heads of lines, or of couplets if half as many.

    Raises:
        UsageError: their number fits neither lines nor couplets.

    Example:
        >>> from huohua.arts.text.form_table import form_named
        >>> heads(form_named("七绝"), "春江花月")[3, 0]
        '月'
    """
    lines = len(form.patterns[0].lines)
    if len(acrostic) == lines or 0 < len(acrostic) * 2 == lines:
        step = lines // len(acrostic)
        return {(number * step, 0): character for number, character in enumerate(acrostic)}
    raise UsageError(
        f"'{acrostic}' has {len(acrostic)} characters, and {form.name} has {lines} lines.",
        advice=f"Give {lines} characters{f' or {lines // 2}' if lines % 2 == 0 else ''}.",
    )
