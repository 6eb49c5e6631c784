"""Who draws a model's works: torch to the last bit, ONNX Runtime without torch, or torch in 16 bits.

`torch` is the slow twin that the others are compared with. `onnx` draws the same up to rounding (1e-4 of
a range of 2), starts in a fraction of the time and is faster for one work after another. `bf16` rounds
a little more (by three levels of 255 at most on a trained model, a tenth of one on average) and is the
fastest for hundreds.

Whoever draws, a work depends on its recipe alone. `torch` and `onnx` draw works one by one on one thread.
`bf16` draws them in batches of one size, and a work always has the same place in its batch, because how a
processor rounds may depend on both. The recipe says who drew, and a work is made again by the same.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from huohua.errors import UsageError
from huohua.memory import keep_freed_memory
from huohua.zoo.format import ModelConfig, load_config
from huohua.zoo.onnx_file import SAMPLE, has_onnx, inputs, load_onnx, open_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

Engine = Literal["auto", "torch", "onnx", "bf16"]
ENGINES: Mapping[Engine, str] = {
    "auto": "onnx where the model holds an ONNX file, else torch",
    "torch": "one by one, in 32 bits",
    "onnx": "one by one, in 32 bits, without torch",
    "bf16": "in batches of 16, partly in 16 bits: fast for hundreds",
}
BATCH = 16  # of bf16; frozen, because works of other batches may be rounded otherwise


class Playable(Protocol):
    """What players need of a model."""

    config: ModelConfig

    @property
    def folder(self) -> Path:
        """Return where it is."""
        ...

    @property
    def generator(self) -> nn.Module:
        """Return its generator, in evaluation mode and 32 bits."""
        ...


class Player(Protocol):
    """Draws samples of latents; all it needs was read when it was made.

    Attributes:
        engine: what stands in recipes: the library and its version, because another may round otherwise.
        batch: how many works it draws together.
        weights_sha256: of the weights it draws with.
    """

    engine: str
    batch: int
    weights_sha256: str

    def draw(
        self, latent_BZ: NDArray[np.float32], condition_BC: NDArray[np.float32], *, truncation: float
    ) -> NDArray[np.float32]:
        """Return a sample for each of exactly `batch` latents."""
        ...


class TorchPlayer:
    """The generator itself, one work at a time."""

    batch = 1

    def __init__(self, model: Playable) -> None:
        import torch

        self.generator = model.generator
        self.weights_sha256 = model.config.weights_sha256
        self.engine = f"torch {torch.__version__}"

    def draw(
        self, latent_BZ: NDArray[np.float32], condition_BC: NDArray[np.float32], *, truncation: float
    ) -> NDArray[np.float32]:
        """See `Player`."""
        import torch

        from huohua.latents.truncation import generate

        asked = torch.from_numpy(latent_BZ), torch.from_numpy(condition_BC)
        with torch.inference_mode(), one_thread():
            sample: NDArray[np.float32] = generate(self.generator, *asked, truncation=truncation).numpy()
        return sample


class Bf16Player:
    """The generator in 16 bits where it cannot be seen, sixteen works at a time."""

    batch = BATCH

    def __init__(self, model: Playable) -> None:
        import torch

        from huohua.blocks.sixteen_bits import in_sixteen_bits

        keep_freed_memory()
        generator = model.generator  # read first, which reads the configuration afresh
        config = model.config
        nothing = torch.zeros(1, config.latent), torch.zeros(1, config.conditions.size)
        self.generator, self.weights_sha256 = in_sixteen_bits(generator, *nothing), config.weights_sha256
        self.engine = f"torch {torch.__version__} bf16"

    def draw(
        self, latent_BZ: NDArray[np.float32], condition_BC: NDArray[np.float32], *, truncation: float
    ) -> NDArray[np.float32]:
        """See `Player`."""
        import torch

        from huohua.latents.truncation import generate

        asked = torch.from_numpy(latent_BZ), torch.from_numpy(condition_BC)
        with torch.inference_mode(), one_thread(), torch.autocast("cpu", torch.bfloat16):
            drawn = generate(self.generator, *asked, truncation=truncation)
        sample: NDArray[np.float32] = drawn.float().numpy()
        return sample


class OnnxPlayer:
    """The ONNX file of the model, one work at a time; torch is not imported.

    Raises:
        MissingDependencyError: ONNX Runtime is not installed.
        ModelError: the model has no ONNX file, or a damaged one.
    """

    batch = 1

    def __init__(self, model: Playable) -> None:
        # Read afresh: a run that is still going may have replaced the model since it was opened.
        model.config = config = load_config(model.folder)
        self.session = open_session(load_onnx(model.folder, config))
        import onnxruntime

        self.config, self.weights_sha256 = config, config.weights_sha256
        self.engine = f"onnxruntime {onnxruntime.__version__}"

    @property
    def truncates(self) -> bool:
        """Return whether truncation is a matter of the latent; else it happens inside, out of reach."""
        texts = self.session.get_modelmeta().custom_metadata_map
        return bool(texts.get("truncation") == "latent")

    def draw(
        self, latent_BZ: NDArray[np.float32], condition_BC: NDArray[np.float32], *, truncation: float
    ) -> NDArray[np.float32]:
        """See `Player`."""
        import numpy as np

        if truncation != 1.0:
            self._check_truncation()
            latent_BZ = np.float32(truncation) * latent_BZ
        found: list[NDArray[np.float32]] = self.session.run(
            [SAMPLE], inputs(self.config, latent_BZ, condition_BC)
        )
        return found[0]

    def _check_truncation(self) -> None:
        if not self.truncates:
            raise UsageError(
                f"An ONNX file of generator '{self.config.generator}' cannot truncate.",
                advice="Use --engine torch.",
            )


PLAYERS: Mapping[str, type[Any]] = {"torch": TorchPlayer, "onnx": OnnxPlayer, "bf16": Bf16Player}


class Players:
    """The players of one model, each made when it is first needed.

    Args:
        model: whose works are drawn.
    """

    def __init__(self, model: Playable) -> None:
        self.model = model
        self._made: dict[str, Player] = {}

    def choose(self, wish: Engine, *, truncation: float = 1.0, steered: bool = False) -> Player:
        """Return who draws works.

        Args:
            wish: a name in `ENGINES`.
            truncation: of the works.
            steered: they are made of ingredients, which only the generator itself understands.

        Raises:
            UsageError: there is no such engine, or it cannot draw such works.
            MissingDependencyError: its library is not installed.
            ModelError: the model is damaged.
        """
        check_engine(wish, steered=steered)
        if wish != "auto":
            return self._player(wish)
        if steered or not self._has_onnx():
            return self._player("torch")
        player = self._player("onnx")
        untold = truncation != 1.0 and isinstance(player, OnnxPlayer) and not player.truncates
        return self._player("torch") if untold else player

    def _has_onnx(self) -> bool:
        # What was read once goes on drawing, even if training replaces the folder between two works.
        if self._is_ready("onnx"):
            return True
        there = has_onnx(self.model.folder, self.model.config)
        return there and importlib.util.find_spec("onnxruntime") is not None

    def _is_ready(self, name: str) -> bool:
        made = self._made.get(name)
        return made is not None and made.weights_sha256 == self.model.config.weights_sha256

    def _player(self, name: str) -> Player:
        if not self._is_ready(name):
            self._made[name] = PLAYERS[name](self.model)
        return self._made[name]


def check_engine(wish: str, *, steered: bool = False) -> None:
    """Check that there is such an engine and that it can draw such works.

    Raises:
        UsageError: there is not, or it cannot.
    """
    if wish not in ENGINES:
        raise UsageError(f"There is no engine '{wish}'.", advice=f"Use one of: {', '.join(ENGINES)}.")
    if steered and wish not in {"auto", "torch"}:
        raise UsageError(f"Engine '{wish}' cannot make steered works.", advice="Use --engine torch.")


def engine_of(text: str) -> Engine:
    """Return the engine whose name stands in a recipe.

    Example:
        >>> engine_of("torch 2.13.0"), engine_of("torch 2.13.0 bf16"), engine_of("onnxruntime 1.32.0")
        ('torch', 'bf16', 'onnx')
    """
    if text.startswith("onnxruntime"):
        return "onnx"
    return "bf16" if text.endswith(" bf16") else "torch"


class _Threads:
    """How many are computing on one thread now, and what it was before the first of them came."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users, self.before = 0, 1


_THREADS = _Threads()


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread, because sums shared out among threads round differently.

    It may be used by several threads at once, and within itself: the number belongs partly to the calling
    thread and partly to the whole process, so whoever comes sets it, and the last to leave puts it back.
    """
    import torch

    with _THREADS.lock:
        if _THREADS.users == 0:
            _THREADS.before = torch.get_num_threads()
        _THREADS.users += 1
        torch.set_num_threads(1)
    try:
        yield
    finally:
        with _THREADS.lock:
            _THREADS.users -= 1
            if _THREADS.users == 0:
                torch.set_num_threads(_THREADS.before)
