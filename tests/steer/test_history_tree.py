"""The history tree: undo and redo lead back and forth exactly, and nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.steer.history import History

MOVES = st.lists(st.one_of(st.sampled_from(["grow", "undo", "redo"]), st.integers(0, 30)), max_size=40)


def after(moves) -> History:
    tree = History()
    for move in moves:
        if move == "grow":
            tree = tree.grown()
        elif move == "undo":
            tree = tree.undone()
        elif move == "redo":
            tree = tree.redone()
        elif move < len(tree.parents):
            tree = tree.moved(move)
    return tree


@given(MOVES, st.integers(1, 50))
def test_so_many_undone_and_redone_is_where_one_was(moves, count):
    tree = after(moves)
    back = tree
    steps = 0
    for _ in range(count):
        steps += back.can_undo
        back = back.undone()
    for _ in range(steps):
        back = back.redone()
    assert back == tree


@given(MOVES)
def test_steps_are_only_ever_added(moves):
    tree = History()
    for move in moves:
        before, tree = tree, after_one(tree, move)
        assert tree.parents[: len(before.parents)] == before.parents


def after_one(tree: History, move) -> History:
    if isinstance(move, int):
        return tree.moved(move) if move < len(tree.parents) else tree
    return {"grow": tree.grown, "undo": tree.undone, "redo": tree.redone}[move]()


@given(MOVES)
def test_redoing_to_the_end_is_the_tip(moves):
    tree = after(moves)
    tip = tree.tip
    while tree.can_redo:
        tree = tree.redone()
    assert tree.at == tip
    assert tree.redone() is tree


def test_a_fork_keeps_both_branches_and_a_visit_takes_the_newest():
    tree = History().grown().grown().undone().grown().grown()
    assert tree.parents == (-1, 0, 1, 1, 3)
    assert tree.forks(1) == (2, 3)
    assert tree.moved(2).path() == (0, 1, 2)
    assert tree.moved(2).moved(1).tip == 2
    assert tree.moved(2).moved(3).tip == 4
    assert History().undone() == History()


@pytest.mark.parametrize(
    "fields",
    [{"parents": ()}, {"parents": (-1, 1)}, {"at": 1, "tip": 1}, {"parents": (-1, 0, 0), "at": 1, "tip": 2}],
)
def test_a_damaged_tree_is_refused(fields):
    with pytest.raises(ValueError, match="step"):
        History(**fields)
