"""Quality at equal minutes: a split that never changes, distances with their floors, and a page of both."""

from __future__ import annotations

import argparse
import types
from collections import Counter

import numpy as np
import peers_training
import pytest
import quality_at_equal_minutes as quality
import quality_page
import torch
from peers_training import batches, pictures, train_for
from quality_measures import Bench, described
from results_page import Page

from huohua.arts.yardstick import Description


class MeanColour:
    """An extractor that sees the mean of each channel."""

    name = title = family = "mean colour"

    def look(self, sample):
        return Description(feature_NF=sample.mean((2, 3)).double().numpy(), tap_LNCP=[])


def plain(count, seed, *, low=0, high=256):
    """Return pictures of one colour each."""
    colour_NC = np.random.default_rng(seed).integers(low, high, (count, 3), dtype=np.uint8)
    return np.broadcast_to(colour_NC[:, None, None], (count, 8, 8, 3)).copy()


def bench(trained, held_out):
    return Bench(trained, held_out, networks={"first": MeanColour(), "second": MeanColour()}, subset=20)


def test_the_split_is_fair_and_always_the_same():
    names = [f"{number}.png" for number in range(500)]
    sets = quality.split(names)
    assert sets == quality.split(names)
    assert {name: len(each) for name, each in sets.items()} == {"held-out": 50, "all": 450, "200": 200}
    assert not set(sets["held-out"]) & set(sets["all"])
    assert set(sets["200"]) < set(sets["all"])


def test_everybody_has_a_first_seed_before_anybody_has_a_second():
    options = argparse.Namespace(sets=["all", "200"])
    places = {"all": "x", "200": "y"}
    names = list(quality.jobs_of(options, ["fast", "dcgan", "lightweight-gan"], places))
    assert names[:3] == ["all-fast-0", "all-dcgan-0", "all-lightweight-gan-0"]
    assert names[6:] == ["all-fast-1", "all-dcgan-1", "200-fast-1", "200-dcgan-1"]


def test_pictures_of_the_same_source_are_near_and_others_far():
    judge = bench(plain(80, 0), plain(60, 1))
    near, far = judge.measure(plain(70, 2)), judge.measure(plain(70, 2, low=200))
    for side in ("to_trained", "to_held_out"):
        same, other = getattr(near, side)["first"], getattr(far, side)["first"]
        assert abs(same.mean) < 3 * same.spread
        assert other.mean > 5 * other.spread
    assert far.diversity < 0.5 < near.diversity < 1.5


def test_copies_are_found_also_mirrored_and_the_held_out_works_are_not_copies():
    trained = np.random.default_rng(0).integers(0, 256, (120, 8, 8, 3), dtype=np.uint8)

    class Thumbnail(MeanColour):
        def look(self, sample):
            thumb = torch.nn.functional.adaptive_avg_pool2d(sample, 4).flatten(1)
            return Description(feature_NF=thumb.double().numpy(), tap_LNCP=[])

    held_out = np.random.default_rng(1).integers(0, 256, (40, 8, 8, 3), dtype=np.uint8)
    judge = Bench(trained, held_out, networks={"eyes": Thumbnail()}, subset=20)
    assert judge.measure(trained[:, :, ::-1]).copied == 1.0
    assert judge.measure(held_out).copied < 0.2
    assert judge.floor().copied == judge.measure(held_out).copied
    assert judge.nearest_works(trained[[5, 7]][:, :, ::-1]).tolist() == [5, 7]


def test_features_are_those_of_single_pictures():
    drawn = plain(130, 3)
    assert described(MeanColour(), drawn)[[0, 129]] == pytest.approx(
        drawn[[0, 129], 0, 0] / 127.5 - 1, abs=1e-5
    )


def measured(distance):
    numbers = {
        "efficientnet-lite1": {"mean": distance, "spread": 0.01},
        "vgg16": {"mean": 2 * distance, "spread": 0.0},
    }
    return {"to_trained": numbers, "to_held_out": numbers, "copied": 0.05, "diversity": 0.5}


def record(who, seed=0):
    return {
        "who": who, "seed": seed, "set": "200", "shown": 960, "seconds": 60.0, "processor_seconds": 90.0,
        "peak_memory_bytes": 1.5e9, "load_before": 0.1, "load_after": 1.0,
    }  # fmt: skip


