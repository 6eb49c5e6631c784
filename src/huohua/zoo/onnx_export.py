"""A generator as one ONNX file: latent and condition in, samples out, and in it what the model is.

The exporter of torch that traces with `torch.export` is used, because the older one is to be removed and
cannot look into backward passes that are written out by hand. Batch normalisation is folded first. Every
file is played once beside the network it was made from before it is given out.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from huohua.blocks.folding import folded
from huohua.errors import ModelError
from huohua.latents.truncation import Mapped
from huohua.randomness import normal_numbers
from huohua.version import __version__
from huohua.zoo.format import ModelConfig
from huohua.zoo.onnx_file import CONDITION, LATENT, SAMPLE, inputs, open_session, require

NEEDED = ("onnx", "onnxscript", "onnxruntime")
# Understood by every ONNX Runtime since 1.14, of February 2023.
OPSET = 18
# The largest difference to the network, for samples that reach from -1 to 1.
TOLERANCE = 1e-4
# Its log speaks of libraries that are not there and that no generator needs.
TALKATIVE = "torch.onnx"


def to_onnx(generator: nn.Module, config: ModelConfig) -> bytes:
    """Return a generator as the content of an ONNX file, after playing it once beside the network.

    Inputs are `latent` (batch, Z) and, where the model has conditions, `condition` (batch, C); the output
    is `image` (batch, channels, height, width), about from -1 to 1. The batch may be of any size.

    Args:
        generator: in evaluation mode.
        config: what the model is; it is written into the file.

    Raises:
        MissingDependencyError: a library for it is not installed.
        ModelError: the file does not draw what the network draws.
    """
    require(*NEEDED)
    batch = torch.export.Dim("batch")
    latent_BZ, condition_BC = _examples(config, 2)
    examples = {LATENT: latent_BZ, CONDITION: condition_BC} if config.conditions.size else {LATENT: latent_BZ}
    with _quietly(), torch.no_grad():
        program = torch.onnx.export(
            _Drawing(folded(generator), config.conditions.size),
            kwargs=examples,
            input_names=list(examples),
            output_names=[SAMPLE],
            dynamic_shapes={name: {0: batch} for name in examples},
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise ModelError("The network was exported to nothing.", advice="Report it, with `huohua doctor`.")
    content = _described(program.model_proto, metadata(config, mapped=isinstance(generator, Mapped)))
    _compare(content, generator, config)
    return content


def metadata(config: ModelConfig, *, mapped: bool) -> Mapping[str, str]:
    """Return what stands in the file beside the network, as texts by name.

    Args:
        config: what the model is.
        mapped: whether truncation happens in a mapped space, which the file does not show.
    """
    trained = config.trained
    return {
        "producer": f"Huohua {__version__}",
        "name": config.name,
        "weights_sha256": config.weights_sha256,
        "data": trained.data,
        "data_licence": trained.licence,
        "data_origin": trained.origin,
        "sample_range": "-1 to 1; clip what lies outside",
        "truncation": "mapped" if mapped else "latent",
        # The whole configuration: conditions with their places, size, dice, and what it learnt from.
        "huohua": config.to_json(),
    }


class _Drawing(nn.Module):
    """A generator whose inputs have the names that the file gives them; no conditions, no such input."""

    def __init__(self, generator: nn.Module, conditions: int) -> None:
        super().__init__()
        self.generator, self.conditions = generator, conditions

    def forward(self, latent: Tensor, condition: Tensor | None = None) -> Tensor:
        if condition is None:
            condition = latent.new_zeros(latent.shape[0], 0)
        sample: Tensor = self.generator(latent, condition)
        return sample


def _examples(config: ModelConfig, count: int) -> tuple[Tensor, Tensor]:
    """Return latent_BZ, and condition_BC in which every work is asked for something else."""
    latent_BZ = torch.from_numpy(normal_numbers(count * config.latent, 0, "onnx")).view(count, -1)
    condition_BC = torch.zeros(count, config.conditions.size)
    for row in range(count if config.conditions.size else 0):
        condition_BC[row, row % config.conditions.size] = 1.0
    return latent_BZ, condition_BC


def _described(proto: Any, texts: Mapping[str, str]) -> bytes:
    """Return a model of ONNX as bytes, with texts about it and without where it was traced."""
    import onnx

    proto.producer_name, proto.producer_version = "Huohua", __version__
    proto.doc_string = f"{texts['name']}, a generative adversarial network trained on {texts['data']}."
    onnx.helper.set_model_props(proto, dict(texts))
    for node in proto.graph.node:
        # The exporter notes the files and lines of this machine beside every step.
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*proto.graph.value_info, *proto.graph.initializer, *proto.graph.input, *proto.graph.output):
        del value.metadata_props[:]
    content: bytes = proto.SerializeToString()
    return content


def _compare(content: bytes, generator: nn.Module, config: ModelConfig) -> None:
    """Check that a file draws what its network draws, for a batch of another size than it was traced with.

    Raises:
        ModelError: it does not.
    """
    latent_BZ, condition_BC = _examples(config, 3)
    with torch.inference_mode():
        expected = generator(latent_BZ, condition_BC)
    found = open_session(content).run([SAMPLE], inputs(config, latent_BZ.numpy(), condition_BC.numpy()))[0]
    difference = float((torch.from_numpy(found) - expected).abs().max())
    allowed = TOLERANCE * max(1.0, float(expected.abs().max()))
    if not difference <= allowed:
        raise ModelError(
            f"The ONNX file draws something else than the model: it differs by {difference:.2g}.",
            advice="Report it, with `huohua doctor`; the model itself is not affected.",
        )


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the exporter's remarks about itself from people, who can do nothing about them."""
    log = logging.getLogger(TALKATIVE)
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)
