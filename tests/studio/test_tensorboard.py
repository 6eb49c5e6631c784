from __future__ import annotations

import sys

import pytest
from PIL import Image

from huohua.adversarial.events import (
    Finished,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Saved,
    Started,
    Warned,
)
from huohua.errors import MissingDependencyError
from huohua.studio.tensorboard import FOLDER, TensorBoardListener

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def read(run_folder):
    """Return what TensorBoard itself reads from the files."""
    module = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    accumulator = module.EventAccumulator(
        str(run_folder / FOLDER), size_guidance={"scalars": 0, "images": 0, "tensors": 0}
    )
    accumulator.Reload()
    return accumulator


def play(run_folder, *events):
    pytest.importorskip("tensorboard")
    listener = TensorBoardListener(run_folder)
    for event in events:
        listener(event)
    listener.close()
    return read(run_folder)


def scalars(found, tag):
    return [(item.step, pytest.approx(item.value)) for item in found.Scalars(tag)]


def test_losses_gauges_speed_and_figures_become_curves_over_works_shown(tmp_path):
    found = play(
        tmp_path,
        Progress(
            seconds=1,
            shown=16,
            round=1,
            costs={"generator/r1": 0.5},
            speed=21,
            gauges={"fade": 0.25},
        ),
        Progress(
            seconds=2,
            shown=32,
            round=2,
            costs={"generator/r1": 0.75},
            speed=22,
            gauges={"fade": 0.5},
        ),
        Measured(seconds=2, shown=32, round=2, figures={"diversity_ratio": 0.8}),
    )
    assert scalars(found, "cost/generator/r1") == [(16, 0.5), (32, 0.75)]
    assert scalars(found, "gauge/fade") == [(16, 0.25), (32, 0.5)]
    assert scalars(found, "speed") == [(16, 21), (32, 22)]
    assert scalars(found, "figure/diversity_ratio") == [(32, 0.8)]


def test_a_sheet_becomes_a_picture_of_its_size(tmp_path):
    (tmp_path / "previews").mkdir()
    Image.new("RGB", (40, 24), "teal").save(tmp_path / "previews" / "000000016.png")
    found = play(tmp_path, Previewed(seconds=1, shown=16, round=1, path="previews/000000016.png"))
    (image,) = found.Images("sheet")
    assert (image.step, image.width, image.height) == (16, 40, 24)


def test_a_sheet_that_is_gone_does_not_end_the_run(tmp_path):
    found = play(
        tmp_path,
        Previewed(seconds=1, shown=16, round=1, path="previews/gone.png"),
        Measured(seconds=1, shown=16, round=1, figures={"recall": 0.5}),
    )
    assert found.Tags()["images"] == []
    assert scalars(found, "figure/recall") == [(16, 0.5)]


def test_settings_warnings_and_roll_backs_become_text(tmp_path):
    found = play(
        tmp_path,
        Started(seconds=0, shown=0, round=0, settings={"preset": "fast"}),
        Warned(
            seconds=1,
            shown=16,
            round=1,
            problem="collapse",
            message="All alike.",
            remedy="Going back.",
        ),
        RolledBack(seconds=1, shown=16, round=1, problem="collapse", to_shown=8, changes={"spread": 2.0}),
        Saved(seconds=1, shown=16, round=1, path="checkpoints/000000016"),
    )

    def text(tag):
        (item,) = found.Tensors(f"{tag}/text_summary")
        return item.step, item.tensor_proto.string_val[0].decode()

    assert text("warning/collapse") == (16, "All alike. Going back.")
    assert text("rolled_back/collapse") == (16, "Back to 8 works shown; changed: {'spread': 2.0}.")
    assert '"preset": "fast"' in text("settings")[1]


def test_a_resumed_run_replaces_what_it_plays_again(tmp_path):
    def progress(shown, speed):
        return Progress(seconds=shown, shown=shown, round=shown, speed=speed)

    play(
        tmp_path, Started(seconds=0, shown=0, round=0), *(progress(shown, 1.0) for shown in (10, 20, 30, 40))
    )
    found = play(
        tmp_path,
        Started(seconds=20, shown=20, round=20, resumed=True),
        *(progress(shown, 2.0) for shown in (30, 40)),
        Finished(seconds=40, shown=40, round=40),
    )
    assert [(item.step, item.value) for item in found.Scalars("speed")] == [(10, 1), (30, 2), (40, 2)]


def test_without_tensorboard_the_error_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingDependencyError) as caught:
        TensorBoardListener(tmp_path)
    assert caught.value.advice == 'Install it with: pip install "huohua[tensorboard]"'
    assert not (tmp_path / FOLDER).exists()
