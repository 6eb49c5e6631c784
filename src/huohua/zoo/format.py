"""The model folder: weights without code, a configuration that says what they are, and a card.

    MODEL/
    ├── model.safetensors   the generator's averaged weights
    ├── config.json         `ModelConfig`: which generator, its settings, what it was trained on
    ├── encoder.safetensors the averaged encoder's weights, of an autoencoder
    ├── discriminator.safetensors   the discriminator's weights, where the art chooses among drafts with it
    ├── directions.safetensors   named directions, where some were found; see `zoo/directions.py`
    ├── model.onnx          the same generator for ONNX Runtime, where it was attached
    └── README.md           the card, for people and for model hubs

A folder is written whole or not at all, so a model can be played while training replaces it. Nothing
read from a folder is run as code.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, SerializeAsAny, model_validator

from huohua.arts.frame import Frame
from huohua.arts.table import read_frame
from huohua.conditions.space import ConditionSpace
from huohua.config import Config
from huohua.errors import HuohuaError, ModelError, StorageError
from huohua.files import new_folder, sha256
from huohua.latents.drawing import Dice
from huohua.zoo.weights_file import GET_AGAIN, Precision, file_of, tensors_of

if TYPE_CHECKING:
    from torch import Tensor

FORMAT: Final = 2  # 1 had pictures only, and their frame in three keys of its own
READABLE = (1, FORMAT)
WEIGHTS = "model.safetensors"
CONFIG = "config.json"
CARD = "README.md"
ENCODER = "encoder.safetensors"
DISCRIMINATOR = "discriminator.safetensors"
ONNX = "model.onnx"
FILES = (WEIGHTS, CONFIG, CARD, ENCODER, DISCRIMINATOR, ONNX)
DIRECTIONS = "directions.safetensors"  # stays when weights are replaced, because people gave it names

# A configuration takes a few kilobytes; tags of a large dataset may take some hundred.
LARGEST_CONFIG = 16 * 1024 * 1024

PartName = Literal["encoder", "discriminator"]
PART_FILES: Mapping[str, str] = {"encoder": ENCODER, "discriminator": DISCRIMINATOR}
PICTURE_KEYS = ("height", "width", "channels")  # where format 1 had the frame


class Training(Config):
    """What a model learnt from and what that cost.

    Attributes:
        data: name of the dataset.
        licence: licence of the dataset, an SPDX identifier where there is one.
        origin: where the dataset came from.
        works: number of works in it.
        shown: number of real works the discriminator was shown.
        seconds: time spent training.
        preset: the preset it was trained with.
        version: the version of Huohua.
        created: the day the model was saved, ISO 8601.
        figures: what was measured, by name.
    """

    data: str = ""
    licence: str = ""
    origin: str = ""
    works: int = 0
    shown: int = 0
    seconds: float = 0.0
    preset: str = ""
    version: str = ""
    created: str = ""
    figures: dict[str, float] = {}


class PartConfig(Config):
    """A network beside the generator, in a model that has one: an encoder, or a discriminator.

    Attributes:
        name: name of the network in the table of its art.
        settings: the network's own settings.
        sha256: SHA-256 of its weights file; `save_model` fills it in.
    """

    name: str
    settings: dict[str, Any] = {}
    sha256: str = ""


class ModelConfig(Config):
    """What a model folder holds.

    Attributes:
        art: which art it makes, such as "image".
        generator: name of the generator in the table of its art.
        settings: the generator's own settings.
        latent: length of a latent vector; 0 where the art draws its dice otherwise.
        frame: the shape of its samples, as its art measures it.
        conditions: the conditions it understands.
        typical: combinations of conditions that works it learnt from have; see `conditions.typical`.
        trained: what it learnt from.
        name: the name it was given.
        weights_sha256: SHA-256 of the weights file; `save_model` fills it in.
        encoder: what finds the latents of works; only in autoencoders.
        discriminator: what chooses among drafts; only where the art lets it.
        learnt: what else its art remembers of the works, such as a vocabulary.
        dice: what latents are drawn with; see `latents.drawing`.
        onnx_sha256: SHA-256 of the ONNX file beside the weights, "" where there is none.
    """

    format: Literal[2] = FORMAT
    art: str
    generator: str
    settings: dict[str, Any] = {}
    latent: Annotated[int, Field(ge=0, le=65536)]
    frame: SerializeAsAny[Frame]
    conditions: ConditionSpace = ConditionSpace()
    typical: tuple[dict[str, tuple[str, ...] | str], ...] = ()
    trained: Training = Training()
    name: str = ""
    weights_sha256: str = ""
    encoder: PartConfig | None = None
    discriminator: PartConfig | None = None
    learnt: dict[str, Any] = {}
    dice: Dice = "shake"
    onnx_sha256: str = ""

    @model_validator(mode="before")
    @classmethod
    def _in_the_frame_of_its_art(cls, fields: Any) -> Any:
        """Read the frame as one of the art's own, wherever the format keeps it."""
        if not isinstance(fields, Mapping) or not isinstance(fields.get("art"), str):
            return fields
        found = dict(fields)
        if "frame" not in found:
            sides = {key: found.pop(key) for key in PICTURE_KEYS if key in found}
            found |= {"format": FORMAT, "frame": sides} if sides else {}
        if "frame" in found:
            found["frame"] = read_frame(found["art"], found["frame"])
        return found


