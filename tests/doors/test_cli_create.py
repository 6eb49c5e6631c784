"""`huohua create image`: files, names, words understood, and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from huohua.studio.recreate import open_artwork


def files(folder="."):
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_work_is_made_with_the_model_trained_last(huohua, fruit):
    answer = huohua("create", "image", "--subject", "lemon", "--style", "monet", "--seed", 7)
    assert (answer.code, answer.lines) == (0, ["lemon-monet-seed7-0.png"])
    assert "Model fruit, 24 × 16 pixels, colour, seed 7" in answer.err
    work = open_artwork("lemon-monet-seed7-0.png")
    assert work.image.size == (24, 16)
    assert work.recipe.conditions == {"subject": {"lemon": 1.0}, "style": {"monet": 1.0}}


def test_a_random_seed_is_reported_so_that_the_work_can_be_made_again(huohua, fruit):
    answer = huohua("create", "image", "--json")
    again = huohua("create", "image", "--seed", answer.record["seed"], "--out", "again.png")
    first = answer.record["works"][0]["path"]
    assert again.code == 0
    assert Image.open(first).tobytes() == Image.open("again.png").tobytes()


def test_nothing_is_written_over_unless_a_file_is_named(huohua, fruit):
    for _ in range(2):
        huohua("create", "image", "--subject", "lemon", "--style", "monet", "--seed", 7)
    assert files() == ["lemon-monet-seed7-0-2.png", "lemon-monet-seed7-0.png"]
    Path("mine.png").write_text("old")
    huohua("create", "image", "--seed", 7, "--out", "mine.png")
    assert open_artwork("mine.png").recipe.seed == 7


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("new/folder", ["lemon-monet-seed1-0.png", "lemon-monet-seed1-1.png", "lemon-monet-seed1-2.png"]),
        ("new/set.webp", ["set-0.webp", "set-1.webp", "set-2.webp"]),
    ],
)
def test_several_works_go_where_out_says(huohua, fruit, out, expected):
    answer = huohua(
        "create", "image", "-n", 3, "--seed", 1, "--subject", "lemon", "--style", "monet", "--out", out
    )
    folder = out if "." not in out else "new"
    assert files(folder) == expected
    assert answer.lines == [f"{folder}/{name}" for name in expected]


def test_a_sheet_is_laid_beside_the_works(huohua, fruit):
    answer = huohua("create", "image", "-n", 4, "--seed", 1, "--subject", "lemon", "--sheet", "--out", "o")
    assert answer.lines[-1] == "o/fruit-seed1-sheet.png"
    assert Image.open("o/fruit-seed1-sheet.png").width > 2 * 24


def test_words_of_a_prompt_are_reported_as_understood_or_not(huohua, fruit):
    answer = huohua("create", "image", "--prompt", "glowing lemons by Monet", "--seed", 1)
    assert answer.code == 0
    assert "Understood 'lemons' as subject 'lemon'" in answer.err
    assert "Not understood, because the model never learnt it: glowing" in answer.err
    assert answer.lines == ["lemon-monet-seed1-0.png"]


def test_conditions_can_be_mixed_with_weights(huohua, fruit):
    mix = ["--condition", "subject=lemon:0.6", "--condition", "subject=apple:0.4"]
    answer = huohua("create", "image", *mix, "--condition", "style=face: smiling", "--json", "--seed", 1)
    conditions = answer.record["works"][0]["conditions"]
    assert conditions == {"subject": {"lemon": 0.6, "apple": 0.4}, "style": {"face: smiling": 1.0}}


def test_the_result_is_one_json_object_for_programs(huohua, fruit):
    answer = huohua("create", "image", "-n", 2, "--seed", 3, "--prompt", "red lemon", "--sheet", "--json")
    assert answer.err == ""
    record = answer.record
    assert (record["model"], record["seed"], record["ignored"]) == ("fruit", 3, ["red"])
    assert [Path(work["path"]).exists() for work in record["works"]] == [True, True]
    assert Path(record["sheet"]).exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message", "advice"),
    [
        (["--subject", "lemno"], 2, "This model knows no subject 'lemno'.", "Did you mean lemon?"),
        (["--tag", "red"], 2, "This model has no condition 'tags'.", "Its conditions: subject, style."),
        (["--model", "fruti"], 4, "There is no model 'fruti'.", "Did you mean fruit?"),
        (
            ["--prompt", "a dragon"],
            2,
            "This model understands nothing in the prompt 'a dragon'.",
            "It knows:",
        ),
        (["--count", "0"], 2, "count is 0, but must lie between 1 and", ""),
        (["--count", "two"], 2, "Invalid value for '--count'", "huohua create image --help"),
        (["--seed", "-1"], 2, "seed is -1", ""),
        (["--truncation", "9"], 2, "truncation is 9", ""),
        (["--sead", "1"], 2, "No such option: --sead", "huohua create image --help"),
        (["--out", "a.gif"], 2, "Works are not saved as '.gif'.", "End the name with .png"),
        (["--condition", "lemon"], 2, "'lemon' is no condition.", "GROUP=NAME"),
        (["--subject", "lemon", "--condition", "subject=apple"], 2, "'subject' is asked for twice.", ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_clear_message_and_nothing_is_written(
    huohua, fruit, arguments, code, message, advice
):
    answer = huohua("create", "image", *arguments)
    first, *rest = answer.err.splitlines()
    assert answer.code == code
    assert first.startswith(f"Error: {message}")
    assert [line.startswith("What to do: ") for line in rest] == ([True] if rest else [])
    assert advice in " ".join(rest)
    assert (answer.out, files()) == ("", [])


def test_a_mistake_is_json_for_programs(huohua, fruit):
    answer = huohua("create", "image", "--subject", "lemno", "--json")
    assert json.loads(answer.err) == {
        "error": "This model knows no subject 'lemno'.",
        "advice": "Did you mean lemon?",
    }
    assert (answer.code, answer.out) == (2, "")


def test_without_any_model_the_way_to_one_is_shown(huohua):
    answer = huohua("create", "image")
    assert answer.code == 4
    assert "What to do: Train one: huohua train image FOLDER." in answer.err


def damage_weights(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def damage_config(folder):
    path = folder / "config.json"
    path.write_text(path.read_text().replace('"latent"', '"latnet"'))


def damage_hash(folder):
    path = folder / "config.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "weights_sha256": "0" * 64}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_weights, "model.safetensors is damaged"),
        (damage_config, "latnet"),
        (damage_hash, "does not match the hash"),
        (lambda folder: (folder / "config.json").unlink(), "holds no model"),
    ],
    ids=["truncated weights", "misspelt key", "wrong hash", "no config"],
)
def test_a_damaged_model_is_one_clear_message(huohua, fruit, damage, words):
    damage(fruit)
    answer = huohua("create", "image", "--model", fruit)
    assert answer.code == 4
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert files() == []


def test_a_file_where_the_folder_should_be_is_a_clear_message(huohua, fruit):
    Path("taken").write_text("x")
    answer = huohua("create", "image", "--out", "taken/work.png")
    assert answer.code == 8
    assert "a file of that name is in the way" in answer.err


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_folder_that_cannot_be_written_is_a_clear_message(huohua, fruit):
    """Root may write everywhere, but nobody may make files in /proc."""
    answer = huohua("create", "image", "--out", "/proc/self/work.png")
    assert answer.code == 8
    assert "/proc/self/" in answer.err.splitlines()[-2]
    assert answer.err.splitlines()[-1].startswith("What to do: Choose another place with --out")


def test_a_work_can_be_gone_on_from_mixed_and_made_again(huohua, fruit):
    assert huohua("create", "image", "--seed", 7, "--subject", "lemon", "--out", "a.png").code == 0
    mixed = huohua("create", "image", "--start", "a.png", "--mix", 9, "--mix-at", 4, "--out", "b.png")
    assert (mixed.code, mixed.lines) == (0, ["b.png"])
    assert "seed 7" in mixed.err
    recipe = open_artwork("b.png").recipe
    assert [(each.seed, each.layers) for each in recipe.ingredients] == [(7, (0, 1)), (9, (1, 5))]
    assert huohua("recreate", "b.png", "--check").code == 0
    again = huohua("create", "image", "--start", "b.png", "--mix", "a.png", "--subject", "apple")
    assert (again.code, len(again.lines)) == (0, 1)
    assert huohua("recreate", again.lines[0], "--check").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--slide", "warmer"], 2, "'warmer' is no slider."),
        (["--slide", "=1"], 2, "'=1' is no slider."),
        (["--slide", "a=1", "--slide", "a=2"], 2, "The slider 'a' is set twice."),
        (["--slide", "warmer=1"], 4, "This model has no directions yet."),
        (["--start", "nothing.png"], 3, "There is no file nothing.png"),
        (["--mix", "nothing.png"], 3, "There is no file nothing.png"),
        (["--mix", "nothing"], 3, "nothing is no kind of file"),
        (["--mix-at", "8"], 2, "There is nothing to mix at a size."),
        (["--mix", "3", "--mix-at", "16"], 2, "This model cannot be mixed like that"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_in_steering_is_one_clear_message(huohua, fruit, arguments, code, message):
    answer = huohua("create", "image", *arguments)
    assert answer.code == code
    assert answer.err.splitlines()[0].startswith(f"Error: {message}")
    assert (answer.out, files()) == ("", [])


def test_one_work_to_start_from_makes_one_work(huohua, fruit):
    huohua("create", "image", "--seed", 7, "--out", "a.png")
    answer = huohua("create", "image", "--start", "a.png", "-n", 2)
    assert (answer.code, "the same work 2 times" in answer.err) == (2, True)
