"""`huohua train image`: flags reach the use case, events reach the screen, exit codes tell the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from huohua.adversarial.events import Finished, Progress, Saved, Started
from huohua.errors import CheckpointError
from huohua.studio import train as training
from huohua.studio.image_model import ImageModel

ROOT = Path(__file__).resolve().parents[2]


class Trainer:
    """Stands in for training: remembers its arguments, tells some events, returns a finished model."""

    def __init__(self, folder, reason="budget", error=None):
        self.folder, self.reason, self.error = folder, reason, error
        self.given = {}

    def __call__(self, art, data, *, listeners, on_prepare, **given):
        self.given = {"art": art, "data": data, **given}
        on_prepare(12, 12)
        settings = {"name": "fruit-fast-64x64", "works": 12, "preset": "fast", "threads": 1}
        for event in (
            Started(seconds=0.0, shown=0, round=0, total_shown=1000, settings=settings),
            Progress(seconds=1.0, shown=160, round=10, costs={"generator": 1.5}, speed=160.0),
            Saved(seconds=2.0, shown=320, round=20, path="checkpoints/000000320"),
        ):
            for listener in listeners:
                listener(event)
        if self.error:
            raise self.error
        for listener in listeners:
            listener(Finished(seconds=2.0, shown=320, round=20, reason=self.reason))
        return ImageModel(self.folder)


@pytest.fixture
def trainer(fruit, monkeypatch):
    """Return a function that puts a stand-in in the place of training."""

    def place(**options):
        standin = Trainer(fruit, **options)
        monkeypatch.setattr(training, "train", standin)
        return standin

    return place


def test_without_flags_the_use_case_decides(huohua, trainer):
    standin = trainer()
    answer = huohua("train", "image", "pictures")
    assert answer.code == 0
    assert standin.given == {
        "art": "image",
        "data": "pictures",
        "preset": "fast",
        "size": None,
        "attributes": None,
        "out": None,
        "kimg": None,
        "minutes": None,
        "seed": 0,
        "resume": True,
        "threads": None,
        "precision": "auto",
        "device": "auto",
        "batch": None,
        "name": None,
        "licence": None,
        "origin": None,
        "language": "en",
        "tensorboard": False,
    }


def test_music_is_trained_with_the_same_words_and_no_size(huohua, trainer):
    standin = trainer()
    answer = huohua("train", "music", "tunes", "--kimg", 2, "--threads", 1)
    assert answer.code == 0
    given = standin.given
    assert (given["art"], given["data"], given["preset"], given["kimg"]) == (
        "music",
        "tunes",
        "composer",
        2.0,
    )
    assert "size" not in given
    assert huohua("train", "music", "tunes", "--size", "8").code != 0


def test_attributes_can_be_refused(huohua, trainer):
    standin = trainer()
    assert huohua("train", "image", "pictures", "--no-attributes").code == 0
    assert standin.given["attributes"] is False


def test_every_flag_reaches_the_use_case(huohua, trainer):
    standin = trainer()
    line = (
        "train image p.zip --preset tiny --size 192x128 --attributes --out runs/x --kimg 1.5 --minutes 10 "
        "--seed 3 --restart --threads 2 --precision fp32 --device cpu --batch 8 --name fruit "
        "--licence CC0-1.0 --origin attic --tensorboard --lang zh"
    )
    assert huohua(*line.split()).code == 0
    assert standin.given == {
        "art": "image",
        "data": "p.zip",
        "preset": "tiny",
        "size": "192x128",
        "attributes": True,
        "out": Path("runs/x"),
        "kimg": 1.5,
        "minutes": 10.0,
        "seed": 3,
        "resume": False,
        "threads": 2,
        "precision": "fp32",
        "device": "cpu",
        "batch": 8,
        "name": "fruit",
        "licence": "CC0-1.0",
        "origin": "attic",
        "language": "zh",
        "tensorboard": True,
    }


def test_people_see_progress_and_where_the_model_is(huohua, trainer, fruit):
    trainer()
    (fruit.parent / "report.html").write_text("report")
    answer = huohua("train", "image", "pictures")
    assert answer.lines == [str(fruit)]
    remarks = answer.err.splitlines()
    assert remarks[0] == "fruit-fast-64x64: 12 works, preset fast, 1 thread"
    assert remarks[1].startswith("0.2 of 1.0 kimg | 160 works/s")
    assert remarks[2] == f"How it went: {fruit.parent / 'report.html'}"
    assert remarks[3] == "Make works with it: huohua create image --model fruit"


def test_quiet_leaves_only_the_result(huohua, trainer, fruit):
    trainer()
    answer = huohua("train", "image", "pictures", "--quiet")
    assert (answer.out, answer.err) == (f"{fruit}\n", "")


def test_programs_get_events_and_the_model_as_json_lines(huohua, trainer, fruit):
    trainer()
    answer = huohua("train", "image", "pictures", "--json")
    records = [json.loads(line) for line in answer.lines]
    assert [record["kind"] for record in records] == ["started", "progress", "saved", "finished", "model"]
    assert records[-1] == {"kind": "model", "name": "fruit", "folder": str(fruit)}
    assert answer.err == ""


def test_a_run_that_was_stopped_leaves_with_130_and_says_what_was_saved(huohua, trainer):
    trainer(reason="interrupted")
    answer = huohua("train", "image", "pictures")
    assert answer.code == 130
    saved = "Saved at 320 works in checkpoints/000000320. Give the same command to go on."
    assert answer.err.splitlines()[-2:] == [saved, "Stopped."]


def test_ctrl_c_at_a_bad_moment_says_what_was_saved_too(huohua, trainer):
    trainer(error=KeyboardInterrupt())
    answer = huohua("train", "image", "pictures")
    assert answer.code == 130
    assert "Saved at 320 works in checkpoints/000000320." in answer.err


def test_an_error_of_training_comes_through_with_its_code(huohua, trainer):
    trainer(error=CheckpointError("The run in x was begun with seed 1.", advice="Use --restart."))
    answer = huohua("train", "image", "pictures")
    assert answer.code == 5
    assert answer.err.splitlines()[-2:] == [
        "Error: The run in x was begun with seed 1.",
        "What to do: Use --restart.",
    ]


def test_of_several_processes_only_the_first_speaks(huohua, trainer, monkeypatch):
    trainer()
    monkeypatch.setenv("RANK", "1")
    answer = huohua("train", "image", "pictures")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--precision", "fp8"], "--precision cannot be 'fp8'."),
        (["--lang", "fr"], "--lang cannot be 'fr'."),
        (["--seed", "x"], "Invalid value for '--seed'"),
        (["--presett", "tiny"], "No such option: --presett"),
        (["--preset", "huge"], "There is no preset 'huge'."),
        (["--size", "64y64"], "'64y64' is not a size."),
        (["--size", "4"], "4x4 pixels are out of range."),
        (["--kimg", "-1"], "--kimg -1.0 is no budget."),
        (["--minutes", "0"], "--minutes 0.0 is no budget."),
        (["--batch", "1"], "A batch of 1 works is not possible."),
        (["--threads", "0"], "0 threads cannot compute."),
        (["--device", "abacus"], "'abacus' is not a device."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_bad_flag_is_one_clear_message_before_anything_is_read(huohua, flags, words):
    answer = huohua("train", "image", "nowhere", *flags)
    assert answer.code == 2
    assert answer.err.startswith(f"Error: {words}")
    assert list(Path().iterdir()) == []


@pytest.mark.slow
def test_from_a_folder_of_pictures_to_new_ones(huohua, tmp_path):
    """The whole way in a process of its own, as a person goes it, with the smallest budget."""
    for number in range(12):
        place = Path("pictures") / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), (20 * number, 99, 255 - 20 * number)).save(place / f"{number}.png")
    words = ["train", "image", "pictures", "--size", "16", "--batch", "4", "--kimg", "0.008", "--out", "run"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    trained = subprocess.run(
        [sys.executable, "-m", "huohua", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert trained.returncode == 0, trained.stderr
    assert trained.stdout == "run/model\n"
    assert Path("run/report.html").exists()
    made = huohua("create", "image", "--subject", "lemon", "--seed", 5)
    assert (made.code, made.lines) == (0, ["lemon-seed5-0.png"])
    assert huohua("recreate", "lemon-seed5-0.png", "--check").code == 0
    (model,) = huohua("models", "list", "--json").record["models"]
    assert (model["works"], model["shown"], model["size"]) == (12, 8, "16x16")
