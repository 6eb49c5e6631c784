"""The forms of English verse, as schemes of syllables, metre and rhyme.

Source: Corn, "The Poem's Heartbeat" (1997).
"""

from __future__ import annotations

from huohua.arts.text.form import Form, Line, Pattern

IAMBIC = "iambic"


def _lines(scheme: str, syllables: str, *, metre: str = "", stanza: int = 0) -> tuple[Line, ...]:
    """Return lines from a scheme, "-" for no rhyme, and from syllables such as "5 7 5" or "8-9"."""
    lengths = syllables.split()
    if len(lengths) == 1:
        lengths *= len(scheme)
    lines = []
    for number, (letter, length) in enumerate(zip(scheme, lengths, strict=True), start=1):
        fewest, _, most = length.partition("-")
        lines.append(
            Line(
                fewest=int(fewest),
                most=int(most or fewest),
                metre=metre,
                rhyme="" if letter == "-" else letter,
                closes_stanza=number == len(scheme) or (bool(stanza) and number % stanza == 0),
            )
        )
    return tuple(lines)


def _form(name: str, title: str, lines: tuple[Line, ...], *aliases: str) -> Form:
    pattern = Pattern(name=name, lines=lines)
    return Form(name=name, language="en", title=title, aliases=aliases, patterns=(pattern,))


ENGLISH: tuple[Form, ...] = (
    _form(
        "sonnet",
        "English sonnet: three quatrains and a couplet in iambic pentameter",
        _lines("ababcdcdefefgg", "10", metre=IAMBIC, stanza=4),
        "shakespearean-sonnet",
    ),
    _form("haiku", "three lines of five, seven and five syllables", _lines("---", "5 7 5")),
    _form(
        "limerick",
        "five lines, the third and fourth short, rhyming aabba",
        _lines("aabba", "8-9 8-9 5-6 5-6 8-9"),
    ),
    _form(
        "couplets",
        "heroic couplets: eight lines of iambic pentameter that rhyme two by two",
        _lines("aabbccdd", "10", metre=IAMBIC, stanza=2),
        "heroic-couplets",
    ),
    _form(
        "blank-verse",
        "ten lines of iambic pentameter without rhyme",
        _lines("-" * 10, "10", metre=IAMBIC),
        "blank verse",
    ),
    _form(
        "quatrains",
        "ballad metre: two quatrains of eight and six syllables in turn, rhyming abcb",
        _lines("-a-a-b-b", "8 6 8 6 8 6 8 6", metre=IAMBIC, stanza=4),
        "ballad",
    ),
)
