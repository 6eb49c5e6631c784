"""The ordinary door with other games: autoencoders and growing pictures, in two sittings and in one."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from PIL import Image

from huohua.adversarial.events import Previewed, Progress
from huohua.adversarial.schedule import ramp
from huohua.arts.image import inspection, presets
from huohua.arts.image.presets import PRESETS
from huohua.studio.train import train
from huohua.zoo.format import load_config

# Small enough for a moment, and every schedule moves within eight rounds.
SMALL = {
    "generator_settings": {"widest": 16, "budget": 128},
    "discriminator_settings": {"widest": 16, "budget": 64},
    "encoder_settings": {"widest": 16, "budget": 64, "gathered": 16},
    "latent": 6,
}
PLAYERS = {"vae": {"autoencoder"}, "vae_gan": {"discriminator", "generator", "encoder"}}
PLAYERS["growing"] = {"discriminator", "generator"}
WHOLE, HALF = 0.032, 0.02


@pytest.fixture(scope="module", autouse=True)
def _quick():
    """Shrink presets, measure on a few probes only, and put the number of threads back afterwards."""
    before = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "probes_of", functools.partial(inspection.probes_of, count=8))
        patch.setattr(presets, "PRESETS", {name: shrunk(name) for name in PLAYERS})
        yield
    torch.set_num_threads(before)


def shrunk(name: str):
    preset = PRESETS[name]
    weights = preset.autoencoding.model_copy(update={"kl": ramp(0.008, 0.024)})
    changes = {key: value for key, value in SMALL.items() if key[:7] != "encoder" or preset.encoder}
    changes |= {"discriminator_settings": SMALL["discriminator_settings"] if preset.discriminator else {}}
    grow = ramp(0, 0.024, 0.2, 1.0) if name == "growing" else preset.grow
    return preset.model_copy(update={**changes, "autoencoding": weights, "grow": grow})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "fruit"
    dice = np.random.default_rng(0)
    for number in range(12):
        place = folder / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(dice.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        coarse.resize((24, 20), Image.Resampling.BICUBIC).save(place / f"{number}.png")
    return folder


def play(data: Path, out: Path, preset: str, kimg: float, **options):
    fixed = {"size": 16, "batch": 4, "threads": 1, "precision": "fp32"}
    return train("image", data, out=out, preset=preset, kimg=kimg, **fixed, **options)


def checkpoint(out: Path) -> dict[str, dict[str, np.ndarray]]:
    newest = max((out / "checkpoints").iterdir())
    return {path.name: safetensors.numpy.load_file(path) for path in newest.glob("*.safetensors")}


@pytest.mark.slow
@pytest.mark.parametrize("preset", PLAYERS)
def test_a_run_in_two_sittings_is_the_same_run_and_leaves_a_model_that_plays(preset, pictures, tmp_path):
    told: list = []
    model = play(pictures, tmp_path / "whole", preset, WHOLE, listeners=[told.append])
    play(pictures, tmp_path / "parts", preset, HALF)
    play(pictures, tmp_path / "parts", preset, WHOLE)
    whole, parts = checkpoint(tmp_path / "whole"), checkpoint(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert {f"{player}.safetensors" for player in PLAYERS[preset]} < whole.keys()
    for name, tensors in whole.items():
        for key, tensor in tensors.items():
            assert np.array_equal(tensor, parts[name][key]), f"{name} {key}"
    assert model.create(subject="lemon", seed=1).image.size == (16, 16)
    last = [event.path for event in told if isinstance(event, Previewed)][-1]
    with Image.open(tmp_path / "whole" / last) as sheet:
        rows = 2 if preset == "growing" else 4  # two labels, and a pair of rows above
        assert sheet.height == 2 + 18 * rows
    costs = {name.partition("/")[0] for event in told if isinstance(event, Progress) for name in event.costs}
    assert costs <= PLAYERS[preset]


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["vae", "vae_gan"])
def test_the_model_is_the_average_of_both_halves_and_takes_pictures_in(preset, pictures, tmp_path):
    model = play(pictures, tmp_path, preset, HALF)
    average = checkpoint(tmp_path)["average.safetensors"]
    for half, network in (("generator", model.generator), ("encoder", model.reader.encoder)):
        for key, weight in network.state_dict().items():
            kept = average[f"{half}.{key}"]
            np.testing.assert_allclose(weight.float().numpy(), kept, rtol=1e-3, atol=1e-4)
    config = load_config(tmp_path / "model")
    assert config.encoder.name == "convolutional"
    assert "reconstruction_features" in config.trained.figures
    work = model.reconstruct(pictures / "lemon" / "0.png")
    assert work.image.size == (16, 16)
    assert set(work.recipe.conditions) == {"subject"}
