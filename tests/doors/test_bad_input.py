"""Whatever is wrong with pictures, flags, disk or run folder: one clear message, and nothing is lost.

Everything goes through the command line: in this process where that shows the same, and in processes
of its own where signals and kills matter.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from PIL import Image

from huohua.arts.image import inspection, workshop
from huohua.studio.run_folder import alone

ROOT = Path(__file__).resolve().parents[2]
# The same command each time; a later flag overrules an earlier one.
FLAGS = "--preset seed --size 16 --batch 4 --threads 1 --precision fp32 --kimg 0.016 --out run"
SMALL = tuple(FLAGS.split())


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Measure on a few probes only, and put the number of threads back afterwards."""
    before = torch.get_num_threads()
    probes_of = inspection.probes_of
    monkeypatch.setattr(
        inspection, "probes_of", lambda works, *, latent: probes_of(works, latent=latent, count=8)
    )
    yield
    torch.set_num_threads(before)


def noise(number: int, mode: str = "RGB") -> Image.Image:
    dice = np.random.default_rng(number)
    return Image.fromarray(dice.integers(0, 256, (20, 20, 3), dtype=np.uint8)).convert(mode)


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def good_pictures(folder: Path, count: int = 10) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"good-{number}.png").write_bytes(encoded(noise(number)))
    return folder


