"""Writing a text to order: many drafts under an automaton, of which the reader chooses.

The writer draws drafts as it would; each is exact in form because it could not be written otherwise. The
reader says how much likelier the writer thinks each than it is, and drafts are drawn again by that: together
they are a better model of real works than the writer alone.

Source: Deng et al. 2020, "Residual Energy-Based Models for Text Generation", algorithm 1 (drawing from the
joint model by resampling); the order of drafts is that of drawing without replacement by Gumbel noise, Kool
et al. 2019, "Stochastic Beams and Where to Find Them", section 2.3.

Letters: N drafts, T tokens, K columns of a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.text import rows
from huohua.arts.text.automata.automaton import Automaton
from huohua.arts.text.automata.for_form import automaton_for
from huohua.arts.text.continuing import Chance, Continued, Guide, go_on
from huohua.arts.text.form import Form
from huohua.arts.text.form_table import form_named
from huohua.arts.text.guides import FormGuide
from huohua.arts.text.networks.reader import Reader
from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.rows import Prompt, Written
from huohua.arts.text.wording import LEADS, Wording
from huohua.errors import UsageError

MOST_DRAFTS = 256


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person wants written.

    Attributes:
        form: the name of a form.
        wishes: names of labels by group, such as {"style": ("tang",)}.
        title, keywords: what it is to be about.
        acrostic: the first characters of its lines.
        asked: what else the form's automaton takes, such as `rhyme` or `pattern`.
        candidates: drafts that are written.
        temperature, top_p: how boldly.
        choosiness: how much the reader's word counts; 0 not at all, 1 as its energies say, above 1 more.
    """

    form: str
    wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    keywords: tuple[str, ...] = ()
    acrostic: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    candidates: int = 16
    temperature: float = 0.9
    top_p: float = 0.95
    choosiness: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text that was written.

    Attributes:
        text: it.
        nats: how surprised the writer was by it, in nats a token among those allowed.
        energy: the reader's; lower is better; None without a reader.
    """

    text: str
    nats: float
    energy: float | None = None


class Desk:
    """A writer and its reader at work.

    Args:
        writer: of the model.
        reader: of the model, or None.
        wording: of the model.
    """

    def __init__(self, writer: Writer, reader: Reader | None, wording: Wording) -> None:
        self.writer, self.wording = writer.eval(), wording
        self.reader = None if reader is None else reader.eval()
        self._automata = lru_cache(maxsize=64)(self._build_automaton)

    def compose(self, order: Order, *, dice: torch.Generator) -> list[Draft]:
        """Return drafts of a new text, the chosen one first; the same dice give the same drafts.

        Raises:
            UsageError: the form cannot be written so, or the model does not know what is asked for.
        """
        if not 1 <= order.candidates <= MOST_DRAFTS:
            raise UsageError(f"{order.candidates} drafts are out of range; it is 1 to {MOST_DRAFTS}.")
        form = form_named(order.form)
        prompt = self.prompt(order, form)
        automata = self._drawn_automata(form, order, dice)
        guides: list[Guide] = [FormGuide(automaton) for automaton in automata]
        found = self.write(prompt, guides, Chance(temperature=order.temperature, top_p=order.top_p), dice)
        return self.chosen(self.drafts(prompt, found), order.choosiness, dice)

    def automaton(self, form: str) -> Automaton[Any]:
        """Return the automaton of a form by its name, all of its patterns open."""
        return self._automata(form, "", ())

    def prompt(self, order: Order, form: Form) -> Prompt:
        """Return the prompt of an order; the form is told where the model has a label for it."""
        if form.language != self.wording.language:
            speaks = {"zh": "Chinese", "en": "English"}[self.wording.language]
            raise UsageError(f"This model writes {speaks}, and {form.name} is a form of another language.")
        wishes = {group: tuple(names) for group, names in order.wishes.items() if names}
        prompt = self.wording.prompt(wishes, title=order.title, keywords=order.keywords, heads=order.acrostic)
        labels = self.wording.signs.known([f"form:{form.name}"] if "form" not in wishes else [])
        if self._led(form):
            labels += self.wording.signs.known([LEADS])
        return Prompt(
            labels=(*prompt.labels, *labels),
            title=prompt.title,
            keywords=prompt.keywords,
            heads=prompt.heads,
        )

    def write(
        self, prompt: Prompt, guides: Sequence[Guide], chance: Chance, dice: torch.Generator
    ) -> list[Continued]:
        """Return a text under each guide; one that outgrows the writer's view goes on from its last lines."""
        signs, longest = self.wording.signs, self.writer.settings.longest
        head = rows.bare([*prompt.tokens(signs), signs["text"]])
        if len(head) > longest // 2:
            raise UsageError(
                f"Title, keywords and acrostic are too long for a model that sees {longest} tokens at once."
            )
        found = self._go_on([head] * len(guides), guides, chance, dice, longest)
        while not all(guide.done for guide in guides):
            amid = rows.bare([*prompt.tokens(signs, begins=False), signs["text"]])
            heads = [rows.joined(amid, rows.plain(_tail(one, longest // 3))) for one in found]
            more = self._go_on(heads, guides, chance, dice, longest)
            for one, other in zip(found, more, strict=True):
                one.tokens += other.tokens
                one.symbols += other.symbols
                one.nats += other.nats
        return found

    def drafts(self, prompt: Prompt, found: Sequence[Continued]) -> list[Draft]:
        """Return what was written as texts, with what the reader says of them."""
        energies = self.energies([_row(prompt, one, self.wording) for one in found])
        return [
            Draft(
                text=self.spelt(one.tokens),
                nats=float(np.mean(one.nats)) if one.nats else 0.0,
                energy=None if energies is None else float(energies[number]),
            )
            for number, one in enumerate(found)
        ]

    @torch.inference_mode()
    def energies(self, laid: Sequence[NDArray[np.int64]]) -> Tensor | None:
        """Return energy_N of works as rows, None without a reader; of a long work that of its beginning."""
        if self.reader is None or not laid:
            return None
        longest = self.reader.settings.longest
        sample_BTK = torch.from_numpy(
            np.stack([_padded(row, min(longest, max(map(len, laid))), self.wording) for row in laid])
        )
        energy_B: Tensor = self.reader(sample_BTK).energy_B
        return energy_B

    def chosen(self, drafts: Sequence[Draft], choosiness: float, dice: torch.Generator) -> list[Draft]:
        """Return drafts in the order in which they are drawn by their energies."""
        if any(draft.energy is None for draft in drafts):
            return list(drafts)
        energy_N = torch.tensor([draft.energy for draft in drafts])
        noise_N = -(-torch.rand(len(drafts), generator=dice).clamp_min(1e-20).log()).log()
        order = (noise_N - choosiness * energy_N).argsort(descending=True)
        return [drafts[int(number)] for number in order]

    def spelt(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, without last words that were written first."""
        text = self.wording.tokeniser.decode(tokens)
        return "\n".join(line.rpartition("\t")[2] for line in text.split("\n"))

    def _go_on(
        self,
        heads: Sequence[NDArray[np.int64]],
        guides: Sequence[Guide],
        chance: Chance,
        dice: torch.Generator,
        longest: int,
    ) -> list[Continued]:
        room = longest - max(map(len, heads)) - 1
        return go_on(
            self.writer, heads, guides, chance, dice, text_tokens=self.wording.signs.first, most=room
        )

    def _led(self, form: Form) -> bool:
        return self.wording.leads and form.kind == "verse"

    def _drawn_automata(self, form: Form, order: Order, dice: torch.Generator) -> list[Automaton[Any]]:
        """Return an automaton for each draft; of Chinese verse each keeps one pattern, drawn by lot."""
        asked = dict(order.asked)
        if form.kind == "verse" and form.language == "zh" and "pattern" not in asked:
            names = self._patterns(form, order.acrostic, asked)
            lots = torch.randint(len(names), (order.candidates,), generator=dice).tolist()
            return [
                self._automata(form.name, order.acrostic, _frozen({**asked, "pattern": names[lot]}))
                for lot in lots
            ]
        if self._led(form):
            asked["ends_first"] = True
        return [self._automata(form.name, order.acrostic, _frozen(asked))] * order.candidates

    def _patterns(self, form: Form, acrostic: str, asked: Mapping[str, Any]) -> list[str]:
        """Return the patterns that what is asked for can be written in, with the fewest exceptions."""
        fits: dict[str, int] = {}
        refused: UsageError | None = None
        for pattern in form.patterns:
            try:
                automaton = self._automata(form.name, acrostic, _frozen({**asked, "pattern": pattern.name}))
                fits[pattern.name] = len(getattr(automaton, "exceptions", ()))
            except UsageError as error:
                refused = error
        if not fits:
            raise refused or UsageError(f"{form.name} has no pattern.")
        return [name for name, exceptions in fits.items() if exceptions == min(fits.values())]

    def _build_automaton(
        self, form: str, acrostic: str, asked: tuple[tuple[str, Any], ...]
    ) -> Automaton[Any]:
        options = {name: dict(value) if isinstance(value, frozenset) else value for name, value in asked}
        return automaton_for(
            form_named(form), self.wording.tokeniser.vocabulary, acrostic=acrostic, **options
        )


def _frozen(asked: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return options as something that can be looked up; mappings become sets of pairs."""
    return tuple(
        (name, frozenset(value.items()) if isinstance(value, Mapping) else value)
        for name, value in sorted(asked.items())
    )


def _tail(found: Continued, most: int) -> Written:
    return Written(
        token_T=np.array(found.tokens[-most:], dtype=np.int64),
        symbol_TK=np.array(found.symbols[-most:], dtype=np.int64).reshape(-1, 4),
    )


def _row(prompt: Prompt, found: Continued, wording: Wording) -> NDArray[np.int64]:
    """Return a work as a reader sees it."""
    written, signs = _tail(found, len(found.tokens) or 1), wording.signs
    return rows.joined(rows.bare([*prompt.tokens(signs), signs["text"]]), rows.counted(written, end=None))


def _padded(row_TK: NDArray[np.int64], length: int, wording: Wording) -> NDArray[np.int64]:
    filled = np.zeros((length, rows.COLUMNS), dtype=np.int64)
    filled[:, rows.TOKEN] = wording.signs["pad"]
    filled[: min(length, len(row_TK))] = row_TK[:length]
    return filled
