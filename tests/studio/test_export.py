"""Exporting a model: checked before it is written, or a clear error and no file."""

from __future__ import annotations

import logging
import warnings

import pytest
import torch

from huohua.errors import MissingDependencyError, ModelError, UsageError
from huohua.studio import export as exporting
from huohua.zoo import onnx_export, onnx_file

MLP = {"generator": "mlp", "settings": {"widths": (8,)}}


@pytest.mark.parametrize(("name", "format"), [("it.pt", "onnx"), ("it", "onnx"), ("it.onnx", "coreml")])
def test_names_and_formats_that_there_are_not_are_refused(new_model, tmp_path, name, format):
    with pytest.raises(UsageError):
        new_model(**MLP).export(tmp_path / name, format=format)
    assert not (tmp_path / name).exists()


def test_a_library_that_is_missing_is_said_before_anything_is_done(new_model, tmp_path, monkeypatch):
    find = onnx_file.importlib.util.find_spec
    monkeypatch.setattr(
        onnx_file.importlib.util, "find_spec", lambda name: None if name == "onnxscript" else find(name)
    )
    with pytest.raises(MissingDependencyError, match="onnxscript"):
        new_model(**MLP).export(tmp_path / "it.onnx")
    assert not (tmp_path / "it.onnx").exists()


@pytest.mark.slow
def test_a_file_that_draws_something_else_is_never_written(new_model, tmp_path, monkeypatch):
    folded = onnx_export.folded

    def spoilt(network):
        copied = folded(network)
        next(copied.parameters()).data.add_(0.01)
        return copied

    monkeypatch.setattr(onnx_export, "folded", spoilt)
    with pytest.raises(ModelError, match="draws something else than the model"):
        new_model(**MLP).export(tmp_path / "it.onnx")
    assert not (tmp_path / "it.onnx").exists()


@pytest.mark.slow
def test_exporting_is_quiet_and_leaves_the_program_as_it_was(new_model, tmp_path, capfd):
    model, log = new_model(**MLP), logging.getLogger("torch.onnx")
    before = (log.level, warnings.filters[:], torch.get_rng_state())
    path = model.export(tmp_path / "it.onnx")
    assert path.stat().st_size > 1000
    assert (log.level, warnings.filters[:]) == before[:2]
    assert torch.equal(torch.get_rng_state(), before[2])
    assert capfd.readouterr() == ("", "")
    assert model.config.onnx_sha256 == ""


def test_every_format_has_an_ending():
    assert exporting.FORMATS == {"onnx": ".onnx"}
