"""Given works in recipes: they come back byte for byte, or are asked for again."""

from __future__ import annotations

import base64
import hashlib
import random
import zlib

import pytest

from huohua.errors import DataError
from huohua.provenance import given as given_works
from huohua.provenance.given import Given
from huohua.provenance.record import Recipe


@pytest.mark.parametrize("content", [b"", b"MThd\0\0", bytes(range(256)) * 40])
def test_content_comes_back_byte_for_byte(content):
    given = Given.of(content, name="song.mid", kind=".mid")
    assert Given.from_json(given.to_json()).open() == content
    assert given.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_too_large_for_a_record_must_be_shown_again():
    content = random.Random(0).randbytes(200_000)  # noise cannot be compressed
    given = Given.of(content, name="long.mid", kind=".mid")
    assert given.content == ""
    with pytest.raises(DataError, match="too large to be in its recipe") as refusal:
        given.open()
    assert "--given" in refusal.value.advice
    assert given.open(content) == content
    with pytest.raises(DataError, match=r"not the content of 'long\.mid'"):
        given.open(content + b"!")


def test_what_no_recipe_can_be_about_is_refused(monkeypatch):
    monkeypatch.setattr(given_works, "LARGEST_CONTENT", 10)
    with pytest.raises(DataError, match=r"big\.mid has 11 bytes; 10 are the most"):
        Given.of(b"01234567890", name="big.mid", kind=".mid")


@pytest.mark.parametrize("packed", ["!!!", "~~~~~", base64.b85encode(b"no zlib").decode(), "ü" * 5])
def test_damaged_content_is_one_clear_error(packed):
    with pytest.raises(DataError, match="is damaged"):
        Given(name="a", sha256="0" * 64, content=packed).open()


def test_a_bomb_does_not_unfold(monkeypatch):
    bomb = base64.b85encode(zlib.compress(b"\0" * 10_000_000, 9)).decode()
    monkeypatch.setattr(given_works, "LARGEST_CONTENT", 1000)
    with pytest.raises(DataError, match="not the content"):
        Given(name="a", sha256="0" * 64, content=bomb).open()


def test_a_recipe_without_words_and_given_works_keeps_the_bytes_it_always_had():
    plain = Recipe(model_sha256="", seed=0, version="0")
    assert "words" not in plain.to_json()
    assert "given" not in plain.to_json()
    given = Given.of(b"notes", name="a.mid", kind=".mid")
    more = plain.model_copy(update={"words": {"operation": ("continue",)}, "given": (given,)})
    assert Recipe.from_json(more.to_json()) == more
