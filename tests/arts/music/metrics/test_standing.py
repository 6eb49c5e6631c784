from __future__ import annotations

import math

import pytest

from huohua.arts.music.metrics.figure_rows import AGAIN, CONTROLS, REAL, Row
from huohua.arts.music.metrics.figures import figures_with_controls
from huohua.arts.music.metrics.foils import shuffled_roles
from huohua.arts.music.metrics.own_figures import figures_of
from huohua.arts.music.metrics.standing import standing
from huohua.randomness import numpy_generator
from toys.made_songs import songs


def of_pieces(gap, *, limit=0.05, shuffled=0.5, patchwork=0.02, noise=2.0, less=()):
    gaps = {"made": gap, "shuffled roles": shuffled, "patchwork": patchwork, "noise": noise}
    values = {name: 10 - away if name in less else 10 + away for name, away in gaps.items()}
    values |= {REAL: 9.99, AGAIN: 10.01}
    return Row(figure="tonal_distance", of="", value=values, gap=gaps, usual=0.02, limit=limit)


def of_sets(figure, made, *, again, foils):
    values = dict(zip(CONTROLS[2:], foils, strict=True)) | {REAL: 0.0, AGAIN: again, "made": made}
    return Row(figure=figure, of="", value=values, gap={})


@pytest.mark.parametrize(
    ("gap", "light", "like"),
    [
        (0.04, "good", ""),  # within what real songs differ by
        (0.07, "good", ""),  # and a little room
        (0.12, "watch", ""),
        (0.3, "watch", ""),
        (0.45, "trouble", "shuffled roles"),  # the nearest that is told; patchwork is not
        (9.0, "trouble", "shuffled roles"),
        (math.nan, "watch", ""),
    ],
)
def test_a_gap_is_read_beside_the_nearest_foil_that_is_told(gap, light, like):
    assert standing(of_pieces(gap), "made") == (light, like)


def test_too_much_is_not_like_a_foil_that_has_too_little():
    assert standing(of_pieces(0.45, less=("shuffled roles",)), "made") == ("watch", "")
    assert standing(of_pieces(1.9, less=("shuffled roles",)), "made") == ("trouble", "noise")
    everything = ("shuffled roles", "patchwork", "noise")
    assert standing(of_pieces(0.45, less=everything), "made") == ("trouble", "")


def test_where_no_foil_is_told_nothing_is_called_bad():
    row = of_pieces(3.0, shuffled=0.01, noise=0.01)
    assert standing(row, "made") == ("watch", "")


@pytest.mark.parametrize(
    ("figure", "made", "again", "foils", "expected"),
    [
        ("two_sample", 0.55, 0.48, (0.99, 0.8, 1.0), ("good", "")),
        ("two_sample", 0.66, 0.48, (0.99, 0.8, 1.0), ("watch", "")),
        ("two_sample", 0.95, 0.48, (0.99, 0.8, 1.0), ("trouble", "patchwork")),
        ("overlap", 0.94, 0.95, (0.86, 0.84, 0.3), ("good", "")),
        ("overlap", 0.86, 0.95, (0.86, 0.84, 0.3), ("trouble", "shuffled roles")),
        ("frechet", 0.3, 0.5, (3.1, 8.9, 12.0), ("good", "")),
        ("frechet", 0.64, 0.5, (3.1, 8.9, 12.0), ("good", "")),
        ("frechet", 0.9, 0.5, (3.1, 8.9, 12.0), ("watch", "")),
        ("frechet", 4.0, 0.5, (3.1, 8.9, 12.0), ("trouble", "shuffled roles")),
        ("copied", 0.0, 0.05, (0.0, 0.0, 0.0), ("good", "")),
        ("copied", 0.5, 0.05, (0.0, 0.0, 0.0), ("watch", "")),
    ],
)
def test_figures_of_sets_are_read_from_real_to_foil(figure, made, again, foils, expected):
    assert standing(of_sets(figure, made, again=again, foils=foils), "made") == expected


def test_own_figures_call_wrong_songs_wrong_by_the_figures_that_can_know():
    new = songs(24, first=700)
    sets = {"new": new, "wrong": shuffled_roles(new, numpy_generator(1))}
    table = figures_with_controls(songs(48), sets, networks=False)
    for column, expected in (("new", "good"), ("wrong", "trouble")):
        own = {(figure.name, figure.of): figure for figure in figures_of(table, column)}
        distance = own["TD", "lead and harmony"]
        assert distance.light == expected
        assert own["UPC", "lead"].light == "good"
        assert set(distance.foils) == set(CONTROLS[2:])
        assert distance.gamed
    assert own["TD", "lead and harmony"].like == "shuffled roles"
    assert len([name for name in own if name[0] == "overlap"]) == 1
