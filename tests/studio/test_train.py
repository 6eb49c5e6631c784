"""Training from end to end on a dozen small pictures: what a run leaves, and how it goes on."""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import safetensors.numpy
import torch
from PIL import Image

from huohua.adversarial.events import Finished, Measured, Previewed, Saved, Started, Warned, as_record
from huohua.adversarial.run import Run
from huohua.arts.image import inspection
from huohua.arts.workshop import Part, Parts
from huohua.errors import CheckpointError, DataError, TrainingError, UsageError
from huohua.studio import train as training
from huohua.studio.event_log import read_events
from huohua.studio.image_model import ImageModel
from huohua.studio.keeper import Keeper
from huohua.studio.opening import load
from huohua.studio.train import stopped_by_signals, train
from huohua.version import __version__
from huohua.zoo import catalogue
from huohua.zoo.format import load_config, load_weights

ROUND = 4  # works in a round


@pytest.fixture(scope="module", autouse=True)
def _quick():
    """Measure on a few probes only, and put the number of threads back afterwards."""
    before = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "probes_of", functools.partial(inspection.probes_of, count=8))
        yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    """Return a folder of six apples and six lemons."""
    folder = tmp_path_factory.mktemp("data") / "fruit"
    dice = np.random.default_rng(0)
    for number in range(12):
        place = folder / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(dice.integers(0, 256, (18, 22, 3), dtype=np.uint8)).save(place / f"{number}.png")
    (folder / "LICENSE").write_text("CC0-1.0")
    return folder


def play(data: Path, out: Path, **options) -> ImageModel:
    """Train for a moment; everything that is not asked for is small and fixed."""
    fixed = {"preset": "seed", "size": "12x8", "batch": ROUND, "threads": 1, "precision": "fp32"}
    if "minutes" not in options:
        fixed["kimg"] = 0.016
    return train("image", data, out=out, **{**fixed, **options})


