"""Where the stanzas of a poem end, which its text does not show: forms know it."""

from __future__ import annotations

from collections.abc import Iterator

from huohua.arts.text.form import Form, Pattern


def with_gaps(text: str, form: Form) -> str:
    r"""Return a text with an empty line between stanzas, if its lines are those of its form.

    Example:
        >>> from huohua.arts.text.form_table import form_named
        >>> lines = "abcdefghijklmn"
        >>> with_gaps("\n".join(lines), form_named("sonnet")).replace("\n", "/")
        'a/b/c/d//e/f/g/h//i/j/k/l//m/n'
    """
    lines = text.split("\n")
    if "" in lines:
        return text
    for pattern in form.patterns:
        closing = list(_closing(pattern))
        if len(closing) == len(lines):
            parts = [line + ("\n" if closes else "") for line, closes in zip(lines, closing, strict=True)]
            return "\n".join(parts).rstrip("\n")
    return text


def _closing(pattern: Pattern) -> Iterator[bool]:
    """Yield for each line of print whether a stanza ends with it."""
    for line in pattern.lines:
        if line.breaks:
            yield line.closes_stanza
