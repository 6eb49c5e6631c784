"""Keys as people write them, in two languages."""

from __future__ import annotations

import pytest

from huohua.arts.music.key_names import key_of_name, name_of_key
from huohua.arts.music.piece import Key
from huohua.errors import UsageError


@pytest.mark.parametrize(
    ("name", "tonic", "mode"),
    [("C", 0, "major"),
     ("c# minor", 1, "minor"), ("Bb", 10, "major"), ("B", 11, "major"), ("Cb", 11, "major"),
     ("B flat minor", 10, "minor"), ("Gm", 7, "minor"), ("升F小调", 6, "minor"), ("降E大调", 3, "major")],
)  # fmt: skip
def test_a_key_is_read(name, tonic, mode):
    assert key_of_name(name) == Key(tonic=tonic, mode=mode)


@pytest.mark.parametrize("name", ["H", "", "C dorian", "minor", "4/4", "C" * 500])
def test_what_is_no_key_is_refused(name):
    with pytest.raises(UsageError, match="is no key"):
        key_of_name(name)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_every_key_comes_back_from_its_name(tonic, mode):
    key = Key(tonic=tonic, mode=mode)
    assert key_of_name(name_of_key(key)) == key
