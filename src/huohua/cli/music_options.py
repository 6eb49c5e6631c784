"""The options of commands that write music, and how they are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import wishes
from huohua.errors import UsageError

if TYPE_CHECKING:
    from huohua.conditions.space import Wish


def _control(help: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        help=help, metavar="0-1", show_default=False, rich_help_panel="Controls"
    )
    return found


Amount = float | None
Density = Annotated[Amount, _control("How many notes: 0 few, 1 many.")]
Complexity = Annotated[Amount, _control("How intricate the rhythm: 0 plain, 1 syncopated.")]
Polyphony = Annotated[Amount, _control("How many notes at once.")]
Register = Annotated[Amount, _control("How high it lies.")]
Range = Annotated[Amount, _control("How wide its melodies go.")]
Tension = Annotated[Amount, _control("How dissonant it is.")]
Repetition = Annotated[Amount, _control("How much it returns to what was.")]
Swing = Annotated[Amount, _control("How far eighths are swung: 0 straight, 1 a triplet's.")]

Style = Annotated[str | None, typer.Option(help="In which style, such as jazz.", show_default=False)]
Prompt = Annotated[
    str, typer.Option("--prompt", "-p", help="Free words, such as 'slow sad jazz' or '欢快的民谣'.")
]
Bars = Annotated[int | None, typer.Option(help="How many bars.", show_default=False)]
Tempo = Annotated[
    float | None, typer.Option(help="Quarter notes in a minute; the style's by default.", show_default=False)
]
Key = Annotated[
    str | None, typer.Option(help="Such as 'G minor' or Bb; by chance by default.", show_default=False)
]
Metre = Annotated[str | None, typer.Option(help="4/4, 3/4, 6/8 or 2/4.", show_default=False)]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        help="Who plays: lead, counter, inner, bass, harmony, drums; may be repeated.",
        show_default=False,
    ),
]
Form = Annotated[
    str,
    typer.Option(
        help='Its sections, such as "intro A B A\' ending"; an A that comes again is the first A again.'
    ),
]
Drafts = Annotated[int, typer.Option(help="Drafts written, of which the best is taken.")]
Keep = Annotated[int, typer.Option(help="How many of the drafts are saved, the best first.")]
Temperature = Annotated[float, typer.Option(help="Below 1 more usual, above 1 bolder.")]
Guidance = Annotated[
    float | None,
    typer.Option(
        help="Above 1 what is asked for counts for more; 2.5 where something is asked for by default.",
        show_default=False,
    ),
]
Count = Annotated[int, typer.Option("--count", "-n", help="How many pieces.")]
Seed = Annotated[
    int | None,
    typer.Option(help="The same seed gives the same pieces; random by default.", show_default=False),
]


def read_conditions(
    style: str | None,
    metre: str | None,
    condition: list[str] | None,
    controls: dict[str, float | None],
) -> dict[str, Wish]:
    """Return the conditions of the flags by group.

    Raises:
        UsageError: a condition is not of the form group=name[:weight], or is asked for twice.
    """
    found = wishes.read_wishes(None, style, [], condition or [])
    amounts = {name: amount for name, amount in controls.items() if amount is not None}
    for group, wish in (("metre", metre), ("control", amounts)):
        if wish and group in found:
            raise UsageError(f"'{group}' is asked for twice.", advice=f"Use --condition {group}=… alone.")
        if wish:
            found[group] = wish
    return found


def read_between(text: str) -> tuple[int, int]:
    """Return the first and the last bar of a text such as "5-8", or "5" for one bar.

    Raises:
        UsageError: it is no stretch of bars.
    """
    found = re.fullmatch(r"\s*(\d{1,4})\s*(?:[-–]\s*(\d{1,4})\s*)?", text)
    if found is None:
        raise UsageError(f"'{text}' is no stretch of bars.", advice="Write it as in --at 5-8.")
    return int(found[1]), int(found[2] or found[1])
