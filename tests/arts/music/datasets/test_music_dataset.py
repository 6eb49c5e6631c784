"""A whole dataset, from a zip to windows, conditions and a cache that is whole or absent."""

from __future__ import annotations

import shutil
import sys
import zipfile

import numpy as np
import pytest

from huohua.arts.music.controls import CONTROLS, controls_of
from huohua.arts.music.datasets import cache as caching
from huohua.arts.music.datasets.dataset import open_dataset
from huohua.arts.music.grid_layout import METRES
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.packing import packed, windows_of
from huohua.errors import DataError


@pytest.fixture(scope="module")
def dataset(music_zip, tmp_path_factory):
    return open_dataset(music_zip, cache=tmp_path_factory.mktemp("cache"))


def test_songs_windows_and_splits_are_those_of_the_table(dataset):
    assert len(dataset.songs) == 16
    assert [song.bars for song in dataset.songs] == list(range(14, 30))
    assert dataset.songs[3].title == "Tune 3"
    assert {song.split for song in dataset.songs} == {"train", "valid", "test"}
    numbers = np.concatenate([dataset.numbers(split) for split in ("train", "valid", "test")])
    assert sorted(numbers.tolist()) == list(range(len(dataset)))
    assert (dataset.licence, dataset.name) == ("CC0-1.0", "tunes")
    assert dataset.problems == ()


def test_files_whose_library_is_missing_are_left_out_until_it_is_there(music_zip, tmp_path, monkeypatch):
    with zipfile.ZipFile(shutil.copy(music_zip, tmp_path / "tunes.zip"), "a") as archive:
        archive.writestr("extra/tune.abc", "X:1\nM:4/4\nL:1/4\nK:C\n" + "CDEF|GABc|" * 8 + "\n")
    source, cache = tmp_path / "tunes.zip", tmp_path / "cache"
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "music21", None)
        patch.setitem(sys.modules, "music21.converter", None)
        patch.setattr("huohua.arts.music.datasets.dataset.absent", lambda: ("music21",))
        found = open_dataset(source, cache=cache)
    (lost,) = (problem for problem in found.problems if problem.lost)
    assert lost.name == "extra/tune.abc"
    assert "library music21" in lost.reason and "huohua[music]" in lost.reason
    assert len(found.songs) == 16
    pytest.importorskip("music21")
    assert len(open_dataset(source, cache=cache).songs) == 17


def test_windows_are_cut_from_their_songs(dataset):
    for number in range(0, len(dataset), 7):
        grid = dataset.grid(number)
        whole = dataset.song(int(dataset.piece_N[number]))
        first = int(dataset.bar_N[number])
        assert grid.equals(whole.window(first, 8))
        assert (packed(dataset.take(np.array([number]))) == packed(windows_of([grid], 8))).all()
    assert dataset.songs[5].metre == (3, 4)
    assert dataset.song(5).steps == METRES[3, 4]


def test_grids_are_in_c_whatever_key_the_file_is_in(dataset):
    assert {(song.tonic, song.shift) for song in dataset.songs} == {(i, -i) for i in range(5)}
    lowest = {int(grid.mono_BVS[0, 0, 0]) for grid in map(dataset.song, range(16))}
    assert lowest <= {2 + 24 + step for step in (0, 2, 4, 5, 7, 9, 11)}


def test_conditions_are_style_metre_position_and_what_was_measured(dataset):
    space = dataset.conditions
    assert space.groups["style"] == ("march", "waltz")
    assert space.groups["metre"] == ("4/4", "3/4")
    assert space.groups["position"] == ("opening", "middle", "ending")
    assert set(space.groups["control"]) <= set(CONTROLS)
    assert dataset.constants == {"mode": "major"}
    places = space.places()
    for number in range(len(dataset)):
        song = dataset.songs[dataset.piece_N[number]]
        row = dataset.condition_NC[number]
        assert row[places["style", song.style]] == 1
        assert row[places["metre", "/".join(map(str, song.metre))]] == 1
        assert row[places["position", "opening"]] == (dataset.bar_N[number] == 0)
    assert dataset.condition_NC.dtype == np.float32
    assert dataset.control_NBK.shape == (len(dataset), 8, len(space.groups["control"]))