def bomb(side: int = 50_000) -> bytes:
    """Return a PNG file of a few bytes whose header promises side x side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def assert_refused(answer, code: int, *words: str) -> None:
    """Check for one message that says these words, one piece of advice, and nothing else."""
    lines = answer.err.splitlines()
    assert answer.code == code, answer.err
    assert answer.out == ""
    assert lines[0].startswith("Error: ")
    for word in words:
        assert word in lines[0]
    assert [line[:12] for line in lines[1:]] == ["What to do: "] * len(lines[1:])
    assert len(lines) <= 2


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def weights(checkpoint: Path) -> dict[str, dict[str, np.ndarray]]:
    return {path.name: safetensors.numpy.load_file(path) for path in checkpoint.glob("*.safetensors")}


def assert_same_weights(first: Path, second: Path) -> None:
    one, other = weights(first), weights(second)
    assert {"generator.safetensors", "discriminator.safetensors", "average.safetensors"} <= one.keys()
    assert one.keys() == other.keys()
    for name, tensors in one.items():
        assert tensors.keys() == other[name].keys()
        for key, tensor in tensors.items():
            assert tensor.tobytes() == other[name][key].tobytes(), (name, key)


def no_place(folder: Path) -> str:
    return "nowhere"


def empty_folder(folder: Path) -> str:
    (folder / "data").mkdir()
    return "data"


def only_damaged(folder: Path) -> str:
    (folder / "data").mkdir()
    for number in range(9):
        (folder / "data" / f"{number}.png").write_bytes(encoded(noise(number))[: 40 + number])
    return "data"


def only_bombs(folder: Path) -> str:
    (folder / "data").mkdir()
    for number in range(9):
        (folder / "data" / f"{number}.png").write_bytes(bomb(50_000 + number))
    return "data"


def one_in_a_folder(folder: Path) -> str:
    good_pictures(folder / "data", 1)
    return "data"


def one_by_itself(folder: Path) -> str:
    (folder / "one.png").write_bytes(encoded(noise(0)))
    return "one.png"


def equal_pictures(folder: Path) -> str:
    (folder / "data").mkdir()
    for number in range(20):
        (folder / "data" / f"{number}.png").write_bytes(encoded(noise(0)))
    return "data"


def text_file(folder: Path) -> str:
    (folder / "notes.log").write_text("apples and lemons\n" * 100)
    return "notes.log"


def no_zip(folder: Path) -> str:
    (folder / "data.zip").write_bytes(b"this is no archive" * 50)
    return "data.zip"


def cut_zip(folder: Path) -> str:
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        for number in range(12):
            archive.writestr(f"{number}.png", encoded(noise(number)))
    content = (folder / "data.zip").read_bytes()
    (folder / "data.zip").write_bytes(content[: len(content) // 2])
    return "data.zip"


def empty_file(folder: Path) -> str:
    (folder / "data.zip").touch()
    return "data.zip"


@pytest.mark.parametrize("command", ["train", "show"])
@pytest.mark.parametrize(
    ("place", "words"),
    [
        (no_place, "There is no file or folder 'nowhere'."),
        (empty_folder, "There are no pictures in data."),
        (only_damaged, "data has no usable picture. 0.png: "),
        (only_bombs, "data has no usable picture. 0.png: it has "),
        (one_by_itself, "one.png is a single picture."),
        (text_file, "notes.log is of a kind that is not read."),
        (no_zip, "data.zip"),
        (cut_zip, "data.zip"),
        (empty_file, "data.zip"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_data_that_is_no_data_is_refused_and_leaves_nothing_behind(huohua, place, words, command):
    data = place(Path())
    before = contents(Path())
    line = ["train", "image", data, *SMALL] if command == "train" else ["data", "show", data]
    assert_refused(huohua(*line), 3, words)
    assert contents(Path()) == before


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (one_in_a_folder, "data has one usable picture; 8 are the fewest"),
        (equal_pictures, "one usable picture"),
    ],
    ids=["one", "twenty equal ones"],
)
def test_too_few_pictures_are_refused_with_the_number_that_is_enough(huohua, place, words):
    data = place(Path())
    assert_refused(huohua("train", "image", data, *SMALL), 3, words)
    assert not Path("run").exists()


MODES = {
    "1": "PNG", "L": "PNG", "LA": "PNG", "P": "PNG", "RGB": "PNG", "RGBA": "PNG", "I": "TIFF", "I;16": "PNG",
    "PA": "GIF", "CMYK": "JPEG", "YCbCr": "TIFF", "LAB": "TIFF", "F": "TIFF", "RGBX": "TIFF", "I;16B": "TIFF",
}  # fmt: skip
SPOILT = {
    "bomb.png": bomb(),
    "cut.jpg": encoded(noise(90), "JPEG")[:300],
    "empty.png": b"",
    "noise.webp": bytes(range(256)) * 4,
    "words.png": b"this is no picture",
}


def of_mode(number: int, mode: str) -> Image.Image:
    """Return a picture of a mode, of its own content, by whichever way Pillow makes it."""
    if mode == "LAB":
        return Image.frombytes("LAB", (20, 20), noise(number).tobytes())
    if mode.startswith("I;16"):
        grey = np.asarray(noise(number, "L"), dtype="<u2" if mode == "I;16" else ">u2") * 257
        return Image.frombytes(mode, (20, 20), grey.astype("<u2" if mode == "I;16" else ">u2").tobytes())
    if mode in ("I", "F"):
        return noise(number, "L").convert(mode)
    return noise(number, "RGBA").convert("P") if mode == "PA" else noise(number).convert(mode)


def test_a_folder_of_every_kind_trains_on_what_is_good_and_names_what_is_not(huohua):
    data = good_pictures(Path("data"))
    for number, (mode, kind) in enumerate(MODES.items(), start=20):
        name = f"mode-{mode.replace(';', '')}.{kind.lower()}"
        (data / name).write_bytes(encoded(of_mode(number, mode), kind))
    (data / "really-a-jpeg.png").write_bytes(encoded(noise(80), "JPEG"))
    (data / "really-a-png.jpg").write_bytes(encoded(noise(81)))
    (data / "notes.txt").write_text("not a picture, and nobody says it is")
    for name, content in SPOILT.items():
        (data / name).write_bytes(content)
    kept = 10 + len(MODES) + 2

    found = huohua("data", "show", "data", "--json").record
    assert found["works"] == kept
    assert {problem["name"] for problem in found["problems"]} == SPOILT.keys()

    answer = huohua("train", "image", "data", *SMALL)
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[0].startswith(f"data-seed-16x16: {kept} works, ")
    assert answer.err.splitlines()[1] == "5 files were left out; to see why: huohua data show data"
    assert huohua("models", "list", "--json").record["models"][0]["works"] == kept


def test_what_may_not_be_read_is_said(huohua):
    Path("closed").mkdir(mode=0o555)
    if os.access("closed", os.W_OK):
        pytest.skip("this user, probably root, may read and write everything")
    data = good_pictures(Path("data"))
    (data / "secret.png").write_bytes(encoded(noise(50)))
    (data / "secret.png").chmod(0)
    answer = huohua("train", "image", "data", *SMALL)
    assert answer.code == 0
    assert "1 file was left out" in answer.err
    data.chmod(0)
    try:
        assert_refused(huohua("train", "image", "data", *SMALL, "--out", "other"), 3, "cannot be read")
    finally:
        data.chmod(0o755)
    assert_refused(huohua("train", "image", "data", *SMALL, "--out", "closed/run"), 8, "cannot be written")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("--size 3", "3x3 pixels are out of range"),
        ("--size abc", "'abc' is not a size"),
        ("--size 64x", "'64x' is not a size"),
        ("--size 50000", "50000x50000 pixels are out of range"),
        ("--kimg -1", "--kimg -1.0 is no budget"),
        ("--kimg nan", "--kimg nan is no budget"),
        ("--minutes 0", "--minutes 0.0 is no budget"),
        ("--batch 1", "A batch of 1 works is not possible"),
        ("--threads 0", "0 threads cannot compute"),
        ("--threads 1000000", "1000000 threads cannot compute"),
        ("--preset huge", "There is no preset 'huge'"),
        ("--precision fp16 --device cpu", "fp16 does not train on a CPU"),
        ("--precision fp8", "--precision cannot be 'fp8'"),
        ("--device abacus", "'abacus' is not a device"),
        ("--lang fr", "--lang cannot be 'fr'"),
        ("--name ../x", "'../x' is no name for a model"),
        ("--out data/good-0.png", "data/good-0.png is a file and no folder"),
        ("--out data/good-0.png/run", "is a file"),
        ("--colour red", "No such option"),
    ],
    ids=lambda value: value if value.startswith("--") else "",
)
def test_a_bad_flag_is_refused_before_a_picture_is_read(huohua, monkeypatch, flags, words):
    good_pictures(Path("data"))
    before = contents(Path())

    def read(*arguments, **options):
        raise AssertionError("pictures were read")

    monkeypatch.setattr(workshop, "open_dataset", read)
    assert_refused(huohua("train", "image", "data", *SMALL, *flags.split()), 2, words)
    assert contents(Path()) == before


@pytest.fixture
def begun(huohua) -> Path:
    """Return the folder of a run with two checkpoints beside the first, and a way to go on with it."""
    good_pictures(Path("data"))
    for kimg in (0.016, 0.032):
        assert huohua("train", "image", "data", *SMALL, "--kimg", kimg).code == 0
    assert {path.name for path in Path("run/checkpoints").iterdir()} >= {"000000016", "000000032"}
    return Path("run")


def test_a_damaged_newest_checkpoint_is_told_and_the_one_before_it_taken(huohua, begun):
    whole = Path("whole")
    shutil.copytree(begun, whole)
    assert huohua("train", "image", "data", *SMALL, "--kimg", 0.048, "--out", whole).code == 0
    spoilt = begun / "checkpoints" / "000000032" / "average.safetensors"
    content = bytearray(spoilt.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt.write_bytes(content)
    answer = huohua("train", "image", "data", *SMALL, "--kimg", 0.048)
    assert answer.code == 0
    assert answer.err.splitlines()[0] == (
        "The newest checkpoint, 000000032, is damaged. Going on from the one before it, 000000016."
    )
    assert "Going on from 16 works" in answer.err
    assert_same_weights(begun / "checkpoints" / "000000048", whole / "checkpoints" / "000000048")


@pytest.mark.parametrize("damage", ["cut", "emptied"])
def test_where_every_checkpoint_is_damaged_nothing_is_removed(huohua, begun, damage):
    for checkpoint in (begun / "checkpoints").iterdir():
        state = checkpoint / "state.json"
        state.write_bytes(state.read_bytes()[:100] if damage == "cut" else b"")
    before = contents(begun / "checkpoints")
    answer = huohua("train", "image", "data", *SMALL)
    assert_refused(answer, 5, "Every checkpoint in run/checkpoints is damaged.")
    assert "--restart" in answer.err
    assert contents(begun / "checkpoints") == before
    assert huohua("create", "image", "--model", "run", "--seed", 1).code == 0
    assert huohua("train", "image", "data", *SMALL, "--restart").code == 0


def test_an_edited_plan_is_refused_by_the_key_that_is_wrong(huohua, begun):
    plan = json.loads((begun / "run.json").read_text())
    plan["sede"] = plan.pop("seed")
    (begun / "run.json").write_text(json.dumps(plan))
    before = contents(begun)
    assert_refused(huohua("train", "image", "data", *SMALL), 5, "seed: field required", "sede: extra inputs")
    assert contents(begun) == before


def test_other_options_than_a_run_began_with_are_refused(huohua, begun):
    before = contents(begun)
    answer = huohua("train", "image", "data", *SMALL, "--seed", 5, "--size", "24x16")
    assert_refused(answer, 5, "The run in run was begun with size 16x16, seed 0.")
    assert contents(begun) == before


def test_two_trainings_in_one_folder_do_not_spoil_each_other(huohua, begun):
    before = contents(begun)
    with alone(begun):
        for flags in ((), ("--restart",)):
            answer = huohua("train", "image", "data", *SMALL, *flags)
            assert_refused(answer, 5, "Another training is going on in run right now.")
    assert contents(begun) == before


def test_a_full_disk_stops_the_run_and_everything_before_it_can_be_used(huohua, begun):
    """A limit on the size of a file is answered by the system like a full disk."""
    resource = pytest.importorskip("resource")
    before = contents(begun / "checkpoints") | contents(begun / "model")
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
    try:
        answer = huohua("train", "image", "data", *SMALL, "--kimg", 0.048, "--quiet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
        signal.signal(signal.SIGXFSZ, handler)
    assert_refused(answer, 8, "No space left while writing run/checkpoints/0000000")
    assert contents(begun / "checkpoints") | contents(begun / "model") == before
    assert huohua("create", "image", "--model", "run", "--seed", 1).code == 0
    answer = huohua("train", "image", "data", *SMALL, "--kimg", 0.048)
    assert (answer.code, answer.lines) == (0, ["run/model"])


def test_a_damaged_model_makes_nothing_and_says_so(huohua, begun):
    weights_file = begun / "model" / "model.safetensors"
    weights_file.write_bytes(weights_file.read_bytes()[:-100])
    assert_refused(huohua("create", "image", "--model", "run", "--quiet"), 4, "is damaged")
    assert list(Path().glob("*.png")) == []


def test_ctrl_c_before_the_first_work_is_shown_says_that_nothing_was_saved(huohua, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    good_pictures(Path("data"))
    monkeypatch.setattr(workshop, "open_dataset", interrupted)
    answer = huohua("train", "image", "data", *SMALL)
    assert (answer.code, answer.out) == (130, "")
    assert answer.err.splitlines() == ["Nothing was saved yet.", "Stopped."]


# The command line as it is, with the smallest networks and a checkpoint ten times in a second.
HASTY = """
import sys
from huohua.arts.image import presets
from huohua.cli.main import main
seed, small = presets.SEED, {"widths": [32]}
presets.PRESETS["seed"] = seed.model_copy(update={
    "run": seed.run.model_copy(update={"save_seconds": 0.1}),
    "generator_settings": small,
    "discriminator_settings": small,
})
sys.exit(main())
"""


class Session:
    """One training command in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "run" / "events.jsonl"
        self._before = len(self._saved())
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HUOHUA_HOME": str(folder / "home")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HASTY, "train", "image", "data", *SMALL, "--kimg", "2.4"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _saved(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return [line for line in self.log.read_text().splitlines() if '"kind": "saved"' in line]
        return []

    def end_with(self, number: signal.Signals, *, checkpoints: int) -> tuple[int, str]:
        """Send a signal after so many checkpoints of this session; return exit code and remarks."""
        while len(self._saved()) < self._before + checkpoints:
            assert self.process.poll() is None, self.process.communicate()[1]
            time.sleep(0.002)
        self.process.send_signal(number)
        return self.end()

    def end(self) -> tuple[int, str]:
        remarks = self.process.communicate(timeout=200)[1]
        return self.process.returncode, remarks


