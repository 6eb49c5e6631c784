"""Who draws: what is chosen, what is refused, and what happens when a model changes meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from huohua.errors import MissingDependencyError, ModelError, UsageError
from huohua.studio import players
from huohua.studio.image_model import ImageModel
from huohua.studio.players import engine_of, one_thread
from huohua.studio.recreate import recreate
from huohua.zoo.format import ONNX, load_config

MLP = {"generator": "mlp", "settings": {"widths": (8,)}}


def pixels(work):
    return work.image.tobytes()


@pytest.fixture(scope="module")
def attached(tmp_path_factory, request):
    """Return the folder of a small model with an ONNX file, made once."""
    from huohua.studio.export import attach

    write = request.getfixturevalue("write_model_once")
    folder = write(tmp_path_factory.mktemp("attached") / "model", **MLP)
    attach(ImageModel(folder))
    return folder


@pytest.fixture
def model(attached, tmp_path):
    """Return a copy of that model, to spoil."""
    return ImageModel(ImageModel(attached).save(tmp_path / "copy"))


@pytest.mark.slow
def test_an_attached_model_is_drawn_without_torch_and_says_so(model):
    assert model.create(seed=1).recipe.engine.startswith("onnxruntime ")
    assert model.create(seed=1, engine="torch").recipe.engine.startswith("torch ")
    assert model.create(seed=1, engine="bf16").recipe.engine.endswith(" bf16")


def test_a_model_without_a_file_is_drawn_by_torch(new_model):
    model = new_model(**MLP)
    assert model.create(seed=1).recipe.engine.startswith("torch ")
    with pytest.raises(ModelError, match="holds no ONNX file") as caught:
        model.create(seed=1, engine="onnx")
    assert "huohua models export MODEL --attach" in caught.value.advice


def test_an_engine_that_there_is_not_is_refused_before_anything_is_made(new_model):
    with pytest.raises(UsageError, match="no engine 'steam'") as caught:
        new_model(**MLP).create(engine="steam")
    assert "auto, torch, onnx, bf16" in caught.value.advice


def test_steered_works_are_drawn_by_torch_alone(new_model):
    model = new_model()
    start = model.create(seed=1)
    steered = model.create(start=start, subject="lemon")
    assert steered.recipe.ingredients
    assert steered.recipe.engine.startswith("torch ")
    for engine in ("onnx", "bf16"):
        with pytest.raises(UsageError, match="cannot make steered works"):
            model.create(start=start, subject="lemon", engine=engine)


@pytest.mark.slow
def test_truncation_without_a_mapping_is_a_matter_of_the_latent(model):
    near, exact = (
        model.create(seed=1, truncation=0.5, engine=engine, subject="lemon") for engine in ("auto", "torch")
    )
    assert near.recipe.engine.startswith("onnxruntime")
    assert np.abs(np.asarray(near.image, int) - np.asarray(exact.image, int)).max() <= 1
    assert pixels(near) != pixels(model.create(seed=1, subject="lemon"))


@pytest.mark.slow
def test_truncation_inside_the_network_is_left_to_torch(model, monkeypatch):
    monkeypatch.setattr(players.OnnxPlayer, "truncates", property(lambda _: False))
    assert model.create(seed=1).recipe.engine.startswith("onnxruntime")
    assert model.create(seed=1, truncation=0.5).recipe.engine.startswith("torch")
    with pytest.raises(UsageError, match="cannot truncate"):
        model.create(seed=1, truncation=0.5, engine="onnx")


@pytest.mark.slow
def test_without_the_library_torch_draws_and_a_work_of_the_library_is_not_faked(model, monkeypatch):
    made = model.create(seed=1)
    find = players.importlib.util.find_spec
    monkeypatch.setattr(
        players.importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else find(name)
    )
    assert ImageModel(model.folder).create(seed=1).recipe.engine.startswith("torch")
    with pytest.raises(MissingDependencyError, match="needs onnxruntime, which is not") as caught:
        recreate(made, model=ImageModel(model.folder))
    assert "pip install 'huohua[onnx]'" in caught.value.advice


@pytest.mark.slow
def test_a_damaged_file_is_an_error_and_not_another_picture(model):
    content = bytearray((model.folder / ONNX).read_bytes())
    content[len(content) // 2] ^= 1
    (model.folder / ONNX).write_bytes(content)
    with pytest.raises(ModelError, match="is damaged"):
        model.create(seed=1)


@pytest.mark.slow
def test_a_file_that_is_no_onnx_is_one_clear_error(model):
    import hashlib

    (model.folder / ONNX).write_bytes(b"no network at all")
    path = model.folder / "config.json"
    record = json.loads(path.read_text()) | {"onnx_sha256": hashlib.sha256(b"no network at all").hexdigest()}
    path.write_text(json.dumps(record))
    with pytest.raises(ModelError, match="cannot play this model"):
        ImageModel(model.folder).create(seed=1)


@pytest.mark.slow
def test_a_model_that_was_trained_on_is_not_drawn_from_its_old_file(model, write_model_once):
    before = model.create(seed=1)
    write_model_once(model.folder, seed=2, **MLP)
    assert not (model.folder / ONNX).exists()
    assert load_config(model.folder).onnx_sha256 == ""
    after = ImageModel(model.folder).create(seed=1)
    assert after.recipe.engine.startswith("torch")
    assert after.recipe.model_sha256 != before.recipe.model_sha256
    # The model that was opened before still says what it drew with.
    assert model.create(seed=1).recipe.model_sha256 == before.recipe.model_sha256
    assert model.create(seed=1, engine="torch").recipe.model_sha256 == after.recipe.model_sha256
    assert model.create(seed=1).recipe.model_sha256 == after.recipe.model_sha256


@pytest.mark.slow
def test_a_file_that_was_taken_away_is_passed_over(model):
    (model.folder / ONNX).unlink()
    assert model.create(seed=1).recipe.engine.startswith("torch")


@pytest.mark.slow
def test_the_first_picture_needs_no_torch(attached, tmp_path):
    code = (
        "import sys; from huohua.cli.main import main\n"
        f"words = ['create', 'image', '-m', {str(attached)!r}, '--seed', '3', '-o', 'it.png', '-q']\n"
        "assert main(words) == 0\n"
        "heavy = [name for name in ('torch', 'safetensors', 'accelerate') if name in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=environment)
    assert recreate(tmp_path / "it.png", model=attached).image.tobytes() == pixels(
        ImageModel(attached).create(seed=3)
    )


def test_an_older_model_keeps_its_dice(new_model):
    model = new_model(**MLP)
    assert model.config.dice == "shake"
    newer = pixels(model.create(seed=1, subject="lemon"))
    path = model.folder / "config.json"
    record = json.loads(path.read_text())
    del record["dice"]
    path.write_text(json.dumps(record))
    older = ImageModel(model.folder)
    assert older.config.dice == "torch"
    assert pixels(older.create(seed=1, subject="lemon")) != newer
    assert ImageModel(older.save(path.parent.parent / "saved")).config.dice == "torch"


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("torch 2.13.0+cpu", "torch"),
        ("torch 2.13.0+cpu bf16", "bf16"),
        ("onnxruntime 1.32.0", "onnx"),
        ("", "torch"),
    ],
)
def test_the_engine_is_read_back_from_a_recipe(text, engine):
    assert engine_of(text) == engine


def test_threads_that_overlap_leave_the_number_of_threads_as_it_was():
    """The second comes while the first is inside, and the first leaves before it."""
    number, found = torch.get_num_threads(), {}
    both_in, first_out = threading.Event(), threading.Event()

    def first() -> None:
        with one_thread():
            assert both_in.wait(10)
            found["first"] = torch.get_num_threads()
        first_out.set()

    def second() -> None:
        with one_thread(), one_thread():
            both_in.set()
            assert first_out.wait(10)
            found["second"] = torch.get_num_threads()

    torch.set_num_threads(3)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda each: each(), (first, second)))
        with ThreadPoolExecutor(1) as pool:
            found["a new thread"] = pool.submit(torch.get_num_threads).result()
        found["here"] = torch.get_num_threads()
    finally:
        torch.set_num_threads(number)
    assert found == {"first": 1, "second": 1, "a new thread": 3, "here": 3}


def test_an_error_within_gives_the_threads_back():
    number = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with pytest.raises(RuntimeError, match="here"), one_thread():
            raise RuntimeError("here")
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(number)
