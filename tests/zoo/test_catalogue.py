"""The catalogue: names lead to folders, also after folders were moved, removed or damaged."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from huohua.errors import ModelError, StorageError
from huohua.zoo import catalogue
from huohua.zoo.format import ModelConfig, save_model


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HUOHUA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(catalogue, "BUNDLED", tmp_path / "bundled")
    clock = iter(range(1000))
    monkeypatch.setattr(catalogue.time, "time", lambda: float(next(clock)))
    return tmp_path / "home"


@pytest.fixture
def model(tmp_path):
    """Return a function that writes a model of one weight."""

    def build(place, weight=1.0):
        config = ModelConfig(art="image", generator="style", latent=1, height=1, width=1, channels=1)
        save_model(tmp_path / place, config=config, weights={"a": torch.tensor([weight])}, card="")
        return tmp_path / place

    return build


def names():
    return [listed.name for listed in catalogue.listing()]


def test_without_models_there_is_nothing_and_no_error():
    assert (list(catalogue.listing()), list(catalogue.lost()), catalogue.latest()) == ([], [], None)
    with pytest.raises(ModelError) as caught:
        catalogue.find("fruit")
    assert caught.value.advice == "Train one first: huohua train image FOLDER."


def test_a_model_is_found_by_name_by_folder_and_by_run(model, monkeypatch, tmp_path):
    folder = model("runs/fruit/model")
    assert catalogue.remember("fruit", folder) == "fruit"
    assert catalogue.find("fruit") == folder
    assert catalogue.find(folder) == folder
    assert catalogue.find(tmp_path / "runs" / "fruit") == folder
    monkeypatch.chdir(tmp_path / "runs")
    assert catalogue.find("./fruit").resolve() == folder


def test_bundled_models_come_first_and_keep_their_names(model):
    bundled = model("bundled/atelier")
    assert catalogue.find("atelier") == bundled
    mine = model("mine")
    assert catalogue.remember("atelier", mine) == "atelier-2"
    assert catalogue.find("atelier") == bundled
    assert names() == ["atelier", "atelier-2"]
    assert [listed.bundled for listed in catalogue.listing()] == [True, False]


def test_the_latest_is_the_one_remembered_last_then_a_bundled_one(model):
    model("bundled/atelier")
    assert catalogue.latest().name == "atelier"
    first = model("first")
    catalogue.remember("first", first)
    catalogue.remember("second", model("second"))
    assert catalogue.latest().name == "second"
    catalogue.remember("first", first)
    assert catalogue.latest().name == "first"
    assert names() == ["atelier", "first", "second"]


def test_a_name_is_not_taken_from_a_living_model_but_from_a_dead_one(model):
    one, two = model("one"), model("two")
    assert catalogue.remember("fruit", one) == "fruit"
    assert catalogue.remember("fruit", one) == "fruit"
    assert catalogue.remember("fruit", two) == "fruit-2"
    assert catalogue.find("fruit") == one
    shutil.rmtree(one)
    assert catalogue.remember("fruit", two) == "fruit"
    assert catalogue.find("fruit") == two


def test_removed_and_damaged_models_are_passed_over_and_told_apart(model):
    catalogue.remember("gone", gone := model("gone"))
    catalogue.remember("sick", sick := model("sick"))
    catalogue.remember("well", model("well"))
    shutil.rmtree(gone)
    (sick / "config.json").write_text("{")
    assert names() == ["well"]
    reasons = {lost.name: lost.reason for lost in catalogue.lost()}
    assert reasons["gone"] == "its folder is gone"
    assert "is not the configuration" in reasons["sick"]
    with pytest.raises(ModelError, match="There is no model 'gone'"):
        catalogue.find("gone")


def test_a_disk_that_comes_back_brings_its_models_back(model, tmp_path):
    catalogue.remember("fruit", folder := model("disk/fruit"))
    shutil.move(tmp_path / "disk", tmp_path / "unplugged")
    assert names() == []
    shutil.move(tmp_path / "unplugged", tmp_path / "disk")
    assert catalogue.find("fruit") == folder


@pytest.mark.parametrize("content", ["", "{", "[]", '{"folder": 1}', "\x00"])
def test_a_damaged_entry_is_passed_over(model, home, content):
    catalogue.remember("fruit", model("fruit"))
    (home / "models" / "broken.json").write_text(content)
    (home / "models" / "binary.json").write_bytes(b"\xff\xfe")
    assert names() == ["fruit"]
    with pytest.raises(ModelError):
        catalogue.find("broken")


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("My Fruit!", "My-Fruit"),
        ("水果", "水果"),
        ("../../etc/x", "etc-x"),
        ("", "model"),
        ("a" * 300, "a" * 80),
    ],
)
def test_a_name_is_made_fit_to_be_a_file(model, home, wish, name):
    folder = model("fruit")
    assert catalogue.remember(wish, folder) == name
    assert catalogue.find(name) == folder
    assert [path.name for path in (home / "models").iterdir()] == [f"{name}.json"]


def test_a_name_never_leads_out_of_the_catalogue(model, tmp_path):
    (tmp_path / "home" / "models").mkdir(parents=True)
    pointer = catalogue.Pointer(folder=str(model("fruit")), remembered=0.0)
    (tmp_path / "home" / "secret.json").write_text(pointer.to_json())
    with pytest.raises(ModelError):
        catalogue.find("../secret")


def test_a_misspelt_name_gets_the_nearest(model):
    catalogue.remember("pomological", model("fruit"))
    with pytest.raises(ModelError) as caught:
        catalogue.find("pomologicl")
    assert caught.value.advice == "Did you mean pomological?"
    with pytest.raises(ModelError) as caught:
        catalogue.find("zebra")
    assert caught.value.advice == "There are: pomological."


def test_a_folder_without_a_model_is_named_as_such(tmp_path):
    (tmp_path / "pictures").mkdir()
    with pytest.raises(ModelError, match="pictures holds no model"):
        catalogue.find(tmp_path / "pictures")


def test_a_model_is_found_by_the_hash_of_its_weights(model):
    catalogue.remember("one", model("one", 1.0))
    catalogue.remember("two", model("two", 2.0))
    two = next(listed for listed in catalogue.listing() if listed.name == "two")
    assert catalogue.with_weights(two.config.weights_sha256).name == "two"
    assert catalogue.with_weights("00") is None


def test_many_writers_at_once_lose_nothing(model):
    folders = [model(f"m{number}", float(number)) for number in range(12)]
    with ThreadPoolExecutor(8) as pool:
        given = list(
            pool.map(lambda pair: catalogue.remember(*pair), [(f"n{i}", f) for i, f in enumerate(folders)])
        )
    assert sorted(given) == sorted(names())
    assert [catalogue.find(name) for name in given] == folders


def test_a_home_that_cannot_be_written_is_a_clear_error(model, home):
    home.write_text("a file in the way")
    with pytest.raises(StorageError, match="in the way"):
        catalogue.remember("fruit", model("fruit"))
