"""The text art: what it builds, finishes and measures with."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from huohua.arts.text.art import TextArt
from huohua.arts.text.codes import as_codes, as_text
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.metrics.ngram_extractor import NgramExtractor
from huohua.arts.text.presets import PRESETS
from huohua.arts.text.yardstick import TextYardstick
from huohua.errors import ModelError, UsageError
from huohua.metrics.frechet import frechet_distance
from huohua.metrics.perceptual import perceptual_rows
from huohua.provenance.record import Origin, Recipe

FRAME = TextFrame(tokens=64)
TEXTS = ["床前明月光，疑是地上霜。", "The rose 🙂 is red"]


def test_texts_come_back_from_their_codes():
    assert [as_text(row) for row in as_codes(TEXTS, 30)] == TEXTS
    assert as_text(as_codes(["abcdef"], 3)[0]) == "abc"
    assert as_text(torch.tensor([97, 0xD800, 2**30, 98])) == "ab"


def test_a_sample_is_finished_as_a_text():
    recipe = Recipe(art="text", model_sha256="", seed=0, version="0")
    origin = Origin(producer="Huohua", created="2026-11-24T06:00:00+00:00")
    work = TextArt().finish(as_codes(TEXTS, 40)[0], recipe=recipe, origin=origin)
    assert work.text == TEXTS[0]


def test_networks_are_built_by_name_and_settings():
    art, size = TextArt(), {"vocabulary": 50, "width": 32, "blocks": 1, "heads": 2}
    build = {"latent": 0, "condition": 0, "frame": FRAME}
    assert art.build_generator("writer", size, **build).settings.vocabulary == 50
    reader = art.build_discriminator("reader", {**size, "labels": 3}, condition=0, frame=FRAME)
    assert reader.settings.labels == 3
    with pytest.raises(ModelError, match="no generator 'poet'"):
        art.build_generator("poet", size, **build)
    with pytest.raises(UsageError, match="no encoder"):
        art.take_in("a text", frame=FRAME)
    assert art.usual_preset in PRESETS
    assert art.frame(None, PRESETS["tiny"]).tokens == 128


@pytest.fixture
def collection(tmp_path):
    rows = [
        {"text": f"{name}{'山水花鸟风'[n % 5]}月明人倚楼。" * 2, "style": name}
        for n in range(10)
        for name in ("甲", "乙")
    ]
    for number, row in enumerate(rows):
        row["text"] += "一二三四五六七八九十"[number % 10] + "春秋"[number // 10]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return TextYardstick().collect(path, frame=FRAME)


def test_real_texts_are_samples_with_what_is_asked_of_them(collection):
    assert collection.samples([0]).shape == (1, 256)
    asked = collection.asked(collection.conditions)
    np.testing.assert_array_equal(asked, collection.dataset.condition_NC)


def test_the_extractor_tells_words_from_other_words(collection):
    """By Fréchet distance: two halves of the real texts are nearer than real texts and shuffled numbers."""
    extractor = TextYardstick().extractor("ngrams")
    features = extractor.look(collection.samples(range(20))).feature_NF
    other = extractor.look(as_codes([f"{n * 7919 % 1000:05d}" * 4 for n in range(20)], 256)).feature_NF
    assert features.shape == (20, 256)
    np.testing.assert_allclose((features**2).sum(1), 1.0, atol=1e-9)
    near, far = (
        frechet_distance(features[::2, :8], features[1::2, :8]),
        frechet_distance(features[:, :8], other[:, :8]),
    )
    assert near < far / 3


def test_near_copies_are_near_and_no_appearances(collection):
    sample = collection.samples(range(6))
    look = NgramExtractor().look
    rows = perceptual_rows(look(sample).tap_LNCP)
    for copies in TextYardstick().near_copies(sample).values():
        assert not copies.equal(sample)
        distances = np.square(perceptual_rows(look(copies).tap_LNCP) - rows).sum(1)
        assert (distances > 0).all() and (distances < 4).all()


def test_pages_and_strange_extractors(collection):
    pages = TextYardstick().pictures(collection.samples([0, 1]))
    assert len(pages) == 2 and all((np.array(page) < 128).any() for page in pages)
    with pytest.raises(UsageError, match="not described by 'eyes'"):
        TextYardstick().extractor("eyes")
