"""`huohua walk`: films and folders, the words said about them, and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from huohua.studio.film import Filmed
from huohua.studio.walk import walk_of as open_film

SHORT = ["--seeds", "1,2", "--seconds", 1, "--fps", 4]


def test_a_walk_is_a_gif_unless_something_else_is_asked_for(huohua, fruit):
    answer = huohua("walk", *SHORT, "--enlarge", 1)
    assert (answer.code, answer.lines) == (0, ["fruit-walk.gif"])
    assert "Model fruit, seeds 1,2, 4 frames" in answer.err
    assert "times the usual one" in answer.err
    assert huohua("walk", *SHORT).lines == ["fruit-walk-2.gif"], "nothing is written over"


@pytest.mark.parametrize("name", ["a.gif", "a.mp4"])
def test_a_film_is_made_again_and_compared(huohua, fruit, name):
    assert huohua("walk", *SHORT, "--loop", "--truncation", 0.5, "-o", name).lines == [name]
    assert huohua("recreate", name).lines == [f"a-again{name[1:]}"]
    assert Path(f"a-again{name[1:]}").read_bytes() == Path(name).read_bytes()
    checked = huohua("recreate", name, "--check", "--json")
    assert (checked.code, checked.record["same"], checked.record["saved"]) == (0, True, None)


def test_frames_in_a_folder_are_works_that_can_be_gone_on_from(huohua, fruit):
    answer = huohua("walk", *SHORT, "-o", "frames", "--json")
    assert answer.record | {"evenness": 0} == {
        "model": "fruit",
        "seeds": [1, 2],
        "path": "frames",
        "frames": 4,
        "whole": True,
        "evenness": 0,
    }
    frame = "frames/frame-00002.png"
    assert huohua("recreate", frame, "--check").code == 0
    assert huohua("create", "image", "--start", frame, "--mix", 5, "-o", "on.png", "--mix-at", 4).code == 0
    further = huohua(
        "walk", "--through", frame, "--through", "on.png", "--seconds", 1, "--fps", 3, "-o", "b.gif"
    )
    assert (further.code, further.lines) == (0, ["b.gif"])


def test_fresh_seeds_are_told_so_that_the_walk_can_be_made_again(huohua, fruit):
    seeds = huohua("walk", "--seconds", 1, "--fps", 5, "-o", "a.gif", "--json").record["seeds"]
    assert len(seeds) == 4
    given = ",".join(map(str, seeds))
    huohua("walk", "--seeds", given, "--seconds", 1, "--fps", 5, "-o", "b.gif")
    assert open_film("a.gif")[1].recipe.walk == open_film("b.gif")[1].recipe.walk


def test_quiet_says_only_where_the_film_is(huohua, fruit):
    answer = huohua("walk", *SHORT, "-q", "-o", "a.gif")
    assert (answer.out, answer.err) == ("a.gif\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-o", "a.avi"], 2, "Walks are not saved as '.avi'."),
        (["-o", "a.png"], 2, "Walks are not saved as '.png'."),
        (["--seeds", "1,two"], 2, "'two' is no seed."),
        (["--seeds", "-1"], 2, "'-1' is no seed."),
        (["--seconds", "0"], 2, "0 seconds at 4 frames a second are 0 frames"),
        (["--fps", "500"], 2, "fps is 500"),
        (["--enlarge", "0"], 2, "enlarge is 0"),
        (["--subject", "lemno"], 2, "This model knows no subject 'lemno'."),
        (["--slide", "warmer=1"], 4, "This model has no directions yet."),
        (["--through", "nothing.png"], 3, "There is no file nothing.png"),
        (["--model", "fruti"], 4, "There is no model 'fruti'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_clear_message_and_nothing_is_written(huohua, fruit, arguments, code, message):
    answer = huohua("walk", *SHORT, *arguments)
    assert answer.code == code
    assert answer.err.splitlines()[-2 if "What to do" in answer.err else -1].startswith(f"Error: {message}")
    assert (answer.out, list(Path().iterdir())) == ("", [])


def test_without_the_library_for_mp4_the_extra_is_named_before_anything_is_made(huohua, fruit, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    answer = huohua("walk", *SHORT, "-o", "a.mp4")
    assert answer.code == 7
    assert "pip install 'huohua[video]'" in answer.err
    assert huohua("walk", *SHORT, "-o", "a.gif").code == 0


def test_a_walk_that_was_stopped_says_so_and_leaves_with_130(huohua, fruit, monkeypatch):
    made = Filmed(path=Path("a.gif"), frames=2, whole=False, evenness=1.0)
    monkeypatch.setattr("huohua.studio.walk.save_walk", lambda *_, **__: made)
    answer = huohua("walk", *SHORT, "-o", "a.gif")
    assert (answer.code, answer.lines) == (130, ["a.gif"])
    assert "Stopped after 2 of 4 frames; they are saved." in answer.err


def test_a_film_of_another_program_is_a_clear_message(huohua, fruit):
    Path("a.gif").write_bytes(b"GIF89a")
    answer = huohua("recreate", "a.gif")
    assert (answer.code, "cannot be read as a film" in answer.err) == (3, True)
