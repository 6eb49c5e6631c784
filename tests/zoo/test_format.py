"""Model folders: what is written is read back, and what is damaged is named."""

from __future__ import annotations

import hashlib
import json
import os
import random

import pytest
import torch
from safetensors.torch import load_file, save_file

from huohua.conditions.space import ConditionSpace
from huohua.errors import ModelError, StorageError
from huohua.zoo import format as model_format
from huohua.zoo.format import (
    ModelConfig,
    PartConfig,
    Training,
    check_weights,
    copy_model,
    is_model,
    load_config,
    load_part_weights,
    load_weights,
    save_model,
    weights_hash,
)

WEIGHTS = {
    "a.weight": torch.tensor([[1.0, -2.5], [0.125, 65504.0]]),
    "a.bias": torch.tensor([0.1]),
    "count": torch.tensor(70_000),
}
CONFIG = ModelConfig(
    art="image",
    generator="style",
    settings={"widest": 8},
    latent=8,
    height=16,
    width=24,
    channels=3,
    conditions=ConditionSpace(groups={"subject": ("苹果", "lemon")}),
    trained=Training(data="fruit", works=12, figures={"recall": 0.5}),
    name="fruit",
)


@pytest.fixture
def folder(tmp_path):
    save_model(tmp_path / "model", config=CONFIG, weights=WEIGHTS, card="# Card\n")
    return tmp_path / "model"


def test_a_model_is_three_files(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "config.json", "model.safetensors"]
    assert (folder / "README.md").read_text() == "# Card\n"
    assert is_model(folder)


def test_the_configuration_comes_back_with_the_hash_of_the_weights(folder):
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert load_config(folder) == CONFIG.model_copy(update={"weights_sha256": digest})
    assert weights_hash(folder) == digest


def test_full_precision_comes_back_bit_by_bit(tmp_path):
    save_model(tmp_path / "m", config=CONFIG, weights=WEIGHTS, card="", dtype="fp32")
    loaded = load_weights(tmp_path / "m")
    assert {name: weight.dtype for name, weight in loaded.items()} == {
        name: weight.dtype for name, weight in WEIGHTS.items()
    }
    assert all(torch.equal(loaded[name], WEIGHTS[name]) for name in WEIGHTS)


def test_half_precision_rounds_weights_and_leaves_counters_alone(folder):
    loaded = load_weights(folder)
    assert loaded["a.weight"].dtype == torch.float16
    assert torch.equal(loaded["a.weight"].float(), WEIGHTS["a.weight"])
    assert float(loaded["a.bias"]) == pytest.approx(0.1, rel=2**-11)
    assert int(loaded["count"]) == 70_000


def test_weights_that_share_memory_are_saved_apart(tmp_path):
    whole = torch.arange(6.0).view(2, 3)
    save_model(tmp_path / "m", config=CONFIG, weights={"a": whole, "b": whole.T, "c": whole[0]}, card="")
    assert torch.equal(load_weights(tmp_path / "m")["b"].float(), whole.T)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 65536.0])
def test_weights_that_cannot_be_stored_are_refused_and_the_old_model_is_kept(folder, value):
    before = weights_hash(folder)
    with pytest.raises(ModelError, match=r"Weight 'a\.bias'"):
        save_model(folder, config=CONFIG, weights={**WEIGHTS, "a.bias": torch.tensor([value])}, card="")
    assert weights_hash(folder) == before
    check_weights(folder, load_config(folder))


