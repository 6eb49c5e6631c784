"""Real texts ready for training: tidy, each once, split by work, with conditions and a report of faults.

`open_dataset` reads any source whole; fifty thousand poems take a second or two.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from huohua.arts.text.datasets.conditions import encode, group
from huohua.arts.text.datasets.relining import in_five_lines
from huohua.arts.text.datasets.rows import Row
from huohua.arts.text.datasets.shape import form_of, language_of
from huohua.arts.text.datasets.source import TextSource, open_source
from huohua.arts.text.datasets.terms import read_terms
from huohua.arts.text.datasets.work import Problem, TextWork
from huohua.arts.text.script import can_convert, to_simplified, traditional_only
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError

FEWEST_WORKS = 8
MOST_CHARACTERS = 200_000_000
LONGEST = 12_000  # characters of one work; what is longer is cut between paragraphs
_MARKS = re.compile(r"[\W_]+")
OnProgress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class TextDataset:
    """Texts with their conditions.

    Attributes:
        name, origin, licence: for reports and model cards.
        works: in the order of their source.
        conditions, condition_NC: what a model can be asked for, and what each work has (float32).
        constants: what all works share, such as one style; no condition, but worth recording.
        problems: what was left out or is worth knowing, and why.
        fingerprint: SHA-256 over the texts and what is known of them; equal for equal data on any machine.
    """

    name: str
    origin: str
    licence: str
    works: tuple[TextWork, ...]
    conditions: ConditionSpace
    condition_NC: np.ndarray
    constants: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    fingerprint: str

    def __len__(self) -> int:
        """Return the number of works."""
        return len(self.works)

    def numbers(self, split: str) -> list[int]:
        """Return the numbers of the works of a split: "train", "valid" or "test"."""
        return [number for number, work in enumerate(self.works) if work.split == split]

    @property
    def language(self) -> str:
        """Return the language of most works."""
        return Counter(work.language for work in self.works).most_common(1)[0][0]


def open_dataset(
    source: str | Path,
    *,
    licence: str | None = None,
    origin: str | None = None,
    simplify: bool = True,
    fewest: int = FEWEST_WORKS,
    on_progress: OnProgress | None = None,
) -> TextDataset:
    """Return the texts of a source.

    Args:
        source: a folder of .txt and .md files and tables, or one file of these.
        licence: said instead of what is written beside the works.
        origin: said instead of what is written beside the works.
        simplify: whether traditional characters become simplified ones, which the rhyme books are in.
        fewest: works without which nothing can be learnt.
        on_progress: told the number of texts read, every thousand.

    Raises:
        DataError: there is no such source, it cannot be read, or it has fewer than `fewest` usable works.
    """
    opened = open_source(source)
    works, problems = _collected(opened, simplify=simplify, on_progress=on_progress)
    if len(works) < fewest:
        raise _too_few(opened, len(works), problems)
    grouping = group(works)
    terms = read_terms(opened.root, opened.name)
    return TextDataset(
        name=opened.name,
        origin=origin or terms.origin,
        licence=licence or terms.licence,
        works=works,
        conditions=grouping.conditions,
        condition_NC=encode(works, grouping.conditions),
        constants=grouping.constants,
        problems=problems,
        fingerprint=_fingerprint(works),
    )


def _collected(
    opened: TextSource, *, simplify: bool, on_progress: OnProgress | None
) -> tuple[tuple[TextWork, ...], tuple[Problem, ...]]:
    problems = list(opened.problems)
    works: list[TextWork] = []
    seen: dict[bytes, str] = {}
    characters = 0
    for row in _rows(opened, problems):
        bare = _MARKS.sub("", row.text)
        digest = hashlib.md5(bare.casefold().encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
        if not bare:
            problems.append(Problem(name=row.name, reason="it holds no letters"))
        elif (first := seen.setdefault(digest, row.name)) != row.name:
            problems.append(Problem(name=row.name, reason=f"it is the same text as {first}"))
        elif (characters := characters + len(row.text)) > MOST_CHARACTERS:
            problems.append(
                Problem(name=row.name, reason="it and what follows are beyond 200 million characters")
            )
            break
        else:
            works.append(_work(row, digest))
            if on_progress and len(works) % 1000 == 0:
                on_progress(len(works))
    return (_simplified(works, problems) if simplify else tuple(works)), tuple(problems)


def _rows(opened: TextSource, problems: list[Problem]) -> Iterator[Row]:
    for item in opened.read():
        if isinstance(item, Problem):
            problems.append(item)
            continue
        if len(item.text) <= LONGEST:
            yield item
            continue
        parts = list(_parts(item.text))
        cut = f"it is long and was cut into {len(parts)} parts"
        problems.append(Problem(name=item.name, reason=cut, lost=False))
        for number, part in enumerate(parts, start=1):
            yield replace(item, text=part, name=f"{item.name}#{number}")


def _parts(text: str) -> Iterator[str]:
    """Yield a long text in parts, cut between lines where there are any."""
    start = 0
    while start < len(text):
        end = min(start + LONGEST, len(text))
        cut = text.rfind("\n", start + LONGEST // 2, end) if end < len(text) else end
        end = cut if cut > 0 else end
        if part := text[start:end].strip("\n "):
            yield part
        start = end


def _work(row: Row, digest: bytes) -> TextWork:
    text = in_five_lines(row.text) if row.form == "limerick" else row.text
    language = language_of(text)
    share = int.from_bytes(digest[:4], "big") / 2**32
    drawn = "train" if share < 0.9 else "valid" if share < 0.95 else "test"
    return TextWork(
        name=row.name,
        text=text,
        language=language,
        title=row.title,
        author=row.author,
        style=row.style,
        period=row.period,
        form=form_of(text, language, row.form),
        keywords=row.keywords,
        split=row.split or drawn,
    )


def _simplified(works: list[TextWork], problems: list[Problem]) -> tuple[TextWork, ...]:
    """Return works in simplified characters; which need it is told by their characters alone."""
    chinese = [number for number, work in enumerate(works) if work.language == "zh"]
    if not chinese:
        return tuple(works)
    if not can_convert():
        stays = "OpenCC is not installed; traditional characters stay"
        problems.append(Problem(name="all", reason=stays, lost=False))
        return tuple(works)
    letters: set[str] = set()
    for number in chinese:
        letters.update(works[number].text)
    old = traditional_only("".join(letters))
    for number in chinese:
        work = works[number]
        # A handful of old characters stand in simplified texts too; only a text full of them is traditional.
        if old.isdisjoint(work.text):
            continue
        strange = sum(letter in old for letter in work.text)
        if 20 * strange >= len(work.text):
            text = to_simplified(work.text)
            form = work.form or form_of(text, "zh", "")
            works[number] = replace(work, text=text, title=to_simplified(work.title), form=form)
    return tuple(works)


def _too_few(opened: TextSource, works: int, problems: Sequence[Problem]) -> DataError:
    reasons = Counter(problem.reason for problem in problems)
    said = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))
    return DataError(
        f"{opened.name} has {works} usable text{'' if works == 1 else 's'}, too few to learn from"
        + (f": {said}." if said else "."),
        advice="A few hundred texts are a good start; each file, or each row of a table, is one.",
    )


def _fingerprint(works: Sequence[TextWork]) -> str:
    digest = hashlib.sha256()
    for work in works:
        facts = (work.text, work.title, work.author, work.style, work.period, work.form, work.split)
        digest.update("\x1f".join((*facts, *work.keywords, "\x1e")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
