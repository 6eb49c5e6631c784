from __future__ import annotations

import io
import json
import struct
import zipfile

import numpy as np
import pytest

from huohua.arts.image.datasets import zip_archive
from huohua.arts.image.datasets.licence import UNKNOWN_LICENCE
from huohua.arts.image.datasets.zip_archive import open_zip
from huohua.errors import DataError


@pytest.fixture
def zip_of(tmp_path, picture):
    def make(files, name="works.zip", compression=zipfile.ZIP_STORED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", compression) as archive:
            for seed, (member, content) in enumerate(files.items()):
                if content is None:
                    buffer = io.BytesIO()
                    picture(seed).save(buffer, "PNG")
                    content = buffer.getvalue()
                archive.writestr(member, content)
        return path

    return make


def names_of(source):
    return [entry.name for entry in source.entries()]


def test_members_are_read_without_unpacking(zip_of, picture, tmp_path):
    path = zip_of({"apple/1.png": None, "pear/2.png": None}, compression=zipfile.ZIP_DEFLATED)
    source = open_zip(path)
    first, second = source.entries()
    assert (first.labels, second.labels) == ({"subject": ("apple",)}, {"subject": ("pear",)})
    assert np.array_equal(np.asarray(source.read(second)), np.asarray(picture(1)))
    assert source.name == "works"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["works.zip"]
    source.close()


def test_a_table_inside_gives_labels_and_captions(zip_of):
    table = "file_name,label,caption\n1.png,lemon,a lemon\n"
    source = open_zip(zip_of({"1.png": None, "metadata.csv": table}))
    (entry,) = source.entries()
    assert (entry.labels, entry.caption) == ({"subject": ("lemon",)}, "a lemon")
    source.close()


def test_the_folder_that_was_packed_is_taken_off(zip_of):
    table = "file_name,style\na/1.png,oil\n"
    files = {
        "fruits/metadata.csv": table,
        "fruits/a/1.png": None,
        "fruits/b/2.png": None,
        "__MACOSX/x.png": "x",
    }
    source = open_zip(zip_of(files))
    assert names_of(source) == ["a/1.png", "b/2.png"]
    assert dict(source.entries()[0].labels) == {"subject": ("a",), "style": ("oil",)}
    source.close()


def test_a_folder_beside_a_table_is_not_taken_off(zip_of):
    source = open_zip(zip_of({"metadata.csv": "file_name,style\nimages/1.png,oil\n", "images/1.png": None}))
    assert source.entries()[0].labels["style"] == ("oil",)
    source.close()


def test_names_that_lead_out_are_left_out(zip_of):
    source = open_zip(
        zip_of({"1.png": None, "../../evil.png": None, "/etc/evil.png": None, "C:/evil.png": None})
    )
    assert names_of(source) == ["1.png"]
    assert {problem.reason for problem in source.problems} == {"its name leads out of the archive"}
    assert len(source.problems) == 3
    source.close()


def test_names_written_in_gbk_by_old_programs_are_mended():
    info = zipfile.ZipInfo("苹果/1.png".encode("gb18030").decode("cp437"))
    assert zip_archive.member_name(info) == "苹果/1.png"
    info = zipfile.ZipInfo("苹果/1.png".encode().decode("cp437"))
    assert zip_archive.member_name(info) == "苹果/1.png"


def test_marked_utf8_names_are_taken_as_they_are():
    info = zipfile.ZipInfo("é.png")
    info.flag_bits = 0x800
    assert zip_archive.member_name(info) == "é.png"


def test_an_encrypted_zip_is_one_clear_error(zip_of):
    path = zip_of({"1.png": None})
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, central + 8, 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"locked with a password.*use the folder"):
        open_zip(path)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut"])
def test_what_is_no_zip_is_one_clear_error(tmp_path, content):
    path = tmp_path / "works.zip"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be opened as a zip"):
        open_zip(path)


def test_a_member_that_unpacks_to_too_much_is_refused(zip_of, monkeypatch):
    monkeypatch.setattr(zip_archive, "MOST_MEMBER_BYTES", 1 << 20)
    path = zip_of({"bomb.png": b"\0" * (2 << 20)}, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10_000
    source = open_zip(path)
    with pytest.raises(DataError, match=r"unpacks to more than 1 MiB"):
        source.read(source.entries()[0])
    source.close()


def test_a_zip_that_unpacks_to_too_much_in_all_is_refused(zip_of, monkeypatch):
    monkeypatch.setattr(zip_archive, "MOST_TOTAL_BYTES", 1000)
    with pytest.raises(DataError, match=r"would unpack to more than"):
        open_zip(zip_of({f"{place}.png": b"\0" * 400 for place in range(3)}))


def test_a_damaged_member_is_a_problem_of_that_work_alone(zip_of):
    path = zip_of({"1.png": None, "2.png": None})
    content = bytearray(path.read_bytes())
    place = content.index(b"IDAT")
    content[place + 8] ^= 0xFF
    path.write_bytes(content)
    source = open_zip(path)
    with pytest.raises(DataError, match=r"damaged inside the archive"):
        source.read(source.entries()[0])
    assert source.read(source.entries()[1]).size == (40, 30)
    source.close()


def test_an_unknown_compression_is_a_problem_of_that_work_alone(zip_of):
    path = zip_of({"1.png": None})
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, content.index(b"PK\x03\x04") + 8, 97)
    struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 10, 97)
    path.write_bytes(content)
    source = open_zip(path)
    with pytest.raises(DataError, match=r"packed in a way that cannot be read"):
        source.read(source.entries()[0])
    source.close()


def test_a_damaged_table_is_one_clear_error(zip_of):
    path = zip_of({"1.png": None, "metadata.csv": "file_name,label\n1.png,pear\n"})
    content = bytearray(path.read_bytes())
    content[content.index(b"pear")] ^= 0xFF
    path.write_bytes(content)
    source = open_zip(path)
    with pytest.raises(DataError, match=r"metadata.csv in works.zip cannot be used"):
        source.entries()
    source.close()


def test_the_identity_follows_the_content_and_not_the_place(zip_of, tmp_path):
    files = {"1.png": None, "2.png": None}
    first, second = open_zip(zip_of(files)), open_zip(zip_of(files, name="copy.zip"))
    other = open_zip(zip_of({"1.png": None, "3.png": None}, name="other.zip"))
    assert first.identity() == second.identity() != other.identity()
    for source in (first, second, other):
        source.close()


def test_terms_are_read_inside_and_then_beside_the_archive(zip_of, tmp_path):
    source = open_zip(zip_of({"1.png": None}))
    assert source.licence == UNKNOWN_LICENCE
    assert source.origin == "a local file, 'works.zip'"
    source.close()
    (tmp_path / "dataset.json").write_text(json.dumps({"licence": "CC0-1.0", "origin": "my garden"}))
    source = open_zip(zip_of({"1.png": None}))
    assert (source.licence, source.origin) == ("CC0-1.0", "my garden")
    source.close()
    source = open_zip(zip_of({"1.png": None, "LICENSE": "MIT License\n\nCopyright"}))
    assert source.licence == "MIT License"
    source.close()
