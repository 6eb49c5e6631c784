"""Ordering works: everything is checked before the first is made."""

from __future__ import annotations

import pytest
from PIL import Image

from huohua.errors import ModelError, UsageError
from huohua.studio.create import create, save_sheet


def test_a_fresh_seed_is_drawn_and_reported(new_model):
    model = new_model()
    first, second = create(model), create(model)
    assert first.seed != second.seed
    again = create(model, seed=first.seed)
    assert [w.image.tobytes() for w in first] == [w.image.tobytes() for w in again]


def test_an_order_can_be_worked_off_one_by_one_and_again(new_model):
    order = create(new_model(), seed=1, count=3)
    assert len(order) == 3
    assert [work.recipe.index for work in order] == [0, 1, 2]
    assert [work.recipe.index for work in order] == [0, 1, 2]


def test_what_cannot_be_made_is_refused_before_anything_is_made(new_model, home):
    model = new_model()
    with pytest.raises(UsageError, match="count is 0"):
        create(model, count=0)
    with pytest.raises(UsageError, match="no subject 'pear'"):
        create(model, conditions={"subject": "pear"})
    with pytest.raises(UsageError, match="nothing in the prompt"):
        create(model, prompt="dragon")
    with pytest.raises(UsageError, match="makes image, not music"):
        create(model, art="music")
    with pytest.raises(ModelError, match="no model 'fruti'"):
        create("fruti")


def test_words_that_were_not_understood_are_reported(new_model):
    order = create(new_model(), prompt="ripe lemons on Mars")
    assert order.reading.ignored == ("Mars",)
    assert order.wishes == {"subject": {"lemon": 1.0}, "tags": {"ripe": 1.0}}


def test_a_sheet_holds_every_work(new_model, tmp_path):
    works = list(create(new_model(), seed=1, count=5))
    with Image.open(save_sheet(works, tmp_path / "sheet.png")) as page:
        assert page.width > 3 * 24
        assert page.height > 2 * 16
        assert page.crop((2, 2, 26, 18)).tobytes() == works[0].image.tobytes()
