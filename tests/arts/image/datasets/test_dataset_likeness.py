from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance
from scipy.fft import dctn

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.likeness import (
    content_hash,
    near_pairs,
    perceptual_hash,
    same_work,
    worth_hashing,
)


def scene(seed, size=64):
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (7, 7, 3), dtype=np.uint8)).resize((size, size))


def test_equal_pixels_have_equal_content_hashes_and_others_do_not():
    image_HWC = np.asarray(scene(0))
    assert content_hash(image_HWC) == content_hash(image_HWC.copy())
    other = image_HWC.copy()
    other[3, 4, 1] ^= 1
    assert content_hash(other) != content_hash(image_HWC)


def test_the_shape_is_part_of_the_content():
    flat = np.zeros((4, 6, 1), np.uint8)
    assert content_hash(flat) != content_hash(flat.reshape(6, 4, 1))


def test_the_hash_agrees_with_a_library_transform():
    image_HWC = np.asarray(scene(1))
    grey = Image.fromarray(image_HWC).convert("L").resize((32, 32), Image.Resampling.BOX)
    waves = dctn(np.asarray(grey, np.float64), type=2)[1:9, 1:9].reshape(-1)
    twin = "".join("1" if wave > np.median(waves) else "0" for wave in waves)
    assert perceptual_hash(image_HWC) == int(twin, 2)


def test_a_work_of_one_colour_has_no_hash():
    assert perceptual_hash(np.full((40, 40, 3), 99, np.uint8)) == 0


def test_a_hash_changes_little_with_size_and_brightness_and_much_with_the_motif():
    first = perceptual_hash(np.asarray(scene(2, 256)))
    smaller = perceptual_hash(np.asarray(scene(2, 256).resize((96, 96), Image.Resampling.LANCZOS)))
    darker = perceptual_hash(np.asarray(ImageEnhance.Brightness(scene(2, 256)).enhance(0.8)))
    other = perceptual_hash(np.asarray(scene(3, 256)))
    assert (first ^ smaller).bit_count() <= 2
    assert (first ^ darker).bit_count() <= 2
    assert 16 <= (first ^ other).bit_count() <= 48


def test_grey_and_transparent_works_are_hashed():
    colour = np.asarray(scene(4))
    grey = np.asarray(scene(4).convert("L"))[..., None]
    clear = np.concatenate([colour, np.full((64, 64, 1), 7, np.uint8)], axis=2)
    assert perceptual_hash(colour) == perceptual_hash(grey) == perceptual_hash(clear)


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12),
    st.lists(st.sets(st.integers(0, 63), max_size=4), max_size=25),
)
@settings(deadline=None)
def test_near_pairs_agree_with_comparing_all_with_all(seeds, changes):
    hashes = list(seeds)
    for place, bits in enumerate(changes):
        hashes.append(seeds[place % len(seeds)] ^ sum(1 << bit for bit in bits))
    twin = [
        (first, second)
        for first in range(len(hashes))
        for second in range(first + 1, len(hashes))
        if hashes[first] and hashes[second] and bin(hashes[first] ^ hashes[second]).count("1") <= 2
    ]
    assert near_pairs(hashes) == twin


def test_only_so_many_pairs_are_listed_and_big_heaps_end_in_time():
    assert len(near_pairs([5] * 3000, most=100)) == 100


def test_the_words_for_an_equal_work_say_whether_the_labels_agree():
    apple, pear = (
        Entry(name="1", labels={"subject": ("apple",)}),
        Entry(name="2", labels={"subject": ("pear",)}),
    )
    assert same_work(apple, apple) == "it is the same picture as 1"
    assert same_work(apple, pear) == "it is the same picture as 1, but with other labels"


def test_tiny_and_countless_works_are_not_hashed():
    assert worth_hashing(2_000, 64)
    assert not worth_hashing(2_000, 28)
    assert not worth_hashing(60_000, 64)