def test_controls_are_those_of_the_window_on_the_scales_of_the_space(dataset):
    places, scales = dataset.conditions.places(), dataset.conditions.scales["control"]
    for number in (0, 5, len(dataset) - 1):
        measured = controls_of(dataset.grid(number))
        for name, scale in scales.items():
            weight = scale.weights(np.array([measured[name]]))[0]
            assert dataset.condition_NC[number, places["control", name]] == pytest.approx(weight, abs=1e-5)


def test_a_second_opening_reads_the_cache_and_is_the_same(music_zip, tmp_path):
    done = []
    first = open_dataset(music_zip, cache=tmp_path, on_progress=lambda *step: done.append(step))
    assert done[-1] == (16, 16)
    again = open_dataset(music_zip, cache=tmp_path, on_progress=lambda *_: pytest.fail("prepared again"))
    assert again.fingerprint == first.fingerprint
    assert (again.condition_NC == first.condition_NC).all()
    assert isinstance(again.row_XW, np.memmap)
    assert again.songs == first.songs


@pytest.mark.parametrize(
    ("file", "harm"),
    [("bars.npy", "cut"), ("windows.npz", "cut"), ("index.json", "cut"), ("bars.npy", "gone")],
)
def test_a_damaged_cache_is_made_anew(music_zip, tmp_path, file, harm):
    whole = open_dataset(music_zip, cache=tmp_path)
    folder = next(tmp_path.iterdir())
    path = folder / file
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-5])
    assert caching.load(folder) is None
    assert open_dataset(music_zip, cache=tmp_path).fingerprint == whole.fingerprint
    assert caching.load(folder) is not None


def test_another_hop_is_another_cache(music_zip, tmp_path):
    assert len(open_dataset(music_zip, cache=tmp_path, hop=2)) > len(open_dataset(music_zip, cache=tmp_path))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_and_a_zip_of_the_same_files_give_the_same_music(music_zip, tmp_path):
    with zipfile.ZipFile(music_zip) as archive:
        archive.extractall(tmp_path / "tunes")
    folder = open_dataset(tmp_path / "tunes", cache=tmp_path / "cache")
    assert folder.fingerprint == open_dataset(music_zip, cache=tmp_path / "cache").fingerprint


def test_several_sources_come_together_without_the_music_they_share(music_zip, tmp_path, tune):
    more = tmp_path / "more"
    more.mkdir()
    for number in range(6):
        (more / f"own{number}.mid").write_bytes(midi_bytes(tune(number + 40, bars=20)))
    # Tune 4 is in the zip too, four semitones up.
    (more / "same.mid").write_bytes(midi_bytes(tune(4, bars=18)))
    both = open_dataset([music_zip, more], cache=tmp_path / "cache")
    assert both.name == "tunes+more"
    assert len(both.songs) == 22
    assert [p.reason for p in both.problems] == ["it holds the same music as tune04.mid"]
    assert both.conditions.groups["style"] == ("march", "more", "waltz")


def test_a_folder_of_archives_is_all_of_them_together(music_zip, tmp_path, tune):
    folder = tmp_path / "all"
    folder.mkdir()
    shutil.copy(music_zip, folder / "tunes.zip")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for number in range(5):
            archive.writestr(f"own{number}.mid", midi_bytes(tune(number + 40, bars=20)))
    (folder / "SOURCES.md").write_text("where they come from")
    both = open_dataset(folder, cache=tmp_path / "cache")
    assert both.name == "more+tunes"
    assert len(both.songs) == 21
    (folder / "own.mid").write_bytes(midi_bytes(tune(50, bars=60)))
    assert open_dataset(folder, cache=tmp_path / "cache").name == "all"


def test_too_little_music_is_refused_with_a_reason(tmp_path, tune):
    folder = tmp_path / "few"
    folder.mkdir()
    with pytest.raises(DataError, match="no music"):
        open_dataset(folder, cache=tmp_path / "cache")
    (folder / "a.mid").write_bytes(midi_bytes(tune(1, bars=2)))
    (folder / "b.mid").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"0 of 2 files .* a\.mid: left out: parts of fewer than 4 bars"):
        open_dataset(folder, cache=tmp_path / "cache")
    with pytest.raises(DataError, match="No source"):
        open_dataset([])
    assert not list((tmp_path / "cache").iterdir())
    shutil.rmtree(folder)
