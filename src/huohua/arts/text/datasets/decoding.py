"""From the bytes of a file to text: encodings, line ends, and what is no text at all.

UTF-8 is tried first because a text that is valid UTF-8 is nearly never anything else. Of other encodings a
statistical detector names the likeliest, except that Chinese ones are told apart by whether the characters
they give are ones that books use. Where most of a file is UTF-8 and some lines are not, those lines alone
are read in their own encoding.
"""

from __future__ import annotations

import codecs
import importlib.util
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from huohua.arts.text.han import is_han
from huohua.arts.text.tables.rhyme_book import rhyme_book
from huohua.errors import DataError, MissingDependencyError

MOST_BYTES = 256 << 20
_SAMPLE = 64 << 10
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ACCENTED = frozenset("àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßš")
_CHINESE = ("gb18030", "big5hkscs")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_TRAILING = re.compile(r"[ \t\u3000\xa0]+\n")
_GAP = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A text, the encoding it was in, and a remark, "" where nothing is worth saying."""

    text: str
    encoding: str
    remark: str = ""


def decode(content: bytes) -> Decoded:
    """Return the text of a file: one kind of line end, composed (NFC), without control characters.

    Raises:
        DataError: the file is empty, is no text, or no encoding fits.
    """
    if not content.strip():
        raise DataError("the file is empty")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(text=tidy(content.decode(encoding)), encoding=encoding)
            except UnicodeDecodeError as error:
                raise DataError(f"the file says it is {encoding} and is not") from error
    if b"\0" in content[:_SAMPLE]:
        raise DataError("the file is not a text")
    try:
        text, encoding, remark = content.decode("utf-8"), "utf-8", ""
    except UnicodeDecodeError:
        text, encoding, remark = _not_utf8(content)
    if len(_CONTROL.findall(text[:_SAMPLE])) * 20 > len(text[:_SAMPLE]):
        raise DataError("the file is not a text")
    return Decoded(text=tidy(text), encoding=encoding, remark=remark)


def tidy(text: str) -> str:
    r"""Return a text with one kind of line end, composed characters, no control characters, no blank edges.

    Example:
        >>> tidy("\ufeffe\u0301t\u00e9 \r\nb\x07\n\n\n\nc ")
        'été\nb\n\nc'
    """
    for pattern, replacement in ((_LINE_ENDS, "\n"), (_CONTROL, "")):
        if pattern.search(text):  # which most texts need not, and looking takes half as long as replacing
            text = pattern.sub(replacement, text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _TRAILING.sub("\n", text)
    return _GAP.sub("\n\n", text).strip("\n \t\u3000\xa0")


def _not_utf8(content: bytes) -> tuple[str, str, str]:
    lines = content.split(b"\n")
    strange = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    spoken = sum(1 for line in lines if not line.isascii())
    if 2 * len(strange) < spoken:
        encoding = _detected(b"\n".join(lines[number] for number in strange[:200]))
        odd = set(strange)
        text = "\n".join(
            line.decode(encoding if number in odd else "utf-8", errors="replace")
            for number, line in enumerate(lines)
        )
        return text, "utf-8", f"line {strange[0] + 1} and {len(strange) - 1} others were read as {encoding}"
    encoding = _detected(content[:_SAMPLE] if len(content) <= _SAMPLE else _whole_lines(content))
    try:
        return content.decode(encoding), encoding, f"it was read as {encoding}"
    except UnicodeDecodeError as error:
        raise DataError(f"the file is in no encoding that fits; {encoding} comes nearest") from error


def _whole_lines(content: bytes) -> bytes:
    """Return the start of a file up to a line end, so that no character is cut."""
    cut = content.rfind(b"\n", 0, _SAMPLE)
    return content[: cut if cut > 0 else _SAMPLE]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _detected(sample: bytes) -> str:
    """Return the likeliest encoding of some bytes that are not UTF-8.

    Raises:
        DataError: none fits.
        MissingDependencyError: the detector is not installed.
    """
    scores = {encoding: _share_of_known(sample, encoding) for encoding in _CHINESE}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] > 0.9:
        return best
    if _looks_western(sample):
        return "cp1252"
    if importlib.util.find_spec("charset_normalizer") is None:
        raise MissingDependencyError(
            "Telling encodings apart needs charset-normalizer.",
            advice='Install it with: pip install "huohua[text]", or save the texts as UTF-8.',
        )
    from charset_normalizer import from_bytes

    found = from_bytes(sample).best()
    if found is None:
        raise DataError("the file is in no encoding that is known, or is not a text")
    return str(found.encoding)


def _looks_western(sample: bytes) -> bool:
    """Return whether bytes are Latin letters with a few accents between, as in French or German.

    The statistics of short texts prefer rarer code pages of the same letters.
    """
    letters = [letter for letter in sample.decode("cp1252", errors="replace") if letter.isalpha()]
    accented = [letter for letter in letters if not letter.isascii()]
    return len(accented) < 0.3 * len(letters) and all(letter.lower() in _ACCENTED for letter in accented)


def _share_of_known(sample: bytes, encoding: str) -> float:
    """Return which share of the letters beyond ASCII are Chinese characters that books use."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError as error:
        # A sample may end inside a character; anything else speaks against the encoding.
        if error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(encoding)
    beyond = [letter for letter in text if letter.isalpha() and not letter.isascii()]
    return sum(letter in _usual() for letter in beyond) / len(beyond) if beyond else 0.0


@cache
def _usual() -> frozenset[str]:
    """Return the characters of the rhyme books, and where OpenCC is there their traditional forms."""
    known = {letter for letter in rhyme_book("pingshui").tones if is_han(letter)}
    from huohua.arts.text.script import can_convert, to_traditional

    return frozenset(known | set(to_traditional("".join(sorted(known)))) if can_convert() else known)
