"""A piano roll: time from left to right, pitch from low to high, drums below, one colour for each role.

Long pieces go on in further rows, cut at bar lines. Everything is drawn twice as large and reduced, which
smooths the edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from huohua.arts.music.colours import (
    BAR_LINE,
    BEAT_LINE,
    BLACK_KEYS,
    FADED,
    INK,
    OCTAVE_LINE,
    OTHER_COLOURS,
    PAPER,
    ROLE_COLOURS,
    Colour,
)
from huohua.arts.music.piece import TICKS, Bar, Note, Piece, Track
from huohua.arts.music.rhythm import pulse
from huohua.arts.music.roles import DRUM_OF_PITCH, DRUMS

SMOOTH = 2
# Pixels of the finished picture.
QUARTER = 44
ROW_WIDTH = 1408
SEMITONE = 7
LANE = 11
LEFT, RIGHT, TOP, GAP, BOTTOM = 64, 24, 78, 40, 20
# Phrases are mostly of four or eight bars, so rows are too.
ROW_BARS = 8
MOST_ROWS = 24
# The fewest semitones shown, so that a piece of three notes is no wall of colour.
LEAST_RANGE = 24
BLACK = frozenset((1, 3, 6, 8, 10))


_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Where things go: the bars of each row, the pitches shown, and whether there are drums."""

    rows: tuple[tuple[Bar, ...], ...]
    low: int
    high: int
    drums: bool

    @property
    def pitched(self) -> int:
        return (self.high - self.low + 1) * SEMITONE

    @property
    def row_height(self) -> int:
        return self.pitched + (len(DRUMS) * LANE + 8 if self.drums else 0)

    @property
    def width(self) -> int:
        ticks = max(row[-1].end - row[0].start for row in self.rows)
        return LEFT + _pixels(max(ticks, 8 * TICKS)) + RIGHT

    @property
    def height(self) -> int:
        return TOP + len(self.rows) * (self.row_height + GAP) + BOTTOM

    def top(self, row: int) -> int:
        return TOP + row * (self.row_height + GAP)


def roll(piece: Piece) -> Image.Image:
    """Return the piano roll of a piece as an RGB picture; an empty piece gives an empty bar."""
    plan = _plan(piece)
    page = Image.new("RGB", (plan.width * SMOOTH, plan.height * SMOOTH), PAPER)
    pen = ImageDraw.Draw(page, "RGBA")
    for row, bars in enumerate(plan.rows):
        _ground(pen, plan, row, bars)
        for track, colour in _coloured(piece.tracks):
            _notes(pen, plan, row, bars, track, colour)
    page = page.resize((plan.width, plan.height), Image.Resampling.LANCZOS)
    _words(ImageDraw.Draw(page), plan, piece)
    return page


def _plan(piece: Piece) -> _Plan:
    bars = piece.bars or (Bar(start=0, end=piece.metres[0].bar, metre=piece.metres[0]),)
    rows: list[list[Bar]] = [[]]
    for bar in bars:
        if rows[-1] and _is_full(rows[-1], bar):
            rows.append([])
        rows[-1].append(bar)
    pitches = [note.pitch for track in piece.tracks if not track.drums for note in track.notes]
    drums = any(track.drums and track.notes for track in piece.tracks)
    low, high = (min(pitches) - 2, max(pitches) + 2) if pitches else (60, 60 if drums else 83)
    spare = max(0, LEAST_RANGE - (high - low + 1)) if pitches else 0
    return _Plan(
        rows=tuple(map(tuple, rows[:MOST_ROWS])),
        low=low - spare // 2,
        high=high + (spare + 1) // 2,
        drums=drums,
    )


def _is_full(row: Sequence[Bar], following: Bar) -> bool:
    """Return whether a row is long enough: eight bars, or sixteen of short ones, or as much as fits."""
    long = 2 * _pixels(row[-1].end - row[0].start) > ROW_WIDTH
    too_long = _pixels(following.end - row[0].start) > ROW_WIDTH
    return too_long or len(row) == 2 * ROW_BARS or (len(row) == ROW_BARS and long)


def _pixels(ticks: int) -> int:
    return ticks * QUARTER // TICKS


