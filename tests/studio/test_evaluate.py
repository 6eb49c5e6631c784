"""Evaluation from end to end, with generators whose faults are known: each must be caught, and no other."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch

from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError, ModelError, UsageError
from huohua.studio.evaluate import evaluate
from huohua.studio.evaluation_reading import judge
from huohua.zoo.format import Training
from studio.evaluation_stage import KINDS, SIDE, Noise, Painter, Showing, paint_folder, painted, quick_eyes

__all__ = ["quick_eyes"]

WORKS = 80
SPACE = ConditionSpace(groups={"subject": tuple(sorted(KINDS))})
pytestmark = pytest.mark.usefixtures("quick_eyes", "home")


@pytest.fixture
def showing(new_model):
    """Return a function that opens a model whose generator is replaced by another."""

    def build(generator, *, space=SPACE, channels=3, **changes):
        settings = {"width": SIDE, "height": SIDE, "channels": channels, "conditions": space, **changes}
        model = new_model(**settings)
        model._generator = generator
        return model

    return build


@pytest.fixture
def works(tmp_path):
    return paint_folder(tmp_path / "works", count=WORKS)


def run(model, data, **options):
    return evaluate(model, data, threads=1, **{"samples": WORKS, **options})


def distance(figure):
    """Return how far a figure is from its floor, in standard deviations of the difference."""
    return abs(figure.value - figure.floor) / figure.noise


def test_other_works_of_the_same_painter_are_at_the_floor_everywhere(showing, works):
    found = run(showing(Painter()), works, seed=1)
    assert {name: figure.value for name, figure in found.figures.items() if figure.value is None} == {}
    far = [name for name in found.figures if name != "copy_rate" and distance(found.figures[name]) > 3]
    assert far == []
    assert found.figures["copy_rate"].value < 0.1
    assert judge(found, "en").light == "good", judge(found, "en")
    assert found.copies.power > 0.9


def test_a_generator_that_copies_is_caught_and_called_so(showing, works):
    found = run(showing(Showing(painted(WORKS, seed=0), noise=0.02)), works)
    assert found.figures["copy_rate"].value > 0.9
    assert found.figures["copy_rate"].floor < 0.06
    verdict = judge(found, "en")
    assert verdict.light == "trouble"
    assert "Copies:" in verdict.summary
    # Its other figures are those of a perfect model, which is why copies must be looked for.
    assert distance(found.figures["kernel"]) < 3
    assert found.figures["precision"].value > 0.9 * found.figures["precision"].floor


def test_the_work_that_was_copied_is_named_and_mirrored_copies_are_found(showing, works):
    mirrored = painted(WORKS, seed=0).flip(3)
    found = run(showing(Showing(mirrored)), works)
    assert found.figures["copy_rate"].value == 1.0
    nearest = found.copies.nearest
    assert all(pair.similarity > 0.99 and pair.copy for pair in nearest)
    assert len({pair.work for pair in nearest}) == len(nearest) == 16
    assert {pair.title.split("/")[0] for pair in nearest} == set(KINDS)


def test_a_collapsed_generator_is_caught_and_called_so(showing, works):
    found = run(showing(Showing(painted(2, seed=7), noise=0.01)), works)
    assert found.figures["diversity_ratio"].value < 0.7
    assert found.figures["within_class_ratio"].value < 0.7
    assert found.figures["recall"].value < 0.1
    assert found.figures["repeat_rate"].value == 1.0
    assert found.figures["repeat_rate"].floor < 0.1
    assert distance(found.figures["frechet"]) > 5
    assert judge(found, "en").light == "trouble"


def test_a_generator_that_makes_few_works_over_and_over_is_caught(showing, works):
    """Twenty works are as varied as eighty and look like them; only that they come again gives them away."""
    found = run(showing(Showing(painted(20, seed=7), noise=0.02)), works)
    assert found.figures["diversity_ratio"].share > 0.8
    assert found.figures["repeat_rate"].value > 0.9
    verdict = judge(found, "en")
    assert verdict.light == "trouble"
    assert "The model repeats itself" in verdict.summary


def test_noise_is_caught_and_called_so(showing, works):
    found = run(showing(Noise()), works)
    assert found.figures["precision"].value < 0.1
    assert found.figures["coverage"].value < 0.1
    assert found.figures["copy_rate"].value == 0
    verdict = judge(found, "en")
    assert verdict.light == "trouble"
    assert "Few samples lie among the works" in verdict.summary


def test_figures_are_in_the_order_they_must_be(showing, works):
    """From works of the same painter over soiled ones and a few of them to noise."""
    fresh = painted(400, seed=7)
    soiled = (fresh + 0.35 * torch.randn(fresh.shape, generator=torch.Generator().manual_seed(0))).clamp(
        -1, 1
    )
    kinds = [Showing(fresh), Showing(soiled), Noise()]
    found = [run(showing(generator), works).figures for generator in kinds]
    for name, direction in (
        ("kernel", 1),
        ("frechet", 1),
        ("precision", -1),
        ("coverage", -1),
        ("density", -1),
    ):
        values = [direction * figures[name].value for figures in found]
        assert values == sorted(values), name
        assert values[-1] > values[0], name


def test_one_seed_gives_the_same_figures_and_another_gives_others(showing, works):
    model = showing(Painter())
    first, again, other = (run(model, works, seed=seed, samples=40) for seed in (1, 1, 2))
    assert first.figures == again.figures
    assert first.copies == again.copies
    assert first.figures != other.figures


def test_a_sample_is_the_work_of_its_number(showing, works, tmp_path, new_model):
    """What an evaluation calls sample 3 of seed 5 is what `create` makes as number 3 of seed 5."""
    from huohua.studio.evaluation_samples import Samples

    model = new_model(width=SIDE, height=SIDE, conditions=SPACE)
    asked = model.config.conditions.encode({"subject": "disc"})
    sample = Samples(model, np.array([asked] * 5, dtype=np.float32), seed=5).take([1, 3])[1]
    work = model.make(seed=5, index=3, conditions={"subject": {"disc": 1.0}})
    pixels = ((sample.permute(1, 2, 0) + 1) * 127.5).round().clamp(0, 255).numpy()
    assert np.abs(pixels - np.asarray(work.image, dtype=float)).max() <= 1


def test_classes_have_their_own_figures(showing, works):
    found = run(showing(Painter(kinds=["disc"])), works)  # discs whatever is asked for
    assert found.group == "subject"
    by_name = {each.name: each for each in found.classes}
    assert set(by_name) == set(KINDS)
    assert by_name["disc"].works == by_name["bar"].works == WORKS // 2
    assert distance(by_name["disc"].figures["kernel"]) < 2
    assert distance(by_name["bar"].figures["kernel"]) > 3


def test_works_without_labels_have_no_classes(showing, tmp_path):
    data = paint_folder(tmp_path / "plain", count=40, labelled=False)
    found = run(showing(Painter(), space=ConditionSpace()), data, samples=40)
    assert (found.group, list(found.classes)) == ("", [])
    assert "within_class_ratio" not in found.figures
    assert found.notes[0].key == "note_few"


def test_a_model_with_labels_is_measured_on_works_without(showing, tmp_path):
    data = paint_folder(tmp_path / "plain", count=40, labelled=False)
    found = run(showing(Painter()), data, samples=40)
    assert "note_unasked" in [note.key for note in found.notes]
    assert list(found.classes) == []


def test_labels_on_one_side_only_are_noted(showing, works):
    space = ConditionSpace(groups={"subject": ("disc", "star"), "style": ("flat",)})
    found = run(showing(Painter(), space=space), works, samples=40)
    notes = {note.key: note.values for note in found.notes}
    assert notes["note_unasked"]["names"] == "star, flat"
    assert notes["note_unknown"]["names"] == "bar"
    assert list(found.classes) == []  # one class that both know is no comparison


def test_a_model_without_labels_is_measured_on_works_with(showing, works):
    found = run(showing(Painter(), space=ConditionSpace()), works, samples=40)
    assert "note_unlabelled_model" in [note.key for note in found.notes]


def test_eight_works_are_enough_to_be_told_how_little_that_is(showing, tmp_path):
    data = paint_folder(tmp_path / "few", count=8)
    found = run(showing(Painter()), data, samples=None)
    assert (found.samples, found.works, found.compared) == (256, 8, 4)
    assert found.figures["kernel"].value is not None
    assert "at least 6 rows" in found.figures["coverage"].reason
    assert "note_few" in [note.key for note in found.notes]


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (4, "RGBA")])
def test_grey_works_and_works_with_transparency_are_measured(showing, tmp_path, channels, mode):
    data = paint_folder(tmp_path / "works", count=40, mode=mode)
    model = showing(Painter(mode=mode), channels=channels)
    found = run(model, data, samples=40, out=tmp_path / "out")
    assert found.figures["precision"].value > 0.5 * found.figures["precision"].floor
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_large_set_is_capped_and_says_so(showing, works, monkeypatch):
    monkeypatch.setattr("huohua.studio.evaluation_tables.COMPARED_WITH", 40)
    monkeypatch.setattr("huohua.studio.evaluate.HELD", 24)
    monkeypatch.setattr("huohua.studio.evaluation_tables.HELD", 24)
    found = run(showing(Painter()), works, samples=32)
    assert (found.measured, found.copies.works, found.copies.samples) == (32, 40, 24)
    keys = [note.key for note in found.notes]
    assert {"note_subsample", "note_references", "note_looked_at"} <= set(keys)


def test_a_copy_of_a_work_beyond_the_measured_ones_is_found(showing, works, monkeypatch):
    """Figures are measured on some works, but samples are compared with all."""
    monkeypatch.setattr("huohua.studio.evaluate.HELD", 24)
    monkeypatch.setattr("huohua.studio.evaluation_tables.HELD", 24)
    found = run(showing(Showing(painted(WORKS, seed=0))), works, samples=32)
    assert found.measured == 32
    assert found.figures["copy_rate"].value == 1.0


def test_other_data_and_close_relatives_are_noted(showing, works, monkeypatch):
    trained = Training(data="elsewhere", works=12, preset="fast")
    model = showing(Painter(), trained=trained)
    keys = [note.key for note in run(model, works, samples=32).notes]
    assert "note_other_data" in keys
    assert "note_related" not in keys  # quick eyes are no relatives of a discriminator
    same = showing(Painter(), place="same", trained=Training(data="works", works=WORKS))
    assert "note_other_data" not in [note.key for note in run(same, works, samples=32).notes]


def test_the_record_and_the_report_are_written_where_asked(showing, works, tmp_path):
    folder = tmp_path / "evaluations" / "one"
    found = run(showing(Painter()), works, samples=40, out=folder, language="zh")
    assert found.folder == folder
    record = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert record == json.loads(json.dumps(found.as_record()))
    assert record["figures"]["kernel"]["floor"] == found.figures["kernel"].floor
    assert record["compared"] == 20
    assert 'lang="zh-Hans"' in (folder / "report.html").read_text(encoding="utf-8")


def test_the_card_gains_the_figures(showing, works):
    model = showing(Painter())
    before = (model.folder / "README.md").read_text(encoding="utf-8")
    found = run(model, works, samples=40, card=True)
    card = (model.folder / "README.md").read_text(encoding="utf-8")
    assert "## Evaluation" not in before
    assert f"| kernel | {found.figures['kernel'].value:.4g} ±" in card
    assert "random filters; 40 samples" in card
    assert card.startswith("---\n")


def test_the_result_is_frozen_and_the_number_of_threads_is_given_back(showing, works):
    before = torch.get_num_threads()
    found = run(showing(Painter()), works, samples=32)
    assert torch.get_num_threads() == before
    with pytest.raises(FrozenInstanceError):
        found.samples = 3


def test_every_stage_counts_to_its_end(showing, works):
    told = {}

    def stage(name):
        return lambda done, total: told.setdefault(name, []).append((done, total))

    run(showing(Painter()), works, samples=40, on_stage=stage)
    ends = {name: counts[-1] for name, counts in told.items() if name != "measuring"}
    assert ends == {
        "reading works": (WORKS, WORKS),
        "making samples": (40, 40),
        "describing works": (WORKS, WORKS),
        "looking for copies": (WORKS, WORKS),
    }


def test_what_cannot_be_evaluated_is_said(showing, works, tmp_path):
    model = showing(Painter())
    with pytest.raises(UsageError, match="8 samples cannot be measured"):
        run(model, works, samples=8)
    with pytest.raises(UsageError, match="no report in 'fr'"):
        run(model, works, language="fr")
    with pytest.raises(UsageError, match="no extractor 'clip'"):
        run(model, works, extractor="clip")
    with pytest.raises(DataError, match="no file or folder"):
        run(model, tmp_path / "nowhere")
    with pytest.raises(ModelError):
        run(tmp_path / "nowhere", works)
    broken = showing(Showing(torch.full((4, 3, SIDE, SIDE), float("nan"))), place="broken")
    with pytest.raises(ModelError, match="not numbers"):
        run(broken, works)
