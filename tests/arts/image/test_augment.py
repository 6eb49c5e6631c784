"""Augmentation of images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from huohua.arts.image import augment as module
from huohua.arts.image.augment import AUGMENTATIONS, augment, cut, mirror, reach, recolour, shift
from huohua.errors import UsageError
from huohua.randomness import torch_generator
from parity.reference import augment as slow

LAYOUTS = {"plain": torch.contiguous_format, "channels last": torch.channels_last}
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5, torch.bfloat16: 4e-2}
POLICY = tuple(AUGMENTATIONS)


def images(count: int = 6, channels: int = 3, height: int = 12, width: int = 20, seed: int = 0) -> Tensor:
    random = torch_generator(seed, "images")
    return torch.rand(count, channels, height, width, generator=random, dtype=torch.float64) * 2 - 1


def one_by_one(twin: Callable[..., np.ndarray], image_BCHW: Tensor, *numbers: object) -> Tensor:
    """Apply a twin to each image with its own numbers."""
    arrays = [
        twin(image, *(torch.as_tensor(number)[index].item() for number in numbers))
        for index, image in enumerate(image_BCHW.double().numpy())
    ]
    return torch.from_numpy(np.stack(arrays))


# What each operation does with given numbers, beside its twin.
USES: dict[str, tuple[Callable[..., Tensor], Callable[..., np.ndarray], tuple[object, ...]]] = {
    "colour": (
        recolour,
        slow.recolour,
        (
            torch.tensor([0.0, 0.5, -0.5, 0.1, 0.2, -0.3]),
            torch.tensor([1.0, 0.0, 2.0, 1.3, 0.7, 1.0]),
            torch.tensor([1.0, 0.5, 1.5, 0.8, 1.2, 1.4]),
        ),
    ),
    "translation": (shift, slow.shift, ([0, 1, -1, 2, 0, -2], [0, 3, -3, 0, -2, 1])),
    "cutout": (
        lambda image, top, left, height: cut(image, top, left, height, 7),
        lambda image, top, left, height: slow.cut(image, top, left, height, 7),
        (
            torch.tensor([2, -3, 9, 0, 5, 4]),
            torch.tensor([3, -4, 18, 0, 6, 5]),
            torch.tensor([6, 6, 6, 6, 0, 12]),
        ),
    ),
    "flip": (mirror, slow.mirror, (torch.tensor([True, False, True, True, False, False]),)),
}


def test_every_operation_has_a_twin():
    assert list(USES) == list(AUGMENTATIONS)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("name", USES)
def test_an_operation_agrees_with_its_slow_twin(name, channels, dtype, layout):
    fast, twin, numbers = USES[name]
    image_BCHW = images(channels=channels).to(dtype).contiguous(memory_format=layout)
    result = fast(image_BCHW, *numbers)
    expected = one_by_one(twin, image_BCHW, *numbers)
    tolerance = TOLERANCE[dtype] if name == "colour" else 0
    torch.testing.assert_close(result.double(), expected, rtol=0, atol=tolerance)


def test_colours_have_the_values_worked_by_hand():
    # One pixel of (0.3, 0, -0.3) and one of 0.6: means 0 and 0.6, mean of the image 0.3.
    image = torch.tensor([[0.3, 0.6], [0.0, 0.6], [-0.3, 0.6]]).view(1, 3, 1, 2)
    brighter = recolour(image, torch.tensor([0.1]), torch.tensor([1.0]), torch.tensor([1.0]))
    torch.testing.assert_close(brighter, image + 0.1)
    grey = recolour(image, torch.tensor([0.0]), torch.tensor([0.0]), torch.tensor([1.0]))
    torch.testing.assert_close(grey[0, :, 0], torch.tensor([[0.0, 0.6]] * 3))
    softer = recolour(image, torch.tensor([0.0]), torch.tensor([1.0]), torch.tensor([0.5]))
    torch.testing.assert_close(softer[0, :, 0], torch.tensor([[0.3, 0.45], [0.15, 0.45], [0.0, 0.45]]))


def test_a_shifted_row_is_mirrored_at_its_edge():
    row = torch.arange(5.0).view(1, 1, 1, 5)
    assert shift(row, [0], [2]).flatten().tolist() == [2, 1, 0, 1, 2]
    assert shift(row, [0], [-1]).flatten().tolist() == [1, 2, 3, 4, 3]


def test_a_shift_as_long_as_its_side_is_refused():
    with pytest.raises(RuntimeError, match=r"[Pp]adding"):
        shift(torch.zeros(1, 1, 4, 4), [0], [4])


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_no_strength_returns_the_images_themselves(name):
    image_BCHW = images()
    assert augment(image_BCHW, 0.0, torch_generator(0), [name]) is image_BCHW
    torch.testing.assert_close(
        AUGMENTATIONS[name](image_BCHW, 0.0, torch_generator(0)), image_BCHW, rtol=0, atol=1e-15
    )


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_shape_type_and_layout_are_kept(name, dtype, layout):
    image_BCHW = images().to(dtype).contiguous(memory_format=layout)
    result = augment(image_BCHW, 1.0, torch_generator(0), [name])
    assert result.shape == image_BCHW.shape
    assert result.dtype == dtype
    assert result.stride() == image_BCHW.stride()
    assert result.isfinite().all()


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_generator_decides_and_the_global_state_is_left_alone(name):
    image_BCHW = images(count=16)
    before = torch.random.get_rng_state()
    first, again, other = (augment(image_BCHW, 0.7, torch_generator(seed), [name]) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_slopes_of_both_orders_agree_with_finite_differences(name):
    image_BCHW = images(count=3, height=8, width=8).requires_grad_()

    def changed(image: Tensor) -> Tensor:
        return augment(image, 1.0, torch_generator(3), [name])

    weight = images(count=3, height=8, width=8, seed=1)
    assert torch.autograd.gradcheck(changed, (image_BCHW,), fast_mode=True)
    assert torch.autograd.gradgradcheck(
        lambda image: (changed(image).square() * weight).sum(), (image_BCHW,), fast_mode=True
    )


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_image_is_changed_by_itself(name):
    image_BCHW = images()
    other_BCHW = image_BCHW.clone()
    other_BCHW[2] = images(count=1, seed=9)[0]
    results = [augment(batch, 1.0, torch_generator(4), [name]) for batch in (image_BCHW, other_BCHW)]
    same = [torch.equal(one, other) for one, other in zip(*results, strict=True)]
    assert same == [True, True, False, True, True, True]


# Half of all flips leave an image alone, and so does one of the 5 * 7 translations.
@pytest.mark.parametrize(
    ("name", "expected"),
    [("colour", 0.3), ("translation", 0.3 * (1 - 1 / 35)), ("cutout", 0.3), ("flip", 0.15)],
)
def test_the_strength_is_the_share_of_images_that_change(name, expected):
    image_BCHW = images(count=2000, channels=1, height=16, width=24)
    result = AUGMENTATIONS[name](image_BCHW, 0.3, torch_generator(0))
    share = (result - image_BCHW).flatten(1).abs().amax(1).gt(1e-9).double().mean().item()
    assert share == pytest.approx(expected, abs=0.03)


def captured(monkeypatch: pytest.MonkeyPatch, name: str, use: str, count: int = 3000) -> tuple[Tensor, ...]:
    """Return the numbers an operation draws for many images of 16 x 24 at strength 1."""
    seen: list[tuple[Tensor, ...]] = []
    monkeypatch.setattr(module, use, lambda image, *numbers: seen.append(numbers) or image)
    AUGMENTATIONS[name](torch.zeros(count, 3, 16, 24), 1.0, torch_generator(0))
    return tuple(torch.as_tensor(number, dtype=torch.float64) for number in seen[0])


def test_colours_are_drawn_evenly_from_the_ranges_of_the_paper(monkeypatch):
    for numbers, (low, high) in zip(
        captured(monkeypatch, "colour", "recolour"), ((-0.5, 0.5), (0.0, 2.0), (0.5, 1.5)), strict=True
    ):
        assert low <= numbers.min() < low + 0.01
        assert high - 0.01 < numbers.max() <= high
        assert numbers.mean().item() == pytest.approx((low + high) / 2, abs=0.03)


def test_shifts_are_drawn_evenly_up_to_an_eighth_of_each_side(monkeypatch):
    for shifts, furthest in zip(captured(monkeypatch, "translation", "shift"), (2, 3), strict=True):
        values, counts = shifts.unique(return_counts=True)
        assert values.tolist() == list(range(-furthest, furthest + 1))
        shares = counts / len(shifts)
        assert (shares - 1 / len(values)).abs().max() < 0.04


def test_holes_are_half_of_each_side_about_any_point(monkeypatch):
    top, left, height, width = captured(monkeypatch, "cutout", "cut")
    assert (top.min(), top.max()) == (-4, 12)
    assert (left.min(), left.max()) == (-6, 18)
    assert height.unique().tolist() == [8]
    assert width.item() == 12


def test_a_hole_of_another_size_can_be_asked_for():
    result = module.cutout(torch.ones(200, 1, 16, 16), 1.0, torch_generator(0), size=0.25)
    holes = (result == 0).flatten(1).sum(1)
    assert holes.max() == 16
    assert holes.min() >= 4


@pytest.mark.parametrize(("side", "expected"), [(4, 1), (12, 2), (28, 4), (64, 8), (192, 24)])
def test_the_furthest_shift_is_an_eighth_rounded(side, expected):
    assert reach(side) == expected


def test_a_policy_is_followed_in_its_order():
    image_BCHW = images()
    step_by_step, random = image_BCHW, torch_generator(0)
    for name in ("cutout", "colour"):
        step_by_step = AUGMENTATIONS[name](step_by_step, 1.0, random)
    together = augment(image_BCHW, 1.0, torch_generator(0), ["cutout", "colour"])
    assert torch.equal(together, step_by_step)
    assert not torch.equal(together, augment(image_BCHW, 1.0, torch_generator(0), ["colour", "cutout"]))


def test_an_empty_policy_changes_nothing():
    image_BCHW = images()
    assert augment(image_BCHW, 1.0, torch_generator(0), []) is image_BCHW


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_an_unknown_name_is_refused_with_those_there_are(strength):
    with pytest.raises(UsageError, match=r"'blur'.*colour, translation, cutout, flip"):
        augment(images(), strength, torch_generator(0), ["blur"])


def test_the_module_names_its_source():
    assert "Source: " in module.__doc__
