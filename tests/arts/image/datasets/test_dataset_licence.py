from __future__ import annotations

import json

import pytest

from huohua.arts.image.datasets.licence import UNKNOWN_LICENCE, Terms, read_terms, terms_beside


def terms_of(**files):
    contents = {name.replace("__", "."): text.encode() for name, text in files.items()}
    return read_terms(contents, contents.__getitem__, origin="somewhere")


def test_without_any_note_the_licence_is_said_to_be_unknown():
    assert terms_of() == Terms(licence=UNKNOWN_LICENCE, origin="somewhere")


def test_the_card_comes_before_a_licence_file():
    card = json.dumps({"licence": "CC BY 4.0", "origin": "the museum"})
    assert terms_of(dataset__json=card, LICENSE="MIT") == Terms(licence="CC BY 4.0", origin="the museum")


def test_both_spellings_of_licence_are_read():
    assert terms_of(dataset__json='{"license": "CC0"}').licence == "CC0"


def test_the_first_written_line_of_a_licence_file_counts():
    assert terms_of(licence__txt="\ufeff\n\n# Public domain\nand more\n").licence == "Public domain"


@pytest.mark.parametrize("card", ["no json", "[1]", '{"licence": 3}', "[" * 100_000])
def test_a_card_that_makes_no_sense_is_passed_over(card):
    assert terms_of(dataset__json=card, LICENSE="MIT").licence == "MIT"


def test_licences_in_sub_folders_say_nothing_about_the_whole():
    assert read_terms(["a/LICENSE"], lambda name: b"MIT", origin="x").licence == UNKNOWN_LICENCE


def test_a_note_that_cannot_be_read_stops_nothing():
    def closed(name):
        raise PermissionError(13, "Permission denied")

    assert read_terms(["LICENSE"], closed, origin="x").licence == UNKNOWN_LICENCE


def test_only_the_card_beside_a_file_speaks_of_it(tmp_path):
    (tmp_path / "LICENSE").write_text("Apache-2.0, of the program in this folder")
    assert terms_beside(tmp_path / "works.npz").licence == UNKNOWN_LICENCE
    (tmp_path / "dataset.json").write_text('{"licence": "CC0"}')
    assert terms_beside(tmp_path / "works.npz") == Terms(licence="CC0", origin="a local file, 'works.npz'")
