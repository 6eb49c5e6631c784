"""A pattern of Chinese verse as one row of cells: characters to choose, and marks that stand fixed.

A text has the layout of the corpora it is learnt from: clauses with their marks, a new line after each full
stop, no empty lines. So `cells_of` also says, for training, what each character of such a text stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

from huohua.arts.text.form import EITHER, Pattern


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One character of a text.

    Attributes:
        literal: the mark or line break that must stand here, or "" for a character to choose.
        line, place: where it is in the pattern; a mark belongs to the line it closes.
        from_end: characters to the end of the line, 0 for the last.
        tone: 平, 仄 or 中.
        rhyme: the letter of its rhyme, or "".
        source: the cell it must repeat, or -1.
    """

    literal: str = ""
    line: int
    place: int
    from_end: int = 0
    tone: str = EITHER
    rhyme: str = ""
    source: int = -1


def cells_of(pattern: Pattern) -> tuple[Cell, ...]:
    """Return the cells of a whole text in this pattern.

    Raises:
        ValueError: a line of the pattern has no fixed length or no mark.

    Example:
        >>> from huohua.arts.text.tunes import read_clauses
        >>> pattern = Pattern(name="x", lines=read_clauses("平a。中仄平a。"))
        >>> " ".join((cell.literal or cell.tone).strip() for cell in cells_of(pattern))
        '平 。  中 仄 平 。'
    """
    cells: list[Cell] = []
    for number, line in enumerate(pattern.lines):
        if line.fewest != line.most or not line.mark:
            raise ValueError(f"line {number + 1} of {pattern.name} has no fixed length or no mark")
        # The characters to repeat stand right before the mark of the line before.
        before = len(cells) - line.most - (2 if number and pattern.lines[number - 1].breaks else 1)
        for place in range(line.most):
            last = place == line.most - 1
            cells.append(
                Cell(
                    line=number,
                    place=place,
                    from_end=line.most - 1 - place,
                    tone=line.tones[place] if line.tones else EITHER,
                    rhyme=line.rhyme if last else "",
                    source=before + place if line.echo else -1,
                )
            )
        cells.append(Cell(literal=line.mark, line=number, place=line.most))
        if line.breaks and number < len(pattern.lines) - 1:
            cells.append(Cell(literal="\n", line=number, place=line.most))
    return tuple(cells)
