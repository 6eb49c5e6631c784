"""The file of a model's directions: names and vectors together, for the weights they were found for."""

from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError

from huohua.errors import ModelError, UsageError
from huohua.zoo.directions import Direction, Listing, find_direction, load_directions, save_directions
from huohua.zoo.format import DIRECTIONS

VECTORS = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.6, 0.8]])
LISTING = Listing(
    model_sha256="ab" * 32,
    directions=(
        Direction(name="warmer", found_as="principal-1", method="principal", share=0.25),
        Direction(name="weights-1", found_as="weights-1", method="weights", layers=(0, 5)),
    ),
)


def test_names_and_vectors_come_back(tmp_path):
    assert save_directions(tmp_path, LISTING, VECTORS) == tmp_path / DIRECTIONS
    listing, vectors = load_directions(tmp_path, LISTING.model_sha256)
    assert listing == LISTING
    assert torch.equal(vectors, VECTORS)


def test_a_direction_is_found_by_either_of_its_names():
    asked = ("warmer", " Warmer", "principal-1", "weights-1")
    assert [find_direction(LISTING, name) for name in asked] == [0, 0, 0, 1]
    with pytest.raises(UsageError, match="no direction 'wramer'") as caught:
        find_direction(LISTING, "wramer")
    assert caught.value.advice == "Did you mean warmer?"


def test_a_model_without_directions_says_how_to_find_them(tmp_path):
    with pytest.raises(ModelError, match="no directions yet") as caught:
        load_directions(tmp_path, "ab")
    assert "huohua directions find" in caught.value.advice


def test_directions_of_other_weights_are_refused(tmp_path):
    save_directions(tmp_path, LISTING, VECTORS)
    with pytest.raises(ModelError, match="no longer fit"):
        load_directions(tmp_path, "cd" * 32)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
        lambda path: path.write_bytes(b"no safetensors at all"),
        lambda path: path.write_bytes(b""),
        lambda path: save_directions(path.parent, LISTING, VECTORS[:1]),
        lambda path: save_directions(path.parent, LISTING, VECTORS * torch.inf),
    ],
    ids=["cut off", "other content", "empty", "a vector too few", "infinite"],
)
def test_a_damaged_file_is_one_clear_error(tmp_path, spoil):
    spoil(save_directions(tmp_path, LISTING, VECTORS))
    with pytest.raises(ModelError, match="is damaged"):
        load_directions(tmp_path, LISTING.model_sha256)


@pytest.mark.parametrize("name", ["", " ", "a=b", "a:b", "a,b", "x" * 65, " warm"])
def test_a_name_that_could_not_be_written_on_a_command_line_is_refused(name):
    with pytest.raises(ValidationError):
        Direction(name=name, method="weights")
