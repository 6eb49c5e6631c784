"""The run report: one HTML file that says how a run went, shows it, and says how to go on.

It needs no network, no script and no other file. Everything that comes from a run is escaped.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from huohua.adversarial.events import Progress, Started
from huohua.errors import UsageError
from huohua.files import write_text
from huohua.studio.event_log import LOG, read_events
from huohua.studio.history import History, recent_figure, settle
from huohua.studio.page import facts_list, folded_table, picture, section, verdict_card, whole_page
from huohua.studio.report_charts import charts
from huohua.studio.report_words import WORDS, Language, duration, say
from huohua.studio.sheets import Sheet, load_sheets
from huohua.studio.timeline import timeline
from huohua.studio.verdict import verdict

REPORT = "report.html"
SETTINGS = "run.json"
LONGEST_VALUE = 400  # characters of a setting; a list of five thousand labels is no reading


def write_report(run_folder: Path, lang: Language = "en") -> Path:
    """Write `report.html` into a run folder from its events, settings and preview sheets.

    A run that is still going, or was killed, has a report as well.

    Args:
        run_folder: a folder with `events.jsonl`; `run.json` and `previews/` may be missing.
        lang: the language of the page, "en" or "zh".

    Returns:
        the path of the report.

    Raises:
        UsageError: the folder does not exist, or there is no such language.
        StorageError: the report cannot be written.
    """
    if lang not in WORDS:
        raise UsageError(f"There is no report in '{lang}'.", advice=f"Choose from: {', '.join(WORDS)}.")
    if not run_folder.is_dir():
        raise UsageError(f"There is no run folder {run_folder}.", advice="Name the folder of a training run.")
    path = run_folder / REPORT
    write_text(path, page(run_folder, lang))
    return path


def page(run_folder: Path, lang: Language = "en") -> str:
    """Return the report of a run as HTML."""
    events = read_events(run_folder / LOG)
    history = settle(events)
    settings = _settings(run_folder, history)
    known = {**settings, **_told(history)}
    title = _title(known, run_folder)
    return whole_page(
        title=title,
        kicker=say(lang, "title"),
        body=[
            verdict_card(verdict(events, lang), lang),
            _facts(known, history, lang),
            _sheets(load_sheets(run_folder, history), lang),
            section(say(lang, "curves"), charts(history, lang)),
            section(say(lang, "timeline"), timeline(history, lang)),
            section(say(lang, "commands"), _commands(known, run_folder, history, lang)),
            folded_table(say(lang, "settings"), {key: _short(value) for key, value in settings.items()}),
        ],
        lang=lang,
    )


def _settings(run_folder: Path, history: History) -> dict[str, str]:
    """Return the settings as one level of dotted names, from `run.json` or else from the log."""
    try:
        found = json.loads((run_folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _told(history)
    return dict(_flat(found)) if isinstance(found, Mapping) else {}


def _told(history: History) -> dict[str, str]:
    """Return what the run said of itself when it last began: its data, licence and number of works too."""
    starts = history.of(Started)
    return dict(_flat(starts[-1].settings)) if starts else {}


def _flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            flat += _flat(value, f"{prefix}{key}.")
        else:
            flat.append((f"{prefix}{key}", _plain(value)))
    return flat


def _plain(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item) for item in value) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _find(settings: Mapping[str, str], *names: str) -> str:
    """Return the first of these settings there is, whatever group it is in, or nothing."""
    for name in names:
        for key, value in settings.items():
            if (key == name or key.endswith(f".{name}")) and value not in ("", "–"):
                return value
    return ""


def _size(settings: Mapping[str, str]) -> str:
    width, height = _find(settings, "width"), _find(settings, "height")
    return f"{width} × {height}" if width and height else _find(settings, "size").replace("x", " × ")


def _title(settings: Mapping[str, str], run_folder: Path) -> str:
    return _find(settings, "name", "data.name", "data_name") or run_folder.resolve().name


def _facts(settings: Mapping[str, str], history: History, lang: Language) -> str:
    facts = {
        "fact_data": _find(settings, "data.name", "data_name", "dataset", "data", "source"),
        "fact_licence": _find(settings, "licence", "data_licence", "license"),
        "fact_works": _grouped(_find(settings, "works")),
        "fact_size": _size(settings),
        "fact_preset": _find(settings, "preset"),
        "fact_shown": f"{history.shown:,}",
        "fact_time": duration(lang, history.seconds),
        "fact_speed": _speed(history, lang),
        "fact_diversity": _share(history, "diversity_ratio"),
        "fact_within": _share(history, "diversity_within"),
    }
    return facts_list({say(lang, key): value for key, value in facts.items()}, lang)


def _grouped(number: str) -> str:
    return f"{int(number):,}" if number.isdecimal() else number


def _speed(history: History, lang: Language) -> str:
    if not history.of(Progress) or history.seconds <= 0:
        return ""
    return say(lang, "speed_value", speed=f"{history.shown / history.seconds:.3g}")


def _share(history: History, name: str) -> str:
    ratio = recent_figure(history, name)
    return "" if ratio is None else f"{ratio:.0%}"


def _sheets(sheets: Sequence[Sheet], lang: Language) -> str:
    if not sheets:
        return section(say(lang, "growth"), f"<p>{say(lang, 'no_sheets')}</p>")
    first, *between, last = sheets if len(sheets) > 1 else (sheets[0], sheets[0])
    ends = [_figure(last, lang, say(lang, "last"))]
    if len(sheets) > 1:
        ends.insert(0, _figure(first, lang, say(lang, "first")))
    strip = "".join(_figure(sheet, lang) for sheet in between)
    return section(
        say(lang, "growth"),
        f'<div class="pair">{"".join(ends)}</div>' + (f'\n<div class="strip">{strip}</div>' if strip else ""),
    )


def _figure(sheet: Sheet, lang: Language, label: str = "") -> str:
    works = f"{sheet.shown:,}"
    caption = works if sheet.seconds is None else ""
    if sheet.seconds is not None:
        caption = say(lang, "sheet_caption", works=works, time=duration(lang, sheet.seconds))
    strong = f"<strong>{label}</strong> " if label else ""
    return picture(
        sheet.source,
        width=sheet.width,
        height=sheet.height,
        alt=say(lang, "sheet", works=works),
        caption=f"{strong}{caption}",
    )


def _commands(settings: Mapping[str, str], run_folder: Path, history: History, lang: Language) -> str:
    art = _find(settings, "art") or "image"
    create = ["huohua", "create", art, "--model", str(run_folder / "model"), "--count", "8"]
    train = ["huohua", "train", art, _find(settings, "source", "data", "dataset") or "DATA"]
    flags = {"preset": _find(settings, "preset"), "size": _size(settings).replace(" × ", "x")}
    # Without these a machine or a version might choose others, and the run would not go on with them.
    flags |= {flag: settings.get(flag, "") for flag in ("batch", "seed", "precision")}
    for flag, value in flags.items():
        if value:
            train += [f"--{flag}", value]
    train += ["--out", str(run_folder), *_more(history)]
    return "\n".join(
        f"<h3>{say(lang, key)}</h3>\n<pre><code>{escape(shlex.join(command))}</code></pre>"
        for key, command in (("command_create", create), ("command_resume", train))
    )


def _more(history: History) -> list[str]:
    """Return a budget twice as large as what has been spent."""
    starts = history.of(Started)
    if starts and starts[-1].total_shown is None and starts[-1].total_seconds is not None:
        return ["--minutes", f"{max(1, round(history.seconds / 30))}"]
    return ["--kimg", f"{max(1, round(history.shown / 500))}"]


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]} …"
