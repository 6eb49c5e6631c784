"""The ONNX file beside the weights: never older than they are."""

from __future__ import annotations

import hashlib

import pytest
import torch

from huohua.errors import MissingDependencyError, ModelError
from huohua.zoo import onnx_file
from huohua.zoo.format import ONNX, ModelConfig, copy_model, load_config, save_model
from huohua.zoo.onnx_file import attach_onnx, has_onnx, load_onnx, require


@pytest.fixture
def folder(tmp_path):
    """Return a model folder without an ONNX file."""
    save(tmp_path / "model", 1.0)
    return tmp_path / "model"


def save(folder, weight):
    config = ModelConfig(art="image", generator="mlp", latent=2, height=4, width=4, channels=3)
    return save_model(folder, config=config, weights={"w": torch.full((2,), weight)}, card="")


def test_a_file_is_attached_found_and_read(folder):
    before = load_config(folder)
    assert not has_onnx(folder, before)
    after = attach_onnx(folder, b"content", weights_sha256=before.weights_sha256)
    assert after == load_config(folder)
    assert after.onnx_sha256 == hashlib.sha256(b"content").hexdigest()
    assert after.model_copy(update={"onnx_sha256": ""}) == before
    assert has_onnx(folder, after)
    assert load_onnx(folder, after) == b"content"


def test_training_on_takes_the_file_away(folder):
    attach_onnx(folder, b"content", weights_sha256=load_config(folder).weights_sha256)
    (folder / "notes.txt").write_text("mine")
    assert save(folder, 2.0).onnx_sha256 == ""
    assert not (folder / ONNX).exists()
    assert (folder / "notes.txt").exists()


def test_a_file_is_not_attached_to_weights_that_came_meanwhile(folder):
    before = load_config(folder)
    save(folder, 2.0)
    with pytest.raises(ModelError, match="was replaced meanwhile"):
        attach_onnx(folder, b"content", weights_sha256=before.weights_sha256)
    assert not (folder / ONNX).exists()


def test_a_copy_takes_the_file_along(folder, tmp_path):
    attach_onnx(folder, b"content", weights_sha256=load_config(folder).weights_sha256)
    copy_model(folder, tmp_path / "copy")
    assert load_onnx(tmp_path / "copy", load_config(tmp_path / "copy")) == b"content"


def test_a_damaged_file_and_a_missing_one_are_errors(folder):
    with pytest.raises(ModelError, match="holds no ONNX file"):
        load_onnx(folder, load_config(folder))
    config = attach_onnx(folder, b"content", weights_sha256=load_config(folder).weights_sha256)
    (folder / ONNX).write_bytes(b"contemt")
    with pytest.raises(ModelError, match="is damaged"):
        load_onnx(folder, config)


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch):
    require("json", "hashlib")
    with pytest.raises(MissingDependencyError, match="needs no_such and nor_this, which are not") as caught:
        require("json", "no_such", "nor_this")
    assert caught.value.exit_code == 7
    assert "pip install 'huohua[onnx]'" in caught.value.advice
    monkeypatch.setattr(onnx_file.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match="onnxruntime"):
        onnx_file.open_session(b"")
