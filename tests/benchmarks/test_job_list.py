"""A list of jobs goes on where it was: done is done, failed is tried again, other settings are refused."""

from __future__ import annotations

import pytest
from job_list import do_all, done, failures

SETTINGS = {"minutes": 1.0}


def test_what_is_done_is_not_done_again(tmp_path):
    done_by = []
    jobs = {name: lambda folder, name=name: done_by.append(name) or {"name": name} for name in ("a", "b")}
    first = do_all(tmp_path, SETTINGS, jobs)
    assert first == {"a": {"name": "a"}, "b": {"name": "b"}}
    assert do_all(tmp_path, SETTINGS, jobs) == first
    assert done_by == ["a", "b"]


def test_a_killed_list_goes_on_with_the_job_it_was_at(tmp_path):
    def killed(folder):
        (folder / "half").write_text("kept")
        raise KeyboardInterrupt

    jobs = {"a": lambda folder: {"n": 1}, "b": killed}
    with pytest.raises(KeyboardInterrupt):
        do_all(tmp_path, SETTINGS, jobs)
    assert done(tmp_path, jobs) == {"a": {"n": 1}}
    jobs["b"] = lambda folder: {"found": (folder / "half").read_text()}
    assert do_all(tmp_path, SETTINGS, jobs)["b"] == {"found": "kept"}


def test_a_job_that_fails_does_not_keep_the_others_from_theirs(tmp_path):
    def fails(folder):
        raise SystemExit("no picture")

    jobs = {"a": fails, "b": lambda folder: {"n": float("nan")}}
    assert do_all(tmp_path, SETTINGS, jobs) == {"b": {"n": None}}
    assert failures(tmp_path, jobs) == {"a": "SystemExit: no picture"}
    jobs["a"] = lambda folder: {"n": 2}
    assert list(do_all(tmp_path, SETTINGS, jobs)) == ["a", "b"]
    assert failures(tmp_path, jobs) == {}


def test_a_list_of_other_settings_is_refused(tmp_path):
    do_all(tmp_path, SETTINGS, {})
    with pytest.raises(SystemExit, match="other settings"):
        do_all(tmp_path, {"minutes": 2.0}, {})
