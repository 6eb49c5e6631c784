"""The options of commands that write texts."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from huohua.errors import UsageError

Style = Annotated[str | None, typer.Option(help="In which style, such as tang-shi.", show_default=False)]
Prompt = Annotated[
    str,
    typer.Option("--prompt", "-p", help="Free words: names that the model knows, and what it is about."),
]
Form = Annotated[
    str,
    typer.Option(
        help="Such as 五绝, 七律, 如梦令, sonnet, haiku, limerick, free-verse, tale or drama; "
        "one that the model learnt by default."
    ),
]
Title = Annotated[str, typer.Option(help="What it is called.")]
Keywords = Annotated[str, typer.Option(help="What it is about: words with commas between.")]
Acrostic = Annotated[str, typer.Option(help="What the first characters of its lines say.")]
Rhyme = Annotated[str, typer.Option(help="The rhyme group of Chinese verse, such as 一东.")]
Drafts = Annotated[int, typer.Option(help="Drafts written, of which one is chosen.")]
Keep = Annotated[int, typer.Option(help="How many of the drafts are saved, the chosen one first.")]
Temperature = Annotated[float, typer.Option(help="Below 1 more usual, above 1 bolder.")]
Choosiness = Annotated[float, typer.Option(help="How much the reader's word counts; 0 not at all.")]
Count = Annotated[int, typer.Option("--count", "-n", help="How many texts.")]
Seed = Annotated[
    int | None,
    typer.Option(help="The same seed gives the same texts; random by default.", show_default=False),
]
Lock = Annotated[str, typer.Option(help="Lines that must not change, such as 1,3; they stay byte for byte.")]


def read_keywords(text: str) -> tuple[str, ...]:
    """Return the words of a text with commas between, Chinese ones too."""
    return tuple(word.strip() for word in re.split("[,，、;；]", text) if word.strip())


def read_lines(text: str) -> tuple[int, ...]:
    """Return the numbers of lines in a text such as "1,3" or "2-4".

    Raises:
        UsageError: it holds something that is no line.
    """
    lines: list[int] = []
    for part in re.split("[,，、\\s]+", text.strip()):
        found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        if found is None and part:
            raise UsageError(f"'{part}' is no line.", advice="Write lines as in --lock 1,3 or --lock 2-4.")
        if found:
            lines += range(int(found[1]), int(found[2] or found[1]) + 1)
    return tuple(dict.fromkeys(lines))