def test_a_model_is_replaced_and_what_lies_beside_it_is_kept(folder):
    (folder / "notes.txt").write_text("mine")
    (folder / "samples").mkdir()
    (folder / "samples" / "a.png").write_bytes(b"png")
    save_model(folder, config=CONFIG, weights={"a": torch.ones(3)}, card="new")
    assert list(load_weights(folder)) == ["a"]
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "samples" / "a.png").read_bytes() == b"png"
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_a_folder_of_other_things_is_never_replaced(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"jpg")
    with pytest.raises(StorageError, match="holds other files"):
        save_model(tmp_path, config=CONFIG, weights=WEIGHTS, card="")
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_file_in_the_way_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="in the way"):
        save_model(tmp_path / "file" / "model", config=CONFIG, weights=WEIGHTS, card="")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_leaves_the_old_model(folder, monkeypatch):
    def full(path, content):
        with open("/dev/full", "wb", buffering=0) as file:
            file.write(content)

    before = weights_hash(folder)
    monkeypatch.setattr(model_format.Path, "write_bytes", full)
    with pytest.raises(StorageError, match="No space left"):
        save_model(folder, config=CONFIG, weights={"a": torch.ones(3)}, card="")
    assert weights_hash(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_a_copy_is_the_same_byte_for_byte(folder, tmp_path):
    copy_model(folder, tmp_path / "copy")
    for path in folder.iterdir():
        assert (tmp_path / "copy" / path.name).read_bytes() == path.read_bytes()


def test_a_missing_folder_and_missing_files_are_clear_errors(folder, tmp_path):
    with pytest.raises(ModelError, match="holds no model"):
        load_config(tmp_path / "nothing")
    (folder / "model.safetensors").unlink()
    assert not is_model(folder)
    with pytest.raises(ModelError, match=r"model\.safetensors cannot be read: No such file"):
        load_weights(folder)
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        load_weights(folder)


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.5, 0.99])
def test_weights_that_were_cut_off_are_named(folder, keep):
    path = folder / "model.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(ModelError, match=r"model\.safetensors is damaged") as caught:
        load_weights(folder)
    assert "again" in caught.value.advice


def test_one_flipped_bit_in_the_weights_is_noticed(folder):
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="is damaged"):
        load_weights(folder)


def test_a_hash_that_was_made_to_fit_does_not_hide_a_file_that_is_no_safetensors(folder):
    (folder / "model.safetensors").write_bytes(b"not weights")
    change(folder, weights_sha256=weights_hash(folder))
    with pytest.raises(ModelError, match="cannot be read"):
        load_weights(folder)


def test_other_weights_of_the_right_kind_are_noticed(folder):
    tensors = load_file(folder / "model.safetensors")
    save_file({name: weight + 1 for name, weight in tensors.items()}, folder / "model.safetensors")
    with pytest.raises(ModelError, match="does not match the hash"):
        load_weights(folder)


def change(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 3}, "is a model of format 3; this version reads formats 1 and 2"),
        ({"format": None}, "format None"),
        ({"colour": "red"}, "colour: extra inputs"),
        ({"frame": {"height": 0, "width": 1, "channels": 3}}, r"frame\.height: input should be greater"),
        ({"frame": {"height": 1, "width": 10**9, "channels": 3}}, r"frame\.width: input should be less"),
        ({"width": 24}, "width: extra inputs"),
        ({"art": "sculpture"}, "no art 'sculpture'"),
        ({"latent": "many"}, "latent"),
        ({"conditions": {"groups": ["a"]}}, "conditions.groups"),
    ],
    ids=str,
)
def test_a_configuration_that_was_edited_is_named_with_its_key(folder, changes, words):
    change(folder, **changes)
    with pytest.raises(ModelError, match=words):
        load_config(folder)


