"""Whether pictures show what a prompt asks for: rules by known colours, and a page of known pictures."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from prompt_claims import (
    ALONE,
    COLOURS,
    SETS,
    Claim,
    Judge,
    at,
    hue_saturation_value,
    look,
    looks,
    share,
    without,
)
from prompts import Row, judge, write
from results_page import Page

from huohua.conditions.attribute_names import COLOUR_GROUPS, LOOKS
from huohua.conditions.attribute_names import COLOURS as NAMES
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.studio.prompt import read

SPACE = ConditionSpace(
    groups={**{group: NAMES for group in COLOUR_GROUPS.values()}, "look": tuple(LOOKS)},
    scales={
        **{group: {name: Scale() for name in NAMES} for group in COLOUR_GROUPS.values()},
        "look": {name: Scale(low=-1, middle=0, high=1) for name in LOOKS},
    },
)


def plain(*colour, side=12):
    return np.full((1, side, side, 3), colour, dtype=np.uint8)


def test_hue_saturation_and_value_are_those_of_the_standard_library():
    rgb_N3 = np.random.default_rng(0).integers(0, 256, (200, 3)).astype(np.uint8)
    rgb_N3[:3] = [[0, 0, 0], [255, 255, 255], [7, 7, 7]]
    hue_N, saturation_N, value_N = hue_saturation_value(rgb_N3)
    expected = np.array([colorsys.rgb_to_hsv(*(rgb / 255)) for rgb in rgb_N3])
    np.testing.assert_allclose(hue_N / 360, expected[:, 0], atol=1e-5)
    np.testing.assert_allclose(saturation_N, expected[:, 1], atol=1e-5)
    np.testing.assert_allclose(value_N, expected[:, 2], atol=1e-5)


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("black", (10, 10, 12)), ("white", (250, 250, 245)), ("grey", (128, 130, 126)),
        ("red", (210, 30, 35)), ("orange", (250, 140, 20)), ("yellow", (240, 215, 40)),
        ("green", (50, 140, 60)), ("blue", (110, 160, 220)), ("purple", (120, 50, 160)),
        ("pink", (245, 160, 190)), ("brown", (120, 75, 40)),
    ],
)  # fmt: skip
def test_a_plain_colour_is_itself_and_hardly_another(name, colour):
    assert share(plain(*colour), name, "anywhere").tolist() == [1.0]
    others = [other for other in COLOURS if other != name and share(plain(*colour), other, "middle")[0]]
    assert len(others) <= 1


def test_claims_hold_where_they_are_made():
    picture = np.concatenate([plain(80, 140, 230, side=12)[:, :4], plain(40, 150, 50)[:, :8]], axis=1)
    court = Judge(np.random.default_rng(1).integers(0, 256, (9, 12, 12, 3)).astype(np.uint8))
    assert court.all_hold(picture, (*at("top", "blue"), *at("bottom", "green"))).tolist() == [True]
    assert court.holds(picture, Claim(what="blue", place="bottom")).tolist() == [False]
    assert court.all_hold(picture, without("red")).tolist() == [True]
    assert court.all_hold(picture, without("green")).tolist() == [False]
    assert court.share_of_claims(picture, (*at("top", "blue"), *without("green"))) == 0.5


def test_a_quarter_of_a_place_is_enough_and_less_is_not():
    picture = plain(255, 255, 255)
    picture[:, :4, :3] = (220, 20, 30)
    assert share(picture, "red", "top").tolist() == [ALONE]
    court = Judge(picture.repeat(3, axis=0))
    assert court.all_hold(picture, at("top", "red")).tolist() == [True]
    picture[:, 0, 0] = 255
    assert court.all_hold(picture, at("top", "red")).tolist() == [False]


def test_a_look_is_measured_by_the_thirds_of_the_real_works():
    real = np.concatenate([plain(level, level, level) for level in range(0, 250, 10)])
    held = [Judge(real).holds(real, claim) for claim in looks("+light", "-light")]
    assert [int(found.sum()) for found in held] == [8, 8]
    assert held[0][-8:].all()
    assert held[1][:8].all()


def test_looks_grow_with_what_they_are_called_after():
    assert look(plain(250, 120, 20), "warm") > look(plain(20, 120, 250), "warm")
    assert look(plain(250, 0, 0), "saturated") > look(plain(120, 110, 115), "saturated")
    stripes = plain(0, 0, 0)
    stripes[:, ::2] = 255
    assert look(stripes, "detailed") > look(plain(9, 9, 9), "detailed")
    assert look(stripes, "contrast") > look(plain(9, 9, 9), "contrast")


@pytest.mark.parametrize("name", SETS)
def test_every_prompt_is_understood_whole_and_both_languages_are_there(name):
    assert len(SETS[name]) == 22
    for prompt in SETS[name]:
        reading = read(prompt.words, SPACE, guess=None)
        assert reading.understood, prompt.words
        assert set(reading.ignored) <= {"flowers"}, prompt.words
    chinese = sum(not prompt.words.isascii() for prompt in SETS[name])
    assert 6 <= chinese <= 16


class Painter:
    """A model that paints the first claim it is asked for, and grey without a prompt."""

    class config:
        conditions = SPACE

    def create(self, *, prompt, seed, count):
        from types import SimpleNamespace

        from PIL import Image

        colour = (0, 0, 255) if "blue" in prompt else (128, 128, 128)
        return [SimpleNamespace(image=Image.new("RGB", (12, 12), colour)) for _ in range(count)]


def test_the_result_says_what_was_asked_and_what_came_of_it(tmp_path, made):
    real = np.random.default_rng(2).integers(0, 256, (20, 12, 12, 3)).astype(np.uint8)
    prompts = [prompt for prompt in SETS["landscapes"] if prompt.words in ("blue sea", "snow")]
    rows, shown = judge(Painter(), prompts, real, count=4, seed=0)
    assert [(row.asked, row.unasked) for row in rows] == [(1.0, 0.0), (0.0, 0.0)]
    assert list(shown) == ["no prompt", "blue sea", "snow"]
    page = Page(name="prompts-x", title="Prompts", made=made)
    text = write(page, rows, shown, count=4, out=tmp_path).read_text()
    assert "In 1 of 2 prompts at least 80% of the pictures bear out every claim" in text
    assert "| 1 | blue sea | 100% | 100% | 0% |" in text
    assert "over all prompts 50% do, against 0% without a prompt" in text
    assert (tmp_path / "2026-01-02-prompts-x-sheet.png").exists()
    assert isinstance(rows[0], Row)
