"""Editing a text: going on with it, filling gaps, other lines, a better version, another style, a title.

Whatever is not to change is cut out of the text as it is and put back as it is: only what stands in a gap is
ever written, so that locked spans stay the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.arts.text import rows
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.continuing import Chance, Continued, Guide, go_on
from huohua.arts.text.form import Form
from huohua.arts.text.form_table import form_named
from huohua.arts.text.gaps import Gap, gap_in, line_spans, set_around, told
from huohua.arts.text.guides import FormGuide, LengthGuide, OpenGuide, text_mask
from huohua.arts.text.passages import TITLE
from huohua.arts.text.rows import Prompt
from huohua.arts.text.weak_spans import locked_out, weakest
from huohua.arts.text.wording import Wording, book_of
from huohua.arts.text.writing import Desk, Draft
from huohua.errors import UsageError

ROUNDS = 5  # in which a text is polished at most
SLACK = 1.6  # how much longer than it was the content of a gap may become, in English


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a text is to be like, and how boldly it is changed.

    Attributes:
        form: the name of its form, "" where it has none or nobody said.
        wishes: names of labels by group.
        keywords: what it is about.
        candidates: drafts of each gap.
        temperature, top_p: how boldly.
        choosiness: how much the reader's word counts, as in `Order`.
    """

    form: str = ""
    wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    candidates: int = 8
    temperature: float = 0.9
    top_p: float = 0.95
    choosiness: float = 1.0