def test_a_model_of_the_first_format_is_read_as_it_was_and_written_in_the_second(folder, tmp_path):
    record = json.loads((folder / "config.json").read_text())
    now = load_config(folder)
    frame = record.pop("frame")
    early = {"format": 1, **{key: value for key, value in record.items() if key != "format"}, **frame}
    for later in ("discriminator", "learnt"):
        early.pop(later)
    (folder / "config.json").write_text(json.dumps(early))
    assert load_config(folder) == now
    assert (now.frame.height, now.frame.width, now.frame.channels) == (16, 24, 3)
    save_model(tmp_path / "new", config=load_config(folder), weights=WEIGHTS, card="")
    written = json.loads((tmp_path / "new" / "config.json").read_text())
    assert (written["format"], written["frame"]) == (2, {"height": 16, "width": 24, "channels": 3})
    assert "height" not in written


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 9999, b'{"a": 1}'])
def test_a_configuration_that_is_none_is_a_clear_error(folder, content):
    (folder / "config.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"config\.json is not"):
        load_config(folder)


def test_a_configuration_of_absurd_size_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(model_format, "LARGEST_CONFIG", 100)
    with pytest.raises(ModelError, match="too large"):
        load_config(folder)


def test_random_damage_is_always_one_clear_error(folder):
    dice = random.Random(1)
    originals = {path: path.read_bytes() for path in folder.iterdir()}
    for _ in range(60):
        path = folder / dice.choice(["config.json", "model.safetensors"])
        content = bytearray(originals[path])
        start = dice.randrange(len(content))
        content[start : start + dice.randrange(1, 9)] = dice.randbytes(dice.randrange(4))
        path.write_bytes(bytes(content))
        try:
            load_weights(folder)
        except ModelError as error:
            assert "\n" not in str(error)
        path.write_bytes(originals[path])


ENCODER_WEIGHTS = {"look.weight": torch.tensor([[0.5, -1.0]])}


@pytest.fixture
def autoencoder(tmp_path):
    config = CONFIG.model_copy(update={"encoder": PartConfig(name="convolutional", settings={"widest": 8})})
    save_model(tmp_path / "auto", config=config, weights=WEIGHTS, card="", encoder=ENCODER_WEIGHTS)
    return tmp_path / "auto"


def test_an_encoder_lies_beside_the_generator_with_a_hash_of_its_own(autoencoder):
    assert sorted(path.name for path in autoencoder.iterdir()) == [
        "README.md", "config.json", "encoder.safetensors", "model.safetensors",
    ]  # fmt: skip
    known = load_config(autoencoder).encoder
    assert known.sha256 == hashlib.sha256((autoencoder / "encoder.safetensors").read_bytes()).hexdigest()
    assert (known.name, known.settings) == ("convolutional", {"widest": 8})
    loaded = load_part_weights(autoencoder, load_config(autoencoder), "encoder")
    assert torch.equal(loaded["look.weight"].float(), ENCODER_WEIGHTS["look.weight"])
    assert set(load_weights(autoencoder)) == set(WEIGHTS)


def test_a_discriminator_lies_beside_the_generator_and_is_copied_with_it(tmp_path):
    config = CONFIG.model_copy(update={"discriminator": PartConfig(name="convolutional")})
    save_model(tmp_path / "one", config=config, weights=WEIGHTS, card="", discriminator=ENCODER_WEIGHTS)
    copy_model(tmp_path / "one", tmp_path / "two")
    loaded = load_part_weights(tmp_path / "two", load_config(tmp_path / "two"), "discriminator")
    assert torch.equal(loaded["look.weight"].float(), ENCODER_WEIGHTS["look.weight"])
    with pytest.raises(ModelError, match="has no encoder"):
        load_part_weights(tmp_path / "two", load_config(tmp_path / "two"), "encoder")


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_a_damaged_encoder_is_named_and_not_copied(autoencoder, tmp_path, damage):
    path = autoencoder / "encoder.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"!") if damage == "change" else path.unlink()
    with pytest.raises(ModelError, match=r"encoder\.safetensors"):
        load_part_weights(autoencoder, load_config(autoencoder), "encoder")
    with pytest.raises(ModelError, match=r"encoder\.safetensors"):
        copy_model(autoencoder, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_has_the_encoder_too_and_a_plain_model_in_its_place_has_none(autoencoder, tmp_path):
    copy_model(autoencoder, tmp_path / "copy")
    name = "encoder.safetensors"
    assert (tmp_path / "copy" / name).read_bytes() == (autoencoder / name).read_bytes()
    save_model(autoencoder, config=CONFIG, weights=WEIGHTS, card="")
    assert not (autoencoder / name).exists()
    assert load_config(autoencoder).encoder is None


def test_a_folder_from_before_there_were_encoders_is_read_as_ever(folder):
    path = folder / "config.json"
    record = json.loads(path.read_text())
    record.pop("encoder")
    path.write_text(json.dumps(record))
    assert load_config(folder).encoder is None
    assert set(load_weights(folder)) == set(WEIGHTS)