@pytest.mark.slow
def test_a_run_that_is_stopped_and_killed_ends_with_the_weights_of_one_that_was_not(tmp_path):
    """Ctrl-C, a polite kill and kill -9 in one run, each followed by the same command."""
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    for folder in (broken, whole):
        good_pictures(folder / "data")

    code, remarks = Session(broken).end_with(signal.SIGINT, checkpoints=2)
    assert code == 130, remarks
    assert "Give the same command to go on." in remarks.splitlines()[-2]
    assert remarks.splitlines()[-1] == "Stopped."
    stopped_at = max((broken / "run" / "checkpoints").iterdir())
    assert (broken / "run" / "model" / "model.safetensors").is_file()
    assert (broken / "run" / "report.html").is_file()

    code, remarks = Session(broken).end_with(signal.SIGKILL, checkpoints=2)
    assert code == -signal.SIGKILL
    assert "Going on from " in remarks
    assert max((broken / "run" / "checkpoints").glob("[0-9]*")) > stopped_at

    code, remarks = Session(broken).end_with(signal.SIGTERM, checkpoints=1)
    assert code == 130, remarks
    assert "Give the same command to go on." in remarks

    code, remarks = Session(broken).end()
    assert code == 0, remarks
    assert "Traceback" not in remarks
    code, remarks = Session(whole).end()
    assert code == 0, remarks

    assert_same_weights(
        broken / "run" / "checkpoints" / "000002400", whole / "run" / "checkpoints" / "000002400"
    )
    for folder in (broken, whole):
        names = {path.name for path in (folder / "run" / "checkpoints").iterdir()}
        assert len(names) <= 3, "what kills left is tidied away"
