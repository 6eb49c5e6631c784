"""Tokenisers: whole round trips, what automata rely on, and files that are damaged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huohua.arts.text.tokenisers.characters import CharacterTokeniser
from huohua.arts.text.tokenisers.pieces import PieceTokeniser
from huohua.arts.text.tokenisers.tokeniser import read_tokeniser, train_tokeniser
from huohua.errors import ModelError, UsageError

POEMS = [
    "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。",
    "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。",
]
TALES = ["The moon was up, and the river ran.\nThe old moon sang to the old river." for _ in range(20)]


@pytest.fixture(scope="module")
def pieces() -> PieceTokeniser:
    return PieceTokeniser.train(TALES, 320)


def test_characters_are_numbered_by_how_often_they_come():
    tokeniser = CharacterTokeniser.train(POEMS, 64)
    assert tokeniser.vocabulary.pieces[:3] == ("", "", "\n")
    assert tokeniser.encode("明月") == [tokeniser.vocabulary.ids["明"], tokeniser.vocabulary.ids["月"]]
    assert (
        tokeniser.vocabulary.ids["月"] == 13
    )  # after two that are no text, eight of layout, and three as frequent
    assert [tokeniser.decode(tokens) for tokens in tokeniser.encode_all(POEMS)] == POEMS


def test_a_character_never_seen_is_the_unknown_one_and_no_text():
    tokeniser = CharacterTokeniser.train(POEMS, 64)
    assert tokeniser.encode("明猫") == [tokeniser.vocabulary.ids["明"], 1]
    assert tokeniser.decode(tokeniser.encode("明猫月")) == "明月"


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
def test_pieces_give_back_any_text_whole(pieces, text):
    assert pieces.decode(pieces.encode(text)) == text


def test_a_piece_says_its_text_and_learnt_pieces_are_words(pieces):
    vocabulary = pieces.vocabulary
    for text in (TALES[0], "The end"):
        assert "".join(vocabulary.pieces[token] for token in pieces.encode(text)) == text
    assert " river" in vocabulary.ids
    assert len(pieces.encode(" river")) == 1


def test_letters_and_line_breaks_are_pieces_of_their_own(pieces):
    assert set("abcdefghijklmnopqrstuvwxyz\n ") <= set(pieces.vocabulary.ids)
    assert [piece for piece in pieces.vocabulary.ids if "\n" in piece] == ["\n"]


def test_decoding_stops_at_the_end_and_passes_over_marks_of_the_prompt(pieces):
    tokens = pieces.encode("moon")
    assert pieces.decode([*tokens, len(pieces.vocabulary) + 3, 0, *tokens]) == "moon"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tokeniser_comes_back_from_its_json(language):
    texts = POEMS if language == "zh" else TALES
    tokeniser = train_tokeniser(texts, language, size=400)
    again = read_tokeniser(tokeniser.to_json())
    assert again.vocabulary == tokeniser.vocabulary
    assert again.encode_all(texts) == tokeniser.encode_all(texts)
    assert train_tokeniser(texts, language, size=400).to_json() == tokeniser.to_json()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"kind": "new"}', '{"kind": "characters", "characters": "aa"}', '{"kind": "pieces"}',
     '{"kind": "pieces", "definition": {}}', json.dumps({"kind": "characters", "characters": 7})],
)  # fmt: skip
def test_a_damaged_tokeniser_is_one_clear_message(text):
    with pytest.raises(ModelError, match=r"model/tokeniser\.json cannot be read"):
        read_tokeniser(text, source="model/tokeniser.json")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tokeniser_that_is_too_small_is_refused(language):
    with pytest.raises(UsageError, match="too small"):
        train_tokeniser(POEMS, language, size=10)
