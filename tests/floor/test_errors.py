"""Errors a person can act on."""

from __future__ import annotations

import pytest

from huohua import errors


def raised_classes() -> list[type[errors.HuohuaError]]:
    found = [errors.HuohuaError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


def test_an_error_reads_as_its_message_and_then_its_advice():
    error = errors.DataError("The folder is empty.", advice="Put pictures in it.")
    assert str(error) == "The folder is empty. Put pictures in it."
    assert (error.message, error.advice) == ("The folder is empty.", "Put pictures in it.")


def test_an_error_without_advice_has_no_space_at_its_end():
    assert str(errors.HuohuaError("It broke.")) == "It broke."


def test_every_kind_of_error_has_an_exit_code_of_its_own():
    codes = [kind.exit_code for kind in raised_classes()]
    assert sorted(codes) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("kind", raised_classes(), ids=lambda kind: kind.__name__)
def test_the_drawn_tree_names_every_kind_and_its_exit_code(kind):
    drawn = errors.__doc__ or ""
    lines = [line.split() for line in drawn.splitlines() if kind.__name__ in line.split()]
    lines += [line.split() for line in drawn.splitlines() if f"── {kind.__name__} " in line]
    assert any(str(kind.exit_code) in words for words in lines)


def test_all_kinds_are_caught_as_one():
    with pytest.raises(errors.HuohuaError):
        raise errors.StorageError("The disk is full.")
