from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image

import huohua.arts.music.metrics.own_figures as own
from huohua.arts.music.datasets.dataset import open_dataset
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.grid import piece_of
from huohua.arts.music.metrics import extractors
from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.excerpts import of_dataset, of_folder, of_one_frame, songs_of
from huohua.arts.music.metrics.figures import figures_with_controls
from huohua.arts.music.metrics.notes import moved
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.packing import packed
from huohua.arts.music.piece import Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.roles import ROLES
from huohua.arts.music.yardstick import MusicCollection, MusicYardstick
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError
from toys.made_songs import songs

STYLES = ("march", "air")


def as_piece(notes):
    tracks = [
        Track(
            name=role,
            role=role,
            notes=tuple(Note(start=12 * s, duration=12 * d, pitch=p) for s, d, p in notes.of(role).tolist()),
        )
        for role in ROLES
        if role in notes.played
    ]
    return Piece(
        title=notes.song, tracks=tuple(tracks), tempos=(Tempo(qpm=100.0),), metres=(Metre(),), keys=(Key(),)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twenty songs of 16 and of 20 bars in two folders, which are their styles."""
    root = tmp_path_factory.mktemp("songs")
    for number, notes in enumerate(songs(20, bars=16) + songs(4, first=50, bars=20)):
        style = root / STYLES[number % 2]
        style.mkdir(exist_ok=True)
        (style / f"song{number:02d}.mid").write_bytes(midi_bytes(as_piece(notes)))
    return root


@pytest.fixture(scope="module")
def dataset(folder, tmp_path_factory):
    return open_dataset(folder, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def works(dataset):
    return MusicCollection(dataset)


def test_there_is_one_window_of_each_song(works, dataset):
    assert len(works) == len(dataset.songs) == 24
    assert len({title.split(",")[0] for title in works.titles}) == 24
    assert {dataset.piece_N[row] for row in works.rows} == set(range(24))
    again = MusicCollection(dataset)
    assert (again.rows == works.rows).all()
    assert len(set(dataset.bar_N[works.rows].tolist())) > 1


def test_samples_are_packed_and_in_the_order_of_the_numbers(works, dataset):
    sample = works.samples([3, 1])
    assert (sample.dtype, sample.shape) == (torch.int16, (2, 128, 80))
    assert (works.samples([1])[0] == sample[1]).all()
    assert works.name == dataset.name


def test_notes_have_their_songs_and_styles(works):
    notes = works.notes()
    assert len({each.song for each in notes}) == 24
    assert {each.style for each in notes} == set(STYLES)
    assert {each.bars for each in notes} == {8}


def test_conditions_are_asked_for_by_name_and_on_the_scales_of_the_model(works, dataset):
    scale = Scale(low=0.0, middle=0.0, high=4.0)
    space = ConditionSpace(
        groups={"style": ("waltz", "march"), "metre": ("4/4",), "control": ("density",)},
        scales={"control": {"density": scale}},
    )
    asked = works.asked(space)
    march = [notes.style == "march" for notes in works.notes()]
    assert asked[:, 0].tolist() == [0] * 24
    assert asked[:, 1].tolist() == [float(each) for each in march]
    # What all songs share is no condition of the data, but true of each.
    assert asked[:, 2].tolist() == [1] * 24
    assert asked[:, 3] == pytest.approx(np.clip(dataset.value_NK[works.rows, 0] / 4, 0, 1), abs=1e-6)


def test_a_yardstick_collects_describes_and_draws(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HUOHUA_HOME", str(tmp_path))
    yardstick = MusicYardstick()
    collected = yardstick.collect(folder, frame=MusicFrame())
    sample = collected.samples(range(4))
    described = yardstick.extractor("statistics").look(sample)
    assert described.feature_NF.shape == (4, 122)
    assert yardstick.appearances(sample)[0] is sample
    assert set(yardstick.near_copies(sample)) >= {"transposed"}
    pictures = yardstick.pictures(sample)
    assert len(pictures) == 4
    assert all(isinstance(picture, Image.Image) for picture in pictures)
    assert yardstick.relatives("any") == ()


def test_an_encoder_is_taught_on_the_works_that_it_measures_against(works, monkeypatch):
    monkeypatch.setattr(extractors, "encoder_of", partial(encoder_of, turns=2))
    described = MusicYardstick().extractor("encoder", works).look(works.samples(range(3)))
    assert described.feature_NF.shape == (3, 128)
    with pytest.raises(DataError, match="too few to learn"):
        MusicYardstick().extractor("encoder")


def test_excerpts_lie_end_to_end_and_only_in_their_splits(dataset):
    excerpts = of_dataset(dataset, ("train", "valid", "test"))
    assert len(excerpts) == 24 * 2
    held = of_dataset(dataset)
    assert {notes.song for notes in held} == {song.label for song in dataset.songs if song.split != "train"}
    assert {notes.song for notes in songs_of(dataset)} & {notes.song for notes in held} == set()


def test_excerpts_can_be_in_the_keys_they_sound_in(tmp_path):
    for number, notes in enumerate(songs(8, bars=8)):
        up = moved(notes, 2)
        piece = replace(as_piece(up), keys=(Key(tonic=2),))
        (tmp_path / f"{number}.mid").write_bytes(midi_bytes(piece))
    dataset = open_dataset(tmp_path, cache=tmp_path / "cache")
    splits = ("train", "valid", "test")
    home, heard = (of_dataset(dataset, splits, sounding=sounding) for sounding in (False, True))
    for one, two in zip(home, heard, strict=True):
        assert (two.of("lead") - one.of("lead")).tolist() == [[0, 0, 2]] * len(one.of("lead"))


def test_a_folder_is_read_as_a_dataset_is(folder, dataset):
    found = {(notes.song, notes.style, notes.of("lead").tobytes()) for notes in of_folder(folder)}
    theirs = {
        (notes.song, notes.style, notes.of("lead").tobytes())
        for notes in of_dataset(dataset, ("train", "valid", "test"))
    }
    assert found == theirs


def test_repeats_in_a_folder_are_kept(dataset, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.mid").write_bytes(midi_bytes(piece_of(dataset.song(0))))
    assert len(of_folder(tmp_path)) == 4


def test_excerpts_of_other_frames_are_left_out(dataset):
    excerpts = of_dataset(dataset, ("train", "valid", "test"))
    short = [notes.window(0, 4) for notes in excerpts]
    assert of_one_frame(excerpts + short) == excerpts
    with pytest.raises(DataError, match="eight whole bars"):
        of_one_frame(short, like=excerpts)


def test_a_folder_without_music_is_said(tmp_path):
    with pytest.raises(DataError, match="No file in"):
        of_folder(tmp_path)


def test_own_figures_measure_samples_against_songs_that_were_held_back(dataset, monkeypatch):
    asked = {}

    def without_networks(real, sets, *, learnt, seed):
        asked.update(real=real, learnt=learnt)
        return figures_with_controls(real, sets, learnt=learnt, networks=False, seed=seed)

    monkeypatch.setattr(own, "figures_with_controls", without_networks)
    sample = torch.from_numpy(packed(dataset.take(np.arange(12))))
    # Three of the 24 songs are too few to be held back, so all are measured against and no copies told of.
    found = MusicYardstick().own_figures(lambda: sample, MusicCollection(dataset), seed=0)
    assert len(asked["real"]) == 48
    assert asked["learnt"] is None
    assert "copied" not in {figure.name for figure in found}
    held = replace(dataset, split_N=np.where(dataset.piece_N < 10, "test", "train"))
    kept = tuple(replace(song, split="test" if n < 10 else "train") for n, song in enumerate(dataset.songs))
    found = MusicYardstick().own_figures(lambda: sample, MusicCollection(replace(held, songs=kept)), seed=0)
    assert {notes.song for notes in asked["real"]} == {song.label for song in kept[:10]}
    assert len(asked["learnt"]) == 14
    assert "copied" in {figure.name for figure in found}
