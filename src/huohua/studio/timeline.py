"""What happened in a run, for people: starts, warnings, roll-backs and the end, each with its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from huohua.adversarial.events import Event, Finished, RolledBack, Started, Warned
from huohua.studio.history import History
from huohua.studio.plots import compact
from huohua.studio.report_words import WORDS, Language, duration, name, say


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that happened, or the same thing several times in a row."""

    style: str
    seconds: float
    shown: int
    text: str
    detail: str = ""
    count: int = 1


def timeline(history: History, lang: Language) -> str:
    """Return what happened as an HTML list."""
    items = "".join(_line(item, lang) for item in _merged(list(_items(history.events, lang))))
    return f'<ol class="timeline">{items}</ol>'


def _items(events: Sequence[Event], lang: Language) -> Iterator[Item]:
    for event in events:
        match event:
            case Started():
                key = "event_resumed" if event.resumed else "event_started"
                yield _item("start", event, say(lang, key))
            case Warned():
                problem = name(lang, event.problem, "problem")
                message, remedy = _words(event, lang)
                text = f"{problem}{say(lang, 'colon')}{message}" if message else problem
                yield _item("warning", event, text[:1].upper() + text[1:], remedy)
            case RolledBack():
                problem = name(lang, event.problem, "problem")
                text = say(lang, "event_rolled_back", works=f"{event.to_shown:,}", problem=problem)
                yield _item("rollback", event, text, _changes(event, lang))
            case Finished():
                key = f"event_{event.reason}"
                style = "rollback" if event.reason == "failed" else "end"
                yield _item(style, event, say(lang, key) if key in WORDS[lang] else event.reason)
            case _:
                pass


def _item(style: str, event: Event, text: str, detail: str = "") -> Item:
    return Item(style=style, seconds=event.seconds, shown=event.shown, text=text, detail=detail)


def _words(event: Warned, lang: Language) -> tuple[str, str]:
    """Return a warning's message and remedy; its own are in English, so another language has the table's."""
    words = WORDS[lang]
    own = lang == "en" and bool(event.message)
    message = event.message if own else words.get(f"warned_{event.problem}", event.message)
    remedy = event.remedy if own else words.get(f"remedy_{event.problem}", event.remedy)
    return message, remedy


def _changes(event: RolledBack, lang: Language) -> str:
    if not event.changes:
        return ""
    # Factors of 1 changed nothing.
    changed = [f"{name(lang, key)} × {compact(value)}" for key, value in event.changes.items() if value != 1]
    return say(lang, "event_changes", changes=say(lang, "list_comma").join(changed)) if changed else ""


def _merged(items: Sequence[Item]) -> list[Item]:
    merged: list[Item] = []
    for item in items:
        if merged and (merged[-1].text, merged[-1].detail) == (item.text, item.detail):
            merged[-1] = replace(merged[-1], count=merged[-1].count + 1)
        else:
            merged.append(item)
    return merged


def _line(item: Item, lang: Language) -> str:
    times = say(lang, "event_times", count=item.count) if item.count > 1 else ""
    when = say(lang, "sheet_caption", works=f"{item.shown:,}", time=duration(lang, item.seconds))
    detail = f"<small>{escape(item.detail)}</small>" if item.detail else ""
    return (
        f'<li class="{item.style}"><time>{escape(when)}</time>'
        f"<div><p>{escape(item.text)}{times}</p>{detail}</div></li>\n"
    )
