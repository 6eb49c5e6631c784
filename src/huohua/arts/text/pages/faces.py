"""Typefaces of this system that have Chinese and Latin characters; none comes with the package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

from huohua.arts.text.han import HAN
from huohua.errors import MissingDependencyError

# As systems name their files, the most bookish first; the library looks where systems keep them.
FILES = (
    "NotoSerifCJK-Regular.ttc",
    "SourceHanSerifSC-Regular.otf",
    "LXGWWenKai-Regular.ttf",
    "Songti.ttc",
    "STSONG.TTF",
    "simsun.ttc",
    "NotoSansCJK-Regular.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "wqy-zenhei.ttc",
)
LATIN_FILES = ("DejaVuSerif.ttf", "Georgia.ttf", "LiberationSerif-Regular.ttf")
# How a page that other programs draw names them.
FAMILIES = (
    *("Noto Serif CJK SC", "Source Han Serif SC", "LXGW WenKai", "Songti SC", "STSong", "SimSun"),
    *("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "serif"),
)

Face = ImageFont.FreeTypeFont


@cache
def face(size: int, *, chinese: bool) -> Face:
    """Return a typeface of a size in pixels.

    Raises:
        MissingDependencyError: Chinese is asked for, and no typeface of this system has it.
    """
    found = _first(FILES, size)
    if found is None and not chinese:
        found = _first(LATIN_FILES, size)
    if found is not None:
        return found
    if not chinese and isinstance(small := ImageFont.load_default(size), ImageFont.FreeTypeFont):
        return small
    raise MissingDependencyError(
        "No typeface with Chinese characters was found.",
        advice="Install one, on Debian with: apt-get install fonts-noto-cjk. Text files need none.",
    )


def face_for(text: str, size: int, *, chinese: bool) -> Face:
    """Return a typeface that can set a text.

    Shaping joins Arabic letters and turns lines that run from right to left, but gives up on some characters
    that have no shape in the typeface; these texts are set letter by letter.

    Raises:
        MissingDependencyError: as `face`.
    """
    shaped = face(size, chinese=chinese)
    try:
        shaped.getlength(text)
        shaped.getbbox(text)
    except (RuntimeError, OSError):
        return shaped.font_variant(layout_engine=ImageFont.Layout.BASIC)
    return shaped


def has_chinese(text: str) -> bool:
    """Return whether a text holds a Chinese character."""
    return HAN.search(text) is not None


def _first(files: Sequence[str], size: int) -> Face | None:
    for file in files:
        try:
            found = ImageFont.truetype(file, size)
        except OSError:
            continue
        return _simplified(found, file, size)
    return None


def _simplified(found: Face, file: str, size: int) -> Face:
    """Return the member of a collection that is made for simplified Chinese, or its first."""
    for index in range(1, 10):
        if str(found.getname()[0]).endswith(" SC") or not file.endswith(".ttc"):
            break
        try:
            other = ImageFont.truetype(file, size, index=index)
        except OSError:
            break
        if str(other.getname()[0]).endswith(" SC"):
            return other
    return found