RECORDS = {
    "200-fast-0": record("fast"),
    "200-fast-1": record("fast", 1),
    "200-dcgan-0": record("dcgan"),
    "200-stylegan2-pytorch-0": record("stylegan2-pytorch"),
}
QUALITIES = {
    "200-fast-0": measured(0.1),
    "200-fast-1": measured(0.3),
    "200-dcgan-0": measured(0.5),
    "200-stylegan2-pytorch-0": measured(0.1),
    "200-real": measured(0.001),
}


def test_distances_stand_beside_those_of_real_works():
    lines = quality_page.distances(RECORDS, QUALITIES, "200").splitlines()
    assert lines[2].startswith("| fast | 0 | 960 | 1.5 | 100.0 ± 10.0 | 100.0 ± 10.0 | 200.0 ± 0.0 |")
    assert lines[2].endswith("| 5.0% | 0.50 | 1.5 GB | 0.1, 1.0 |")
    assert lines[-1].startswith("| real works |")


def test_what_is_to_be_shown_is_judged_by_means_over_seeds():
    lines = quality_page.reached(RECORDS, QUALITIES).splitlines()
    assert lines[2] == "| ours / dcgan | 0.40 | 0.40 | 0.40 | 0.40 | ≤ 0.5 | yes |"
    assert lines[3] == "| ours / stylegan2-pytorch | 2.00 | 2.00 | 2.00 | 2.00 | < 1 | no |"
    assert quality_page.reached({"200-dcgan-0": RECORDS["200-dcgan-0"]}, QUALITIES) == ""


def test_the_page_shows_uncurated_pictures_of_everybody(tmp_path, made):
    for name in RECORDS:
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "pictures.npy", plain(20, 0))
        np.save(tmp_path / name / "nearest.npy", plain(12, 1))
    np.save(tmp_path / "real-200.npy", plain(12, 2))
    options = argparse.Namespace(
        work=tmp_path, minutes=1.0, threads=1, size=8, batch=4, samples=20, subset=10, eyes="Ours are flat."
    )
    page = Page(name="quality", title="Quality", made=made)
    quality_page.fill(page, RECORDS, QUALITIES, ["lightweight-gan is left out."], options)
    text = page.write(tmp_path / "out", {}).read_text(encoding="utf-8")
    assert "lightweight-gan is left out." in text
    assert "Ours are flat." in text
    assert set(page.pictures) == {"200", "nearest"}
    rows = len(RECORDS) + 1  # and one of real works
    assert page.pictures["200"].height == rows * (8 + 2 * 1 + 2) + 2


def test_every_work_is_shown_once_before_any_comes_again():
    images_NHWC = np.arange(10, dtype=np.uint8).repeat(12).reshape(10, 2, 2, 3)
    stream = batches(images_NHWC, 4, seed=0)
    shown = torch.cat([next(stream) for _ in range(5)])[:, 0, 0, 0]
    assert set(Counter(((shown + 1) * 127.5).round().int().tolist()).values()) == {2}


class Player:
    """A peer whose losses are not numbers in the rounds that are listed."""

    def __init__(self, *bad):
        self.bad, self.rounds, self.drawn = bad, 0, 0

    def step(self, real):
        self.rounds += 1
        if self.rounds in self.bad:
            raise type("NanException", (Exception,), {})

    def sample(self, count, *, averaged=False):
        self.drawn += count
        return torch.zeros(count, 3, 2, 2)


def clock(monkeypatch):
    """Let every look at the clock come one second after the last."""
    times = iter(range(10_000))
    ticking = types.SimpleNamespace(perf_counter=lambda: float(next(times)), process_time=lambda: 0.0)
    monkeypatch.setattr(peers_training, "time", ticking)


def test_a_peer_plays_until_the_budget_is_spent_in_rounds(monkeypatch):
    clock(monkeypatch)
    player = Player(2)
    trained = train_for(player, iter([torch.zeros(4, 3, 2, 2)] * 9), seconds=5)
    assert (trained.rounds, trained.shown, trained.seconds, trained.stumbles) == (5, 20, 5.0, 1)


def test_a_peer_that_stumbles_three_times_in_a_row_is_given_up(monkeypatch):
    clock(monkeypatch)
    with pytest.raises(ArithmeticError, match="3 times in a row"):
        train_for(Player(2, 3, 4), iter([torch.zeros(4, 3, 2, 2)] * 9), seconds=9)


def test_pictures_are_drawn_a_few_at_a_time():
    player = Player()
    assert pictures(player, 37).shape == (37, 2, 2, 3)
    assert player.drawn == 37
