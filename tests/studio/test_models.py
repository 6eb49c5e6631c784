"""What is known about models, in a list and one by one."""

from __future__ import annotations

import json
import shutil

import pytest

from huohua.errors import ModelError
from huohua.studio.models import overview, show
from huohua.zoo import catalogue


def test_a_list_says_what_there_is_and_what_was_lost(new_model, home):
    assert overview().as_record() == {"models": [], "lost": []}
    kept, gone = new_model("kept"), new_model("gone")
    catalogue.remember("kept", kept.folder)
    catalogue.remember("gone", gone.folder)
    shutil.rmtree(gone.folder)
    record = overview().as_record()
    assert [model["name"] for model in record["models"]] == ["kept"]
    facts = record["models"][0]
    assert (facts["size"], facts["works"], facts["shown"]) == ("24x16", 12, 3456)
    assert facts["conditions"] == {"subject": 3, "style": 2, "tags": 2}
    assert [(lost["name"], lost["reason"]) for lost in record["lost"]] == [("gone", "its folder is gone")]
    json.dumps(record)


def test_one_model_is_shown_with_all_that_is_known(new_model, home):
    model = new_model()
    facts = show(model.folder)
    assert facts["weights_sha256"] == model.config.weights_sha256
    assert facts["bytes"] == sum(path.stat().st_size for path in model.folder.iterdir())
    assert facts["licence_in_words"].startswith("Creative Commons Zero")
    assert facts["conditions"]["groups"]["subject"] == ["apple", "lemon", "wild cherry"]
    json.dumps(facts)


def test_a_model_that_is_not_there_is_a_clear_error(new_model, home):
    catalogue.remember("fruit", new_model().folder)
    with pytest.raises(ModelError) as caught:
        show("fruti")
    assert caught.value.advice == "Did you mean fruit?"
