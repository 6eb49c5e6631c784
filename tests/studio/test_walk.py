"""Walks through works: at one pace, to the pixel again, and nothing lost when they are stopped."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from huohua.arts.comparison import Comparison
from huohua.errors import DataError, ModelError, UsageError
from huohua.latents.walk import evenness
from huohua.provenance.ingredients import WalkRecipe
from huohua.studio.film import compare_films, times_larger
from huohua.studio.image_model import ImageModel
from huohua.studio.recreate import compare, open_artwork, recreate
from huohua.studio.trail import Trail
from huohua.studio.walk import remake_film, walk, walk_of
from huohua.zoo import catalogue

LEMON = {"subject": "lemon", "style": "monet", "tags": "ripe"}


def pixels(work) -> bytes:
    return work.image.tobytes()


@pytest.fixture(params=["fast", "style", "mlp"])
def model(request, fresh_model, home) -> ImageModel:
    made: ImageModel = fresh_model(request.param)
    catalogue.remember("fruit", made.folder)
    return made


@pytest.fixture
def fast(fresh_model, home) -> ImageModel:
    made: ImageModel = fresh_model("fast")
    catalogue.remember("fruit", made.folder)
    return made


def changes(works) -> list[float]:
    shown = [np.asarray(work.image, dtype=float) for work in works]
    return [float(np.linalg.norm(after - before)) for before, after in pairwise(shown)]


def test_a_walk_begins_and_ends_with_the_works_of_its_seeds(model):
    works = list(walk(model, seeds=[3, 4, 5], seconds=2, fps=10, conditions=LEMON))
    assert len(works) == 20
    for frame, seed in ((0, 3), (-1, 5)):
        assert pixels(works[frame]) == pixels(model.create(seed=seed, **LEMON))


def test_seeds_that_ask_for_different_things_are_met_with_all_they_ask_for(model):
    works = list(walk(model, seeds=[3, 8], seconds=1, fps=8))
    for frame, seed in ((0, 3), (-1, 8)):
        plain = model.create(seed=seed)
        assert pixels(works[frame]) == pixels(plain)
        # A name with no weight and a name that is not there ask for the same.
        asked = {group: names for group, names in plain.recipe.conditions.items() if names}
        assert works[frame].recipe.conditions == asked


def test_frames_change_at_one_pace(model):
    works = list(walk(model, seeds=[3, 4], seconds=4, fps=10, conditions=LEMON))
    steps = changes(works)
    assert max(steps) / np.median(steps) < 1.6
    assert min(steps) / np.median(steps) > 0.4


def test_a_loop_closes_with_a_step_like_the_others(model):
    works = list(walk(model, seeds=[3, 4, 5], seconds=4, fps=10, loop=True, conditions=LEMON))
    steps = changes([*works, works[0]])
    assert len(works) == 40
    assert steps[-1] < 1.6 * np.median(steps)
    assert pixels(works[-1]) != pixels(works[0])


def test_every_frame_is_made_again_from_its_own_file(model, tmp_path):
    laid_out = walk(model, seeds=[3, 4], seconds=1, fps=6, truncation=0.7)
    made = laid_out.save(tmp_path / "frames")
    assert (made.frames, made.whole) == (6, True)
    paths = sorted((tmp_path / "frames").iterdir())
    assert [path.name for path in paths] == [f"frame-{number:05}.png" for number in range(6)]
    for path in paths:
        assert compare(path, recreate(path)).same
    assert pixels(open_artwork(paths[3])) == pixels(laid_out.frame(3))


def test_what_is_looked_at_is_what_is_made(model):
    """The pace is found on works made together, and frames are made one by one: they must be the same."""
    laid_out = walk(model, seeds=[3, 4], seconds=1, fps=6, conditions=LEMON)
    seen = laid_out.trail.show(laid_out.recipe.places)
    made = torch.stack(
        [torch.from_numpy(np.array(work.image)).permute(2, 0, 1).flatten() for work in laid_out]
    )
    torch.testing.assert_close((seen + 1) * 127.5, made.float(), rtol=0, atol=0.6)


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_film_is_made_again_with_the_same_bytes(fast, tmp_path, suffix):
    laid_out = walk(fast, seeds=[3, 4], seconds=1, fps=6)
    path = laid_out.save(tmp_path / f"a{suffix}", enlarge=2).path
    record = remake_film(path, tmp_path / f"b{suffix}")
    assert (tmp_path / f"b{suffix}").read_bytes() == path.read_bytes()
    assert record.recipe.walk == laid_out.recipe.model_copy(update={"enlarged": 2})
    again, _ = walk_of(path)
    assert [pixels(work) for work in again] == [pixels(work) for work in laid_out]
    assert compare_films(path, tmp_path / f"b{suffix}") == Comparison(
        parts=6 * 48 * 32, different=0, largest=0
    )


def test_films_that_differ_are_compared_frame_by_frame(fast, tmp_path):
    first = walk(fast, seeds=[3, 4], seconds=1, fps=6).save(tmp_path / "a.gif", enlarge=1).path
    shorter = walk(fast, seeds=[3, 4], seconds=1, fps=5).save(tmp_path / "b.gif", enlarge=1).path
    found = compare_films(first, shorter)
    assert found.parts == 6 * 24 * 16
    assert found.different > 24 * 16
    assert found.largest == 255


def test_small_works_are_enlarged_for_films_and_not_in_folders(fast, tmp_path):
    assert times_larger(tmp_path / "a.mp4", 24, 16) == 16
    assert times_larger(tmp_path / "a.gif", 640, 512) == 1
    assert times_larger(tmp_path / "a.gif", 24, 16, 3) == 3
    assert times_larger(tmp_path / "frames", 24, 16, 3) == 1
    for factor in (0, 65):
        with pytest.raises(UsageError, match="enlarge"):
            walk(fast, seeds=[3, 4], seconds=1, fps=3).save(tmp_path / "a.gif", enlarge=factor)


def test_a_walk_leads_through_works_of_any_kind(fast, tmp_path):
    plain = fast.create(seed=3, truncation=0.5, **LEMON).save(tmp_path / "plain.png")
    mixed = fast.create(seed=5, mix=6, subject="apple")
    works = list(walk(through=[plain, mixed], seconds=1, fps=5))
    assert pixels(works[0]) == pixels(open_artwork(plain))
    assert pixels(works[-1]) == pixels(mixed)
    frame = works[2].save(tmp_path / "frame.png")
    assert compare(frame, recreate(frame)).same
    onward = list(walk(fast, seeds=[9], through=[frame], seconds=1, fps=3))
    assert pixels(onward[-1]) == pixels(works[2])


def test_latents_between_seeds_are_about_as_long_as_theirs(fast):
    laid_out = walk(fast, seeds=[3, 4], seconds=1, fps=9, conditions=LEMON)
    helm = fast.helm
    lengths = []
    for work in laid_out:
        asked = helm.encoded(work.recipe.conditions)
        lengths.append(float(helm.told(work.recipe.ingredients, asked)[0][0].norm()))
    assert min(lengths) > 0.999 * min(lengths[0], lengths[-1])
    assert max(lengths) < 1.2 * max(lengths[0], lengths[-1])


def test_how_many_cores_share_the_work_does_not_show(fast, monkeypatch):
    def of(cores: int):
        class Machine:
            free_cores = cores

        monkeypatch.setattr("huohua.studio.walk.look", lambda: Machine)
        monkeypatch.setattr("huohua.studio.trail.look", lambda: Machine)
        return [pixels(work) for work in walk(fast, seeds=[3, 4], seconds=2, fps=10)]

    assert of(1) == of(3)


class Stopped:
    """A model that is stopped while it makes a frame."""

    def __init__(self, model: ImageModel, after: int) -> None:
        self.model, self.left = model, after

    def __getattr__(self, name: str):
        return getattr(self.model, name)

    def make(self, **order):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.model.make(**order)


@pytest.mark.parametrize("place", ["a.gif", "a.mp4", "frames"])
def test_a_walk_that_is_stopped_keeps_the_frames_it_made(fast, tmp_path, place, monkeypatch):
    monkeypatch.setattr("huohua.studio.walk.look", lambda: type("One", (), {"free_cores": 1}))
    laid_out = walk(fast, seeds=[3, 4], seconds=1, fps=20)
    object.__setattr__(laid_out, "model", Stopped(fast, after=7))
    made = laid_out.save(tmp_path / place)
    assert (made.whole, made.frames) == (False, 7)
    if place == "frames":
        assert len(list((tmp_path / place).iterdir())) == 7
        return
    assert walk_of(tmp_path / place)[1].recipe.walk.places == laid_out.recipe.places[:7]
    remake_film(tmp_path / place, tmp_path / f"again-{place}")
    assert (tmp_path / f"again-{place}").read_bytes() == (tmp_path / place).read_bytes()


def test_progress_is_told_of_looking_and_of_making(fast, tmp_path):
    looked, made = [], []
    laid_out = walk(fast, seeds=[3, 4], seconds=1, fps=6, on_progress=lambda *told: looked.append(told))
    laid_out.save(tmp_path / "a.gif", on_progress=lambda *told: made.append(told))
    assert made == [(number, 6) for number in range(1, 7)]
    assert [done for done, _ in looked] == sorted(done for done, _ in looked)
    assert all(done <= total for done, total in looked)


def test_one_seed_stands_still_and_fresh_ones_are_told(fast):
    still = list(walk(fast, seeds=[3], seconds=1, fps=4, conditions=LEMON))
    assert {pixels(work) for work in still} == {pixels(fast.create(seed=3, **LEMON))}
    fresh = walk(fast, seconds=1, fps=4)
    assert len(set(fresh.seeds)) == 4
    assert len(fresh.recipe.keys) == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seconds": 0.01}, "2 to 10,000"),
        ({"seconds": 10_000}, "2 to 10,000"),
        ({"seconds": float("nan")}, "frames"),
        ({"fps": 0}, "fps is 0"),
        ({"fps": 121}, "fps is 121"),
        ({"seeds": [-1]}, "seed is -1"),
        ({"seeds": range(65)}, "64 works at most"),
        ({"truncation": 5.0}, "truncation is 5"),
        ({"conditions": {"subject": "lemno"}}, "no subject 'lemno'"),
        ({"slides": {"warmer": 30.0}}, "must lie between"),
    ],
    ids=str,
)
def test_what_cannot_be_walked_is_a_clear_error_before_anything_is_made(fast, wrong, words):
    with pytest.raises(UsageError, match=words):
        walk(fast, **{"seeds": [1, 2], "seconds": 1, "fps": 4, **wrong})


def test_works_of_two_models_do_not_meet(fast, fresh_model, tmp_path):
    other = fresh_model("style", "other")
    catalogue.remember("other", other.folder)
    with pytest.raises(UsageError, match="different models"):
        walk(through=[fast.create(seed=1), other.create(seed=1)])
    with pytest.raises(ModelError, match="is not the model that made this work"):
        walk(other, through=[fast.create(seed=1)])
    with pytest.raises(ModelError, match="no directions yet"):
        walk(fast, seeds=[1, 2], slides={"warmer": 1.0})
    path = fast.create(seed=1).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"cannot be read as a film|carries no Huohua recipe"):
        walk_of(path.rename(tmp_path / "a.gif"))


def test_even_places_are_more_even_than_equal_ones(fast):
    laid_out = walk(fast, seeds=[3, 4, 5], seconds=4, fps=15)
    even = laid_out.trail.show(laid_out.recipe.places)
    equal = laid_out.trail.show([2 * number / 59 for number in range(60)])
    assert evenness(even, loop=False) < 1.4 < evenness(equal, loop=False)


def test_a_trail_needs_no_places(fast):
    recipe = WalkRecipe(keys=walk(fast, seeds=[3, 4], seconds=1, fps=4).recipe.keys, places=(), fps=4)
    ingredients, conditions = Trail(fast.helm, recipe, truncation=1.0).at(0.5)
    assert [each.seed for each in ingredients] == [3, 4]
    assert ingredients[0].weight == pytest.approx(ingredients[1].weight)
    assert ingredients[0].weight > 0.5, "the sum of two halves is bent outwards to the length of the whole"
    assert all(sum(names.values()) == pytest.approx(1, abs=1e-3) for names in conditions.values())
