"""`huohua evaluate`: how a model's works compare with real ones, in figures and in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import options
from huohua.cli.counting import counting
from huohua.cli.places import plain_name
from huohua.cli.screen import put, put_json, results, say

if TYPE_CHECKING:
    from rich.table import Table

    from huohua.studio.evaluation import Evaluation
    from huohua.studio.report_words import Language

LIGHTS = {"good": "green", "watch": "yellow", "trouble": "red"}


def evaluate(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="Name or folder of a model.", show_default=False)
    ],
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="The real works, usually those it learnt from: a folder, .zip, .npz or IDX file, or a "
            "name such as 'sample'.",
            show_default=False,
        ),
    ],
    samples: Annotated[
        int | None,
        typer.Option(
            help="Works to make and measure; as many as there are real ones by default, from 256 to 1,024.",
            show_default=False,
        ),
    ] = None,
    extractor: Annotated[
        str | None,
        typer.Option(
            help="What to measure with. Pictures: efficientnet-lite1 (the default), efficientnet-lite0, "
            "vgg16 or inception, the last two where they are installed. Music: statistics (the default) or "
            "encoder.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 0,
    threads: Annotated[
        int | None, typer.Option(help="Processor threads; the free cores by default.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for report.html and evaluation.json; evaluations/MODEL-on-DATA by default.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the report and the table: en or zh.")] = "en",
    write_card: Annotated[
        bool, typer.Option("--write-card", help="Also write the figures into the model's card.")
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure a model against real works, each figure beside its floor, and write a report.

    The floor is the same figure for one half of the real works against the other: the best that can be
    hoped for. Figures depend on the network they are measured with, on the data and on their number, so
    compare them only where these are the same.
    """
    from huohua.studio.evaluate import evaluate as measure

    with counting(shown=not (json or quiet)) as count:
        found = measure(
            model,
            data,
            samples=samples,
            extractor=extractor,
            seed=seed,
            out=out or _place(model, data),
            language=_language(lang),
            card=write_card,
            threads=threads,
            on_stage=count,
            on_download=count("fetching"),
        )
    if json:
        put_json(found.as_record(), indent=2)
        return
    if not quiet:
        _introduce(found)
    results().print(_table(found, _language(lang)))
    if found.own:
        results().print(_own_table(found, _language(lang)))
    if not quiet:
        _conclude(found, _language(lang))
    put(str(found.folder / "report.html") if found.folder else "")


def _place(model: str, data: str) -> Path:
    """Return where a report goes by itself; the model of a run goes by the run's name."""
    folder = Path(model)
    name = folder.parent.name if folder.name == "model" and folder.parent.name else folder.name
    return Path("evaluations") / plain_name([name, "on", Path(data).stem])


def _language(text: str) -> Language:
    from huohua.errors import UsageError
    from huohua.studio.report_words import WORDS

    for language in WORDS:
        if text == language:
            return language
    raise UsageError(f"There is no report in '{text}'.", advice=f"Use one of: {', '.join(WORDS)}.")


def _introduce(found: Evaluation) -> None:
    say(
        f"{found.model} · {found.samples:,} samples · {found.data}, {found.works:,} works · "
        f"{found.extractor_title} · {found.compared:,} on each side",
        style="dim",
    )


def _table(found: Evaluation, lang: Language) -> Table:
    from rich.table import Table
    from rich.text import Text

    from huohua.studio import evaluation_words as words
    from huohua.studio.evaluation_reading import amount, margin, read_figure

    table = Table(box=None, header_style="bold", pad_edge=False)
    for key, side in (("figure", "left"), ("model", "right"), ("floor", "right"), ("reading", "left")):
        table.add_column(
            words.say(lang, key), justify="right" if side == "right" else "left", overflow="fold"
        )
    for figure in found.figures.values():
        light, reading = read_figure(figure, lang, telling=found.copies.telling, power=found.copies.power)
        numbers = [words.say(lang, "not_measured"), ""]
        if figure.value is not None:
            numbers = [
                f"{amount(figure.value)} ± {margin(figure.spread)}",
                f"{amount(figure.floor)} ± {margin(figure.floor_spread)}",
            ]
        table.add_row(words.figure_name(lang, figure.name), *numbers, Text(reading, style=LIGHTS[light]))
    return table


def _own_table(found: Evaluation, lang: Language) -> Table:
    from rich.table import Table
    from rich.text import Text

    from huohua.studio.evaluation_own import number, own_reading
    from huohua.studio.evaluation_words import say as words

    table = Table(
        box=None, header_style="bold", pad_edge=False, title=words(lang, "own"), title_justify="left"
    )
    table.add_column(words(lang, "figure"))
    for head in (words(lang, "model"), words(lang, "floor"), *found.own[0].foils):
        table.add_column(head, justify="right")
    table.add_column(words(lang, "reading"), overflow="fold")
    for figure in found.own:
        numbers = [figure.value, figure.floor, *figure.foils.values()]
        reading = Text(own_reading(figure, lang), style=LIGHTS[figure.light])
        table.add_row(f"{figure.name} {figure.of}".strip(), *map(number, numbers), reading)
    return table


def _conclude(found: Evaluation, lang: Language) -> None:
    from huohua.studio import evaluation_words as words
    from huohua.studio.evaluation_reading import judge

    verdict = judge(found, lang)
    say(
        f"{words.say(lang, verdict.light)}{words.say(lang, 'colon')}{verdict.summary}",
        style=LIGHTS[verdict.light],
    )
    for sentence in (*verdict.advice, *(words.say(lang, note.key, **note.values) for note in found.notes)):
        say(f"• {sentence}")
