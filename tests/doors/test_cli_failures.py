"""What a person sees when something fails, and what a shell gets to know."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from huohua.cli import failures, main
from huohua.studio import models

ROOT = Path(__file__).resolve().parents[2]


def raising(error):
    def raise_it(*arguments, **named):
        raise error

    return raise_it


def test_a_surprise_is_one_line_and_a_log_file(huohua, monkeypatch, tmp_path):
    monkeypatch.setattr(models, "overview", raising(KeyError("moon\nphase")))
    answer = huohua("models", "list")
    lines = answer.err.splitlines()
    assert (answer.code, len(lines)) == (70, 2)
    assert lines[0].startswith("Error: Something went wrong that should not have: KeyError: 'moon\\nphase'.")
    (log,) = (tmp_path / "home" / "logs").iterdir()
    assert str(log) in lines[0]
    assert "raise_it" in log.read_text()


def test_a_surprise_is_json_for_programs(huohua, monkeypatch):
    monkeypatch.setattr(models, "overview", raising(KeyError("moon")))
    answer = huohua("models", "list", "--json")
    assert "KeyError" in json.loads(answer.err)["error"]


@pytest.mark.parametrize("how", ["flag first", "flag last", "environment"])
def test_a_traceback_is_shown_when_asked_for(huohua, monkeypatch, how):
    monkeypatch.setattr(models, "overview", raising(KeyError("moon")))
    words = ["models", "list"]
    if how == "environment":
        monkeypatch.setenv("HUOHUA_DEBUG", "1")
    else:
        words.insert(0 if how == "flag first" else 2, "--debug")
    answer = huohua(*words)
    assert answer.code == 70
    assert "Traceback (most recent call last)" in answer.err


def test_a_log_that_cannot_be_written_goes_elsewhere(huohua, monkeypatch, tmp_path):
    monkeypatch.setattr(models, "overview", raising(KeyError("moon")))
    monkeypatch.setattr(failures.tempfile, "gettempdir", lambda: str(tmp_path / "elsewhere"))
    (tmp_path / "home").write_text("in the way")
    assert huohua("models", "list").code == 70
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.png"), 8, "No space left while writing a.png."),
        (
            PermissionError(errno.EACCES, "Permission denied", "b.png"),
            8,
            "b.png cannot be used: Permission denied.",
        ),
        (MemoryError(), 6, "There is not enough memory."),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), 6, "There is not enough memory."),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_what_a_machine_may_do_to_us_has_a_code_and_a_word_of_its_own(
    huohua, monkeypatch, error, code, words
):
    monkeypatch.setattr(models, "overview", raising(error))
    answer = huohua("models", "list")
    assert answer.code == code
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_markup_in_a_message_is_shown_and_not_obeyed(huohua, fruit):
    answer = huohua("create", "image", "--subject", "[red]x[/red]")
    assert "knows no subject '[red]x[/red]'" in answer.err


@pytest.mark.parametrize(
    ("words", "code"), [(["--version"], 0), (["--help"], 0), (["models"], 2), (["paint"], 2)]
)
def test_asking_for_help_and_asking_wrongly(huohua, words, code):
    answer = huohua(*words)
    assert answer.code == code
    assert "Traceback" not in answer.err


def test_every_command_explains_itself(huohua):
    for command in main.ORDER.split():
        answer = huohua(command, "--help")
        assert answer.code == 0
        assert "Usage: huohua" in answer.out
    listed = huohua("--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines()] == main.ORDER.split()


def run(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    command = [sys.executable, "-m", "huohua", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **options)


def test_the_module_is_the_command_and_tells_its_exit_code(tmp_path):
    result = run("recreate", "nothing.png", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith("Error: There is no file nothing.png.")


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    """The reading end of the pipe is closed before the command writes its first line."""
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "huohua", "--help"]
    result = subprocess.run(
        command, env=environment, stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert result.stderr == ""
    assert result.returncode in {1, 141}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_output_into_a_full_disk_is_a_clear_error():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "huohua", "--version"]
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 8
    assert result.stderr.startswith("Error: No space left while writing the output.")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_knows_no_chinese_gets_its_answer(tmp_path, encoding):
    environment = {
        "PYTHONIOENCODING": encoding,
        "HUOHUA_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "huohua", "create", "image", "--model", "火花"]
    result = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 4
    assert b"There is no model '??'." in result.stderr