@dataclass(frozen=True)
class Editor:
    """A desk with a text on it.

    Attributes:
        desk: writer, reader and wording.
        wish: how the text is to be.
    """

    desk: Desk
    wish: Wish = Wish()

    def fill(self, text: str, first: int, last: int, *, dice: torch.Generator) -> list[Draft]:
        """Return texts in which the characters `first` to `last` - 1 are written anew, the chosen one first.

        In Chinese a gap keeps its length, and where the text keeps the form of the wish, that is kept.

        Raises:
            UsageError: the gap is none of the text's, or too much is around it for the writer to see.
        """
        gap = gap_in(text, first, last, self.wording.language, book_of(self.wish.form))
        prompt = self._prompt()
        head = rows.gap_head(prompt, *told(gap, self.wording), self.wording.signs)
        self._fits(head, last - first)
        guides = [self._gap_guide(gap) for _ in range(self.wish.candidates)]
        found = self._written(head, guides, dice)
        return self._kept(gap, [self._put_in(gap, one) for one in found], dice)

    def alternatives(self, text: str, line: int, *, dice: torch.Generator) -> list[Draft]:
        """Return texts in which one line, counted from 0, is another.

        Raises:
            UsageError: there is no such line.
        """
        spans = line_spans(text, self.wording.language)
        if not 0 <= line < len(spans):
            raise UsageError(f"There is no line {line + 1}; the text has {len(spans)}.")
        return self.fill(text, *spans[line], dice=dice)

    def go_on(self, text: str, *, most: int, dice: torch.Generator) -> list[Draft]:
        """Return texts that begin as this one: to the end of their form, or about `most` tokens more.

        Raises:
            UsageError: the text has already left the form.
        """
        guides: list[Guide] = []
        known = told(gap_in(text, len(text), len(text), self.wording.language), self.wording)[0]
        tokens = known.token_T.tolist()
        for _ in range(self.wish.candidates):
            guides.append(self._going_on_guide(tokens, most))
        signs, prompt = self.wording.signs, self._prompt()
        head = rows.bare([*prompt.tokens(signs), signs["text"]])
        room = self.desk.writer.settings.longest - len(head) - min(most, 64)
        begins = len(tokens) <= room
        if not begins:
            known = rows.part(known, len(known) - room, len(known))
            head = rows.bare([*prompt.tokens(signs, begins=False), signs["text"]])
        found = self._written(rows.joined(head, rows.plain(known)), guides, dice)
        texts = [text + self.desk.spelt(one.tokens) for one in found]
        return self._ranked(texts, [_mean(one.nats) for one in found], dice)

    def polish(
        self,
        text: str,
        *,
        locked: Sequence[tuple[int, int]] = (),
        rounds: int = ROUNDS,
        dice: torch.Generator,
    ) -> list[Draft]:
        """Return the text after each round in which the reader liked it better, the best first.

        The span whose tokens belong least is written anew, and kept only where the energy falls.

        Raises:
            UsageError: the model has no reader.
        """
        best = self._read(text)
        steps = [best]
        tried: set[tuple[int, int]] = set()
        for _ in range(rounds):
            span = weakest(self.desk, self._prompt(), best.text, [*locked, *tried])
            if span is None:
                break
            better = min(self.fill(best.text, *span, dice=dice), key=_energy, default=best)
            if _energy(better) < _energy(best):
                best, tried = better, set()
                steps.insert(0, best)
            else:
                tried.add(span)
        return steps

    def rewrite(
        self, text: str, *, locked: Sequence[tuple[int, int]] = (), share: float = 0.5, dice: torch.Generator
    ) -> list[Draft]:
        """Return the text with about a share of its lines written anew as wished, what is locked untouched.

        Lines that belong least under the wish are written anew, one after the other.

        Raises:
            UsageError: the share is none, or nothing is left to be changed.
        """
        if not 0 < share <= 1:
            raise UsageError(f"A share of {share} is none; it lies between 0 and 1.")
        spans = locked_out(line_spans(text, self.wording.language), locked)
        if not spans:
            raise UsageError("Everything in this text is locked.", advice="Leave a line open.")
        count = max(1, round(share * len(spans)))
        done: list[tuple[int, int]] = []
        now = self._read(text) if self.desk.reader is not None else Draft(text=text, nats=0.0)
        for _ in range(count):
            span = weakest(self.desk, self._prompt(), now.text, [*locked, *done], whole_lines=True)
            if span is None:
                break
            drafts = self.fill(now.text, *span, dice=dice)
            if drafts:
                grown = len(drafts[0].text) - len(now.text)
                now = drafts[0]
                locked = [_moved(one, span[1], grown) for one in locked]
                done = [_moved(one, span[1], grown) for one in done]
                span = (span[0], span[1] + grown)
            done.append(span)
        return [now]

    def titles(self, text: str, *, dice: torch.Generator) -> list[str]:
        """Return titles for a text, each once, the likeliest first."""
        signs, gap = self.wording.signs, gap_in(text, len(text), len(text), self.wording.language)
        written = told(gap, self.wording)[0]
        head = rows.title_head(self._prompt(), written, signs)
        self._fits(head, TITLE)
        allowed = text_mask(self.wording.tokeniser.vocabulary, breaks=False)
        guides: list[Guide] = [
            OpenGuide(allowed, end=signs.end, most=TITLE) for _ in range(self.wish.candidates)
        ]
        found = sorted(self._written(head, guides, dice), key=lambda one: _mean(one.nats))
        return list(dict.fromkeys(self.desk.spelt(one.tokens).strip() for one in found))

    @property
    def wording(self) -> Wording:
        """Return the wording of the model."""
        return self.desk.wording

    def _prompt(self) -> Prompt:
        wish = self.wish
        prompt = self.wording.prompt(wish.wishes, keywords=wish.keywords)
        label = self.wording.signs.known([f"form:{wish.form}"] if wish.form else [])
        return replace(prompt, labels=(*prompt.labels, *label))

    def _written(
        self, head: NDArray[np.int64], guides: Sequence[Guide], dice: torch.Generator
    ) -> list[Continued]:
        chance = Chance(temperature=self.wish.temperature, top_p=self.wish.top_p)
        room = self.desk.writer.settings.longest - len(head) - 1
        signs = self.wording.signs
        return go_on(
            self.desk.writer, [head] * len(guides), guides, chance, dice, text_tokens=signs.first, most=room
        )

    def _gap_guide(self, gap: Gap) -> Guide:
        vocabulary = self.wording.tokeniser.vocabulary
        if self.wording.language == "zh":
            form = self._kept_form(gap.text)
            if form is not None and (automaton := set_around(gap, form, vocabulary)) is not None:
                before = self.wording.tokeniser.encode(gap.before)
                return FormGuide(automaton, before=before, most=len(gap.content))
            return LengthGuide(gap.content, gap.symbols[gap.first : gap.last], vocabulary)
        breaks = "\n" in gap.content
        most = int(SLACK * len(self.wording.tokeniser.encode(gap.content))) + 4
        ahead = gap.aheads[gap.first] if gap.aheads else None
        return OpenGuide(text_mask(vocabulary, breaks=breaks), end=vocabulary.end, most=most, ahead=ahead)

    def _going_on_guide(self, tokens: Sequence[int], most: int) -> Guide:
        vocabulary = self.wording.tokeniser.vocabulary
        form = form_named(self.wish.form) if self.wish.form else None
        if form is None or (form.kind == "verse" and form.language == "en"):
            return OpenGuide(text_mask(vocabulary), end=vocabulary.end, most=most)
        automaton = self.desk.automaton(form.name)
        try:
            return FormGuide(automaton, before=tokens, most=most)
        except ValueError as error:
            raise UsageError(
                f"The text has already left the form {form.name}.", advice="Continue it without a form."
            ) from error

    def _kept_form(self, text: str) -> Form | None:
        """Return the form of the wish if the text has its lengths: else there is nothing to keep."""
        if not self.wish.form:
            return None
        form = form_named(self.wish.form)
        return form if form.kind == "verse" and check_form(text, form).lengths else None

    def _put_in(self, gap: Gap, found: Continued) -> tuple[str, float]:
        return gap.before + self.desk.spelt(found.tokens) + gap.behind, _mean(found.nats)

    def _kept(self, gap: Gap, found: Sequence[tuple[str, float]], dice: torch.Generator) -> list[Draft]:
        """Return drafts that differ from what was there; where verse kept its form, those that still do."""
        form = self._kept_form(gap.text)
        new = {text: nats for text, nats in found if text != gap.text}
        if form is not None and form.language == "en" and check_form(gap.text, form).keeps:
            new = {text: nats for text, nats in new.items() if check_form(text, form).keeps}
        return self._ranked(list(new), list(new.values()), dice)

    def _read(self, text: str) -> Draft:
        if self.desk.reader is None:
            raise UsageError(
                "This model has no reader to judge a text by.", advice="Train one with --preset imitation."
            )
        (draft,) = self._ranked([text], [0.0], None)
        return draft

    def _ranked(
        self, texts: Sequence[str], nats: Sequence[float], dice: torch.Generator | None
    ) -> list[Draft]:
        signs, prompt = self.wording.signs, self._prompt()
        language = self.wording.language
        laid = [
            rows.whole(prompt, told(gap_in(one, len(one), len(one), language), self.wording)[0], signs)
            for one in texts
        ]
        energies = self.desk.energies(laid)
        drafts = [
            Draft(text=text, nats=surprise, energy=None if energies is None else float(energies[number]))
            for number, (text, surprise) in enumerate(zip(texts, nats, strict=True))
        ]
        return drafts if dice is None else self.desk.chosen(drafts, self.wish.choosiness, dice)

    def _fits(self, head: NDArray[np.int64], more: int) -> None:
        longest = self.desk.writer.settings.longest
        if len(head) + more > longest:
            raise UsageError(
                f"This model sees {longest} tokens at once, too few for this text.",
                advice="Give it a part of the text.",
            )


def _moved(span: tuple[int, int], behind: int, by: int) -> tuple[int, int]:
    return (span[0] + by, span[1] + by) if span[0] >= behind else span


def _energy(draft: Draft) -> float:
    return float("inf") if draft.energy is None else draft.energy


def _mean(numbers: Sequence[float]) -> float:
    return float(np.mean(numbers)) if numbers else 0.0
