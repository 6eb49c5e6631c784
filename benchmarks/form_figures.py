"""How well real poems keep their forms, and whether works written by chance under the automata do so always.

    python benchmarks/form_figures.py zh_tang_shi.jsonl.gz zh_song_ci.jsonl.gz en_poetry.jsonl.gz --works 1000

The texts named are read as data sets. Each work that a form is known of is checked against it by the checker,
which shares no code with the automata; beside them stand poems put together from lines and from characters
drawn at random, which show what the figures are worth. Then so many works of every form are drawn, each token
with equal chances from those that its automaton allows, and checked. An hour for everything on one core.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from results_page import RESULTS, Page, circumstances, table

from huohua.arts.text.automata.automaton import write_at_random
from huohua.arts.text.automata.for_form import automaton_for
from huohua.arts.text.checking.chinese import rhyme_marks, tone_marks
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.datasets.dataset import TextDataset, open_dataset
from huohua.arts.text.form import Form, Pattern
from huohua.arts.text.form_table import form_named, forms
from huohua.arts.text.tokenisers.tokeniser import train_tokeniser
from huohua.arts.text.vocabulary import Vocabulary
from huohua.randomness import numpy_generator

QUATRAINS = ("七绝", "五绝", "七律", "五律")
EVEN = (1, 3, 5)  # the places that no rule leaves free, counted from 0, of lines of five and of seven


def main() -> None:
    """Check what is real, write what is not, check that too, and write the page."""
    options = _arguments()
    made = circumstances("tokenizers", "opencc")
    sets = [open_dataset(path) for path in options.texts]
    page = Page(name="forms", title="Forms: real works, and works by chance under the automata", made=made)
    real = [row for data in sets for row in real_rows(data)]
    page.add("## Real works against their form")
    page.add(table([*HEADS], [row.cells() for row in real]))
    chance = [row for data in sets for row in chance_rows(data)]
    if chance:
        page.add("## Lines and characters put together at random")
        page.add(table([*HEADS], [row.cells() for row in chance]))
    written = list(written_rows(sets, options.works))
    page.add(f"## {options.works:,} works of each form, drawn under its automaton")
    page.add(table([*HEADS], [row.cells() for row in written]))
    page.add("## What the columns say")
    page.add(WORDS)
    record = {"real": [vars(row) for row in (*real, *chance)], "written": [vars(row) for row in written]}
    page.write(options.out, record)


HEADS = (
    "form",
    "works",
    "lengths",
    "tones",
    "2-4-6",
    "2-4-6 whole",
    "regular",
    "metre",
    "rhyme",
    "even rhyme",
    "keeps all",
    "ms",
)
WORDS = (
    "*lengths*: every line has its length. Of these works: *tones*, the share of places with a fixed tone "
    "that have it; *2-4-6*, the same for the second, fourth, sixth and last characters alone, by the best of "
    "the four patterns, and *2-4-6 whole*, works in which all of them fit; *regular*, no tone is wrong or "
    "unknown; *metre*, all lines are iambic but for a first foot turned round; *rhyme*, every rhyme of the "
    "pattern holds; *even rhyme*, the even lines share a level group. *keeps all*, of all works, those "
    "without a single fault, which takes in words that no table knows and rhymes of a word with itself. "
    "*ms*: milliseconds to write a work, automaton and chance alone. Characters with two tones count as "
    "either; characters in no table count in no share."
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Shares, in per cent, of what the checker found in some works of a form."""

    form: str
    works: int
    lengths: float
    tones: float | None
    even: float | None
    even_whole: float | None
    regular: float | None
    metre: float | None
    rhyme: float
    even_rhyme: float | None
    keeps: float
    milliseconds: float | None = None

    def cells(self) -> list[str]:
        """Return one row of a table."""
        numbers = (
            self.lengths,
            self.tones,
            self.even,
            self.even_whole,
            self.regular,
            self.metre,
            self.rhyme,
            self.even_rhyme,
        )
        said = ["" if number is None else f"{number:.1f}" for number in (*numbers, self.keeps)]
        return [self.form, f"{self.works:,}", *said, f"{self.milliseconds:.0f}" if self.milliseconds else ""]


def figures(name: str, form: Form, texts: Sequence[str], milliseconds: float | None = None) -> Figures:
    """Return what the checker finds in some texts."""
    reports = [check_form(text, form) for text in texts]
    fitting = [report for report in reports if report.lengths]
    chinese = form.language == "zh" and form.kind == "verse"
    even = [even_share(text, form) for text, one in zip(texts, reports, strict=True) if one.lengths]
    regulated = form.name in QUATRAINS and bool(even)
    return Figures(
        form=name,
        works=len(texts),
        lengths=_share(report.lengths for report in reports),
        tones=100 * statistics.fmean(one.tone_share for one in fitting) if chinese and fitting else None,
        even=100 * statistics.fmean(even) if regulated else None,
        even_whole=_share(share == 1.0 for share in even) if regulated else None,
        regular=_share(report.regular for report in fitting) if chinese else None,
        metre=_share(one.stress for one in fitting) if form.language == "en" and _iambic(form) else None,
        rhyme=_share(report.rhymes for report in fitting),
        even_rhyme=_share(map(even_lines_rhyme, texts)) if regulated else None,
        keeps=_share(report.keeps for report in reports),
        milliseconds=milliseconds,
    )


