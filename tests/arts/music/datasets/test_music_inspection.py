from __future__ import annotations

import json

import pytest

from huohua.arts.music.datasets.dataset import open_dataset
from huohua.arts.music.datasets.inspection import inspect, inspection_of
from huohua.arts.music.midi_writing import midi_bytes


@pytest.fixture(scope="module")
def found(music_zip, tmp_path_factory):
    return inspect(music_zip, cache=tmp_path_factory.mktemp("cache"))


def test_an_inspection_counts_songs_bars_windows_styles_and_metres(found):
    assert (found.files, found.songs, found.bars) == (16, 16, sum(range(14, 30)))
    assert sum(found.splits.values()) == found.windows
    assert found.styles == {"march": 8, "waltz": 8}
    assert found.metres == {"4/4": 8, "3/4": 8}
    assert found.modes == {"major": 16}
    assert found.roles == {"lead": 1.0, "harmony": 1.0}
    assert (found.tempo.low, found.tempo.median, found.tempo.high) == (90.75, 97.5, 104.25)
    assert found.controls["density"].unit == "notes a quarter and role"
    assert found.warnings == (
        "10 songs to train on: new music will be much like these. Hundreds are better.",
    )


def test_an_inspection_is_json_and_a_picture(found):
    record = json.loads(json.dumps(found.as_record()))
    assert record["controls"]["density"]["median"] == found.controls["density"].median
    assert set(record["conditions"]) == set(found.conditions)
    sheet = found.contact_sheet()
    assert set(found.rows) == {"march", "waltz"}
    assert sheet.width > 3 * found.rows["march"][0].width
    assert len(sheet.getcolors(1 << 16)) > 5


def test_what_is_left_out_is_counted_by_reason(tmp_path, tune):
    folder = tmp_path / "set"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.mid").write_bytes(midi_bytes(tune(number, bars=30)))
    (folder / "again.mid").write_bytes(midi_bytes(tune(3, bars=30, shift=2)))
    (folder / "broken.mid").write_bytes(b"MThd")
    (folder / "short.mid").write_bytes(midi_bytes(tune(1, bars=2)))
    found = inspection_of(open_dataset(folder, cache=tmp_path / "cache"))
    assert found.left_out["it holds the same music as another file"] == 1
    assert found.left_out["parts of fewer than 4 bars"] == 1
    assert sum(found.left_out.values()) == 3
    assert found.files == 11
    assert any("licence is not known" in warning for warning in found.warnings)
