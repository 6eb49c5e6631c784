"""Pictures with recipe and origin: saved, opened again, and strangers' files."""

from __future__ import annotations

import os
import random
import re
import struct
import zlib

import pytest
from PIL import Image

from huohua.arts.image.artwork import ENCODERS, EXIF_FOLDER, USER_COMMENT, Artwork
from huohua.errors import DataError, StorageError, UsageError
from huohua.provenance.labels import read_aigc, read_source_type
from huohua.provenance.record import Origin, Recipe

LOSSLESS = [".png", ".webp"]


def picture(mode: str = "RGB", side: int = 12) -> Image.Image:
    letters = random.Random(5)
    count = side * (side - 2) * len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (side, side - 2), letters.randbytes(count))


def artwork(mode: str = "RGB", **changes: object) -> Artwork:
    recipe = Recipe(
        model="fruit",
        model_sha256="ab" * 32,
        seed=7,
        conditions={"subject": {"柠檬": 1.0}},
        prompt="两个 lemons",
        version="0.1.0",
    )
    origin = Origin(producer="Huohua 0.1.0", created="2026-11-24T06:00:00+00:00", data="fruit <&>")
    return Artwork(image=picture(mode), recipe=recipe.model_copy(update=changes), origin=origin)


@pytest.mark.parametrize("suffix", ENCODERS)
def test_recipe_and_origin_come_back(suffix, tmp_path):
    work = artwork()
    opened = Artwork.open(work.save(tmp_path / f"a{suffix}"))
    assert opened.record == work.record


@pytest.mark.parametrize("suffix", LOSSLESS)
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_every_pixel_comes_back(suffix, mode, tmp_path):
    work = artwork(mode)
    opened = Artwork.open(work.save(tmp_path / f"a{suffix}"))
    # WebP knows no grey pictures and stores them as colour.
    assert opened.image.convert(mode).tobytes() == work.image.tobytes()


def test_jpeg_shows_transparent_pictures_on_white(tmp_path):
    work = Artwork(
        image=Image.new("RGBA", (8, 8), (0, 0, 0, 0)), recipe=artwork().recipe, origin=artwork().origin
    )
    opened = Artwork.open(work.save(tmp_path / "a.jpg"))
    assert opened.image.getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize("suffix", ENCODERS)
def test_other_programs_find_the_label(suffix, tmp_path):
    path = artwork().save(tmp_path / f"a{suffix}")
    # Read from the raw bytes, as a detector does that knows no picture formats.
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", path.read_bytes(), re.DOTALL)
    assert packet
    text = packet.group().decode()
    label = read_aigc(text)
    assert read_source_type(text) == "trainedAlgorithmicMedia"
    assert label
    assert (label.label, label.content_producer, len(label.produce_id)) == ("1", "Huohua", 32)


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_cameras_fields_hold_a_sentence_for_people(suffix, tmp_path):
    with Image.open(artwork().save(tmp_path / f"a{suffix}")) as opened:
        assert opened.getexif()[0x010E].endswith("made by an AI (Huohua 0.1.0)")


def test_the_same_work_gives_the_same_bytes(tmp_path):
    for suffix in ENCODERS:
        assert artwork().encode(suffix) == artwork().encode(suffix)


def test_other_pixels_or_another_recipe_give_another_number():
    numbers = {artwork().work_id, artwork(seed=8).work_id, artwork("L").work_id}
    assert len(numbers) == 3
    assert artwork().work_id == artwork().work_id


def test_an_ending_that_is_no_picture_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"'\.gif'") as caught:
        artwork().save(tmp_path / "a.gif")
    assert ".png" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="in the way"):
        artwork().save(tmp_path / "file" / "a.png")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = artwork().save(tmp_path / "a.png")
    before = path.read_bytes()

    def full(handle: int, mode: str) -> object:
        os.close(handle)
        return open("/dev/full", mode, buffering=0)

    monkeypatch.setattr("huohua.files.os.fdopen", full)
    with pytest.raises(StorageError, match="No space left"):
        artwork(seed=9).save(path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_of_another_program_is_named_as_such(suffix, tmp_path):
    path = tmp_path / f"photo{suffix}"
    picture().save(path)
    with pytest.raises(DataError, match=r"photo\.\w+ carries no Huohua recipe"):
        Artwork.open(path)


def test_a_cameras_own_remark_is_not_taken_for_a_recipe(tmp_path):
    exif = Image.Exif()
    exif.get_ifd(EXIF_FOLDER)[USER_COMMENT] = b"ASCII\0\0\0Lovely day"
    picture().save(tmp_path / "a.jpg", exif=exif)
    with pytest.raises(DataError, match="carries no Huohua recipe"):
        Artwork.open(tmp_path / "a.jpg")


def test_a_missing_file_and_a_text_are_clear_errors(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        Artwork.open(tmp_path / "a.png")
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(DataError, match="is not a PNG, JPEG or WebP picture"):
        Artwork.open(tmp_path / "a.png")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_file_cut_off_anywhere_is_a_clear_error(suffix, tmp_path):
    whole = artwork().encode(suffix)
    path = tmp_path / f"a{suffix}"
    for length in range(0, len(whole) - 4, max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        try:
            opened = Artwork.open(path)
        except DataError:
            continue
        # A JPEG that lost its last bytes may still hold all of its record.
        assert opened.record == artwork().record


def test_damaged_bytes_never_raise_anything_else(tmp_path):
    letters = random.Random(3)
    path = tmp_path / "a.png"
    for _ in range(100):
        content = bytearray(artwork().encode(".png"))
        for _ in range(4):
            content[letters.randrange(len(content))] = letters.randrange(256)
        path.write_bytes(bytes(content))
        try:
            Artwork.open(path)
        except DataError:
            continue


def text_chunk(keyword: bytes, text: bytes) -> bytes:
    """Return a compressed text chunk of a PNG."""
    body = b"zTXt" + keyword + b"\0\0" + zlib.compress(text, 9)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def test_a_text_that_unpacks_to_gigabytes_is_refused(tmp_path):
    plain = artwork().encode(".png")
    header = plain[:33]  # signature and IHDR
    bomb = text_chunk(b"huohua", b" " * 50_000_000)
    assert len(bomb) < 60_000
    (tmp_path / "a.png").write_bytes(header + bomb + plain[33:])
    with pytest.raises(DataError):
        Artwork.open(tmp_path / "a.png")


def test_a_picture_of_absurd_size_is_refused_before_it_is_decoded(tmp_path):
    plain = artwork().encode(".png")
    header = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "a.png").write_bytes(plain[:8] + chunk + plain[33:])
    with pytest.raises(DataError, match="cannot be read as a picture"):
        Artwork.open(tmp_path / "a.png")
