"""What was found in a dataset, as a label and a text for each line: of pictures, music and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from huohua.cli.counted import counted, some

if TYPE_CHECKING:
    from huohua.arts.image.datasets.inspection import Inspection, Spread
    from huohua.arts.music.datasets.inspection import Inspection as MusicInspection
    from huohua.arts.music.datasets.inspection import Spread as MusicSpread
    from huohua.arts.text.datasets.inspection import Inspection as TextInspection

Facts = Iterator[tuple[str, str]]


def picture_facts(found: Inspection, licence: str) -> Iterator[tuple[str, str]]:
    """Yield what was found as a label and a text for each line."""
    left_out = f", {found.files - found.works:,} left out" if found.files > found.works else ""
    yield "name", found.name
    yield "origin", found.origin
    yield "licence", licence
    yield "works", f"{found.works:,}{left_out}"
    yield "width", _spread(found.width)
    yield "height", _spread(found.height)
    yield "colours", counted(found.modes)
    yield "formats", counted(found.formats)
    for group, values in found.labels.items():
        yield group, counted(values)
    for group, values in found.dropped.items():
        if values and values != found.labels.get(group):
            yield f"{group}, too rare", counted(values)
    if found.captions:
        yield "captions", f"{found.captions:.0%} of the works"
    if found.near_duplicates:
        pairs = [f"{pair.first} ~ {pair.second}" for pair in found.near_duplicates]
        yield "look the same", some(pairs)
    if found.problems:
        yield "problems", some([f"{problem.name}: {problem.reason}" for problem in found.problems], "\n")
    for note in found.notes:
        yield "note", note
    yield "size to train at", f"--size {found.suggested_size}"


def _spread(spread: Spread) -> str:
    if spread.smallest == spread.largest:
        return f"{spread.median:g}"
    return f"{spread.smallest:g} to {spread.largest:g}, half below {spread.median:g}"


def music_facts(found: MusicInspection, licence: str) -> Facts:
    """Yield what was found in music."""
    yield "name", found.name
    yield "origin", found.origin
    yield "licence", licence
    lost = sum(found.left_out.values())
    yield "files", f"{found.files:,}{f', {lost:,} left out' if lost else ''}"
    yield "songs", f"{found.songs:,}, with {found.bars:,} bars"
    splits = ", ".join(f"{name} {count:,}" for name, count in found.splits.items())
    yield "windows", f"{found.windows:,} of eight bars: {splits}"
    for name, counts in (("style", found.styles), ("metre", found.metres), ("mode", found.modes)):
        if counts:
            yield name, counted(counts)
    yield "tempo", _between(found.tempo)
    yield "roles", some([_played(role, share, found) for role, share in found.roles.items() if share])
    for name, spread in found.controls.items():
        yield name, _between(spread)
    for reason, count in found.left_out.items():
        yield "left out", f"{count:,}: {reason}"
    if found.problems:
        yield "problems", some([f"{problem.name}: {problem.reason}" for problem in found.problems], "\n")


def _played(role: str, share: float, found: MusicInspection) -> str:
    derived = found.derived.get(role, 0.0)
    return f"{role} {share:.0%}" + (f" ({derived:.0%} of it derived)" if derived else "")


def _between(spread: MusicSpread) -> str:
    return f"{spread.low:.3g} to {spread.high:.3g}, half below {spread.median:.3g} ({spread.unit})"


def text_facts(found: TextInspection, licence: str) -> Facts:
    """Yield what was found in texts."""
    yield "name", found.name
    yield "origin", found.origin
    yield "licence", licence
    splits = ", ".join(f"{name} {count:,}" for name, count in found.splits.items())
    yield "texts", f"{found.works:,}: {splits}"
    shortest, middle, longest = found.letters
    yield "length", f"{shortest:,} to {longest:,} characters, half below {middle:,}"
    for name, counts in (
        ("language", found.languages),
        ("style", found.styles),
        ("author", found.authors),
        ("period", found.periods),
        ("form", found.forms),
    ):
        if counts:
            yield name, counted(counts)
    if found.problems:
        yield "problems", some([f"{problem.name}: {problem.reason}" for problem in found.problems], "\n")


FACTS: Mapping[str, Callable[[Any, str], Facts]] = {
    "image": picture_facts,
    "music": music_facts,
    "text": text_facts,
}
