"""`huohua models` and `huohua doctor`: what they tell people and programs."""

from __future__ import annotations

import shutil

from huohua.studio import doctor, system_packages
from huohua.studio.doctor import Check
from huohua.zoo import catalogue


def test_models_are_listed_for_people_and_for_programs(huohua, fruit):
    answer = huohua("models", "list")
    assert answer.code == 0
    head, line = answer.lines
    assert head.split()[:4] == ["name", "art", "size", "data"]
    assert line.split()[:6] == ["fruit", "image", "24x16", "fruit", "12", "3.5"]
    record = huohua("models", "list", "--json").record
    assert [model["name"] for model in record["models"]] == ["fruit"]


def test_lost_models_are_named(huohua, fruit):
    shutil.rmtree(fruit)
    answer = huohua("models", "list")
    assert answer.code == 0
    assert "There is no model yet" in answer.err
    assert "fruit: its folder is gone" in answer.err


def test_one_model_is_shown(huohua, fruit):
    catalogue.remember("other", fruit)
    answer = huohua("models", "show", "fruit")
    assert answer.code == 0
    for words in ("24 × 16", "12 works", "Creative Commons Zero", "apple, lemon", "recall", "0.25"):
        assert words in answer.out
    assert huohua("models", "show", fruit, "--json").record["latent"] == 8
    answer = huohua("models", "show", "friut")
    assert (answer.code, "Did you mean fruit?" in answer.err) == (4, True)


def test_the_doctor_answers_people_and_programs(huohua, monkeypatch):
    monkeypatch.setattr(
        doctor, "LOOKERS", (lambda: [Check(name="disk", state="good", detail="1 [bold] GiB")],)
    )
    answer = huohua("doctor")
    assert (answer.code, "1 [bold] GiB" in answer.out) == (0, True)
    assert huohua("doctor", "--json").record["healthy"] is True


def test_the_doctor_fails_when_something_needed_is_missing(huohua, monkeypatch):
    sick = Check(name="torch", state="bad", detail="not installed", advice="pip install torch")
    monkeypatch.setattr(doctor, "LOOKERS", (lambda: [sick],))
    answer = huohua("doctor")
    assert (answer.code, "→ pip install torch" in answer.out) == (1, True)
    record = huohua("doctor", "--json").record
    assert (record["healthy"], record["checks"][0]["advice"]) == (False, "pip install torch")


def test_the_doctor_installs_what_is_missing_and_nothing_else(huohua, monkeypatch):
    monkeypatch.setattr(doctor, "LOOKERS", ())
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    installed = []
    monkeypatch.setattr(system_packages, "install", installed.append)
    monkeypatch.setattr(system_packages, "missing_packages", lambda: ("fluidsynth",))
    answer = huohua("doctor", "--install")
    assert (answer.code, installed) == (0, [("fluidsynth",)])
    assert "sudo apt-get install -y --no-install-recommends fluidsynth" in answer.err
    monkeypatch.setattr(system_packages, "missing_packages", lambda: ())
    assert "are there" in huohua("doctor", "--install").err
    assert len(installed) == 1
