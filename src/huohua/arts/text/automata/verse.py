"""English verse, piece by piece: syllables, metre, rhymes, heads of lines and lines set beforehand.

A line is read as words from the dictionary. All ways to say them are followed at once, as the set of numbers
of syllables that may have passed; a piece is allowed if a word can still be made of it after which the line
can still be closed. A rhyme is open until its first line ends, but that line may only end on a sound in which
enough other words end; so no line is ever begun that cannot be closed.

With `ends_first` each line is written twice over: its last word, a tab, then the line, which must end on that
word. A generator so chooses the rhyme before what leads to it; `without_leads` takes the first part away.

Source: Van de Cruys 2020, "Automatic Poetry Generation from Prosaic Text", section 3, for choosing the
rhyme before the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.automata.word_pieces import Entry, word_pieces
from huohua.arts.text.automata.words import (
    WordSet,
    between,
    closing,
    dictionary_index,
    index_of,
    set_bits,
    way,
)
from huohua.arts.text.form import Form, Line
from huohua.arts.text.slots import UNDECIDED, Ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

LEAD = "\t"
_WORD = re.compile(r"[a-z']*[a-z][a-z']*")
# Where in a line a text stands.
START, WORD, SPACE, MARK, GIVEN, ENDED = "start", "word", "space", "mark", "given", "ended"


@dataclass(frozen=True)
class _Rhyme:
    """The sounds a letter of the scheme may still end in, and the words that have ended lines."""

    sounds: frozenset[str]
    used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VerseState:
    """How far a text has come.

    Attributes:
        line: from 0.
        at: where in the line: at its start, in a word, after a space or a mark, in a line set beforehand.
        offsets: the syllables that may stand before the word that is written or comes next, as bits.
        word: what is written of the word.
        closing: the sounds that the word before a mark may close the line with, "" for any.
        lead: the word that the line must end on, while it is written and after; "" for none.
        leading: whether that word is being written.
        given: what is left of a line set beforehand.
        rhymes: by letter.
    """

    line: int = 0
    at: str = START
    offsets: int = 1
    word: str = ""
    closing: frozenset[str] = frozenset()
    lead: str = ""
    leading: bool = False
    given: str = ""
    rhymes: tuple[tuple[str, _Rhyme], ...] = ()


class VerseAutomaton:
    """A form of English verse over a vocabulary of pieces.

    Args:
        form: of the kind "verse", in English.
        vocabulary: with each letter, the space and the line break as pieces of their own.
        sounds: the sound that a letter of the scheme rhymes on, such as {"a": "AY T"}; any unless given.
        initials: the letters that the lines begin with, for acrostics; any unless given.
        lines: whole lines that are set, by number from 0; they stand whatever the form says.
        ends_first: whether each line's last word is written before it.
        words: the words to use, in lower case; the whole dictionary unless given.

    Raises:
        UsageError: the form cannot be written so; the message says why.
    """

    def __init__(
        self,
        form: Form,
        vocabulary: Vocabulary,
        *,
        sounds: Mapping[str, str] | None = None,
        initials: str = "",
        lines: Mapping[int, str] | None = None,
        ends_first: bool = False,
        words: Sequence[str] | None = None,
    ) -> None:
        if form.language != "en" or form.kind != "verse":
            raise UsageError(f"{form.name} is not English verse.")
        self.form, self.vocabulary, self.ends_first = form, vocabulary, ends_first
        self._pattern = form.patterns[0]
        metre = self._pattern.lines[0].metre
        self._index = dictionary_index(metre) if words is None else index_of(tuple(words), metre)
        self._pieces = word_pieces(vocabulary, self._index)
        if ends_first:
            vocabulary.need([LEAD], what=form.name)
        self._initials = initials.casefold()
        if len(initials) not in (0, len(self._pattern.lines)) or not re.fullmatch("[a-z]*", self._initials):
            raise UsageError(f"'{initials}' does not give {form.name} a letter for each of its lines.")
        self._given = dict(lines or {})
        self._rhymes = tuple(self._begun(letter, dict(sounds or {})) for letter in self._pattern.rhymes())
        self._latest: tuple[VerseState, NDArray[np.bool_]] | None = None
        self._closers = lru_cache(maxsize=256)(self._closing_words)

    def start(self) -> VerseState:
        """Return the state before the first piece."""
        return self._line_start(VerseState(rhymes=self._rhymes), 0)

    def done(self, state: VerseState) -> bool:
        """Return whether the end has been written."""
        return state.at == ENDED

    def ahead(self, state: VerseState) -> Ahead:
        """Return what the next token is for."""
        if state.at in (ENDED, GIVEN):
            return Ahead(line=state.line) if state.at == GIVEN else Ahead()
        line = self._pattern.lines[state.line]
        offsets = set_bits(state.offsets)
        left = line.most - min(offsets) if offsets else 0
        if not line.rhyme or not left:
            return Ahead(line=state.line, left=left)
        sounds = dict(state.rhymes)[line.rhyme].sounds
        return Ahead(state.line, left, "", f"en:{next(iter(sounds))}" if len(sounds) == 1 else UNDECIDED)

    def mask(self, state: VerseState) -> NDArray[np.bool_]:
        """Return mask_V, true for what may come next."""
        mask = np.zeros(len(self.vocabulary), dtype=np.bool_)
        if state.at == GIVEN:
            mask[self._given_tokens(state.given)] = True
        elif state.at in (START, SPACE):
            self._allow(mask, self._pieces.plain, state)
            if state.at == START and self._initials and not state.leading:
                self._only_initial(mask, self._initials[state.line])
        elif state.at == WORD:
            self._allow(mask, self._pieces.after(state.word), state)
            self._allow_after_word(mask, self._closed(state))
        elif state.at == MARK:
            self._allow_after_word(mask, state)
        self._latest = (state, mask.copy())
        return mask

    def step(self, state: VerseState, token: int) -> VerseState:
        """Return the state after a token.

        Raises:
            ValueError: the token is not allowed here.
        """
        latest = self._latest
        # Whoever writes has just asked for the mask of this state.
        allowed = latest[1] if latest is not None and latest[0] is state else self.mask(state)
        if not allowed[token]:
            raise ValueError(f"{self.vocabulary.pieces[token]!r} is not allowed here: {state}")
        if token == self.vocabulary.end:
            return replace(state, at=ENDED)
        piece = self.vocabulary.pieces[token]
        if state.at == GIVEN:
            left = state.given[len(piece) :]
            return self._line_start(state, state.line + 1) if not left else replace(state, given=left)
        if piece == LEAD:
            return replace(state, at=START, word="", leading=False, lead=state.word)
        before = self._closed(state) if state.at == WORD else state
        if piece == "\n":
            return self._after_line(before)
        if piece == " ":
            return replace(before, at=SPACE, word="", closing=frozenset())
        if token in self._pieces.mark_tokens:
            return replace(before, at=MARK)
        letters = piece.replace("’", "'").lower()
        if letters[0] == " ":
            return replace(before, at=WORD, word=letters[1:], closing=frozenset())
        return replace(state, at=WORD, word=state.word + letters)

    # ── what may come ────────────────────────────────────────────────────────────────────────────

    def _allow(self, mask: NDArray[np.bool_], entry: Entry, state: VerseState) -> None:
        """Allow the pieces of an entry after which a word can be made that the line has room for."""
        line, closers = self._pattern.lines[state.line], self._closers_of(state)
        ends_K3 = entry.reach(closers)
        if state.leading:
            fits = (ends_K3 & np.array(closing(line), dtype=np.uint16)).any(axis=1)
        else:
            inner_K3, latest = entry.reach(self._index.all), closers.latest_start(line)
            fits = np.zeros(len(entry.token_K), dtype=np.bool_)
            for offset in set_bits(state.offsets):
                kind = way(offset)
                fits |= (inner_K3[:, kind] & np.uint16(between(1, latest - offset))) != 0
                ends = between(line.fewest - offset, line.most - offset)
                fits |= (ends_K3[:, kind] & np.uint16(ends)) != 0
        mask[entry.token_K[fits]] = True

    def _allow_after_word(self, mask: NDArray[np.bool_], state: VerseState) -> None:
        """Allow what follows a finished word: another word, a mark, or the end of the line."""
        if state.leading:
            mask[self.vocabulary.ids[LEAD]] = bool(state.closing)
            return
        if state.offsets:
            self._allow(mask, self._pieces.spaced, state)
            mask[self._pieces.space] = True
        if state.closing:
            mask[self._end_of_line(state)] = True
        if state.at == WORD and (state.offsets or state.closing):
            mask[self._pieces.mark_tokens] = True

    def _closed(self, state: VerseState) -> VerseState:
        """Return the state once its word is taken as finished, were that possible."""
        line, closers = self._pattern.lines[state.line], self._closers_of(state)
        number = self._index.number(state.word)
        if number < 0:
            return replace(state, offsets=0, closing=frozenset())
        ends = closers.bits_of(number)
        if state.leading:
            fits = any(able & bits for able, bits in zip(ends, closing(line), strict=True))
            return replace(state, closing=frozenset({""}) if fits else frozenset())
        inner, latest = self._index.all.bits_of(number), closers.latest_start(line)
        after, closes = 0, False
        for offset in set_bits(state.offsets):
            kind = way(offset)
            after |= (inner[kind] & between(1, latest - offset)) << offset
            closes = closes or bool(ends[kind] & between(line.fewest - offset, line.most - offset))
        sounds = self._sounds(state, line) if closes else frozenset[str]()
        return replace(state, offsets=after, closing=sounds)

    def _sounds(self, state: VerseState, line: Line) -> frozenset[str]:
        """Return the sounds that the written word closes the line with, {""} where it need not rhyme."""
        if not line.rhyme:
            return frozenset({""})
        found = self._index.rhymes_of(state.word, state.offsets, line)
        return found & dict(state.rhymes)[line.rhyme].sounds

    def _closers_of(self, state: VerseState) -> WordSet:
        line = self._pattern.lines[state.line]
        if not line.rhyme:
            return self._closers(frozenset(), frozenset(), "" if state.leading else state.lead)
        rhyme = dict(state.rhymes)[line.rhyme]
        return self._closers(rhyme.sounds, rhyme.used, "" if state.leading else state.lead)

    def _closing_words(self, sounds: frozenset[str], used: frozenset[str], lead: str) -> WordSet:
        """Return the words that may close a line."""
        found = self._index.rhyming(sounds, used) if sounds else self._index.all
        if not lead:
            return found
        number = self._index.number(lead)
        return WordSet(np.array([number]), np.array([found.bits_of(number)], dtype=np.uint16))

    def _only_initial(self, mask: NDArray[np.bool_], letter: str) -> None:
        entry = self._pieces.plain
        other = [first != letter for first in entry.letter_K]
        mask[entry.token_K[np.array(other, dtype=np.bool_)]] = False

    # ── from line to line ────────────────────────────────────────────────────────────────────────

    def _end_of_line(self, state: VerseState) -> int:
        last = state.line == len(self._pattern.lines) - 1
        return self.vocabulary.end if last else self._pieces.newline

    def _after_line(self, state: VerseState) -> VerseState:
        line = self._pattern.lines[state.line]
        rhymes = dict(state.rhymes)
        if line.rhyme:
            rhymes[line.rhyme] = _Rhyme(state.closing, rhymes[line.rhyme].used | {state.word})
        return self._line_start(replace(state, rhymes=tuple(rhymes.items())), state.line + 1)

    def _line_start(self, state: VerseState, line: int) -> VerseState:
        fresh = VerseState(line=line, rhymes=state.rhymes)
        if line not in self._given:
            return replace(fresh, leading=self.ends_first)
        last = line == len(self._pattern.lines) - 1
        return replace(fresh, at=GIVEN, given=self._given[line] + ("" if last else "\n"))

    def _given_tokens(self, left: str) -> list[int]:
        if not left:
            return [self.vocabulary.end]
        ids, longest = self.vocabulary.ids, self._pieces.longest
        return [ids[left[:size]] for size in range(1, min(len(left), longest) + 1) if left[:size] in ids]

    def _begun(self, letter: str, sounds: Mapping[str, str]) -> tuple[str, _Rhyme]:
        """Return a rhyme before its first line, as the lines set beforehand and the asker leave it."""
        members = self._pattern.rhymes()[letter]
        free = tuple(_as_last(self._pattern.lines[one]) for one in members if one not in self._given)
        ends = [
            word[-1]
            for number in members
            if number in self._given
            and (word := _WORD.findall(self._given[number].casefold().replace("’", "'")))
        ]
        able = self._index.rich_rhymes(free) if free else frozenset(self._index.rhymes)
        if letter in sounds:
            able &= {sounds[letter]}
        for word in ends:
            # A set line whose end rhymes with nothing that could be written leaves the others to rhyme alone.
            able = (able & self._index.rhymes_of(word, 1, Line(fewest=1, most=12))) or able
        if not able:
            raise UsageError(f"Too few words rhyme on '{sounds.get(letter, letter)}' for {self.form.name}.")
        return letter, _Rhyme(able, frozenset(ends))


def _as_last(line: Line) -> Line:
    """Return a line with only what decides on its last word, so that equal lines are equal."""
    return Line(fewest=line.fewest, most=line.most)


def without_leads(text: str) -> str:
    r"""Return a text without the last words written first.

    Example:
        >>> without_leads("pond\tAn old silent pond\nagain\tSilence again")
        'An old silent pond\nSilence again'
    """
    return "\n".join(line.rpartition(LEAD)[2] for line in text.split("\n"))
