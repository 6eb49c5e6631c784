"""Poems small enough to be learnt in seconds, and networks that fit them."""

from __future__ import annotations

import torch

from huohua.adversarial.game import Moment
from huohua.arts.text.craft import TextCraft
from huohua.arts.text.feed import LayoutSettings, TextWorks
from huohua.arts.text.networks.reader import Reader, ReaderSettings
from huohua.arts.text.networks.writer import Writer, WriterSettings
from huohua.arts.text.passages import Passage, Source, passages_of
from huohua.arts.text.signs import Signs
from huohua.arts.text.vocabulary import Vocabulary

POEMS = (
    "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。",
    "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。",
    "千山鸟飞绝，万径人踪灭。\n孤舟蓑笠翁，独钓寒江雪。",
    "红豆生南国，春来发几枝。\n愿君多采撷，此物最相思。",
    "空山不见人，但闻人语响。\n返景入深林，复照青苔上。",
    "独坐幽篁里，弹琴复长啸。\n深林人不知，明月来相照。",
)
TITLES = ("静夜思", "登鹳雀楼", "江雪", "相思", "鹿柴", "竹里馆")


class Characters:
    """Each character of the poems is a token; 0 ends a work and 1 is any other character."""

    def __init__(self) -> None:
        letters = dict.fromkeys("".join((*POEMS, *TITLES)))
        self.vocabulary = Vocabulary(pieces=("", "", *letters), end=0)

    def encode(self, text: str) -> list[int]:
        return [self.vocabulary.ids.get(letter, 1) for letter in text]


TOKENISER = Characters()
LABELS = ("style:tang", "style:song", "form:五绝")
SIGNS = Signs(first=len(TOKENISER.vocabulary), end=0, labels=LABELS)
WIDTH = {"width": 32, "blocks": 2, "heads": 2, "longest": 96}


def passages() -> list[Passage]:
    labels = tuple(SIGNS.known(["style:tang", "form:五绝"]))
    sources = [Source(text=t, title=n, labels=labels) for t, n in zip(POEMS, TITLES, strict=True)]
    return passages_of(sources, TOKENISER, longest=60)


def works(**layout: float) -> TextWorks:
    return TextWorks(passages(), SIGNS, LayoutSettings(**layout), length=96, device=torch.device("cpu"))


def writer(*, dropout: float = 0.0) -> Writer:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Writer(WriterSettings(vocabulary=len(SIGNS), dropout=dropout, **WIDTH))


def reader(*, dropout: float = 0.0) -> Reader:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        settings = ReaderSettings(vocabulary=len(SIGNS), labels=len(LABELS), dropout=dropout, **WIDTH)
        return Reader(settings)


def craft(**more: int) -> TextCraft:
    return TextCraft(signs=SIGNS, **more)


def batch(count: int = 6, **layout: float):
    import numpy as np

    return works(**layout).take(np.arange(count), Moment())