def checkpoint(out: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return the tensors of the newest checkpoint, by file."""
    newest = max((out / "checkpoints").iterdir())
    return {path.name: safetensors.numpy.load_file(path) for path in newest.glob("*.safetensors")}


def same(first: dict[str, dict[str, np.ndarray]], second: dict[str, dict[str, np.ndarray]]) -> bool:
    return first.keys() == second.keys() and all(
        first[name].keys() == second[name].keys()
        and all(np.array_equal(first[name][key], second[name][key]) for key in first[name])
        for name in first
    )


@pytest.fixture(scope="module")
def finished(pictures, tmp_path_factory) -> SimpleNamespace:
    """Return a finished run with what it told while it was going, for tests that only look."""
    told, read = [], []
    out = tmp_path_factory.mktemp("finished") / "run"
    dice = [torch.random.get_rng_state()]
    model = play(
        pictures,
        out,
        name="orchard",
        listeners=[told.append],
        on_prepare=lambda done, total: read.append((done, total)),
    )
    model.create()
    dice.append(torch.random.get_rng_state())
    return SimpleNamespace(out=out, model=model, told=told, read=read, dice=dice)


def test_a_run_leaves_what_the_manual_says(finished):
    left = {path.name for path in finished.out.iterdir()}
    assert left == {"run.json", "events.jsonl", "checkpoints", "previews", "report.html", "model"}
    assert {path.name for path in (finished.out / "model").iterdir()} == {
        "config.json",
        "model.safetensors",
        "README.md",
    }
    names = {path.name for path in (finished.out / "checkpoints").iterdir()}
    assert names == {"000000000", "000000016"}


def test_a_run_is_told_whole_to_listeners_and_to_the_log(finished):
    kinds = [type(event) for event in finished.told]
    assert (kinds[0], kinds[-1]) == (Started, Finished)
    assert [kind for kind in kinds if kind in (Measured, Previewed)] == [Measured, Previewed]
    assert [event.path for event in finished.told if isinstance(event, Saved)] == [
        "checkpoints/000000000",
        "checkpoints/000000016",
    ]
    assert finished.told[-1].reason == "budget"
    assert (finished.told[0].total_shown, finished.told[-1].shown, finished.told[-1].round) == (16, 16, 4)
    logged = read_events(finished.out / "events.jsonl")
    assert [as_record(event) for event in logged] == [as_record(event) for event in finished.told]
    lines = (finished.out / "events.jsonl").read_text().splitlines()
    assert len(lines) == len(finished.told)
    assert all(json.loads(line)["kind"] for line in lines)


def test_the_first_event_says_what_is_trained_on_what(finished, pictures):
    settings = finished.told[0].settings
    assert settings == {
        "name": "orchard",
        "data": "fruit",
        "source": str(pictures),
        "licence": "CC0-1.0",
        "origin": "a local folder, 'fruit'",
        "works": 12,
        "left_out": 0,
        "preset": "seed",
        "size": "12x8",
        "batch": ROUND,
        "precision": "fp32",
        "threads": 1,
        "seed": 0,
        "version": __version__,
    }


def test_reading_is_counted(finished):
    assert finished.read == [(done, 12) for done in range(1, 13)]


def test_the_model_says_what_it_is_and_what_it_learnt_from(finished):
    config = load_config(finished.out / "model")
    assert (config.art, config.name, config.frame.height, config.frame.width) == ("image", "orchard", 8, 12)
    assert config.conditions.groups == {"subject": ("apple", "lemon")}
    trained = config.trained
    assert (trained.data, trained.licence, trained.works, trained.shown) == ("fruit", "CC0-1.0", 12, 16)
    assert (trained.preset, trained.version) == ("seed", __version__)
    assert trained.seconds > 0
    (measured,) = [event for event in finished.told if isinstance(event, Measured)]
    assert trained.figures == {name: round(figure, 4) for name, figure in measured.figures.items()}
    assert "diversity_ratio" in trained.figures
    assert all(bool(weight.isfinite().all()) for weight in load_weights(finished.out / "model").values())
    card = (finished.out / "model" / "README.md").read_text()
    assert card.startswith("---\n")
    assert "license: cc0-1.0" in card.lower()


def test_the_model_is_the_averaged_generator(finished):
    average = checkpoint(finished.out)["average.safetensors"]
    published = load_weights(finished.out / "model")
    assert published.keys() == average.keys()
    for name, weight in published.items():
        np.testing.assert_allclose(weight.float().numpy(), average[name], rtol=1e-3, atol=1e-4)


def test_new_works_come_from_the_model_at_once(finished):
    work = finished.model.create(subject="lemon", seed=3)
    assert work.image.size == (12, 8)
    assert work.recipe.model == "orchard"
    again = load("orchard").create(subject="lemon", seed=3)
    assert again.image.tobytes() == work.image.tobytes()


def test_the_sheet_of_samples_is_a_picture(finished):
    (sheet,) = (finished.out / "previews").iterdir()
    with Image.open(sheet) as page:
        assert page.width > 8 * 12
    assert sheet.name == "000000016.png"


def test_the_report_is_one_file_that_needs_no_other(finished):
    page = (finished.out / "report.html").read_text()
    assert "orchard" in page
    assert "data:image/" in page
    assert "CC0-1.0" in page  # known to the run, though it is no part of its plan
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)


def test_the_dice_of_the_program_are_left_alone(finished):
    before, after = finished.dice
    assert torch.equal(before, after)


def test_a_model_goes_by_a_name_that_no_other_has(finished, pictures, tmp_path):
    assert finished.model.name == "orchard"
    assert catalogue.find("orchard") == finished.out / "model"
    second = play(pictures, tmp_path / "run", name="orchard")
    assert second.name == "orchard-2"
    assert catalogue.find(second.name) == second.folder
    again = play(pictures, tmp_path / "run", kimg=0.02)
    assert (again.name, again.config.name) == ("orchard-2", "orchard")
    assert play(pictures, tmp_path / "run", name="grove", kimg=0.02).name == "grove"


def test_a_finished_run_goes_on_with_a_larger_budget_as_if_it_had_never_ended(finished, pictures, tmp_path):
    play(pictures, tmp_path / "parts", kimg=0.008)
    told = []
    play(pictures, tmp_path / "parts", listeners=[told.append])
    assert (told[0].resumed, told[0].shown, told[-1].shown) == (True, 8, 16)
    assert same(checkpoint(tmp_path / "parts"), checkpoint(finished.out))
    assert load_config(tmp_path / "parts" / "model").trained.shown == 16


def test_a_finished_run_with_the_same_budget_only_gives_its_model(pictures, tmp_path):
    play(pictures, tmp_path)
    before = checkpoint(tmp_path)
    told = []
    model = play(pictures, tmp_path, listeners=[told.append])
    assert {event.shown for event in told} == {16}
    assert model.config.trained.shown == 16
    assert same(checkpoint(tmp_path), before)


def test_another_seed_begins_anew_only_when_asked_to(pictures, tmp_path):
    play(pictures, tmp_path)
    before = checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match="begun with seed 0"):
        play(pictures, tmp_path, seed=1)
    assert same(checkpoint(tmp_path), before)
    (tmp_path / "notes.txt").write_text("mine")
    told = []
    play(pictures, tmp_path, seed=1, resume=False, listeners=[told.append])
    assert (told[0].resumed, told[0].shown) == (False, 0)
    assert not same(checkpoint(tmp_path), before)
    assert len(read_events(tmp_path / "events.jsonl")) == len(told)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_other_works_do_not_go_on_with_a_run(pictures, tmp_path):
    play(pictures, tmp_path / "run")
    fewer = tmp_path / "fewer"
    for path in sorted(pictures.rglob("*.png"))[:9]:
        (fewer / path.parent.name).mkdir(parents=True, exist_ok=True)
        (fewer / path.parent.name / path.name).write_bytes(path.read_bytes())
    with pytest.raises(CheckpointError, match="begun with other works, from "):
        play(fewer, tmp_path / "run")


def test_runs_of_different_precision_in_one_program_do_not_touch_each_other(finished, pictures, tmp_path):
    for name, precision in (("half", "bf16"), ("full", "fp32"), ("again", "bf16")):
        told = []
        play(pictures, tmp_path / name, precision=precision, listeners=[told.append])
        assert told[0].settings["precision"] == precision
    half, full, again = (checkpoint(tmp_path / name) for name in ("half", "full", "again"))
    assert same(full, checkpoint(finished.out))
    assert same(half, again)
    assert not same(half, full)


def test_a_budget_of_time_ends_a_run_too(pictures, tmp_path):
    told = []
    play(pictures, tmp_path, minutes=0.001, listeners=[told.append])
    assert (told[0].total_shown, told[0].total_seconds) == (None, 0.06)
    assert told[-1].reason == "budget"
    assert told[-1].seconds >= 0.06


def test_without_a_place_a_run_lies_under_its_name(pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = train("image", pictures, preset="seed", size=8, batch=ROUND, kimg=0.004, threads=1)
    assert model.folder == Path("runs/fruit-seed-8x8/model")
    assert model.config.name == "fruit-seed-8x8"


def test_a_run_can_be_played_in_a_thread_of_its_own(pictures, tmp_path):
    made = []
    thread = threading.Thread(target=lambda: made.append(play(pictures, tmp_path, kimg=0.004)))
    thread.start()
    thread.join()
    assert made[0].config.trained.shown == 4


def test_more_threads_than_cores_are_worth_a_warning(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "usable_cores", lambda: 1)
    told = []
    play(pictures, tmp_path, threads=2, kimg=0.004, listeners=[told.append])
    (warning,) = [event for event in told if isinstance(event, Warned)]
    assert warning.problem == "threads"
    assert warning.remedy == "Use --threads 1 or fewer."


def test_curves_for_tensorboard_are_written_when_asked_for(pictures, tmp_path):
    pytest.importorskip("tensorboard")
    play(pictures, tmp_path, kimg=0.004, tensorboard=True)
    assert list((tmp_path / "tensorboard").glob("events.out.*"))


def test_a_run_that_fails_has_a_report_and_keeps_its_model(pictures, tmp_path, monkeypatch):
    play(pictures, tmp_path)
    (tmp_path / "report.html").unlink()

    def fail(run):
        run._tell(Finished, reason="failed")
        raise TrainingError("Training fell ill again and again.")

    monkeypatch.setattr(Run, "go", fail)
    with pytest.raises(TrainingError):
        play(pictures, tmp_path, kimg=1, language="zh")
    assert 'lang="zh-Hans"' in (tmp_path / "report.html").read_text()
    assert ImageModel(tmp_path / "model").create().image.size == (12, 8)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"language": "fr"}, "There is no report in 'fr'"),
        ({"name": "../x"}, "is no name for a model"),
        ({"out": __file__}, "is a file and no folder"),
        ({"kimg": float("nan")}, "--kimg nan is no budget"),
        ({"kimg": 0}, "--kimg 0 is no budget"),
        ({"minutes": -1}, "--minutes -1 is no budget"),
        ({"threads": 10**6}, "1000000 threads cannot compute"),
        ({"precision": "fp16", "device": "cpu"}, "fp16 does not train on a CPU"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_wrong_argument_is_refused_before_any_work_is_read(tmp_path, options, words):
    with pytest.raises(UsageError, match=re.escape(words)):
        play(tmp_path / "nowhere", **{"out": tmp_path / "run", **options})
    assert list(tmp_path.iterdir()) == []


def test_an_art_that_is_not_there_is_not_trained(tmp_path):
    with pytest.raises(UsageError, match="cannot train 'sculpture'"):
        train("sculpture", tmp_path)


def test_works_that_are_not_there_leave_no_folder_behind(tmp_path):
    with pytest.raises(DataError):
        play(tmp_path / "nowhere", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_only_figures_that_are_numbers_are_published(finished, tmp_path):
    plan = training.Plan.from_json((finished.out / "run.json").read_text())

    class Workshop(list):
        conditions = finished.model.config.conditions
        condition_NC = np.eye(12, finished.model.config.conditions.size, dtype=np.float32)
        name, licence, origin = "fruit", "CC0-1.0", "here"

        def parts(self, network):
            made = finished.model.config
            return Parts(
                generator=Part(name=made.generator, settings=made.settings, network=network), latent=4
            )

    keeper = Keeper(folder=tmp_path, plan=plan, workshop=Workshop(range(12)))
    figures = {"recall": 0.123456, "kid": float("nan"), "fid": float("inf")}
    keeper.publish(finished.model.generator, 5, 1.0, figures)
    assert load_config(tmp_path / "model").trained.figures == {"recall": 0.1235}
    assert catalogue.find(keeper.known_as) == tmp_path / "model"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_the_run_to_end_and_is_given_back_afterwards(number):
    asked = []
    before = signal.getsignal(number)
    with stopped_by_signals(SimpleNamespace(stop=asked.append)):
        os.kill(os.getpid(), number)
        assert asked == ["interrupted"]
        assert signal.getsignal(number) == before  # the next one acts at once
    assert signal.getsignal(number) == before


def test_a_second_ctrl_c_does_not_wait(request):
    # Whoever starts the tests in the background may have told them to ignore Ctrl-C.
    request.addfinalizer(functools.partial(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT)))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with (
        pytest.raises(KeyboardInterrupt),
        stopped_by_signals(SimpleNamespace(stop=lambda reason: None)),
    ):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
