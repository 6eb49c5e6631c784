"""The plan of a run: it survives its file, and whatever would make another run of it is named."""

from __future__ import annotations

import json

import pytest

from huohua.arts.image.presets import PRESETS
from huohua.errors import CheckpointError, UsageError
from huohua.studio.plan import FILE, Plan, agree, choose_preset


def plan(preset: str = "seed", batch: int | None = None, **changes: object) -> Plan:
    fields = {
        "name": "fruit",
        "data": "pictures",
        "fingerprint": "f1",
        "preset": preset,
        "settings": choose_preset("image", preset, batch=batch),
        "height": 32,
        "width": 48,
        "seed": 7,
        "precision": "fp32",
        "version": "0.1.0",
    }
    return Plan(**{**fields, **changes})


@pytest.mark.parametrize("name", PRESETS)
def test_a_plan_comes_back_from_its_file_as_it_was(name):
    before = plan(name, 12)
    assert Plan.from_json(before.to_json(indent=2)) == before


def test_the_first_of_a_run_writes_its_plan_and_the_next_agrees(tmp_path):
    agree(tmp_path / "run", plan())
    content = (tmp_path / "run" / FILE).read_bytes()
    agree(tmp_path / "run", plan())
    assert (tmp_path / "run" / FILE).read_bytes() == content
    assert json.loads(content)["settings"]["generator"] == PRESETS["seed"].generator


@pytest.mark.parametrize(
    "changes", [{"name": "veg"}, {"data": "moved/pictures"}, {"version": "9.9"}], ids=lambda c: next(iter(c))
)
def test_a_name_a_place_and_a_version_may_change_and_the_name_is_kept(tmp_path, changes):
    agree(tmp_path, plan())
    assert agree(tmp_path, plan(**changes)) == plan(**{**changes, "name": "fruit"})


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (plan(seed=8), "seed 7"),
        (plan(height=64), "size 48x32"),
        (plan(width=64, height=64), "size 48x32"),
        (plan(precision="bf16"), "precision fp32"),
        (plan("fast"), "preset seed"),
        (plan(batch=8), f"run.batch {PRESETS['seed'].run.batch}"),
        (plan(fingerprint="f2", data="elsewhere"), "other works, from 'pictures'"),
        (plan(seed=8, precision="bf16"), "seed 7, precision fp32"),
        (plan(batch=8, version="9.9"), "Huohua 0.1.0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_would_make_another_run_is_refused_by_name_and_nothing_is_written(tmp_path, later, words):
    agree(tmp_path, plan())
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(CheckpointError) as refusal:
        agree(tmp_path, later)
    assert refusal.value.message == f"The run in {tmp_path} was begun with {words}."
    assert "--restart" in refusal.value.advice
    assert (tmp_path / FILE).read_bytes() == before


def test_what_the_command_line_decides_is_no_difference_between_presets(tmp_path):
    longer = PRESETS["seed"].model_copy(update={"about": "new words", "kimg": 1.0, "size": 100})
    agree(tmp_path, plan())
    agree(tmp_path, plan(settings=longer))


@pytest.mark.parametrize("changed", ["more", "fewer", "other"])
def test_settings_of_a_network_that_come_go_or_change_are_a_difference(tmp_path, changed):
    fast, one = PRESETS["fast"], {"widest": 64, "mapped": 32}
    other = {"more": {**one, "budget": 99}, "fewer": {"widest": 64}, "other": {**one, "mapped": 16}}[changed]
    before = plan("fast", settings=fast.model_copy(update={"generator_settings": one}))
    agree(tmp_path, before)
    words = {"more": "budget None", "fewer": "mapped 32", "other": "mapped 32"}[changed]
    with pytest.raises(CheckpointError, match=rf"begun with generator_settings\.{words}\."):
        agree(tmp_path, plan("fast", settings=fast.model_copy(update={"generator_settings": other})))


def test_a_run_that_began_when_there_were_pictures_only_goes_on(tmp_path):
    agree(tmp_path, plan())
    record = json.loads((tmp_path / FILE).read_text())
    frame = record.pop("frame")
    early = {**record, "height": frame["height"], "width": frame["width"]}
    (tmp_path / FILE).write_text(json.dumps(early))
    assert agree(tmp_path, plan()) == plan()
    with pytest.raises(CheckpointError, match="begun with size 48x32"):
        agree(tmp_path, plan(width=64))


def test_settings_are_laid_over_a_preset_and_checked():
    assert choose_preset("image", "fast", batch=None, changes={"attributes": True}).attributes
    with pytest.raises(UsageError, match="do not fit the preset: atributes: extra inputs"):
        choose_preset("image", "fast", batch=None, changes={"atributes": True})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "invalid json"),
        (b"\xff\xfe", "utf-8"),
        (b"", "invalid json"),
        (b"[]", "an object"),
    ],
)
def test_a_damaged_plan_is_named_and_kept(tmp_path, content, words):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(CheckpointError) as refusal:
        agree(tmp_path, plan())
    assert refusal.value.message.startswith(f"The run in {tmp_path} cannot go on")
    assert FILE in refusal.value.advice
    assert words in refusal.value.message.lower()
    assert (tmp_path / FILE).read_bytes() == content


def test_an_edited_plan_names_the_key_that_is_not_known(tmp_path):
    agree(tmp_path, plan())
    record = json.loads((tmp_path / FILE).read_text())
    record["settings"]["run"]["bacth"] = 4
    (tmp_path / FILE).write_text(json.dumps(record))
    with pytest.raises(CheckpointError, match=r"settings\.run\.bacth: extra inputs are not permitted"):
        agree(tmp_path, plan())


def test_a_batch_is_laid_over_a_preset_that_stays_as_it_was():
    chosen = choose_preset("image", "fast", batch=6)
    assert chosen.run.batch == 6
    assert chosen.model_copy(update={"run": PRESETS["fast"].run}) == PRESETS["fast"]
    assert choose_preset("image", "fast", batch=None) is PRESETS["fast"]


@pytest.mark.parametrize("batch", [-4, 0, 1, 4097])
def test_a_batch_that_no_round_can_have_is_refused(batch):
    with pytest.raises(UsageError, match=rf"A batch of {batch} works"):
        choose_preset("image", "fast", batch=batch)


def test_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="There is no preset 'huge'") as refusal:
        choose_preset("image", "huge", batch=None)
    assert refusal.value.advice == f"Use one of: {', '.join(PRESETS)}."
