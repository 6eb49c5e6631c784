"""Whose drawing is timed: the players of Huohua, other ways to compute the same network, and the peers.

A drawer draws so many pictures of fresh latents, from latent to pixels in memory. Networks have random
weights; what they draw does not matter to their speed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

PRESET = "fast"
# As many conditions as the fruit watercolours have.
SUBJECTS = tuple(f"fruit {number}" for number in range(13))
PEERS = ("dcgan", "lightweight-gan", "stylegan2-pytorch")
PLAYERS = ("torch", "onnx", "bf16")

Draw = Callable[[int], object]


def write_model(folder: Path, size: int, *, onnx: bool) -> Any:
    """Write a model of the default preset's generator with random weights, and return it."""
    import torch

    from huohua.arts.image.presets import PRESETS
    from huohua.arts.table import art
    from huohua.conditions.space import ConditionSpace
    from huohua.studio.image_model import ImageModel
    from huohua.zoo.format import ModelConfig, save_model

    preset = PRESETS[PRESET]
    config = ModelConfig(
        art="image",
        generator=preset.generator,
        settings=preset.generator_settings,
        latent=preset.latent,
        height=size,
        width=size,
        channels=3,
        conditions=ConditionSpace(groups={"subject": SUBJECTS}),
        name=f"{PRESET} {size}",
    )
    torch.manual_seed(0)
    sizes = {"latent": config.latent, "condition": len(SUBJECTS), "frame": config.frame}
    network = art("image").build_generator(config.generator, config.settings, **sizes)
    save_model(folder, config=config, weights=network.state_dict(), card="")
    model = ImageModel(folder)
    if onnx:
        model.attach()
    return model


def drawer(name: str, size: int, *, threads: int, models: Path) -> Draw:
    """Return a function that draws so many pictures at once, where the contestant can.

    Args:
        name: one of `PLAYERS`, `WAYS` or `PEERS`.
        size: side of a picture in pixels.
        threads: of the processor.
        models: the folder of models that `write_model` wrote, each called by its size.
    """
    if name in PEERS:
        from peers import build

        return build(name, size, batch=16).sample
    from huohua.studio.image_model import ImageModel

    model = ImageModel(models / str(size))
    # Players draw on one thread whatever there is; ONNX Runtime's does so without importing torch.
    if name in PLAYERS:
        return _player(model, name)
    import torch

    torch.set_num_threads(threads)
    return WAYS[name](model, threads)


def _player(model: Any, name: str) -> Draw:
    """Return what `huohua create --engine` does between the seed and the pixels."""
    from huohua.studio.players import Players

    player = Players(model).choose(name)
    dice = np.random.default_rng(0)

    def draw(count: int) -> object:
        return [
            player.draw(*_asked(model, player.batch, dice), truncation=1.0)
            for _ in range(0, count, player.batch)
        ]

    return draw


def _asked(model: Any, count: int, dice: np.random.Generator) -> tuple[Any, Any]:
    latent_BZ = dice.standard_normal((count, model.config.latent), np.float32)
    condition_BC = np.eye(len(SUBJECTS), dtype=np.float32)[dice.integers(0, len(SUBJECTS), count)]
    return latent_BZ, condition_BC


def _network(network: Any, model: Any, *, bfloat16: bool = False) -> Draw:
    """Return a network on torch, all pictures in one batch."""
    import torch

    dice = np.random.default_rng(0)

    def draw(count: int) -> object:
        asked = [torch.from_numpy(each) for each in _asked(model, count, dice)]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            return network(*asked)

    return draw


def _plain(model: Any, threads: int) -> Draw:
    import torch

    return _network(model.generator.to(memory_format=torch.contiguous_format), model)


def _channels_last(model: Any, threads: int) -> Draw:
    return _network(model.generator, model)


def _folded(model: Any, threads: int) -> Draw:
    from huohua.blocks.folding import folded

    return _network(folded(model.generator), model)


def _kept_memory(model: Any, threads: int) -> Draw:
    from huohua.memory import keep_freed_memory

    keep_freed_memory()
    return _folded(model, threads)


def _autocast(model: Any, threads: int) -> Draw:
    return _network(model.generator, model, bfloat16=True)


def _sixteen_bits(model: Any, threads: int) -> Draw:
    """Return the network in 16 bits throughout, which shows as grain; the player spares the last sizes."""
    import torch

    from huohua.blocks.folding import folded
    from huohua.memory import keep_freed_memory

    keep_freed_memory()
    network = folded(model.generator)
    for weight in network.parameters():
        weight.data = weight.data.to(torch.bfloat16) if weight.ndim > 1 else weight.data
    return _network(network, model, bfloat16=True)


def _compiled(model: Any, threads: int) -> Draw:
    return _compiled_as(model, bfloat16=False)


def _compiled_sixteen_bits(model: Any, threads: int) -> Draw:
    return _compiled_as(model, bfloat16=True)


def _compiled_as(model: Any, *, bfloat16: bool) -> Draw:
    """Return the network compiled by torch, weights built in; needs a C++ compiler and patience."""
    import torch
    import torch._inductor.config

    torch._inductor.config.freezing = True
    warnings.simplefilter("ignore")
    return _network(torch.compile(model.generator, dynamic=False), model, bfloat16=bfloat16)


def _onnx_batch(model: Any, threads: int) -> Draw:
    """Return ONNX Runtime on a batch, with as many threads as there are."""
    import onnxruntime

    from huohua.zoo.onnx_file import inputs, load_onnx

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    content = load_onnx(model.folder, model.config)
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    dice = np.random.default_rng(0)
    return lambda count: session.run(None, inputs(model.config, *_asked(model, count, dice)))


# Ways to compute the same network; the first is what torch does by itself.
WAYS: Mapping[str, Callable[[Any, int], Draw]] = {
    "fp32": _plain,
    "fp32, channels last": _channels_last,
    "fp32, folded": _folded,
    "fp32, folded, memory kept": _kept_memory,
    "bf16 by autocast": _autocast,
    "bf16 throughout, folded": _sixteen_bits,
    "onnx in a batch": _onnx_batch,
    "compiled fp32": _compiled,
    "compiled bf16": _compiled_sixteen_bits,
}
