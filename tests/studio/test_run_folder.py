"""The folder of a run: new, gone on with, or begun anew, and nobody's other files touched."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from huohua.errors import CheckpointError, StorageError, UsageError
from huohua.studio.plan import FILE, Plan, choose_preset
from huohua.studio.run_folder import alone, check_place, open_run_folder


def plan(seed: int = 0) -> Plan:
    return Plan(
        name="fruit",
        data="pictures",
        preset="seed",
        settings=choose_preset("image", "seed", batch=None),
        height=16,
        width=16,
        seed=seed,
        precision="fp32",
        version="0.1.0",
    )


@pytest.fixture
def played(tmp_path: Path) -> Path:
    """Return the folder of a run that has been played, among a person's own files."""
    folder = tmp_path / "run"
    open_run_folder(folder, plan(), resume=True)
    for name in (
        "checkpoints/000000016/state.json",
        "checkpoints/.000000032.x/state.json",
        "tensorboard/events.out",
        "previews/000000016.png",
        "events.jsonl",
        "report.html",
        "model/config.json",
        "notes.txt",
        "previews/mine.png",
        "model/mine.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_going_on_touches_nothing(played):
    before = {name: (played / name).read_bytes() for name in files(played)}
    open_run_folder(played, plan(), resume=True)
    assert {name: (played / name).read_bytes() for name in files(played)} == before


def test_beginning_anew_removes_what_is_the_runs_and_nothing_else(played):
    open_run_folder(played, plan(seed=1), resume=False)
    assert files(played) == {FILE, "notes.txt", "previews/mine.png", "model/mine.txt", "model/config.json"}
    assert Plan.from_json((played / FILE).read_text()).seed == 1


def test_beginning_anew_in_a_folder_that_is_no_run_removes_nothing(tmp_path):
    for name in ("previews/000000001.png", "report.html", "tensorboard/mine"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    open_run_folder(tmp_path, plan(), resume=False)
    assert files(tmp_path) == {FILE, "previews/000000001.png", "report.html", "tensorboard/mine"}


@pytest.mark.parametrize("resume", [True, False])
def test_checkpoints_without_their_plan_are_neither_used_nor_removed(played, resume):
    (played / FILE).unlink()
    before = files(played)
    with pytest.raises(CheckpointError, match=r"the run\.json that says what they are is gone"):
        open_run_folder(played, plan(), resume=resume)
    assert files(played) == before


def test_a_run_that_was_stopped_before_its_first_checkpoint_binds_nobody(tmp_path):
    open_run_folder(tmp_path, plan(), resume=True)
    (tmp_path / "checkpoints" / ".000000000.x").mkdir(parents=True)  # what a kill left
    open_run_folder(tmp_path, plan(seed=1), resume=True)
    assert Plan.from_json((tmp_path / FILE).read_text()).seed == 1


@pytest.mark.parametrize("kept", ["checkpoints/000000016", "model"])
def test_a_run_that_has_something_to_lose_binds(tmp_path, kept):
    open_run_folder(tmp_path, plan(), resume=True)
    (tmp_path / kept).mkdir(parents=True)
    with pytest.raises(CheckpointError, match="begun with seed 0"):
        open_run_folder(tmp_path, plan(seed=1), resume=True)


@pytest.mark.parametrize("resume", [True, False])
def test_a_folder_that_cannot_be_one_is_refused(tmp_path, resume):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StorageError, match="in the way"):
        open_run_folder(tmp_path / "file" / "run", plan(), resume=resume)


def test_a_file_in_the_place_of_a_run_is_refused_before_any_work_is_read(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file and no folder"):
        check_place(tmp_path / "file", None)
    check_place(tmp_path, None)
    check_place(tmp_path / "new", None)


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/b", "../x", "a\\b", "a\nb", "\0"])
def test_a_name_that_no_folder_can_have_is_refused(name):
    with pytest.raises(UsageError, match="is no name for a model"):
        check_place(None, name)


@pytest.mark.parametrize("name", [None, "fruit", "my fruit", "火花", "v1.2"])
def test_other_names_are_welcome(name):
    check_place(None, name)


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_run_is_trained_by_one_at_a_time_and_leaves_no_lock_behind(tmp_path):
    folder = tmp_path / "new" / "run"
    with alone(folder):
        with pytest.raises(CheckpointError, match="Another training is going on"), alone(folder):
            raise AssertionError("two at a time")
        with alone(tmp_path / "other"):
            pass
    with alone(folder):
        assert files(folder) == set()


def test_where_the_file_system_has_no_locks_training_goes_on(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(handle, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with alone(tmp_path), alone(tmp_path):
        pass


def test_what_a_kill_left_of_a_model_is_removed_when_the_run_goes_on(played):
    before = files(played)
    (played / ".model.abc").mkdir()
    (played / ".model.abc" / "model.safetensors").write_text("half")
    open_run_folder(played, plan(), resume=True)
    assert files(played) == before
