"""Licences: known by their many spellings, described by what they ask."""

from __future__ import annotations

import pytest

from huohua.provenance.licences import LICENCES, describe, find


@pytest.mark.parametrize("licence", LICENCES.values(), ids=lambda licence: licence.identifier)
def test_a_licence_is_found_by_each_of_its_spellings(licence):
    for spelling in (licence.identifier, licence.identifier.lower(), *licence.aliases):
        assert find(spelling) == licence
        assert find(f"  {spelling.upper()} ") == licence


def test_no_two_licences_share_a_spelling():
    spellings = [
        s for licence in LICENCES.values() for s in (licence.identifier.casefold(), *licence.aliases)
    ]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("text", "duties"),
    [
        ("CC0-1.0", "It asks nothing of you."),
        ("CC BY 2.0", "It asks you to name the makers."),
        (
            "cc-by-nc-sa-4.0",
            "name the makers, pass adaptations on under the same terms and make no commercial",
        ),
        ("CC-BY-NC-ND-4.0", "make no commercial use and do not share adaptations."),
        ("own", "Only their owner may decide"),
        ("public domain", "It asks nothing of you."),
    ],
)
def test_a_licence_says_what_it_asks(text, duties):
    assert duties in describe(text)


def test_an_unknown_licence_is_named_and_not_guessed():
    assert find("Kaggle terms") is None
    assert describe("Kaggle terms").startswith("Licence: Kaggle terms. Huohua does not know")
    assert describe(" ").startswith("Licence: not stated.")
    assert describe("unknown (ask them)") == "Unknown. Ask the rights holder before you share works."
