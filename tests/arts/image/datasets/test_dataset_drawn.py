from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.datasets.drawn import WORKS, DrawnSource, paint
from huohua.arts.image.datasets.likeness import near_pairs, perceptual_hash
from huohua.arts.image.datasets.painter.media import MEDIA
from huohua.arts.image.datasets.painter.palette import PALETTES, mix, varied
from huohua.arts.image.datasets.painter.scenery import SIDE, noise
from huohua.arts.image.datasets.painter.subjects import SUBJECTS
from huohua.randomness import numpy_generator


@pytest.fixture(scope="module")
def some_works():
    """Two works of each subject in each medium."""
    source = DrawnSource(works=36)
    return [(entry, np.asarray(source.read(entry))) for entry in source.entries()]


def test_every_subject_is_painted_in_every_medium(some_works):
    pairs = {(entry.labels["subject"], entry.labels["style"]) for entry, _ in some_works}
    assert len(pairs) == len(SUBJECTS) * len(MEDIA) == 18


def test_works_are_colour_pictures_of_one_size_with_something_on_them(some_works):
    for entry, image_HWC in some_works:
        assert image_HWC.shape == (SIDE, SIDE, 3), entry.name
        assert 12 < image_HWC.std() < 110, entry.name


def test_no_two_works_look_alike(some_works):
    assert near_pairs([perceptual_hash(image_HWC) for _, image_HWC in some_works]) == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_work_depends_on_nothing_but_its_seed(subject):
    first, again, other = (
        np.asarray(paint(subject, "oil", "dusk", numpy_generator(seed, "x"))) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("subject", "time"), list(product(SUBJECTS, PALETTES)))
def test_every_subject_can_be_painted_at_every_time(subject, time):
    image = paint(subject, "ink", time, numpy_generator(3, subject, time))
    assert (image.mode, image.size) == ("RGB", (SIDE, SIDE))


def test_labels_and_captions_say_what_is_painted():
    entries = DrawnSource().entries()
    assert len(entries) == WORKS == 240
    assert entries[0].caption == "a watercolour painting of a flower at dawn"
    assert len({entry.name for entry in entries}) == WORKS
    for entry in entries:
        assert entry.labels["subject"][0] in entry.caption
        assert entry.labels["style"][0] in entry.caption


def test_media_differ_as_they_should(some_works):
    def mean_saturation(medium):
        chosen = [image for entry, image in some_works if entry.labels["style"] == (medium,)]
        return np.mean([(image.max(axis=2).astype(int) - image.min(axis=2)).mean() for image in chosen])

    assert mean_saturation("ink") < 0.7 * mean_saturation("watercolour")
    assert mean_saturation("ink") < 0.7 * mean_saturation("oil")


def test_sample_opens_like_any_dataset_and_is_free_to_use(monkeypatch):
    monkeypatch.setattr("huohua.arts.image.datasets.table.open_drawn", lambda: DrawnSource(works=36))
    dataset = open_dataset("sample", height=32, width=32)
    assert dataset.images_NHWC.shape == (36, 32, 32, 3)
    assert dataset.conditions.groups["subject"] == tuple(sorted(SUBJECTS))
    assert dataset.conditions.groups["style"] == ("ink", "oil", "watercolour")
    assert dataset.licence == "CC0-1.0"
    assert not dataset.problems


def test_another_seed_gives_another_identity():
    assert (
        len({DrawnSource(seed=0).identity(), DrawnSource(seed=1).identity(), DrawnSource(works=9).identity()})
        == 3
    )


def test_a_varied_palette_stays_close_to_its_own():
    for palette in PALETTES.values():
        changed = varied(palette, np.random.default_rng(0))
        far = [
            np.abs(np.subtract(a, b)).max()
            for a, b in zip(vars(palette).values(), vars(changed).values(), strict=True)
        ]
        assert 0 < max(far) < 60


def test_mixing_goes_from_one_colour_to_the_other():
    assert mix((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
    assert mix((9, 9, 9), (100, 200, 50), 1.0) == (100, 200, 50)


def test_noise_is_about_zero_and_about_one_wide():
    field = np.stack([noise(np.random.default_rng(seed), 8) for seed in range(20)])
    assert -0.15 < field.mean() < 0.15
    assert 0.5 < field.std() < 1.5
