"""The fronts of texts: equal diversity by hand, and a page from networks that know nothing."""

from __future__ import annotations

import json

import pytest

from huohua.arts.text.frame import TextFrame
from huohua.arts.text.presets import TextPreset
from huohua.arts.text.training import build_players
from huohua.arts.text.wording import Wording
from huohua.arts.text.writing import Desk

SMALL = {"width": 32, "blocks": 1, "heads": 2}


def point(way, temperature, **figures):
    from text_fronts import Point

    usual = {"lm": 3.0, "reverse_lm": 4.0, "bleu": 0.3, "self_bleu": 0.3}
    rest = {"distinct_2": 0.5, "copied_lines": 0.0, "longest_copy": 3, "told_apart": 0.6}
    return Point(way=way, temperature=temperature, **{**usual, **rest, **figures})


def test_quality_at_equal_diversity_is_between_the_points_and_nowhere_beyond():
    from text_fronts import at_equal

    front = [point("a", 1.0, lm=3.0, reverse_lm=4.0), point("a", 0.7, lm=2.0, reverse_lm=5.0)]
    assert at_equal(front, 4.25, across="reverse_lm", along="lm") == pytest.approx(2.75)
    assert at_equal(front, 5.5, across="reverse_lm", along="lm") is None


def test_gains_are_better_at_equal_diversity_in_either_direction():
    from text_fronts import gains

    base = [
        point("likelihood", t, lm=3 - t, reverse_lm=4 + t, bleu=0.2 + t / 10, self_bleu=0.2 + t / 5)
        for t in (0, 1)
    ]
    other = [
        point("game", 1, lm=2.3, reverse_lm=4.5, bleu=0.3, self_bleu=0.3),
        point("game", 2, reverse_lm=9, self_bleu=0.9),
    ]
    assert gains({"likelihood": base, "game": other}, "likelihood") == [["game", "+0.200 (1)", "+0.050 (1)"]]


@pytest.fixture
def desk_and_texts(tmp_path):
    from text_ways import open_texts

    letters = "春花秋月何时了往事知多少小楼昨夜又东风故国不堪回首明中"
    rows = [
        {
            "text": f"{letters[n % 20 : n % 20 + 5]}，{letters[(n * 3) % 20 : (n * 3) % 20 + 5]}。{n}",
            "style": "ab"[n % 2],
        }
        for n in range(120)
    ]
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    from huohua.arts.text.datasets.dataset import open_dataset

    wording = Wording.learn(open_dataset(path))
    preset = TextPreset(about="", generator_settings=SMALL, discriminator_settings=SMALL)
    players = build_players(preset, wording, TextFrame(tokens=96), seed=0)
    desk = Desk(players.writer.network, players.reader.network, wording)
    return desk, open_texts(str(path), wording, works=4, seed=0)


def test_a_page_is_written_of_all_ways(desk_and_texts, tmp_path, made, monkeypatch):
    import text_fronts
    from text_ways import ways_of

    desk, texts = desk_and_texts
    monkeypatch.setattr(text_fronts, "told_apart", lambda *a, **k: 0.5)
    ways = ways_of(desk, desk, {"seqgan": desk}, [0.8, 1.0], 2)
    points, real = text_fronts.measure_all(texts, ways, seed=0)
    assert [p.way for p in points].count("likelihood, reader chooses") == 2
    assert all(p.lm > 0 and 0 <= p.bleu <= 1 and 0 < p.distinct_2 <= 1 for p in [*points, real])
    # Real texts are likelier to a judge of real texts than what a fresh network writes.
    assert real.lm < min(p.lm for p in points)
    page = text_fronts.page_of(points, real, texts, made).write(tmp_path, {})
    assert "after the game, reader chooses" in page.read_text(encoding="utf-8")
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_of_drafts_the_reader_takes_the_one_it_likes(desk_and_texts):
    import torch
    from text_ways import Way, write

    desk, texts = desk_and_texts

    class Certain:
        def energies(self, laid):
            return torch.tensor([0.0] + [100.0] * (len(laid) - 1))

    judged = write(Way(name="x", desk=desk, temperature=1.0, judge=Certain(), drafts=3), texts, seed=1)
    plain = write(Way(name="x", desk=desk, temperature=1.0, drafts=3), texts, seed=1)
    assert judged == plain[::3]
