"""A Markdown file as a text: the head and the first heading tell of it, marks of layout fall away."""

from __future__ import annotations

import re

from huohua.arts.text.datasets.rows import Row, row_of

_HEAD = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FACT = re.compile(r"^([\w-]+)\s*[:：]\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
_HEADING = re.compile(r"\A\s*#+\s+(.+?)\s*#*\s*$", re.MULTILINE)
_LAYOUT = (
    (re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE), ""),  # headings further down
    (re.compile(r"^ {0,3}>\s?", re.MULTILINE), ""),  # quotations
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),  # strong
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),  # emphasis
    (re.compile(r"(?:\\|  )$", re.MULTILINE), ""),  # hard line breaks
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),  # remarks
)


def read_markdown(text: str, *, name: str) -> Row:
    r"""Return the text of a Markdown file and what its head says of it.

    Example:
        >>> read_markdown("# Night\n\nThe **moon** is up.", name="a.md").text
        'The moon is up.'
    """
    facts: dict[str, str] = {}
    if head := _HEAD.match(text):
        facts = {key.casefold(): value for key, value in _FACT.findall(head[1])}
        text = text[head.end() :]
    if heading := _HEADING.match(text):
        facts.setdefault("title", heading[1])
        text = text[heading.end() :]
    for pattern, replacement in _LAYOUT:
        text = pattern.sub(replacement, text)
    row = row_of({**facts, "text": text.strip("\n ")}, name=name)
    assert row is not None  # noqa: S101 - a text was put in
    return row
