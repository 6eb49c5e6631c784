"""Growing: stages, fading, and real works at the size reached so far."""

from __future__ import annotations

import copy
import itertools

import pytest
import torch

from huohua.blocks.growth import PARTS, Stage, partly_grown, shrink, side_at, size_and_fade, stretch
from huohua.randomness import torch_generator


@pytest.mark.parametrize(
    ("grown", "expected"),
    [
        (-1.0, (0, 1.0)),
        (0.0, (0, 1.0)),
        (0.125, (0, 1.0)),  # half way to the second size: it only now begins to fade in
        (0.1875, (1, 0.5)),
        (0.25, (1, 1.0)),
        (0.3125, (1, 1.0)),
        (0.9375, (4, 0.5)),
        (1.0, (4, 1.0)),
        (2.0, (4, 1.0)),
    ],
)
def test_each_step_holds_for_its_first_half_and_fades_in_the_second(grown, expected):
    assert size_and_fade(grown, 4) == pytest.approx(expected)


def test_growth_never_goes_back_and_never_jumps():
    places = [size_and_fade(part / 1000, 5) for part in range(1001)]
    sizes = [top - 1 + fade for top, fade in places]
    assert sizes == sorted(sizes)
    assert max(after - before for before, after in itertools.pairwise(sizes)) < 0.011


def test_without_steps_there_is_one_size():
    assert size_and_fade(0.3, 0) == (0, 1.0)


def test_a_fresh_stage_has_grown_up_and_goes_where_it_is_sent():
    stage = Stage(4)
    assert stage.reached() == (4, 1.0)
    stage.grow_to(0.1875)
    assert stage.reached() == pytest.approx((1, 0.5))


def test_a_stage_survives_its_file_and_a_copy_of_its_buffers():
    stage, other, average = Stage(4), Stage(4), copy.deepcopy(Stage(4))
    stage.grow_to(0.4)
    other.load_state_dict(stage.state_dict())
    average.parts.copy_(stage.parts)  # as averages of networks take over what is not a fraction
    assert other.reached() == average.reached() == stage.reached()
    assert not stage.parts.is_floating_point()
    assert int(stage.parts) == 0.4 * PARTS


def test_a_traced_network_keeps_the_size_it_was_loaded_with():
    class Shows(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stage = Stage(4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.stage.reached()[0]

    grown, network = Shows(), Shows()
    grown.stage.grow_to(0.5)
    network.load_state_dict(grown.state_dict())
    exported = torch.export.export(network, (torch.zeros(1),)).module()
    assert exported(torch.zeros(1)).item() == network(torch.zeros(1)).item() == 2


@pytest.mark.parametrize(("side", "sides"), [(64, [4, 8, 16, 32, 64]), (100, [6, 12, 25, 50, 100])])
def test_sides_are_halved_as_strided_convolutions_halve_them(side, sides):
    assert [side_at(side, left) for left in (4, 3, 2, 1, 0)] == sides


def test_shrinking_takes_means_worked_out_by_hand():
    image = torch.arange(8.0).view(1, 1, 2, 4)
    assert shrink(image, 1, 2).flatten().tolist() == [2.5, 4.5]
    assert shrink(image, 2, 4) is image
    assert stretch(image, 2, 4) is image
    assert stretch(torch.ones(1, 1, 2, 2), 5, 7).shape == (1, 1, 5, 7)


def works() -> torch.Tensor:
    return torch.randn(2, 3, 16, 24, generator=torch_generator(0))


def test_grown_up_works_are_left_alone():
    image = works()
    assert partly_grown(image, 1.0, 2) is image


@pytest.mark.parametrize(("grown", "size"), [(0.0, (4, 6)), (0.25, (4, 6)), (0.26, (8, 12)), (0.9, (16, 24))])
def test_works_come_at_the_size_reached(grown, size):
    assert partly_grown(works(), grown, 2).shape[2:] == size


def test_the_detail_of_works_fades_in_with_their_size():
    """A board of black and white: detail is all there is, and all of it is lost in the smaller size."""
    board = (torch.arange(8)[:, None] + torch.arange(8)).remainder(2).mul(2).sub(1).float()[None, None]
    for grown, fade in ((0.75, 0.5), (0.875, 0.75)):  # one step: its second half fades
        torch.testing.assert_close(partly_grown(board, grown, 1), fade * board)
    assert not partly_grown(board, 0.5, 1).any()


def test_a_size_that_begins_to_fade_in_shows_what_the_smaller_one_showed():
    image = works()
    before, after = partly_grown(image, 0.5, 1), partly_grown(image, 0.5 + 1e-6, 1)
    torch.testing.assert_close(after, stretch(before, 16, 24), rtol=0, atol=1e-4)
