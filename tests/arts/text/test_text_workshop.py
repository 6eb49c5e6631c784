"""From a table of poems to a game that is played, stopped and gone on with."""

from __future__ import annotations

import json

import pytest
import torch
from accelerate import Accelerator

from huohua.adversarial.imitation import ImitationSettings
from huohua.adversarial.run import Budget, Run
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.presets import PRESETS, TextPreset
from huohua.arts.text.wording import LEADS, Wording
from huohua.arts.text.workshop import open_workshop
from huohua.errors import ModelError, UsageError
from toys.small_poems import POEMS, TITLES

SMALL = {"width": 32, "blocks": 1, "heads": 2}


def preset(**more):
    fields = {
        "generator_settings": SMALL,
        "discriminator_settings": SMALL,
        "vocabulary": 200,
        "guessing_kimg": 0.016,
        "imitation_kimg": 0.032,
        "works": 4,
        "imitation": ImitationSettings(begin_kimg=0.04, minibatches=2),
        "run": PRESETS["tiny"].run.model_copy(update={"batch": 8, "tick_kimg": 1.0}),
    }
    return TextPreset(about="for tests", **{**fields, **more})


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("poems") / "poems.jsonl"
    rows = [
        {"text": text, "title": title, "author": "李白" if number % 2 else "杜甫", "style": f"s{number % 2}"}
        for copy in range(4)
        for number, (text, title) in enumerate(zip(POEMS, TITLES, strict=True))
        for text in [text[copy:]]
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def opened(table, **more):
    return open_workshop(table, preset=preset(**more), frame=TextFrame(tokens=96))


class Silent:
    def measure(self, network):
        return {}

    def preview(self, network, shown):
        return ""

    def publish(self, network, shown, seconds, figures):
        pass


def played(folder, table, shown):
    workshop = opened(table)
    built = workshop.prepare(seed=5, device=torch.device("cpu"))
    run = Run(
        folder,
        game=built.game,
        optimisers=built.optimisers,
        works=built.works,
        inspector=Silent(),
        settings=workshop.preset.run,
        budget=Budget(shown=shown),
        seed=5,
        accelerator=Accelerator(cpu=True),
    )
    run.resume()
    run.go()
    return run.game.players, run.average.network


def test_stopping_in_every_stage_changes_nothing(tmp_path, table):
    """Likelihood to 16 works, guessing to 32, the reader alone to 40, and imitation: bit for bit."""
    whole, average = played(tmp_path / "whole", table, 56)
    for shown in (8, 24, 40, 48, 56):
        pieced, again = played(tmp_path / "pieces", table, shown)
    for name, network in whole.items():
        for key, weight in network.state_dict().items():
            assert weight.equal(pieced[name].state_dict()[key]), (name, key)
    assert all(w.equal(again.state_dict()[k]) for k, w in average.state_dict().items())
    assert whole["anchor"].held == 1


def test_each_stage_moves_its_players(tmp_path, table):
    moved = []
    for shown in (8, 24, 40, 56):
        players, _ = played(tmp_path / str(shown), table, shown)
        moved.append({name: players[name].token.weight.clone() for name in ("generator", "discriminator")})
    fresh = opened(table)
    fresh.prepare(seed=5, device=torch.device("cpu"))
    first = fresh.parts(fresh._players.writer.network)
    begin = {"generator": first.generator.network, "discriminator": first.discriminator.network}
    stood = [{name: begin[name].token.weight for name in begin}, *moved]
    changes = [
        tuple(not after[name].equal(before[name]) for name in ("generator", "discriminator"))
        for before, after in zip(stood, moved, strict=False)
    ]
    # By 8 works the writer has moved; by 24 and 40 the writer no more after 16; by 56 both.
    assert changes == [(True, False), (True, True), (False, True), (True, True)]


def test_what_it_measures_and_saves(table):
    workshop = opened(table)
    built = workshop.prepare(seed=0, device=torch.device("cpu"))
    figures = workshop.measure(built.game.averaged)
    assert 4 < figures["nats_seen"] < 6  # a fresh network guesses among some 130 tokens: log 130 is 4.9
    assert figures["diversity_ratio"] > 0
    parts = workshop.parts(built.game.averaged)
    assert (parts.generator.name, parts.discriminator.name, parts.latent) == ("writer", "reader", 0)
    again = Wording.from_learnt(json.loads(json.dumps(parts.learnt)))
    assert again.signs == workshop.wording.signs
    assert again.tokeniser.encode(POEMS[0]) == workshop.wording.tokeniser.encode(POEMS[0])


def test_labels_and_books_of_works(table):
    workshop = opened(table)
    labels = workshop.wording.signs.labels
    assert {"style:s0", "style:s1"} <= set(labels)
    source = workshop.wording.source(workshop.dataset.works[0])
    assert source.book == "pingshui"
    assert set(source.labels) <= {workshop.wording.signs.needed(label) for label in labels}


def test_a_wish_that_no_work_has_is_refused_with_what_there_is(table):
    wording = opened(table).wording
    prompt = wording.prompt({"style": ["s1"]}, title="月", keywords=["明月"])
    assert prompt.labels == (wording.signs.needed("style:s1"),)
    with pytest.raises(UsageError, match="knows no style 's9'"):
        wording.prompt({"style": ["s9"]})
    with pytest.raises(UsageError, match="has never read"):
        wording.prompt(keywords=["鑫"])


def test_english_verse_is_learnt_with_its_last_words_first(tmp_path):
    path = tmp_path / "verse.jsonl"
    poem = "The rose is red{n}\nthe sky is bright{n}\nand all in bed{n}\nto say good night"
    rows = [{"text": poem.format(n="!" * n), "title": str(n), "style": f"s{n % 2}"} for n in range(12)]
    rows += [
        {"text": f"It was {n} long winter days before anybody saw the sun over the old house again."}
        for n in range(12)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    workshop = open_workshop(path, preset=preset(vocabulary=None), frame=TextFrame(tokens=96))
    wording = workshop.wording
    first, *_, last = (wording.source(work) for work in workshop.dataset.works)
    assert first.text.startswith("red\tThe rose is red\nbright\t")
    assert wording.signs.needed(LEADS) in first.labels
    assert "\t" not in last.text and wording.signs.needed(LEADS) not in last.labels
    assert wording.breaks


def test_unknown_networks_and_settings_are_refused(table):
    device = torch.device("cpu")
    with pytest.raises(ModelError, match="no generator 'poet'"):
        opened(table, generator="poet").prepare(seed=0, device=device)
    with pytest.raises(ModelError, match="do not fit"):
        opened(table, generator_settings={"size": 3}).prepare(seed=0, device=device)
    with pytest.raises(UsageError, match="cannot be played"):
        opened(table, guessing_kimg=3, imitation_kimg=2).prepare(seed=0, device=device)


@pytest.mark.parametrize("size", ["192", 32, " 1024 "])
def test_sizes_are_read(size):
    assert TextFrame.read(size).size == str(size).strip()


@pytest.mark.parametrize("size", ["x", "31", "1025", "64x64", ""])
def test_what_is_no_size_is_refused(size):
    with pytest.raises(UsageError, match="no size of texts"):
        TextFrame.read(size)


def test_every_preset_is_a_game_of_its_own(table):
    for name, one in PRESETS.items():
        small = one.model_copy(
            update={"generator_settings": SMALL, "discriminator_settings": SMALL, "vocabulary": 200}
        )
        workshop = open_workshop(table, preset=small, frame=TextFrame(tokens=96))
        built = workshop.prepare(seed=0, device=torch.device("cpu"))
        assert set(built.optimisers) == (
            {"generator"} if name == "likelihood" else {"generator", "discriminator"}
        )
