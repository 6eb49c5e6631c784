"""How picture models are measured: works as samples, and what they have of a model's conditions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.arts.image.frame import ImageFrame
from huohua.arts.image.yardstick import ImageYardstick
from huohua.arts.table import ARTS, art
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError, UsageError
from studio.evaluation_stage import paint_folder


@pytest.fixture(scope="module")
def works(tmp_path_factory, own_home):
    folder = paint_folder(tmp_path_factory.mktemp("yardstick") / "works", count=12)
    return ImageYardstick().collect(folder, frame=ImageFrame(height=16, width=32, channels=3))


@pytest.mark.parametrize("name", ARTS)
def test_every_art_brings_a_yardstick_with_an_extractor(name):
    yardstick = art(name).yardstick()
    assert yardstick.extractors
    with pytest.raises(UsageError, match="'x'"):
        yardstick.extractor("x")


def test_works_are_samples_in_the_size_of_a_model(works):
    sample = works.samples([3, 1])
    assert sample.shape == (2, 3, 16, 32)
    assert -1 <= sample.min() < sample.max() <= 1
    assert torch.equal(works.samples([1])[0], sample[1])
    assert (len(works), works.name, works.left_out) == (12, "works", 0)
    assert len(set(works.titles)) == 12


def test_what_works_have_stands_in_the_places_of_the_models_own_space(works):
    space = ConditionSpace(groups={"style": ("flat",), "subject": ("star", "disc")})
    asked_NC = works.asked(space)
    discs = np.array([title.startswith("disc") for title in works.titles])
    assert asked_NC[:, 2].tolist() == discs.astype(float).tolist()
    assert asked_NC[:, :2].sum() == 0


def test_what_is_measured_is_set_on_the_models_scales(works):
    scales = {"look": {"light": Scale(low=0.0, middle=0.01, high=0.02)}}
    space = ConditionSpace(groups={"look": ("light",), "subject": ("disc",)}, scales=scales)
    asked_NC = works.asked(space)
    assert asked_NC[:, 0].tolist() == [1.0] * 12  # all are lighter than this model has ever seen
    assert asked_NC[:, 1].sum() == 6


def test_pictures_come_back_as_they_were(works):
    for channels, mode in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        sample = torch.zeros(2, channels, 6, 9) + torch.tensor([-1.0, 1.0])[:, None, None, None]
        pictures = ImageYardstick().pictures(sample)
        assert [(each.mode, each.size) for each in pictures] == [(mode, (9, 6))] * 2
        assert np.asarray(pictures[0]).max() == 0
        assert np.asarray(pictures[1]).min() == 255


def test_presets_that_see_with_a_network_are_told_from_those_that_see_pixels():
    yardstick = ImageYardstick()
    assert yardstick.relatives("fast") == ("efficientnet-lite",)
    assert yardstick.relatives("seed") == ()
    assert yardstick.relatives("of another version") == ()


def test_a_place_without_works_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        ImageYardstick().collect(tmp_path / "nowhere", frame=ImageFrame(height=8, width=8, channels=3))
