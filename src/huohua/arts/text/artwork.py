"""A finished text with its recipe and origin, saved as a text, Markdown, JSON, or a typeset page.

Every file carries one JSON record and says in words that an AI made it: text files in their last lines,
Markdown in its head, pictures and pages at their foot and in their metadata. All of them can be opened again,
with the text as it was.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any, Literal

from PIL import Image, PngImagePlugin
from typing_extensions import Self

from huohua.arts.text.form_table import forms
from huohua.arts.text.pages.drawing import drawn
from huohua.arts.text.pages.layout import Page, laid_out
from huohua.arts.text.pages.pdf import pdf, record_in
from huohua.arts.text.pages.svg import svg
from huohua.arts.text.stanzas import with_gaps
from huohua.errors import DataError, UsageError
from huohua.files import write_bytes
from huohua.provenance.labels import xmp_packet
from huohua.provenance.record import LONGEST_RECORD, Origin, Recipe, Record

KEYWORD, TEXT_KEYWORD = "huohua", "huohua-text"
RULE = "⸻"
LARGEST_FILE = 64 << 20
Setting = Literal["", "vertical", "horizontal"]
_TRAILER = re.compile(rf"\n\n{RULE}\n[^\n]*\nhuohua:(\{{[^\n]*\}})\s*\Z")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n\n", re.DOTALL)
_HEAD_RECORD = re.compile(r"^huohua: '(.*)'$", re.MULTILINE)
_SVG_RECORD = re.compile(r'<huohua xmlns="[^"]*">([^<]*)</huohua>')


@dataclass(frozen=True, kw_only=True)
class TextArtwork:
    """A text, how it was made, and where it comes from.

    Attributes:
        text: with line feeds between lines.
        title: of the work, or "".
        form: the name of its form, or "".
        setting: "vertical" or "horizontal" on a page; "" leaves it to the text.
        recipe: how to make it again.
        origin: where it comes from.
    """

    text: str
    title: str = ""
    form: str = ""
    setting: Setting = ""
    recipe: Recipe
    origin: Origin

    @property
    def record(self) -> Record:
        """Return what is written into the file beside the text."""
        return Record(recipe=self.recipe, origin=self.origin)

    @property
    def work_id(self) -> str:
        """Return the number the work goes by: the same text and recipe give the same number."""
        digest = hashlib.sha256(self.recipe.to_json().encode())
        digest.update("\x1f".join((self.title, self.form, self.text)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]

    @property
    def label(self) -> str:
        """Return the words that say who made it, in Chinese and English."""
        return f"人工智能生成 · made by an AI ({self.origin.producer})"

    @property
    def description(self) -> str:
        """Return one line for people and screen readers."""
        return f"{' '.join(filter(None, (self.form, self.title))) or 'text'}, {self.label}"

    def told(self, *, recipe: Recipe, origin: Origin) -> Self:
        """Return the same text with another record."""
        return replace(self, recipe=recipe, origin=origin)

    def page(self) -> Page:
        """Return the work as it stands on a page.

        Raises:
            MissingDependencyError: the text is Chinese, and no typeface of this system has it.
        """
        form = forms().get(self.form)
        text = with_gaps(self.text, form) if form else self.text
        return laid_out(text, title=self.title, label=self.label, setting=self.setting or None)

    def encode(self, suffix: str) -> bytes:
        """Return the content of a file that ends with `suffix`.

        Raises:
            UsageError: texts are not saved in such files.
            MissingDependencyError: a typeface or a library for this kind of file is missing.
        """
        encoder = ENCODERS.get(suffix.lower())
        if encoder is None:
            raise UsageError(
                f"Texts are not saved as '{suffix}'.", advice=f"Use one of {', '.join(ENCODERS)}."
            )
        return encoder(self)

    def save(self, path: str | Path) -> Path:
        """Write the text with its record and label, whole or not at all, and return its path.

        Raises:
            UsageError: the ending of `path` is none that texts are saved in.
            StorageError: the file cannot be written.
        """
        path = Path(path).expanduser()
        write_bytes(path, self.encode(path.suffix))
        return path

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a text that Huohua made.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        path = Path(path).expanduser()
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise DataError(f"{path} is no kind of file that Huohua makes texts in.")
        found = reader(_content(path))
        if found is None:
            raise DataError(
                f"{path} carries no Huohua recipe.",
                advice="It was made by another program, or the part that holds the recipe was taken out.",
            )
        return cls(**_facts(found, source=str(path)))

    def facts(self, *, text: bool = True) -> str:
        """Return everything about the work as one line of JSON in ASCII."""
        found: dict[str, Any] = {"title": self.title, "form": self.form, "setting": self.setting}
        if text:
            found["text"] = self.text
        found["record"] = self.record.model_dump(mode="json")
        return json.dumps(found, ensure_ascii=True, separators=(",", ":"))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def _txt(work: TextArtwork) -> bytes:
    return f"{work.text}\n\n{RULE}\n{work.label}\nhuohua:{work.facts(text=False)}\n".encode()


def _md(work: TextArtwork) -> bytes:
    quoted = work.facts(text=True).replace("'", "''")
    head = ["---", *([f"title: {json.dumps(work.title, ensure_ascii=False)}"] if work.title else [])]
    head += [
        *([f"form: {work.form}"] if work.form else []),
        f"label: {work.label}",
        f"huohua: '{quoted}'",
        "---",
    ]
    body = re.sub(r"(?<=[^\n])\n(?=[^\n])", "  \n", work.text)
    heading = f"# {work.title}\n\n" if work.title else ""
    return ("\n".join(head) + f"\n\n{heading}{body}\n\n*{work.label}*\n").encode()


def _json(work: TextArtwork) -> bytes:
    found = {**json.loads(work.facts()), "lines": work.text.split("\n"), "label": work.label}
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _png(work: TextArtwork) -> bytes:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt(KEYWORD, work.record.to_ascii())
    chunks.add_itxt(TEXT_KEYWORD, work.facts())
    chunks.add_itxt("Description", work.description)
    chunks.add_itxt("XML:com.adobe.xmp", xmp_packet(work.record, work_id=work.work_id))
    buffer = io.BytesIO()
    drawn(work.page()).save(buffer, format="PNG", pnginfo=chunks)
    return buffer.getvalue()


def _svg(work: TextArtwork) -> bytes:
    packet = xmp_packet(work.record, work_id=work.work_id)
    return svg(work.page(), description=work.description, record=work.facts(), packet=packet).encode()


def _pdf(work: TextArtwork) -> bytes:
    packet = xmp_packet(work.record, work_id=work.work_id)
    return pdf(svg(work.page()), title=work.title or work.form, record=work.facts(), packet=packet)


# The usual ending first.
ENCODERS: Mapping[str, Callable[[TextArtwork], bytes]] = {
    ".txt": _txt,
    ".md": _md,
    ".json": _json,
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
}


# ── reading: each returns the facts as JSON, or None where there are none ────────────────────────


def _read_txt(content: bytes) -> str | None:
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    found = _TRAILER.search(text)
    if found is None:
        return None
    # The text above is what counts, so that a person may put a word right.
    return _with_text(found[1], text[: found.start()])


def _read_md(content: bytes) -> str | None:
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    head = _HEAD.match(text)
    found = _HEAD_RECORD.search(head[1]) if head else None
    return found[1].replace("''", "'") if found else None


def _read_json(content: bytes) -> str | None:
    return content.decode("utf-8-sig", "replace")


def _read_png(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            picture.load()
            found = picture.info.get(TEXT_KEYWORD)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    return str(found) if isinstance(found, str) else None


def _read_svg(content: bytes) -> str | None:
    found = _SVG_RECORD.search(content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else None


def _read_pdf(content: bytes) -> str | None:
    return record_in(content) or None


_READERS: Mapping[str, Callable[[bytes], str | None]] = {
    ".txt": _read_txt,
    ".md": _read_md,
    ".json": _read_json,
    ".png": _read_png,
    ".svg": _read_svg,
    ".pdf": _read_pdf,
}


def _with_text(facts: str, text: str) -> str | None:
    try:
        return json.dumps({**json.loads(facts), "text": text})
    except (ValueError, TypeError, RecursionError):
        return None


def _facts(found: str, *, source: str) -> dict[str, Any]:
    damaged = DataError(
        f"The recipe in {source} cannot be read.",
        advice="It is damaged, or was written by a newer Huohua: update and try again.",
    )
    try:
        facts = json.loads(found)
        title, form, setting, text = (facts[key] for key in ("title", "form", "setting", "text"))
        record = json.dumps(facts["record"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged from error
    if not all(isinstance(fact, str) for fact in (title, form, setting, text)):
        raise damaged
    if setting not in ("", "vertical", "horizontal") or len(record) > LONGEST_RECORD:
        raise damaged
    read = Record.read(record, source=source)
    facts = {"text": text, "title": title, "form": form, "setting": setting}
    return {**facts, "recipe": read.recipe, "origin": read.origin}


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path} is too large to be a text of Huohua.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
