"""A model of music: pieces follow from their recipes alone, and what is given stays note for note."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huohua.arts.music.packing import COLUMNS
from huohua.errors import DataError, UsageError
from huohua.provenance import given as given_works
from huohua.studio.music_manner import Manner
from huohua.studio.music_model import MusicModel, given_of
from huohua.studio.opening import image_model, load, open_model
from huohua.studio.recreate import compare, recreate
from toys.small_music import SPACE, tune, write_music_model, write_tune

pytest.importorskip("symusic")
pytest.importorskip("mido")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_music_model(tmp_path_factory.mktemp("model") / "tunes")


@pytest.fixture
def model(folder, home):
    return open_model(folder)


def by_role(piece):
    return {track.role: track.notes for track in piece.tracks}


def test_a_folder_of_music_opens_as_a_model_of_music(model):
    assert isinstance(model, MusicModel)
    assert repr(model) == "MusicModel('tunes', 8)"
    with pytest.raises(UsageError, match="'tunes' makes music, not pictures"):
        image_model(model)


def test_a_piece_is_as_its_style_usually_is_and_as_long_as_asked(model):
    work = model.create(style="jazz", bars=4, seed=3)
    assert len(work.piece.bars) <= 4
    assert {track.role for track in work.piece.tracks} <= {"lead", "bass", "harmony", "drums"}
    options = work.recipe.options
    assert (options["tempo"], options["swing"], options["bars"]) == (160.0, 1.5, 4.0)
    assert work.recipe.conditions["style"] == {"jazz": 1.0}
    assert work.recipe.conditions["metre"] == {"4/4": 1.0}
    assert work.recipe.words["key"][0].endswith("minor")
    folk = model.create(style="folk", bars=2).recipe
    assert (folk.words["roles"], folk.conditions["metre"]) == (("lead", "harmony"), {"3/4": 1.0})


def test_whatever_is_asked_for_is_in_the_recipe(model):
    work = model.create(
        style="folk", bars=3, tempo=77, key="Bb minor", roles=("bass", "lead"), density=0.2, temperature=0.8
    )
    recipe = work.recipe
    assert (recipe.options["tempo"], recipe.options["temperature"]) == (77.0, 0.8)
    assert recipe.words == {"roles": ("lead", "bass"), "key": ("Bb minor",)}
    assert recipe.conditions["control"] == {"density": 0.2}
    assert (work.piece.tempos[0].qpm, work.piece.keys[0].tonic, work.piece.keys[0].mode) == (77, 10, "minor")


def test_a_form_has_its_sections_and_comes_back_to_the_first(model):
    work = model.create(style="jazz", bars=12, form="A B A", seed=2, drafts=1)
    assert work.recipe.words["form"] == ("A", "B", "A")
    assert model.again(work.recipe).piece == work.piece
    with pytest.raises(UsageError, match="'chorus' is no section"):
        model.create(bars=12, form="A chorus")


def test_a_wish_is_guided_and_no_wish_is_not(model):
    assert model.create(bars=1).recipe.options["guidance"] == 1.0
    assert model.create(bars=1, style="jazz").recipe.options["guidance"] == 2.5
    work = model.create(bars=4, style="jazz", guidance=10, seed=2)
    assert work.recipe.options["guidance"] == 10
    assert model.again(work.recipe).piece == work.piece
    assert model.create(bars=4, style="jazz", guidance=1, seed=2).piece != work.piece


def test_words_ask_for_styles_moods_and_tempo(model):
    recipe = model.create(prompt="slow sad jazz", bars=1).recipe
    assert recipe.conditions["mode"] == {"minor": 1.0}
    assert recipe.conditions["control"] == {"density": 0.35, "tension": 0.6}
    assert recipe.options["tempo"] == pytest.approx(160 * 0.7 * 0.8)
    assert model.create(prompt="jazz 90 bpm", bars=1).recipe.options["tempo"] == 90
    with pytest.raises(UsageError, match="understands nothing in the prompt 'purple'"):
        model.create(prompt="purple")


def test_one_seed_gives_one_piece_whatever_the_count(model):
    one = model.create(seed=5, bars=2)
    two = model.create(seed=5, bars=2, count=2)
    assert two[0].piece == one.piece
    assert two[1].piece != one.piece
    assert model.create(seed=6, bars=2).piece != one.piece


def test_drafts_that_are_kept_are_different_and_each_can_be_made_again(model):
    works = model.create(seed=5, bars=2, keep=3)
    assert [work.recipe.options.get("rank", 0) for work in works] == [0, 1, 2]
    assert len({repr(work.piece) for work in works}) == 3
    assert all(model.again(work.recipe).piece == work.piece for work in works)


@pytest.mark.parametrize("suffix", [".mid", ".musicxml", ".png"])
def test_a_file_is_made_again_byte_by_byte(model, tmp_path, suffix):
    path = model.create(style="folk", bars=2, seed=9).save(tmp_path / f"tune{suffix}")
    again = recreate(path, model=model)
    assert again.encode(suffix) == path.read_bytes()
    assert compare(path, again).same


def test_a_continued_piece_begins_with_every_note_of_the_given_one(model, tmp_path):
    before = tune(4)
    work = model.transform("continue", write_tune(tmp_path / "a.mid", 4), bars=3, seed=1)
    assert by_role(work.piece)["lead"][: len(before.tracks[0].notes)] == before.tracks[0].notes
    added = by_role(work.piece)["lead"][len(before.tracks[0].notes) :]
    assert added
    assert all(4 * 192 <= note.start < 7 * 192 for note in added)
    assert work.piece.title == "A tune"
    assert work.recipe.words["operation"] == ("continue",)


def test_only_the_bars_that_are_named_are_filled_in(model, tmp_path):
    before = tune(8).tracks[0].notes
    work = model.transform("infill", write_tune(tmp_path / "a.mid"), between=(3, 4), seed=1)
    after = by_role(work.piece)["lead"]

    def outside(notes):
        return [note for note in notes if not 2 * 192 <= note.start < 4 * 192]

    assert outside(after) == outside(before)
    assert after != before


def test_an_accompaniment_leaves_the_melody_alone(model, tmp_path):
    work = model.transform("accompany", write_tune(tmp_path / "a.mid", 3, metre=(3, 4)), roles=("bass",))
    assert by_role(work.piece)["lead"] == tune(3, metre=(3, 4)).tracks[0].notes
    assert set(by_role(work.piece)) == {"lead", "bass"}
    usual = model.transform("accompany", write_tune(tmp_path / "a.mid", 3))
    assert set(by_role(usual.piece)) <= {"lead", "bass", "harmony", "drums"}


def test_a_variation_changes_some_bars_and_a_larger_amount_more(model, tmp_path):
    path, before = write_tune(tmp_path / "a.mid"), tune(8).tracks[0].notes

    def changed(amount):
        after = by_role(model.transform("vary", path, amount=amount, seed=4).piece)["lead"]
        bars = [
            [[n for n in notes if n.start // 192 == bar] for bar in range(8)] for notes in (before, after)
        ]
        return sum(one != two for one, two in zip(*bars, strict=True))

    assert 1 <= changed(0.0) <= 2  # at least one bar, and a note may be cut off before it
    assert changed(1.0) >= 7


@pytest.mark.parametrize(
    ("operation", "wishes"),
    [("continue", {"bars": 2}), ("infill", {"between": (2, 3)}), ("accompany", {"roles": ("drums",)}),
     ("vary", {"amount": 0.5})],
)  # fmt: skip
def test_a_transformed_piece_is_made_again_when_the_given_one_is_gone(model, tmp_path, operation, wishes):
    given = write_tune(tmp_path / "given.mid", 4)
    path = model.transform(operation, given, seed=8, **wishes).save(tmp_path / "new.mid")
    given.unlink()
    assert recreate(path, model=model).encode(".mid") == path.read_bytes()


def test_a_given_piece_too_large_for_a_recipe_must_be_shown_again(model, tmp_path, monkeypatch):
    monkeypatch.setattr(given_works, "LARGEST_PACKED", 10)
    given = write_tune(tmp_path / "given.mid", 4)
    path = model.transform("continue", given, bars=1).save(tmp_path / "new.mid")
    with pytest.raises(DataError, match=r"given\.mid.* too large to be in its recipe"):
        recreate(path, model=model)
    assert recreate(path, model=model, given=given).encode(".mid") == path.read_bytes()
    with pytest.raises(DataError, match="not the content"):
        recreate(path, model=model, given=write_tune(tmp_path / "other.mid", 5))


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"style": "polka"}, "no style 'polka'"),
        ({"density": 1.5}, "density is 1.5"),
        ({"bars": 0}, "bars is 0"),
        ({"bars": 1000}, "bars is 1000"),
        ({"tempo": 5}, "tempo is 5"),
        ({"key": "H"}, "'H' is no key"),
        ({"roles": ("kazoo",)}, "no role 'kazoo'"),
        ({"keep": 9, "drafts": 4}, "keep is 9"),
        ({"temperature": 0.0}, "temperature is 0"),
        ({"palette": "red"}, "no condition 'palette'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_written(model, wishes, words):
    with pytest.raises(UsageError, match=words):
        model.create(**wishes)


@pytest.mark.parametrize(
    ("operation", "wishes", "words"),
    [
        ("reverse", {}, "no operation 'reverse'"),
        ("infill", {}, "Which bars"),
        ("infill", {"between": (7, 9)}, "bars 1 to 8, not 7 to 9"),
        ("infill", {"between": (2, 3), "roles": ("bass",)}, "Nobody plays bass"),
        ("continue", {"form": "A B"}, "Only new pieces"),
        ("continue", {"bars": 250}, "258 bars, and 256"),
    ],
)
def test_what_a_piece_does_not_have_is_refused(model, tmp_path, operation, wishes, words):
    with pytest.raises(UsageError, match=words):
        model.transform(operation, write_tune(tmp_path / "a.mid"), **wishes)


def test_a_piece_that_changes_its_metre_is_refused_with_its_metres(model, tmp_path):
    piece = tune(8)
    changed = replace(piece, metres=(*piece.metres, replace(piece.metres[0], tick=4 * 192, numerator=5)))
    from huohua.arts.music.midi_writing import midi_bytes

    (tmp_path / "odd.mid").write_bytes(midi_bytes(changed))
    with pytest.raises(DataError, match="4/4, 5/4"):
        model.transform("continue", tmp_path / "odd.mid")


def test_samples_are_packed_windows_that_a_seed_decides(model):
    condition_BC = np.array([SPACE.encode({"style": "jazz"}), SPACE.encode({"metre": "3/4"})], np.float32)
    samples = model.samples([0, 5], condition_BC, seed=3)
    assert samples.shape == (2, 128, COLUMNS)
    assert (samples == model.samples([0, 5], condition_BC, seed=3)).all()
    assert not (samples == model.samples([1, 6], condition_BC, seed=3)).all()


def test_the_latest_model_of_an_art_is_taken(folder, home):
    from huohua.zoo import catalogue

    catalogue.remember("tunes", folder)
    assert load(art="music").name == "tunes"
    from huohua.errors import ModelError

    with pytest.raises(ModelError, match="no model of image yet"):
        load(art="image")


def test_a_given_work_is_recorded_with_its_roles_whatever_its_file(tmp_path):
    first = given_of(write_tune(tmp_path / "a.mid"))
    assert (first.record.name, first.record.kind) == ("a.mid", ".mid")
    assert given_of(tmp_path / "a.mid") == first
    assert Manner().check() is None
