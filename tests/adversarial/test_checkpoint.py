"""Checkpoints: whole or absent, noticed when damaged, and exact."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial.checkpoint import discard_after, intact, latest, listing, restore, save, tidy
from huohua.errors import CheckpointError, StorageError

STATE = {"round": 3, "signs": [0.1, 1 / 3], "figures": {"recall": float("nan")}}


class Small(nn.Module):
    """Weights that lie channels last, a running mean and a counter."""

    def __init__(self, seed: int = 0, channels: int = 3) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.body = nn.Conv2d(channels, 4, 3).to(memory_format=torch.channels_last)
            self.norm = nn.BatchNorm2d(4)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.norm(self.body(image))


def step(network: nn.Module, optimiser: torch.optim.Optimizer, number: int) -> None:
    image = torch.randn(2, 3, 5, 5, generator=torch.Generator().manual_seed(number))
    optimiser.zero_grad()
    network(image.contiguous(memory_format=torch.channels_last)).square().mean().backward()
    optimiser.step()


def player(kind: str = "adam", seed: int = 0) -> tuple[nn.Module, torch.optim.Optimizer]:
    network = Small(seed)
    makers = {
        "adam": lambda w: torch.optim.Adam(w, lr=0.1, betas=(0.5, 0.9)),
        "fused": lambda w: torch.optim.Adam(w, lr=0.1, betas=(0.5, 0.9), fused=True),
        "adamw": lambda w: torch.optim.AdamW(w, lr=0.1, weight_decay=0.01, amsgrad=True),
        "rmsprop": lambda w: torch.optim.RMSprop(w, lr=0.1, momentum=0.9),
        "sgd": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9),
    }
    return network, makers[kind](network.parameters())


def store(root: Path, shown: int = 32, *, good: bool = True, keep: int = 2) -> checkpoints.Checkpoint:
    network, optimiser = player()
    step(network, optimiser, 0)
    parts = {"networks": {"painter": network}, "optimisers": {"painter": optimiser}}
    return save(root, **parts, state=STATE | {"round": shown}, shown=shown, good=good, keep=keep)


def shown(root: Path) -> list[int]:
    return [checkpoint.shown for checkpoint in listing(root)]


@pytest.mark.parametrize("kind", ["adam", "fused", "adamw", "rmsprop", "sgd"])
@pytest.mark.parametrize("steps", [0, 3])
def test_going_on_from_a_checkpoint_equals_never_having_stopped(tmp_path, kind, steps):
    straight, stopped = player(kind), player(kind)
    for number in range(steps):
        step(*straight, number)
        step(*stopped, number)
    parts = {"networks": {"painter": stopped[0]}, "optimisers": {"painter": stopped[1]}}
    saved = save(tmp_path, **parts, state=STATE, shown=32, good=True)
    fresh = player(kind, seed=1)
    restored = restore(saved, networks={"painter": fresh[0]}, optimisers={"painter": fresh[1]})
    assert json.dumps(restored) == json.dumps(STATE)
    for number in range(steps, steps + 3):
        step(*straight, number)
        step(*fresh, number)
    for (name, one), other in zip(
        straight[0].state_dict().items(), fresh[0].state_dict().values(), strict=True
    ):
        assert torch.equal(one, other), name
        assert one.stride() == other.stride()


def test_a_checkpoint_is_tensors_and_json_and_nothing_else(tmp_path):
    folder = store(tmp_path).folder
    assert folder == tmp_path / "000000032"
    assert sorted(path.name for path in folder.iterdir()) == [
        "painter.optimiser.safetensors",
        "painter.safetensors",
        "state.json",
    ]
    assert json.loads((folder / "state.json").read_text())["format"] == 1


def test_the_newest_is_the_one_shown_most(tmp_path):
    for number in (999_999_984, 2_000_000_000, 1_000_000_000):
        store(tmp_path, number, keep=9)
    assert shown(tmp_path) == [999_999_984, 1_000_000_000, 2_000_000_000]
    assert latest(tmp_path).shown == 2_000_000_000


def test_a_folder_that_is_not_there_holds_no_checkpoint(tmp_path):
    assert listing(tmp_path / "nothing") == []
    assert latest(tmp_path / "nothing") is None


def test_two_are_kept_and_always_the_last_good_one(tmp_path):
    kept = []
    for number, good in enumerate([True, True, False, False, False, True, False], 1):
        store(tmp_path, number, good=good)
        kept.append(shown(tmp_path))
    assert kept == [[1], [1, 2], [2, 3], [2, 3, 4], [2, 4, 5], [5, 6], [6, 7]]
    assert latest(tmp_path).shown == 7
    assert latest(tmp_path, good=True).shown == 6


def test_torn_leftovers_are_removed_with_the_next_checkpoint(tmp_path):
    (tmp_path / ".000000016.abc").mkdir(parents=True)
    (tmp_path / ".000000016.abc" / "painter.safetensors").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    assert listing(tmp_path) == []
    store(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000032", "notes.txt"]


def test_a_roll_back_discards_what_came_after(tmp_path):
    for number in (16, 32, 48):
        store(tmp_path, number, keep=9)
    discard_after(tmp_path, 16)
    assert shown(tmp_path) == [16]


def damage_truncate(folder: Path) -> None:
    path = folder / "painter.safetensors"
    path.write_bytes(path.read_bytes()[:-7])


def damage_empty(folder: Path) -> None:
    (folder / "painter.optimiser.safetensors").write_bytes(b"")


def damage_byte(folder: Path) -> None:
    path = folder / "painter.safetensors"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


def damage_missing(folder: Path) -> None:
    (folder / "painter.optimiser.safetensors").unlink()


def damage_state_missing(folder: Path) -> None:
    (folder / "state.json").unlink()


def damage_state_cut(folder: Path) -> None:
    path = folder / "state.json"
    path.write_text(path.read_text()[:100])


def damage_state_number(folder: Path) -> None:
    path = folder / "state.json"
    text = path.read_text()
    assert '"round": 48' in text
    path.write_text(text.replace('"round": 48', '"round": 49'))


def damage_state_binary(folder: Path) -> None:
    (folder / "state.json").write_bytes(b"\xff\xfe\x00garbage")


def damage_state_other_json(folder: Path) -> None:
    (folder / "state.json").write_text("[1, 2, 3]")


def damage_unknown_format(folder: Path) -> None:
    path = folder / "state.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"format": 99}))


DAMAGES = [value for name, value in list(globals().items()) if name.startswith("damage_")]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.removeprefix("damage_"))
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path, damage):
    older, newest = store(tmp_path, 32), store(tmp_path, 48)
    assert latest(tmp_path) == newest
    damage(newest.folder)
    assert not intact(newest)
    assert latest(tmp_path) == older
    assert latest(tmp_path, good=True) == older


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_flipped_bit_is_noticed_or_harmless(tmp_path, place, bit):
    """In the state file a flip may turn one blank into another, and then the checkpoint is as it was."""
    original = tmp_path / "original"
    saved = listing(original)[0] if original.is_dir() else store(original)
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(saved.folder, copy / saved.name)
    paths = sorted((copy / saved.name).iterdir())
    position = int(place * sum(path.stat().st_size for path in paths))
    for path in paths:
        if position < path.stat().st_size:
            content = bytearray(path.read_bytes())
            content[position] ^= 1 << bit
            path.write_bytes(content)
            break
        position -= path.stat().st_size
    if latest(copy) is not None:
        assert path.name == "state.json"
        assert json.dumps(json.loads(path.read_text())) == json.dumps(
            json.loads((saved.folder / "state.json").read_text())
        )


@pytest.mark.parametrize(
    "strangers",
    [
        {"networks": {"painter": Small(channels=5)}, "optimisers": {}},
        {"networks": {"painter": nn.Linear(2, 2)}, "optimisers": {}},
        {"networks": {"judge": Small()}, "optimisers": {}},
        {"networks": {}, "optimisers": {"judge": player()[1]}},
        {"networks": {}, "optimisers": {"painter": torch.optim.Adam(nn.Linear(2, 2).parameters())}},
    ],
    ids=["other shape", "other network", "other name", "other optimiser", "other weights"],
)
def test_a_checkpoint_of_other_networks_is_one_clear_error(tmp_path, strangers):
    saved = store(tmp_path)
    with pytest.raises(CheckpointError, match="belongs to another kind of run") as caught:
        restore(saved, **strangers)
    assert "--restart" in caught.value.advice


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("name", ["painter.safetensors", "painter.optimiser.safetensors", "state.json"])
def test_a_full_disk_loses_nothing_that_was_there(tmp_path, monkeypatch, number, name):
    older = store(tmp_path, 32)
    before = {path.name: path.read_bytes() for path in older.folder.iterdir()}

    def full(write):
        def written(path: Path, content, *arguments, **options):
            if path.name == name:
                raise OSError(number, os.strerror(number))
            return write(path, content, *arguments, **options)

        return written

    monkeypatch.setattr(Path, "write_bytes", full(Path.write_bytes))
    monkeypatch.setattr(Path, "write_text", full(Path.write_text))
    with pytest.raises(StorageError, match="No space left"):
        store(tmp_path, 48)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["000000032"]
    assert {path.name: path.read_bytes() for path in older.folder.iterdir()} == before
    assert latest(tmp_path) == older


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_the_system_saying_that_the_disk_is_full_is_understood(tmp_path, monkeypatch):
    older = store(tmp_path, 32)

    def to_full_device(path: Path, content: bytes) -> int:
        with open("/dev/full", "wb", buffering=0) as device:
            return device.write(content)

    monkeypatch.setattr(Path, "write_bytes", to_full_device)
    with pytest.raises(StorageError, match="No space left"):
        store(tmp_path, 48)
    assert latest(tmp_path) == older


def test_a_closed_folder_is_one_clear_error(tmp_path):
    (tmp_path / "checkpoints").write_text("a file in the way")
    with pytest.raises(StorageError, match="in the way"):
        store(tmp_path / "checkpoints")


def test_saving_the_same_moment_again_replaces_it_whole(tmp_path):
    store(tmp_path, 32, good=False)
    store(tmp_path, 32, good=True)
    assert [path.name for path in tmp_path.iterdir()] == ["000000032"]
    assert latest(tmp_path, good=True).shown == 32


def test_an_older_good_checkpoint_is_removed_only_when_the_newer_is_there(tmp_path, monkeypatch):
    store(tmp_path, 16)
    store(tmp_path, 32)

    def refuse(root: Path, *, keep: int) -> None:
        assert latest(root).shown == 48
        tidy(root, keep=keep)

    monkeypatch.setattr(checkpoints, "tidy", refuse)
    store(tmp_path, 48)
    assert shown(tmp_path) == [32, 48]
