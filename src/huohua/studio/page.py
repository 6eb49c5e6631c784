"""The parts that reports are built from: the page around them, the verdict, facts, sections, pictures.

A report is one HTML file: it needs no network, no script and no other file. What these functions are
given as text is escaped; what they are given as HTML is named so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from huohua.studio.report_style import STYLE
from huohua.studio.report_words import Language, say
from huohua.studio.verdict import SEVERITY, Verdict
from huohua.version import __version__


def whole_page(*, title: str, kicker: str, body: Sequence[str], lang: Language, style: str = "") -> str:
    """Return a whole page.

    Args:
        title: what the report is of.
        kicker: what kind of report it is.
        body: its parts as HTML, in order; empty ones are left out.
        lang: the language of the page.
        style: rules to add to the style sheet of all reports.
    """
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if lang == "zh" else lang}">\n<head>',
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} – {escape(kicker)}</title>",
            f"<style>{STYLE}{style}</style>\n</head>\n<body>",
            f'<header>\n<p class="kicker">{escape(kicker)}</p>\n<h1>{escape(title)}</h1>\n</header>',
            "<main>",
            *(part for part in body if part),
            f"</main>\n<footer>{say(lang, 'footer', version=__version__)}</footer>\n</body>\n</html>\n",
        ]
    )


def section(title: str, inside: str) -> str:
    """Return a section with its heading, both HTML."""
    return f"<section>\n<h2>{title}</h2>\n{inside}\n</section>"


def verdict_card(found: Verdict, lang: Language) -> str:
    """Return a verdict as a card: its light, its summary and its advice."""
    lamps = "".join(
        f'<circle class="{"lit" if light == found.light else "dark"}" cx="{9 + 14 * place}" cy="9" r="5"/>'
        for place, light in enumerate(SEVERITY)
    )
    advice = "".join(f"<li>{prose(sentence)}</li>" for sentence in found.advice)
    return (
        f'<section class="card verdict {found.light}" aria-label="{say(lang, found.light)}">\n'
        f'<div><h2><svg class="lamps" viewBox="0 0 46 18" aria-hidden="true">{lamps}</svg>'
        f"{say(lang, found.light)}</h2>\n<p>{prose(found.summary)}</p></div>\n"
        f"<div><h3>{say(lang, 'next')}</h3>\n<ul>{advice}</ul></div>\n</section>"
    )


def prose(sentence: str) -> str:
    """Escape a sentence and set `commands` in it as code."""
    parts = escape(sentence).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def facts_list(facts: Mapping[str, str], lang: Language) -> str:
    """Return facts by label as a grid; those without a value are left out."""
    rows = "".join(
        f"<div><dt>{label}</dt><dd>{escape(value).replace('_', '_<wbr>')}</dd></div>"
        for label, value in facts.items()
        if value
    )
    return f'<section aria-label="{say(lang, "facts")}"><dl class="facts">{rows}</dl></section>'


def picture(source: str, *, width: int, height: int, alt: str, caption: str) -> str:
    """Return a picture with a caption, which is HTML; its source is a `data:` address."""
    return (
        f'<figure><img src="{source}" width="{width}" height="{height}" '
        f'alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'
    )


def folded_table(title: str, rows: Mapping[str, str]) -> str:
    """Return names and values as a table that unfolds, or nothing when there are none."""
    if not rows:
        return ""
    lines = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in rows.items()
    )
    return (
        f"<details>\n<summary><h2>{title}</h2></summary>\n<table>\n<tbody>\n{lines}\n</tbody>"
        "\n</table>\n</details>"
    )
