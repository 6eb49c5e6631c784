"""Films: the frames that went in come out, the record with them, and the same film has the same bytes."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huohua.arts.image import video
from huohua.arts.image.film import FILMS, durations, read_frames, read_record, with_gif_xmp
from huohua.errors import DataError, MissingDependencyError, StorageError
from huohua.provenance.labels import read_aigc, read_source_type
from huohua.provenance.record import Origin, Recipe, Record

ORIGIN = Origin(producer="Huohua 0.1.0", created="2026-11-24T06:00:00+00:00")
RECIPE = Recipe(model_sha256="ab" * 32, seed=3, version="0.1.0", prompt='柠檬; a=b #1 "q" \\ back\nnext')
RECORD = Record(recipe=RECIPE, origin=ORIGIN)
SUFFIXES = list(FILMS)


def frames(count: int = 12, width: int = 40, height: int = 24, mode: str = "RGB") -> list[Image.Image]:
    """Draw smooth pictures in which a light spot wanders."""
    y, x = np.mgrid[:height, :width]
    pictures = []
    for number in range(count):
        spot = np.exp(-((x - width * number / count) ** 2 + (y - height / 2) ** 2) / 40)
        pixels = np.stack([60 + 150 * spot, 80 + 2 * y, 200 - 3 * x, np.full_like(x, 255)], axis=2)
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGBA")
        pictures.append(picture.convert(mode))
    return pictures


def write(path: Path, pictures: list[Image.Image], *, fps: float = 12.5, loop: bool = True) -> Path:
    with FILMS[path.suffix](fps=fps, loop=loop) as film:
        for picture in pictures:
            film.add(picture)
        return film.save(path, RECORD)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_frames_come_out_as_they_went_in_but_for_what_the_format_loses(tmp_path, suffix, mode):
    pictures = frames(mode=mode)
    shown = list(read_frames(write(tmp_path / f"a{suffix}", pictures)))
    assert [frame.shape for frame in shown] == [(24, 40, 3)] * 12
    expected = np.stack([np.asarray(picture.convert("RGB")) for picture in pictures]).astype(float)
    error = np.abs(np.stack(shown) - expected)
    # A grey GIF loses nothing; 256 colours and half the resolution of colour lose a few of 255 levels.
    limit = 0.0 if (suffix, mode) == (".gif", "L") else 6.0
    assert error.mean() <= limit


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_record_comes_back_and_an_ai_is_named(tmp_path, suffix):
    path = write(tmp_path / f"a{suffix}", frames(3))
    assert read_record(path) == RECORD
    packet = path.read_bytes().decode("latin-1")
    assert read_source_type(packet) == "trainedAlgorithmicMedia"
    label = read_aigc(packet)
    assert label is not None
    assert (label.label, label.content_producer, len(label.produce_id)) == ("1", "Huohua", 32)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_frames_and_record_give_the_same_bytes(tmp_path, suffix):
    first = write(tmp_path / f"a{suffix}", frames(4)).read_bytes()
    assert write(tmp_path / f"b{suffix}", frames(4)).read_bytes() == first
    assert write(tmp_path / f"c{suffix}", frames(5)).read_bytes() != first


def test_a_long_record_fits_into_a_film(tmp_path):
    recipe = RECIPE.model_copy(update={"conditions": {f"group {n}": {"x" * 50: 1.0} for n in range(2000)}})
    long = Record(recipe=recipe, origin=ORIGIN)
    assert len(long.to_ascii()) > 128 * 1024
    for suffix in SUFFIXES:
        with FILMS[suffix](fps=10, loop=False) as film:
            film.add(frames(1)[0])
            assert read_record(film.save(tmp_path / f"a{suffix}", long)) == long


def test_sides_that_are_odd_lose_nothing_in_an_mp4(tmp_path):
    pictures = frames(3, width=33, height=25)
    shown = list(read_frames(write(tmp_path / "a.mp4", pictures)))
    assert shown[0].shape == (26, 34, 3)
    error = np.abs(shown[2][:25, :33].astype(float) - np.asarray(pictures[2]))
    assert error.mean() < 6


def test_a_film_has_its_rate_and_a_gif_says_whether_it_goes_on(tmp_path):
    for loop in (True, False):
        with Image.open(write(tmp_path / "a.gif", frames(7), fps=30, loop=loop)) as gif:
            assert ("loop" in gif.info) == loop
            stood = []
            for number in range(gif.n_frames):
                gif.seek(number)
                stood.append(gif.info["duration"])
        assert stood == [30, 40, 30, 30, 40, 30, 30]
    path = write(tmp_path / "a.mp4", frames(25), fps=12.5)
    said = subprocess.run([video.program(), "-i", path], capture_output=True, text=True, check=False).stderr
    assert "12.50 fps" in said
    assert "Duration: 00:00:02.00" in said
    assert "yuv420p" in said


def test_durations_of_a_gif_add_up_to_the_whole_time():
    for fps in (7, 24, 25, 29.97, 50):
        assert sum(durations(100, fps)) == pytest.approx(100_000 / fps, abs=5)
    assert set(durations(10, 120)) == {20}, "viewers take less than two hundredths for ten"


def test_the_index_of_an_mp4_stands_before_its_frames_so_that_it_plays_while_it_loads(tmp_path):
    content = write(tmp_path / "a.mp4", frames(3)).read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert content.index(b"mdat") < content.index(b"uuid")


def test_a_gif_stays_a_gif_behind_its_xmp():
    block = with_gif_xmp(b"GIF...;", b"<x/>")
    assert block.startswith(b"GIF...\x21\xff\x0bXMP DataXMP<x/>\x01\xff\xfe")
    assert block.endswith(b"\x01\x00\x00;")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_of_another_program_is_a_clear_error(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    if suffix == ".gif":
        frames(1)[0].save(path)
    else:
        stream = video.Stream(video.program(), path, (40, 24), fps=10)
        stream.add(frames(1)[0].tobytes())
        stream.finish()
    with pytest.raises(DataError, match="carries no Huohua recipe"):
        read_record(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"no film at all, only words", b"\0\0\0\x08ftyp", b"\0\0\0\x18ftypisom" + b"\xff" * 60],
    ids=["empty", "head", "words", "one box", "boxes without end"],
)
def test_what_is_no_film_is_a_clear_error(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_record(path)
    with pytest.raises(DataError, match="There is no file"):
        read_record(tmp_path / f"nothing{suffix}")


def test_a_comment_of_absurd_length_is_not_read(tmp_path):
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    def film(text: bytes) -> Path:
        data = box(b"data", b"\0" * 8 + text)
        inner = box(b"meta", b"\0" * 4 + box(b"ilst", box(b"\xa9cmt", data)))
        path = tmp_path / "a.mp4"
        path.write_bytes(box(b"ftyp", b"isom") + box(b"moov", box(b"udta", inner)))
        return path

    assert video.comment_of(film(b"short and sweet")) == "short and sweet"
    with pytest.raises(DataError, match="which cannot be a recipe"):
        video.comment_of(film(b"x" * 300_000))


def test_a_damaged_film_cannot_be_compared_but_says_so(tmp_path):
    path = write(tmp_path / "a.mp4", frames(12))
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(DataError, match="cannot be decoded"):
        list(read_frames(path))


def test_an_encoder_that_stops_is_a_storage_error(tmp_path):
    stream = video.Stream(video.program(), tmp_path / "nowhere" / "a.mp4", (40, 24), fps=10)
    with pytest.raises(StorageError, match="could not be encoded"):
        for _ in range(1000):
            stream.add(frames(1)[0].tobytes() * 50)
    stream.stop()


def test_nothing_is_left_of_a_film_that_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(RuntimeError), FILMS[".mp4"](fps=10, loop=False) as film:
        film.add(frames(1)[0])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingDependencyError) as caught:
        FILMS[".mp4"](fps=10, loop=False)
    assert "huohua[video]" in caught.value.advice
    FILMS[".gif"](fps=10, loop=False)
