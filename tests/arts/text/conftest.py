"""Vocabularies small enough to look through, shared by the tests of texts."""

from __future__ import annotations

import pytest

from huohua.arts.text.pages.faces import face
from huohua.arts.text.tables.rhyme_book import rhyme_book
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import MissingDependencyError


@pytest.fixture
def chinese_face() -> None:
    """Skip a test of pages where the system has no typeface with Chinese characters."""
    try:
        face(20, chinese=True)
    except MissingDependencyError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def characters() -> Vocabulary:
    """Every character of the rhyme books, the marks, the end, and three tokens that are no text."""
    known = sorted({one for book in ("pingshui", "cilin", "xinyun") for one in rhyme_book(book).tones})
    return Vocabulary(pieces=("", "", "", *known, "，", "。", "、", "\n"), end=1)
