"""Free words for music, in English and Chinese."""

from __future__ import annotations

import pytest

from huohua.conditions.lexicon_music import ENTRIES
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.conditions.spelling import spelling
from huohua.studio.music_words import read_music

CONTROLS = ("density", "complexity", "polyphony", "register", "range", "tension", "repetition", "swing")
SPACE = ConditionSpace(
    groups={
        "style": ("classical", "folk", "jazz", "pop", "popular-song"),
        "metre": ("4/4", "3/4", "6/8"),
        "mode": ("major", "minor"),
        "position": ("opening", "middle", "ending"),
        "control": CONTROLS,
    },
    scales={"control": {name: Scale() for name in CONTROLS}},
)


@pytest.mark.parametrize(
    ("prompt", "wishes"),
    [
        ("jazz", {"style": {"jazz": 1.0}}),
        ("爵士", {"style": {"jazz": 1.0}}),
        ("a folk waltz", {"style": {"folk": 1.0}, "metre": {"3/4": 1.0}}),
        ("民谣圆舞曲", {"style": {"folk": 1.0}, "metre": {"3/4": 1.0}}),
        ("dense", {"control": {"density": 0.85}}),
        ("稀疏", {"control": {"density": 0.15}}),
        ("very dense", {"control": {"density": 0.99}}),
        ("有点密集", {"control": {"density": 0.675}}),
        ("not dense", {"control": {"density": 0.15}}),
        ("不摇摆", {"control": {"swing": 0.1}}),
        ("minor pop", {"style": {"pop": 1.0}, "mode": {"minor": 1.0}}),
        ("jazz and folk", {"style": {"jazz": 0.5, "folk": 0.5}}),
    ],
)
def test_words_become_wishes(prompt, wishes):
    assert dict(read_music(prompt, SPACE).wishes) == wishes


@pytest.mark.parametrize(
    ("prompt", "factor", "tempo"),
    [("fast", 1.35, None),
     ("很慢", 0.7**1.4, None), ("not fast", 1 / 1.35, None), ("jazz 132 bpm", 1.0, 132.0),
     ("jazz", 1.0, None)],
)  # fmt: skip
def test_a_tempo_is_a_factor_or_a_number(prompt, factor, tempo):
    found = read_music(prompt, SPACE)
    assert found.tempo_factor == pytest.approx(factor, rel=1e-9)
    assert found.tempo == tempo


def test_a_mood_asks_for_several_things_and_says_so():
    found = read_music("sad", SPACE)
    assert found.wishes == {"mode": {"minor": 1.0}, "control": {"density": 0.35, "tension": 0.6}}
    assert found.tempo_factor == 0.8
    assert {(each.group, each.name) for each in found.understood} == {
        ("mode", "minor"), ("control", "density"), ("control", "tension"), ("tempo", "tempo"),
    }  # fmt: skip


def test_what_nothing_knows_is_reported_and_what_the_model_lacks_with_the_reason():
    plain = ConditionSpace(groups={"style": ("folk", "jazz")})
    found = read_music("purple swinging folk", plain)
    assert found.ignored == ("purple", "swinging")
    assert set(found.reasons) == {"swinging"}
    assert found.wishes == {"style": {"folk": 1.0}}


def test_no_two_entries_share_a_word_and_every_amount_is_on_its_scale():
    words = [spelling(word) for entry in ENTRIES for word in entry.words]
    assert len(words) == len(set(words)), [word for word in words if words.count(word) > 1]
    for entry in ENTRIES:
        assert set(entry.controls) <= set(CONTROLS)
        assert all(0 <= amount <= 1 for amount in entry.controls.values())


@pytest.mark.parametrize("prompt", ["", "   ", ",,,", "的", "!" * 500, "\U0001f3b5"])
def test_nothing_is_read_out_of_nothing(prompt):
    assert dict(read_music(prompt, SPACE).wishes) == {}
