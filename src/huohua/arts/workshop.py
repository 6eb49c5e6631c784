"""Where models of an art are made: real works opened, a game set up on them, and how it comes on.

Training knows an art by its `Workshop` alone. It asks for the game, plays it, and asks the workshop to
measure, to draw and to say what is to be saved.

Letters: N works, C condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from huohua.arts.frame import Frame
from huohua.conditions.space import ConditionSpace

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from torch import nn

    from huohua.adversarial.game import Game
    from huohua.adversarial.surroundings import Works

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A game, ready to be played.

    Attributes:
        game: players and turns.
        optimisers: one for each player.
        works: the real works, by number.
    """

    game: Game[Any]
    optimisers: Mapping[str, torch.optim.Optimizer]
    works: Works


@dataclass(frozen=True, kw_only=True)
class Part:
    """One network of a model, as it is saved.

    Attributes:
        name: the name it is built by again, in a table of its art.
        settings: its own settings.
        network: the network with its weights.
    """

    name: str
    settings: Mapping[str, Any]
    network: nn.Module


@dataclass(frozen=True, kw_only=True)
class Parts:
    """All that a model is made of.

    Attributes:
        generator: what makes works.
        latent: length of a latent; 0 where the art draws its dice otherwise.
        encoder: what finds the latents of works, in an autoencoder.
        discriminator: what chooses among drafts, where the art lets it.
        learnt: what else the art wants back when the model is played, as JSON can hold it.
    """

    generator: Part
    latent: int
    encoder: Part | None = None
    discriminator: Part | None = None
    learnt: Mapping[str, Any] = field(default_factory=dict)


class Workshop(Protocol):
    """The real works of one training and everything that is done with them."""

    @property
    def frame(self) -> Frame:
        """Return the shape of the samples."""
        ...

    @property
    def name(self) -> str:
        """Return the name of the data."""
        ...

    @property
    def licence(self) -> str:
        """Return the licence of the data."""
        ...

    @property
    def origin(self) -> str:
        """Return where the data comes from."""
        ...

    @property
    def fingerprint(self) -> str:
        """Return a hash of the works as they are shown."""
        ...

    @property
    def left_out(self) -> int:
        """Return how many works could not be used."""
        ...

    @property
    def conditions(self) -> ConditionSpace:
        """Return what the works' labels and measures distinguish."""
        ...

    @property
    def condition_NC(self) -> NDArray[np.float32]:
        """Return what each work has of the conditions."""
        ...

    def __len__(self) -> int:
        """Return the number of works."""
        ...

    def prepare(self, *, seed: int, device: torch.device) -> Prepared:
        """Build networks, game, optimisers and probes; the initial weights follow from the seed.

        Raises:
            UsageError: the preset names a network that does not exist, or settings that it does not have.
        """
        ...

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return figures of fixed probes of the averaged generator, after `prepare`."""
        ...

    def preview(self, network: nn.Module, path: Path) -> None:
        """Draw fixed samples of the averaged generator into a PNG file, after `prepare`.

        Other files may be written beside it, under the same stem.
        """
        ...

    def parts(self, network: nn.Module) -> Parts:
        """Return what is to be saved of the averaged generator and of the game, after `prepare`."""
        ...
