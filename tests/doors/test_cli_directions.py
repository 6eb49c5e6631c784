"""`huohua directions`: find, show, list and rename, and sliders that follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from huohua.studio import direction_search


@pytest.fixture(autouse=True)
def few_works(monkeypatch):
    monkeypatch.setattr(direction_search, "EARLY_WORKS", 64)
    monkeypatch.setattr(direction_search, "MEASURED_WORKS", 64)


@pytest.fixture
def found(huohua, fruit) -> list[str]:
    """Return what the command printed after finding two directions."""
    answer = huohua("directions", "find", "-n", 2)
    assert answer.code == 0
    return answer.lines


def test_directions_are_found_shown_and_kept(huohua, fruit, found):
    assert found[-3:] == [
        f"fruit-directions/{name}.png" for name in ("overview", "principal-1", "principal-2")
    ]
    assert all(Path(line).is_file() for line in found[-3:])
    listed = huohua("directions", "list", "--json").record
    assert [each["name"] for each in listed] == ["principal-1", "principal-2"]
    assert huohua("directions", "list").lines[0].startswith("principal-1\tprincipal-1\tprincipal\tall\t0.")
    assert (fruit / "directions.safetensors").is_file()


def test_a_direction_is_named_and_becomes_a_slider(huohua, fruit, found):
    answer = huohua("directions", "rename", "principal-2", "warmer")
    assert (answer.code, "principal-2 is now 'warmer'." in answer.err) == (0, True)
    slid = huohua("create", "image", "--seed", 3, "--slide", "warmer=1.5", "-o", "a.png", "--json")
    assert slid.code == 0
    assert huohua("recreate", "a.png", "--check").code == 0
    walked = huohua("walk", "--seeds", "1,2", "--seconds", 1, "--fps", 3, "--slide", "warmer=1", "-o", "f")
    assert walked.code == 0
    assert huohua("recreate", "f/frame-00001.png", "--check").code == 0


def test_strips_of_one_direction_are_drawn_for_the_works_asked_for(huohua, fruit, found):
    answer = huohua(
        "directions", "show", "principal-1", "--seeds", "5", "--subject", "lemon", "-o", "s", "--json"
    )
    assert answer.record["strips"] == ["s/overview.png", "s/principal-1.png"]
    assert set(answer.record["directions"][0]["changes"]) == {
        "light", "saturated", "contrast", "warm", "detailed",
    }  # fmt: skip
    assert answer.err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["find", "--by", "magic"], 2, "method cannot be 'magic'."),
        (["find", "--layers", "some"], 2, "layers cannot be 'some'."),
        (["find", "-n", "0"], 2, "count is 0"),
        (["find", "--model", "fruti"], 4, "There is no model 'fruti'."),
        (["list"], 4, "This model has no directions yet."),
        (["show"], 4, "This model has no directions yet."),
        (["rename", "principal-1", "warmer"], 4, "This model has no directions yet."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_clear_message_and_nothing_is_written(huohua, fruit, arguments, code, message):
    answer = huohua("directions", *arguments)
    assert answer.code == code
    assert answer.err.splitlines()[0].startswith(f"Error: {message}")
    assert (answer.out, list(Path().iterdir())) == ("", [])
