"""A model of texts: works follow from their recipes alone, and what is not to change stays byte for byte."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.text.yardstick import LETTERS as PER_TOKEN
from huohua.errors import DataError, UsageError
from huohua.studio.opening import load, open_model
from huohua.studio.recreate import compare, recreate
from huohua.studio.text_brief import Brief
from huohua.studio.text_model import TextModel, given_text
from toys.small_texts import train_small

POEM = "月江春花山，\n水风雪夜云。\n松石鸟雨门，\n灯月江春花。"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> TextModel:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUOHUA_HOME", str(tmp_path_factory.mktemp("home")))
        return train_small(tmp_path_factory.mktemp("poems"))


@pytest.fixture
def poem(tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text(POEM, encoding="utf-8")
    return path


def test_a_folder_of_a_run_opens_as_a_model_of_texts(model):
    opened = open_model(model.folder)
    assert isinstance(opened, TextModel)
    assert opened.config.discriminator is not None
    assert isinstance(load(model.folder.parent), TextModel)


def test_whatever_is_asked_for_is_in_the_recipe(model):
    work = model.create(
        form="自由诗", style="old", title="夜", keywords=("月", "江"), drafts=3, seed=4, temperature=0.7
    )
    recipe = work.recipe
    assert recipe.words == {"form": ("自由诗",), "title": ("夜",), "keywords": ("月", "江")}
    assert recipe.options == {"drafts": 3.0, "temperature": 0.7, "choosiness": 1.0}
    assert recipe.conditions["style"] == {"old": 1.0}
    assert (work.form, work.title) == ("自由诗", "夜")


def test_words_that_are_no_names_are_keywords(model):
    recipe = model.create(prompt="old 春江", drafts=1).recipe
    assert recipe.conditions["style"] == {"old": 1.0}
    assert recipe.words["keywords"] == ("春江",)


def test_one_seed_gives_one_text_whatever_the_count(model):
    one = model.create(seed=5, drafts=2)
    two = model.create(seed=5, drafts=2, count=2)
    assert two[0].text == one.text
    assert two[1].text != one.text


def test_drafts_that_are_kept_can_be_made_again(model):
    works = model.create(seed=5, drafts=3, keep=3)
    assert [work.recipe.options.get("rank", 0) for work in works] == [0, 1, 2]
    assert all(model.again(work.recipe).text == work.text for work in works)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".json", ".svg"])
def test_a_file_is_made_again_byte_by_byte(model, tmp_path, suffix):
    path = model.create(seed=9, drafts=2).save(tmp_path / f"poem{suffix}")
    again = recreate(path, model=model)
    assert again.encode(suffix) == path.read_bytes()
    assert compare(path, again).same


def test_a_continued_text_begins_as_the_given_one(model, poem):
    work = model.transform("continue", poem, most=6, drafts=2)
    assert work.text.startswith(POEM)
    assert work.recipe.given[0].name == "poem.txt"


def test_only_the_line_that_is_named_is_filled_in(model, poem):
    work = model.transform("fill", poem, line=2, drafts=4, seed=1)
    before, after = POEM.split("\n"), work.text.split("\n")
    assert [before[i] for i in (0, 2, 3)] == [after[i] for i in (0, 2, 3)]
    assert before[1] != after[1]


def test_only_the_characters_that_are_named_are_filled_in(model, poem):
    work = model.transform("fill", poem, between=(3, 4), drafts=6, seed=1)
    assert (work.text[:2], work.text[4:]) == (POEM[:2], POEM[4:])


@pytest.mark.parametrize("operation", ["rewrite", "polish"])
def test_locked_lines_stay_byte_for_byte(model, poem, operation):
    work = model.transform(operation, poem, locked=(1, 3), drafts=4, seed=2)
    before, after = POEM.split("\n"), work.text.split("\n")
    assert (after[0], after[2]) == (before[0], before[2])


@pytest.mark.parametrize(
    ("operation", "wishes"),
    [("continue", {"most": 4}), ("fill", {"line": 1}), ("rewrite", {"share": 0.5}), ("polish", {})],
)
def test_an_edited_text_is_made_again_when_the_given_one_is_gone(model, poem, tmp_path, operation, wishes):
    path = model.transform(operation, poem, seed=8, drafts=3, **wishes).save(tmp_path / "new.txt")
    poem.unlink()
    assert recreate(path, model=model).encode(".txt") == path.read_bytes()


def test_a_text_that_we_wrote_is_given_without_its_record(model, tmp_path):
    work = model.create(seed=3, drafts=1)
    for suffix in (".txt", ".md", ".json"):
        assert given_text(work.save(tmp_path / f"a{suffix}")).text == work.text
    assert given_text(work).text == work.text


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 30, b"\xff\xd8\xff\xe0" + bytes(range(256))])
def test_what_is_no_text_is_one_clear_error(tmp_path, content):
    (tmp_path / "bad.txt").write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.txt cannot be read as a text"):
        given_text(tmp_path / "bad.txt")
    with pytest.raises(DataError, match="cannot be read"):
        given_text(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"form": "ode"}, "ode"),
        ({"style": "baroque"}, "no style 'baroque'"),
        ({"drafts": 0}, "drafts is 0"),
        ({"keep": 3, "drafts": 2}, "keep is 3"),
        ({"temperature": 0.0}, "temperature is 0"),
        ({"palette": "red"}, "no condition 'palette'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_written(model, wishes, words):
    with pytest.raises(UsageError, match=words):
        model.create(**wishes)


@pytest.mark.parametrize(
    ("operation", "wishes", "words"),
    [
        ("reverse", {}, "no operation 'reverse'"),
        ("fill", {}, "What is to be filled in"),
        ("fill", {"line": 9}, "no line 9"),
        ("rewrite", {"locked": (7,)}, "no line 7"),
    ],
)
def test_what_a_text_does_not_have_is_refused(model, poem, operation, wishes, words):
    with pytest.raises(UsageError, match=words):
        model.transform(operation, poem, **wishes)


def test_samples_are_codes_that_a_seed_decides(model):
    condition_BC = np.zeros((2, model.config.conditions.size), np.float32)
    samples = model.samples([0, 5], condition_BC, seed=3)
    assert samples.shape == (2, PER_TOKEN * 64)
    assert (samples == model.samples([0, 5], condition_BC, seed=3)).all()


def test_a_brief_is_checked_and_says_only_what_is_there():
    assert Brief().said == {}
    assert Brief(keywords=("月",)).said == {"keywords": ("月",)}
