"""Small collections of pictures, of music and of poems, drawn and written by code, for the documentation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Note, Piece, Tempo, Track

SUBJECTS = {"apple": "red", "lemon": "gold"}
MELODIES = {"folk": (0, 2, 4, 5, 7, 9, 11), "jazz": (0, 2, 3, 5, 7, 9, 10)}
# Lines of quatrains of the Tang, four and four.
LINES = (
    *("朝辞白帝彩云间", "千里江陵一日还", "两岸猿声啼不住", "轻舟已过万重山"),
    *("月落乌啼霜满天", "江枫渔火对愁眠", "姑苏城外寒山寺", "夜半钟声到客船"),
    *("日照香炉生紫烟", "遥看瀑布挂前川", "飞流直下三千尺", "疑是银河落九天"),
    *("黄河远上白云间", "一片孤城万仞山", "羌笛何须怨杨柳", "春风不度玉门关"),
    *("秦时明月汉时关", "万里长征人未还", "但使龙城飞将在", "不教胡马度阴山"),
    *("故人西辞黄鹤楼", "烟花三月下扬州", "孤帆远影碧空尽", "惟见长江天际流"),
)


def draw_pictures(folder: Path) -> None:
    """Draw ten pictures of each subject, no two alike."""
    for subject, colour in SUBJECTS.items():
        (folder / subject).mkdir(parents=True)
        for number in range(10):
            picture = Image.new("RGB", (40, 40), "white")
            box = (4 + number, 6, 24 + number, 30 + number // 2)
            ImageDraw.Draw(picture).ellipse(box, fill=colour)
            picture.save(folder / subject / f"{number}.png")


def write_pieces(folder: Path, *, count: int = 16, bars: int = 16) -> None:
    """Write so many pieces of each style: a tune that wanders through a scale, and a bass below it."""
    dice = np.random.default_rng(0)
    for style, scale in MELODIES.items():
        (folder / style).mkdir(parents=True)
        for number in range(count):
            length = (24, 48, 96)[number % 3]
            steps = np.clip(np.cumsum(dice.integers(-2, 3, bars * 192 // length)) + 3, 0, 6)
            tune = tuple(
                Note(start=length * at, duration=length, pitch=60 + scale[step])
                for at, step in enumerate(steps)
            )
            bass = tuple(Note(start=192 * bar, duration=192, pitch=36 + scale[0]) for bar in range(bars))
            tracks = (
                Track(name="tune", program=73, role="lead", notes=tune),
                Track(name="bass", program=32, role="bass", notes=bass),
            )
            piece = Piece(tracks=tracks, tempos=(Tempo(qpm=90.0 + number),))
            (folder / style / f"{number}.mid").write_bytes(midi_bytes(piece))


def write_quatrains(folder: Path, *, count: int = 40) -> None:
    """Write so many texts of each style, out of lines of old poems in a new order."""
    dice = np.random.default_rng(0)
    for style in ("tang-shi", "song-ci"):
        (folder / style).mkdir(parents=True)
        for number in range(count):
            one, two, three, four = (LINES[line] for line in dice.choice(len(LINES), 4, replace=False))
            text = f"{one}，{two}。\n{three}，{four}。\n"
            (folder / style / f"{number}.txt").write_text(text, encoding="utf-8")
