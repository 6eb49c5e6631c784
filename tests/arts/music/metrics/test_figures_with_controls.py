from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from huohua.arts.music.metrics import figures, guessing, set_rows
from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.figure_rows import AGAIN, CONTROLS, REAL
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES, PUBLISHED, SET_SAYS
from huohua.arts.music.metrics.figures import figures_with_controls, says
from huohua.arts.music.metrics.foils import noise, shuffled_roles
from huohua.arts.music.metrics.musegan import used_pitch_classes
from huohua.arts.music.metrics.notes import moved
from huohua.arts.music.metrics.tally import together
from huohua.errors import DataError
from toys.made_songs import songs

WORKS = songs(48)


@pytest.fixture(scope="module")
def table():
    new = songs(24, first=700)
    sets = {"good": new, "wrong": shuffled_roles(new, np.random.default_rng(5))}
    return figures_with_controls(WORKS, sets, learnt=songs(24, first=300), networks=False)


def test_every_column_is_there_with_its_pieces(table):
    assert table.columns == (*CONTROLS, "good", "wrong")
    assert table.pieces == dict.fromkeys(table.columns, 24)
    assert table.songs[REAL] == table.songs[AGAIN] == 24
    assert table.roles == ("lead", "bass", "harmony")
    assert [row.of for row in table.of("tonal_distance")] == [
        "lead and bass",
        "lead and harmony",
        "bass and harmony",
    ]
    assert len(table.of("overlap")) == len(table.of("divergence")) == 9
    assert table.of("drum_pattern") == ()


def test_values_are_means_over_bars(table):
    lead = next(row for row in table.of("used_pitch_classes") if row.of == "lead")
    whole = together(used_pitch_classes(notes, "lead") for notes in WORKS).mean
    assert np.mean([lead.value[REAL], lead.value[AGAIN]]) == pytest.approx(whole, abs=0.02)
    assert lead.gap["good"] == pytest.approx(abs(lead.value["good"] - whole) / whole)


def test_gaps_of_shares_are_points(table):
    empty = next(row for row in table.of("empty_bars") if row.of == "lead")
    assert (empty.value[REAL], empty.gap["noise"], empty.limit) == (0, 0, 0)


def test_foils_are_told_by_the_figures_that_they_break(table):
    told = {(row.figure, row.of): row.told for row in table.rows}
    assert "shuffled roles" in told["tonal_distance", "lead and harmony"]
    assert "shuffled roles" not in told["used_pitch_classes", "lead"]
    assert "patchwork" in told["theme_return", ""]
    assert "noise" in told["used_pitch_classes", "lead"]


def test_new_songs_of_the_same_kind_are_as_near_as_real_ones_and_wrong_ones_are_not(table):
    distance = next(row for row in table.of("tonal_distance") if row.of == "lead and harmony")
    assert distance.gap["good"] < 2 * distance.limit < distance.gap["wrong"]
    assert 0 < distance.usual <= distance.limit
    assert table.published_gap("good") < table.published_gap("wrong") < table.published_gap("noise")
    assert table.mean("overlap", "good") > 0.8 > table.mean("overlap", "noise")
    assert (table.mean("overlap", REAL), table.mean("divergence", REAL)) == (1, 0)


def test_the_published_gap_is_relative_and_averaged_over_roles_first(table):
    expected = []
    for name in PUBLISHED:
        rows = [row for row in table.of(name) if row.value[REAL] > 0.01]
        if rows:
            gaps = [abs(row.value["good"] - row.value[REAL]) / row.value[REAL] for row in rows]
            expected.append(sum(gaps) / len(gaps))
    assert table.published_gap("good") == pytest.approx(sum(expected) / len(expected))


def test_copies_are_found_and_new_pieces_are_not():
    learnt = songs(24, first=300)
    table = figures_with_controls(WORKS, {"copies": learnt[:12]}, learnt=learnt, networks=False)
    (row,) = table.of("copied")
    assert row.value["copies"] == 1
    assert row.value[REAL] < 0.1


def test_a_record_is_json(table):
    record = json.loads(json.dumps(table.as_record()))
    assert set(record["published_gap"]) == set(table.columns)
    assert record["rows"][0]["figure"] == "empty_bars"


def test_the_same_seed_gives_the_same_figures():
    one, two = (figures_with_controls(WORKS[:16], networks=False, seed=2) for _ in range(2))
    for first, second in zip(one.rows, two.rows, strict=True):
        assert repr(first) == repr(second)


def test_networks_tell_noise(monkeypatch):
    monkeypatch.setattr(guessing, "FEWEST_TURNS", 30)
    monkeypatch.setattr(set_rows, "encoder_of", partial(encoder_of, turns=40))
    real = [notes.window(0, 2) for notes in songs(24)]
    heard = figures_with_controls(real, {"hiss": noise(real, np.random.default_rng(8))})
    (told,) = heard.of("two_sample")
    (apart,) = heard.of("frechet")
    assert told.value["hiss"] > 0.9
    assert told.value["noise"] > 0.8
    assert apart.value["noise"] > 1.5 * apart.value[AGAIN] > 0


def test_a_judge_of_styles_agrees_with_real_songs_and_not_with_wrong_labels(monkeypatch):
    monkeypatch.setattr(guessing, "FEWEST_TURNS", 30)
    monkeypatch.setattr(figures, "network_rows", lambda columns, real, *, seed: [])
    low = [replace(moved(notes, -12), style="low") for notes in songs(24, first=60)]
    high = [replace(notes, style="high") for notes in songs(24)]
    real = [notes.window(0, 2) for notes in high + low]
    new = [replace(notes.window(0, 2), style="high") for notes in songs(8, first=200)]
    wrong = [replace(notes, style="low") for notes in new]
    table = figures_with_controls(real, {"new": new, "wrong": wrong, "plain": songs(4, bars=2)})
    (row,) = table.of("genre")
    assert row.value[REAL] > 0.9
    assert row.value[AGAIN] > 0.9
    assert row.value["new"] > 0.8 > 0.2 > row.value["wrong"]
    assert math.isnan(row.value["plain"])


@pytest.mark.parametrize("name", [*PIECE_FIGURES, *SET_SAYS])
def test_every_figure_says_what_it_says_in_sentences(name):
    assert says(name).endswith(".")
    if name in PIECE_FIGURES:
        assert PIECE_FIGURES[name].gamed.endswith(".")


def test_too_little_is_said_to_be_too_little():
    with pytest.raises(DataError, match="too few to measure against"):
        figures_with_controls(WORKS[:5])
    for wrong in ({"empty": []}, {"noise": WORKS}):
        with pytest.raises(DataError, match="is empty or has the name"):
            figures_with_controls(WORKS, wrong)
    assert math.isnan(figures_with_controls(WORKS[:8], networks=False).of("overlap")[0].limit)
