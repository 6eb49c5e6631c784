"""`huohua models export`, and `--engine`: what they tell people and programs."""

from __future__ import annotations

import pytest

from huohua.arts.table import art
from huohua.zoo import catalogue, onnx_export
from huohua.zoo.format import load_config, save_model
from huohua.zoo.onnx_file import has_onnx


@pytest.fixture
def fruit(fruit):
    """Return the folder of "fruit" with a generator that is exported in a second."""
    config = load_config(fruit).model_copy(update={"generator": "mlp", "settings": {"widths": (8,)}})
    sizes = {"latent": 8, "condition": config.conditions.size, "frame": config.frame}
    network = art("image").build_generator("mlp", config.settings, **sizes)
    save_model(fruit, config=config, weights=network.state_dict(), card="")
    return fruit


@pytest.mark.slow
def test_a_model_is_exported_beside_others_and_into_its_own_folder(huohua, fruit, tmp_path):
    answer = huohua("models", "export", "fruit", "--attach", "-o", tmp_path / "here" / "it.onnx", "--json")
    assert answer.code == 0, answer.err
    record = answer.record
    assert (record["model"], record["format"], record["attached"]) == ("fruit", "onnx", True)
    assert [file["path"] for file in record["files"]] == [
        str(fruit / "model.onnx"), str(tmp_path / "here" / "it.onnx"),
    ]  # fmt: skip
    assert has_onnx(fruit, load_config(fruit))
    made = huohua("create", "image", "--seed", 3, "-o", "a.png", "--json")
    assert made.code == 0, made.err
    assert huohua("recreate", "a.png", "--check").code == 0
    assert huohua("models", "show", "fruit", "--json").record["onnx_sha256"]
    assert "attached" in huohua("models", "show", "fruit").out


def test_without_a_name_the_file_is_called_like_the_model_and_none_is_lost(huohua, fruit, monkeypatch):
    monkeypatch.setattr(onnx_export, "to_onnx", lambda *_: b"content")
    names = [huohua("models", "export", "fruit").lines for _ in range(2)]
    assert names == [["fruit.onnx"], ["fruit-2.onnx"]]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["models", "export", "fruit", "--format", "coreml"], 2, "no format 'coreml'"),
        (["models", "export", "fruit", "-o", "it.pt"], 2, "'.pt'"),
        (["models", "export", "friut"], 4, "Did you mean fruit?"),
        (["create", "image", "--engine", "steam"], 2, "no engine 'steam'"),
        (["create", "image", "--engine", "onnx"], 4, "holds no ONNX file"),
    ],
    ids=str,
)
def test_what_cannot_be_is_one_clear_message(huohua, fruit, arguments, code, words):
    catalogue.remember("fruit", fruit)
    answer = huohua(*arguments)
    assert answer.code == code
    assert words in answer.err


def test_an_engine_can_be_asked_for(huohua, fruit):
    answer = huohua("create", "image", "--engine", "bf16", "-n", 3, "--seed", 1, "--json")
    assert answer.code == 0, answer.err
    paths = [work["path"] for work in answer.record["works"]]
    assert huohua("recreate", paths[2], "--check").code == 0