def save_model(
    folder: Path,
    *,
    config: ModelConfig,
    weights: Mapping[str, Tensor],
    card: str,
    dtype: Precision = "fp16",
    encoder: Mapping[str, Tensor] | None = None,
    discriminator: Mapping[str, Tensor] | None = None,
) -> ModelConfig:
    """Write a model folder in one step and return its configuration with the weights' hash.

    An earlier model in the same place is replaced, its ONNX file with it; other files beside it are kept.

    Args:
        folder: the model folder.
        config: what it holds; hashes are filled in.
        weights: the generator's.
        card: what people read.
        dtype: the precision weights are stored in.
        encoder: the encoder's weights, where `config.encoder` names one.
        discriminator: the discriminator's weights, where `config.discriminator` names one.

    Raises:
        ModelError: a weight is not finite.
        StorageError: the folder cannot be written, or holds something that is not a model.
    """
    _refuse_strangers(folder)
    content = {WEIGHTS: file_of(weights, dtype)}
    config = config.model_copy(update={"weights_sha256": _digest(content[WEIGHTS]), "onnx_sha256": ""})
    for part, state in (("encoder", encoder), ("discriminator", discriminator)):
        known = getattr(config, part)
        if known is not None and state is not None:
            content[PART_FILES[part]] = file_of(state, dtype)
            digest = _digest(content[PART_FILES[part]])
            config = config.model_copy(update={part: known.model_copy(update={"sha256": digest})})
    with new_folder(folder) as scratch:
        if folder.is_dir():
            _keep_others(folder, scratch)
        for name, file in content.items():
            (scratch / name).write_bytes(file)
        (scratch / CONFIG).write_text(config.to_json(indent=2) + "\n", encoding="utf-8")
        (scratch / CARD).write_text(card, encoding="utf-8")
    return config


def load_config(folder: Path) -> ModelConfig:
    """Read and check the configuration of a model folder.

    Raises:
        ModelError: there is none, it cannot be read, or it is of another format.
    """
    path = folder / CONFIG
    text = _read_text(path)
    try:
        record = json.loads(text)
        number = record["format"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ModelError(f"{path} is not the configuration of a Huohua model.", advice=GET_AGAIN) from error
    if number not in READABLE:
        raise ModelError(
            f"{folder} is a model of format {number}; this version reads formats 1 and {FORMAT}.",
            advice="Update Huohua, or use the version that made the model.",
        )
    try:
        config = ModelConfig.from_json(text, source=path)
    except ModelError:
        raise
    except HuohuaError as error:
        raise ModelError(error.message, advice=GET_AGAIN) from error
    # Models from before the dice had a name keep theirs, or their works could not be made again.
    return config if "dice" in record else config.model_copy(update={"dice": "torch"})


def copy_model(source: Path, target: Path) -> None:
    """Copy a model folder in one step, byte for byte, after checking its weights.

    Raises:
        ModelError: the model is damaged.
        StorageError: the target cannot be written, or holds something that is not a model.
    """
    config = load_config(source)
    check_weights(source, config)
    for part, file in PART_FILES.items():
        if (known := getattr(config, part)) is not None:
            _check(source / file, known.sha256)
    _refuse_strangers(target)
    with new_folder(target) as scratch:
        if target.is_dir():
            _keep_others(target, scratch)
        for name in (*FILES, DIRECTIONS):
            if (source / name).is_file():
                shutil.copyfile(source / name, scratch / name)


def load_weights(folder: Path, config: ModelConfig | None = None) -> dict[str, Tensor]:
    """Read the weights of a model folder, after checking their hash against its configuration.

    Raises:
        ModelError: they are missing, damaged, or not the ones the configuration speaks of.
    """
    check_weights(folder, config or load_config(folder))
    return tensors_of(folder / WEIGHTS)


def load_part_weights(folder: Path, config: ModelConfig, part: PartName) -> dict[str, Tensor]:
    """Read the weights of a network beside the generator, after checking their hash likewise.

    Raises:
        ModelError: the model has no such part, or its weights are missing, damaged or other ones.
    """
    known: PartConfig | None = getattr(config, part)
    if known is None:
        raise ModelError(f"The model in {folder} has no {part}.", advice=GET_AGAIN)
    _check(folder / PART_FILES[part], known.sha256)
    return tensors_of(folder / PART_FILES[part])


def check_weights(folder: Path, config: ModelConfig) -> None:
    """Check that the weights file is the one whose hash the configuration records.

    Raises:
        ModelError: it is missing or its content is different.
    """
    _check(folder / WEIGHTS, config.weights_sha256)


def weights_hash(folder: Path) -> str:
    """Return the SHA-256 of a model's weights file, as `sha256sum` would.

    Raises:
        ModelError: the file is missing or cannot be read.
    """
    return _hash(folder / WEIGHTS)


def is_model(folder: Path) -> bool:
    """Return whether a folder looks like a model folder, without reading it."""
    return (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _check(path: Path, digest: str) -> None:
    if _hash(path) != digest:
        raise ModelError(
            f"{path} is damaged: its content does not match the hash in {CONFIG}.", advice=GET_AGAIN
        )


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", advice=GET_AGAIN) from error


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_CONFIG:
            raise ModelError(f"{path} is too large to be a configuration.", advice=GET_AGAIN)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{path} is not text.", advice=GET_AGAIN) from error
    except OSError as error:
        raise ModelError(
            f"{path.parent} holds no model: {path.name} cannot be read ({error.strerror}).",
            advice="Name a model, a model folder, or the folder of a training run.",
        ) from error


def _refuse_strangers(folder: Path) -> None:
    """Refuse to replace a folder that is not a model: it may be somebody's pictures."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CONFIG).is_file():
        raise StorageError(
            f"{folder} holds other files and no model, so no model is written over it.",
            advice="Choose a new folder.",
        )


def _keep_others(old: Path, new: Path) -> None:
    for path in old.iterdir():
        if path.name in FILES:
            continue
        if path.is_dir():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)
