"""How pictures reach a game."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from huohua.adversarial.game import Moment
from huohua.adversarial.schedule import ramp
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.feed import ImageWorks, as_pixels, as_samples
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace

WORKS = 40


def dataset(channels: int = 3) -> ImageDataset:
    """Forty pictures of 4 x 5 pixels, each of one grey that rises from left to right."""
    images = np.zeros((WORKS, 4, 5, channels), dtype=np.uint8)
    images += np.arange(WORKS, dtype=np.uint8)[:, None, None, None]
    images += (np.arange(5, dtype=np.uint8) * 50)[None, None, :, None]
    images.flags.writeable = False  # as a memory-mapped file is
    return ImageDataset(
        name="greys",
        origin="",
        licence="",
        images_NHWC=images,
        entries=tuple(Entry(name=str(number), labels={}) for number in range(WORKS)),
        conditions=ConditionSpace(groups={"subject": ("even", "odd")}),
        condition_NC=np.eye(2, dtype=np.float32)[np.arange(WORKS) % 2],
        fingerprint="",
    )


def works(*, mirror: bool, channels: int = 3) -> ImageWorks:
    return ImageWorks(dataset(channels), mirror=mirror, device=torch.device("cpu"))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_come_by_number_with_their_conditions(channels):
    batch = works(mirror=False, channels=channels).take(np.array([3, 0, 3]), Moment())
    assert batch.sample.shape == (3, channels, 4, 5)
    assert batch.sample.dtype == torch.float32
    expected = torch.tensor([3.0, 0.0, 3.0]) / 127.5 - 1
    torch.testing.assert_close(batch.sample[:, 0, 0, 0], expected)
    assert batch.condition_BC.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_pictures_lie_channels_last():
    batch = works(mirror=False).take(np.arange(2), Moment())
    assert batch.sample.is_contiguous(memory_format=torch.channels_last)


def test_every_level_goes_to_a_sample_and_back():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    samples = as_samples(levels)
    assert samples.min() == -1
    assert samples.max() == 1
    assert (as_pixels(samples) == levels).all()


def test_samples_out_of_range_become_black_and_white():
    samples = torch.tensor([-7.0, -1.0, -0.999, 0.0, 1.2]).view(1, 1, 1, 5)
    assert as_pixels(samples).ravel().tolist() == [0, 0, 0, 128, 255]
    assert as_pixels(samples.bfloat16().requires_grad_()).dtype == np.uint8


def measured_works() -> ImageWorks:
    """Works with a label, two looks and a colour, of which the last three are measured."""
    space = ConditionSpace(
        groups={"subject": ("even",), "look": ("light", "warm"), "top": ("blue",)},
        scales={"look": {name: Scale(low=0, middle=0.5, high=1) for name in ("light", "warm")},
                "top": {"blue": Scale(high=1)}},
    )  # fmt: skip
    row = np.array([1, -1, 0.5, 0], dtype=np.float32)
    data = dataclasses.replace(dataset(), conditions=space, condition_NC=np.tile(row, (WORKS, 1)))
    return ImageWorks(data, mirror=False, device=torch.device("cpu"))


def test_measured_conditions_are_told_a_tenth_of_their_scale_wrong_and_labels_exactly():
    feed, numbers = measured_works(), np.arange(WORKS)
    exact = torch.tensor([1, -1, 0.5, 0])
    errors = torch.stack([feed.take(numbers, Moment(round=r)).condition_BC - exact for r in range(25)])
    assert errors[..., 0].abs().max() == 0
    assert errors[..., 1:].std((0, 1)).tolist() == pytest.approx([0.1] * 3, rel=0.1)
    assert errors[..., 1:].mean((0, 1)).tolist() == pytest.approx([0.0] * 3, abs=0.015)
    assert torch.corrcoef(errors.reshape(-1, 4)[:, 1:].T)[0, 1:].abs().max() < 0.15  # each by itself


def test_the_error_depends_on_the_moment_alone_however_a_round_is_shared_out():
    feed, numbers = measured_works(), np.arange(WORKS)
    first, again, later = (feed.take(numbers, Moment(round=r)).condition_BC for r in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.allclose(first, later)
    shared = [
        feed.take(part, Moment(round=1, share=share, shares=2)).condition_BC
        for share, part in enumerate(np.split(numbers, 2))
    ]
    assert torch.equal(torch.cat(shared), first)


def is_turned(sample) -> list[bool]:
    return (sample[:, 0, 0, 0] > sample[:, 0, 0, -1]).tolist()


def test_about_half_of_the_pictures_are_mirrored_and_nothing_else_changes():
    plain = works(mirror=False).take(np.arange(WORKS), Moment()).sample
    turned = works(mirror=True).take(np.arange(WORKS), Moment()).sample
    mirrored = is_turned(turned)
    assert 10 <= sum(mirrored) <= 30
    for number, was_turned in enumerate(mirrored):
        expected = plain[number].flip(2) if was_turned else plain[number]
        assert torch.equal(turned[number], expected)


def test_mirroring_depends_on_the_moment_alone():
    feed, numbers = works(mirror=True), np.arange(WORKS)
    first, again, later = (is_turned(feed.take(numbers, Moment(round=r)).sample) for r in (1, 1, 2))
    assert first == again != later


@pytest.mark.parametrize(("parts", "shares"), [(4, 1), (1, 2)])
def test_however_a_round_is_shared_out_the_same_pictures_are_mirrored(parts, shares):
    feed, numbers = works(mirror=True), np.arange(WORKS)
    whole = is_turned(feed.take(numbers, Moment(round=5)).sample)
    pieces = [
        feed.take(
            piece, Moment(round=5, part=place // shares, parts=parts, share=place % shares, shares=shares)
        )
        for place, piece in enumerate(np.split(numbers, parts * shares))
    ]
    assert is_turned(torch.cat([piece.sample for piece in pieces])) == whole


def test_the_data_are_left_as_they_were():
    data = dataset()
    before = data.images_NHWC.copy()
    feed = ImageWorks(data, mirror=True, device=torch.device("cpu"))
    feed.take(np.arange(WORKS), Moment()).sample.zero_()
    assert (data.images_NHWC == before).all()
    assert len(feed) == WORKS


def test_a_game_that_grows_is_fed_at_the_size_reached():
    """Four by five pixels are at once the smallest size; of larger works the smaller ones come first."""
    images = np.zeros((WORKS, 16, 24, 3), dtype=np.uint8)
    images[:, :, ::2] = 100  # columns that are lost when works are halved
    large = dataclasses.replace(dataset(), images_NHWC=images)
    feed = ImageWorks(large, mirror=False, device=torch.device("cpu"), grow=ramp(0, 1))
    sizes = [feed.take(np.arange(2), Moment(shown=shown)).sample.shape[2:] for shown in (0, 400, 700, 1000)]
    assert sizes == [(4, 6), (8, 12), (8, 12), (16, 24)]
    coarse, fine = (feed.take(np.arange(2), Moment(shown=shown)).sample for shown in (0, 1000))
    assert coarse.unique().tolist() == pytest.approx([50 / 127.5 - 1])
    whole = ImageWorks(large, mirror=False, device=torch.device("cpu")).take(np.arange(2), Moment()).sample
    assert torch.equal(fine, whole)
