"""Configurations: typed, frozen, strict about names."""

from __future__ import annotations

import pytest
from pydantic import Field, ValidationError

from huohua.config import Config
from huohua.errors import HuohuaError


class Brush(Config):
    width: int = Field(default=4, ge=1)
    colour: str = "blue"
    pressure: float = 0.5


class Easel(Config):
    brush: Brush = Brush()
    names: tuple[str, ...] = ()


def test_an_unknown_key_is_an_error():
    with pytest.raises(ValidationError, match="widht"):
        Brush(widht=4)  # type: ignore[call-arg]


def test_a_configuration_cannot_be_changed():
    brush = Brush()
    with pytest.raises(ValidationError, match="frozen"):
        brush.width = 5  # type: ignore[misc]


def test_json_gives_the_same_configuration_back():
    easel = Easel(brush=Brush(width=9, colour="青", pressure=0.1), names=("a", "b"))
    assert Easel.from_json(easel.to_json()) == easel
    assert Easel.from_json(easel.to_json(indent=2)) == easel


def test_keys_are_written_in_the_order_of_their_declaration():
    assert Brush().to_json() == '{"width":4,"colour":"blue","pressure":0.5}'


def test_a_default_is_checked_like_a_given_value():
    class Broken(Config):
        width: int = Field(default=0, ge=1)

    with pytest.raises(ValidationError):
        Broken()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_must_be_finite(number):
    with pytest.raises(ValidationError, match="finite"):
        Brush(pressure=number)


def test_a_misspelt_key_in_a_file_is_named_with_the_file():
    with pytest.raises(HuohuaError) as caught:
        Easel.from_json('{"brush": {"widht": 4}}', source="easel.json")
    assert caught.value.message == (
        "easel.json does not fit Easel: brush.widht: extra inputs are not permitted."
    )


def test_every_offending_key_is_named():
    with pytest.raises(HuohuaError) as caught:
        Brush.from_json('{"width": 0, "pressure": "much"}')
    assert "width:" in caught.value.message
    assert "pressure:" in caught.value.message


def test_text_that_is_no_json_is_one_clear_error():
    with pytest.raises(HuohuaError, match="does not fit Brush: the text: invalid json"):
        Brush.from_json("{")
