"""Every generator in the table, drawn by every player and exported as ONNX: to list one is to test it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from huohua.arts.image.generators.table import GENERATORS
from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace
from huohua.latents.truncation import Mapped
from huohua.randomness import normal_numbers, torch_generator
from huohua.studio.image_model import ImageModel
from huohua.studio.players import BATCH
from huohua.studio.recreate import recreate
from huohua.zoo.format import ModelConfig, Training, save_model
from huohua.zoo.onnx_file import load_onnx, open_session

# Small enough to be quick; a generator that is not here is tested at its own size.
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"widths": (16, 24)},
    "dcgan": {"base": 8, "widest": 32},
    "fast": {"widest": 32, "budget": 512, "told": 8},
    "style": {"widest": 32, "budget": 512, "mapped": 16, "mapping_layers": 2},
    "growing": {"widest": 32, "budget": 512, "told": 8},
}
SPACE = ConditionSpace(groups={"subject": ("apple", "lemon", "plum")})
LATENT, HEIGHT, WIDTH = 12, 32, 40

pytestmark = pytest.mark.slow


def write(name: str, folder: Path, space: ConditionSpace = SPACE) -> ImageModel:
    """Write a model whose generator has seen batches, as running statistics need."""
    trained = Training(data="fruit", licence="CC0-1.0", origin="drawn for a test", works=12)
    config = ModelConfig(
        art="image",
        generator=name,
        settings=SMALL.get(name, {}),
        latent=LATENT,
        height=HEIGHT,
        width=WIDTH,
        channels=3,
        conditions=space,
        trained=trained,
        name=f"{name} of fruit",
    )
    sizes = {"latent": LATENT, "condition": space.size, "frame": config.frame}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        network = art("image").build_generator(name, config.settings, **sizes)
    with torch.no_grad():
        for number in range(30):
            latent_BZ = torch.randn(8, LATENT, generator=torch_generator(number, "grow"))
            network(latent_BZ, torch.eye(space.size).repeat(3, 1)[:8] if space.size else torch.zeros(8, 0))
    save_model(folder, config=config, weights=network.state_dict(), card="")
    return ImageModel(folder)


@pytest.fixture(scope="module", params=GENERATORS)
def model(request, tmp_path_factory) -> ImageModel:
    """Return a model of each generator, with its ONNX file attached."""
    written = write(request.param, tmp_path_factory.mktemp("model") / request.param)
    written.attach()
    return written


def asked(count: int) -> tuple[np.ndarray, np.ndarray]:
    latent_BZ = normal_numbers(count * LATENT, 9, "asked").reshape(count, LATENT)
    return latent_BZ, np.eye(3, dtype=np.float32)[np.arange(count) % 3]


def pixels(works: Any) -> np.ndarray:
    return np.stack([np.asarray(work.image, np.int64) for work in works])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_onnx_file_draws_what_the_network_draws_for_any_batch(model, count):
    latent_BZ, condition_BC = asked(count)
    session = open_session(load_onnx(model.folder, model.config))
    found = session.run(None, {"latent": latent_BZ, "condition": condition_BC})[0]
    with torch.inference_mode():
        expected = model.generator(torch.from_numpy(latent_BZ), torch.from_numpy(condition_BC)).numpy()
    assert found.shape == (count, 3, HEIGHT, WIDTH)
    assert found.dtype == np.float32
    assert 0.01 < expected.std() < 3
    assert np.abs(found - expected).max() < 1e-4


def test_latent_and_condition_both_reach_the_onnx_file(model):
    latent_BZ, condition_BC = asked(2)
    session = open_session(load_onnx(model.folder, model.config))
    drawn = [
        session.run(None, {"latent": latent_BZ[[row]], "condition": condition_BC[[column]]})[0]
        for row, column in ((0, 0), (0, 1), (1, 0))
    ]
    assert np.abs(drawn[0] - drawn[1]).max() > 1e-3
    assert np.abs(drawn[0] - drawn[2]).max() > 1e-3


def test_the_onnx_file_says_what_it_is_and_what_it_may_be_used_for(model):
    proto = onnx.load_from_string(load_onnx(model.folder, model.config))
    onnx.checker.check_model(proto)
    texts = {entry.key: entry.value for entry in proto.metadata_props}
    assert (texts["data"], texts["data_licence"], texts["data_origin"]) == (
        "fruit", "CC0-1.0", "drawn for a test",
    )  # fmt: skip
    assert texts["weights_sha256"] == model.config.weights_sha256
    assert texts["truncation"] == ("mapped" if isinstance(model.generator, Mapped) else "latent")
    inside = json.loads(texts["huohua"])
    assert inside["conditions"]["groups"] == {"subject": ["apple", "lemon", "plum"]}
    assert (inside["generator"], inside["latent"]) == (model.config.generator, LATENT)
    assert proto.producer_name == "Huohua"
    assert model.config.trained.data in proto.doc_string


def test_the_onnx_file_holds_no_normalisation_of_batches_and_no_place_on_this_machine(model):
    content = load_onnx(model.folder, model.config)
    proto = onnx.load_from_string(content)
    assert "BatchNormalization" not in {node.op_type for node in proto.graph.node}
    for place in (str(model.folder), str(Path(__file__).parents[2]), "site-packages"):
        assert place.encode() not in content


def test_onnx_runtime_and_torch_draw_the_same_up_to_a_level_here_and_there(model):
    found, expected = (pixels(model.create(seed=3, count=6, engine=engine)) for engine in ("onnx", "torch"))
    assert np.abs(found - expected).max() <= 1
    assert (found != expected).mean() < 0.02


def test_sixteen_bits_draw_nearly_the_same(model):
    found, expected = (pixels(model.create(seed=3, count=6, engine=engine)) for engine in ("bf16", "torch"))
    assert np.abs(found - expected).mean() < 0.5
    assert np.abs(found - expected).max() <= 4


@pytest.mark.parametrize("engine", ["torch", "onnx", "bf16"])
def test_a_work_depends_on_its_recipe_alone_whoever_draws_it(model, engine):
    many = model.create(seed=3, count=BATCH + 3, engine=engine, subject="plum")
    few = model.create(seed=3, count=2, engine=engine, subject="plum")
    assert np.array_equal(pixels(many[:2]), pixels(few))
    chosen = [many[0], many[7], many[BATCH + 2]]
    again = [recreate(work, model=ImageModel(model.folder)) for work in chosen]
    assert np.array_equal(pixels(again), pixels(chosen))
    assert [work.recipe for work in again] == [work.recipe for work in chosen]


def test_a_model_without_conditions_has_no_such_input(tmp_path):
    model = write("mlp", tmp_path / "free", ConditionSpace())
    model.attach()
    session = open_session(load_onnx(model.folder, model.config))
    assert [entry.name for entry in session.get_inputs()] == ["latent"]
    found, expected = (pixels(model.create(seed=3, count=2, engine=engine)) for engine in ("onnx", "torch"))
    assert np.abs(found - expected).max() <= 1