def even_lines_rhyme(text: str) -> bool:
    """Return whether the even lines end in one level group of 平水韵."""
    ends = [clause[-1] for clause in clauses_of(text)[1::2]]
    return bool(ends) and bool(
        frozenset.intersection(*(rhyme_marks(end, "pingshui", "平", False) for end in ends))
    )


def even_share(text: str, form: Form) -> float:
    """Return the share of even and last places with the tone asked for, by the best pattern."""
    clauses = clauses_of(text)
    return max(_even_share(clauses, form, pattern) for pattern in form.patterns)


def _even_share(clauses: Sequence[str], form: Form, pattern: Pattern) -> float:
    if len(clauses) != len(pattern.lines):
        return 0.0
    right = known = 0
    for clause, line in zip(clauses, pattern.lines, strict=True):
        for place in (*(place for place in EVEN if place < line.most - 1), line.most - 1):
            had = tone_marks(clause[place], form.book) if place < len(clause) else ""
            known += bool(had)
            right += line.tones[place] in had
    return right / known if known else 0.0


def real_rows(data: TextDataset) -> Iterator[Figures]:
    """Yield the figures of each form that at least fifty works of a data set are known to be of."""
    texts: dict[str, list[str]] = {}
    for work in data.works:
        if work.form and forms()[work.form].kind == "verse":
            texts.setdefault(work.form, []).append(work.text)
    for name, found in sorted(texts.items(), key=lambda pair: -len(pair[1])):
        if len(found) >= 50:
            yield figures(f"{name} ({data.name})", form_named(name), found[:5000])


def chance_rows(data: TextDataset, *, count: int = 2000) -> Iterator[Figures]:
    """Yield the figures of poems from real lines, and from single characters, drawn at random."""
    for name in ("七绝", "五绝"):
        form = form_named(name)
        poems = [clauses_of(work.text) for work in data.works if work.form == name]
        if len(poems) < 50:
            continue
        generator = numpy_generator(0, "forms", name)
        lines = [line for poem in poems for line in poem]
        letters, counts = zip(*Counter("".join(lines)).items(), strict=True)
        weights = np.array(counts) / sum(counts)
        shuffled = [_poem(generator.choice(lines, 4)) for _ in range(count)]
        length = form.patterns[0].lines[0].most
        signs = generator.choice(letters, (count, 4, length), p=weights)
        drawn = [_poem("".join(line) for line in poem) for poem in signs]
        yield figures(f"{name}, lines at random", form, shuffled)
        yield figures(f"{name}, characters at random", form, drawn)


def clauses_of(text: str) -> list[str]:
    """Return the clauses of Chinese verse."""
    return [clause for clause in re.split(r"[\s，。、！？；：]+", text) if clause]


def _poem(clauses: Iterable[str]) -> str:
    return "。".join(clauses) + "。"


def written_rows(sets: Sequence[TextDataset], works: int) -> Iterator[Figures]:
    """Yield the figures of works drawn under the automaton of each form."""
    vocabularies = dict(_vocabularies(sets))
    for form in forms().values():
        if form.language not in vocabularies or form.kind != "verse":
            continue
        automaton = automaton_for(form, vocabularies[form.language])
        generator = numpy_generator(0, "forms", form.name)
        write_at_random(automaton, generator)  # what is made once is no part of the time
        begun = time.perf_counter()
        tokens = [write_at_random(automaton, generator) for _ in range(works)]
        spent = 1000 * (time.perf_counter() - begun) / works
        yield figures(form.name, form, [automaton.vocabulary.spell(one) for one in tokens], spent)


def _vocabularies(sets: Sequence[TextDataset]) -> Iterator[tuple[str, Vocabulary]]:
    texts: Mapping[str, list[str]] = {"zh": [], "en": []}
    for data in sets:
        for work in data.works:
            texts[work.language].append(work.text)
    if texts["zh"]:
        yield "zh", train_tokeniser(texts["zh"], "zh").vocabulary
    if texts["en"]:
        yield "en", train_tokeniser(texts["en"], "en").vocabulary


def _iambic(form: Form) -> bool:
    return any(line.metre for pattern in form.patterns for line in pattern.lines)


def _share(found: Iterable[bool]) -> float:
    counted = list(found)
    return 100 * sum(counted) / len(counted) if counted else 0.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("texts", nargs="+", type=Path, help="folders or tables of texts")
    parser.add_argument("--works", type=int, default=1000, help="works to write of each form")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page is written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