def _coloured(tracks: Sequence[Track]) -> list[tuple[Track, Colour]]:
    """Return tracks with their colours, those that are drawn over the others last."""
    others = iter(OTHER_COLOURS * (1 + len(tracks) // len(OTHER_COLOURS)))
    coloured = [(track, ROLE_COLOURS[track.role] if track.role else next(others)) for track in tracks]
    under = {"harmony": 0, "drums": 0, None: 1, "bass": 2, "inner": 2, "counter": 3, "lead": 4}
    return sorted(coloured, key=lambda pair: under[pair[0].role])


def _ground(pen: ImageDraw.ImageDraw, plan: _Plan, row: int, bars: Sequence[Bar]) -> None:
    """Draw rows of keys, octaves, beats and bar lines."""
    top, first = plan.top(row), bars[0].start
    right = LEFT + _pixels(bars[-1].end - first)
    for pitch in range(plan.low, plan.high + 1):
        above = top + (plan.high - pitch) * SEMITONE
        if pitch % 12 in BLACK:
            _box(pen, LEFT, above, right, above + SEMITONE, BLACK_KEYS)
        if pitch % 12 == 0:
            _box(pen, LEFT, above + SEMITONE - 0.5, right, above + SEMITONE + 0.5, OCTAVE_LINE)
    bottom = top + plan.row_height
    for bar in bars:
        for beat in range(bar.start, bar.end, pulse(bar.metre)):
            place = LEFT + _pixels(beat - first)
            thick, colour = (0.8, BAR_LINE) if beat == bar.start else (0.5, BEAT_LINE)
            _box(pen, place - thick, top, place + thick, bottom, colour)
    _box(pen, right - 0.8, top, right + 0.8, bottom, BAR_LINE)
    if plan.drums:
        for lane in range(len(DRUMS) + 1):
            above = top + plan.pitched + 8 + lane * LANE
            _box(pen, LEFT, above - 0.3, right, above + 0.3, OCTAVE_LINE)


def _notes(
    pen: ImageDraw.ImageDraw, plan: _Plan, row: int, bars: Sequence[Bar], track: Track, colour: Colour
) -> None:
    first, last = bars[0].start, bars[-1].end
    for note in track.notes:
        if note.start < last and note.end > first:
            start, end = max(note.start, first) - first, min(note.end, last) - first
            if track.drums:
                _stroke(pen, plan, row, note, LEFT + _pixels(start), colour)
            else:
                _bar(pen, plan, row, note, (LEFT + _pixels(start), LEFT + _pixels(end)), colour)


def _bar(
    pen: ImageDraw.ImageDraw, plan: _Plan, row: int, note: Note, span: tuple[int, int], colour: Colour
) -> None:
    above = plan.top(row) + (plan.high - note.pitch) * SEMITONE
    left, right = span[0] + 0.5, max(span[1] - 0.5, span[0] + 2.5)
    # The soft ones are paler, and every one has a darker head, so that repeated notes are seen apart.
    strength = 110 + note.velocity * 145 // 127
    _round(pen, left, above + 0.3, right, above + SEMITONE - 0.3, (*colour, strength))
    dark = tuple(part * 3 // 4 for part in colour)
    _round(pen, left, above + 0.3, min(left + 2, right), above + SEMITONE - 0.3, (*dark, strength))


def _stroke(pen: ImageDraw.ImageDraw, plan: _Plan, row: int, note: Note, place: int, colour: Colour) -> None:
    drum = DRUM_OF_PITCH.get(note.pitch)
    if drum is None:
        return
    middle = plan.top(row) + plan.pitched + 8 + (len(DRUMS) - 0.5 - DRUMS.index(drum)) * LANE
    size = 1.6 + note.velocity / 127 * 2.4
    diamond = [(place + 1, middle - size), (place + 1 + size, middle), (place + 1, middle + size)]
    points = [(x * SMOOTH, y * SMOOTH) for x, y in (*diamond, (place + 1 - size, middle))]
    pen.polygon(points, fill=(*colour, 255))


def _box(
    pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: Colour
) -> None:
    pen.rectangle(
        (round(left * SMOOTH), round(top * SMOOTH), round(right * SMOOTH) - 1, round(bottom * SMOOTH) - 1),
        fill=colour,
    )


def _round(
    pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: tuple[int, ...]
) -> None:
    pen.rounded_rectangle(
        (left * SMOOTH, top * SMOOTH, right * SMOOTH - 1, bottom * SMOOTH - 1),
        radius=SMOOTH * 1.5,
        fill=colour,
    )


def _words(pen: ImageDraw.ImageDraw, plan: _Plan, piece: Piece) -> None:
    """Write the title, what the colours mean, the numbers of bars, and the names of octaves and drums."""
    small, large = ImageFont.load_default(size=11), ImageFont.load_default(size=20)
    pen.text((LEFT, 14), _latin(piece.title) or "Untitled", fill=INK, font=large)
    _legend(pen, piece, small)
    number = 1
    for row, bars in enumerate(plan.rows):
        top = plan.top(row)
        for bar in bars:
            place = LEFT + _pixels(bar.start - bars[0].start)
            pen.text((place + 2, top - 15), str(number), fill=FADED, font=small)
            number += 1
        for pitch in range(plan.low, plan.high + 1):
            if pitch % 12 == 0:
                above = top + (plan.high - pitch) * SEMITONE + SEMITONE / 2
                pen.text((LEFT - 8, above), f"C{pitch // 12 - 1}", fill=FADED, font=small, anchor="rm")
        for lane, drum in enumerate(reversed(DRUMS) if plan.drums else ()):
            middle = top + plan.pitched + 8 + (lane + 0.5) * LANE
            pen.text((LEFT - 8, middle), drum, fill=FADED, font=ImageFont.load_default(size=9), anchor="rm")
    bars_drawn = number - 1
    if bars_drawn < len(piece.bars):
        words = f"bars 1 to {bars_drawn} of {len(piece.bars)}"
        pen.text((plan.width - RIGHT, plan.height - BOTTOM), words, fill=FADED, font=small, anchor="rm")


def _legend(
    pen: ImageDraw.ImageDraw, piece: Piece, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> None:
    place = float(LEFT)
    shown: list[str] = []
    colours = {id(track): colour for track, colour in _coloured(piece.tracks)}
    for track in piece.tracks:
        words = track.role or _latin(track.name) or "track"
        if not track.notes or words in shown:
            continue
        shown.append(words)
        pen.rounded_rectangle((place, 48, place + 14, 55), radius=2, fill=colours[id(track)])
        pen.text((place + 20, 52), words, fill=INK, font=font, anchor="lm")
        place += 20 + font.getlength(words) + 18


def _latin(text: str) -> str:
    """Return a text without the letters that the built-in font lacks; "" where little is left of it."""
    kept = "".join(letter for letter in text if letter < "\u0180").strip()
    return kept if 2 * len(kept) >= len(text) else ""
