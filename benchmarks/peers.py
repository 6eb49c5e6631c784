"""The peers that Huohua is measured against, each behind the same three verbs: step, sample, networks.

`dcgan` is the plain one of `plain_dcgan.py`; `lightweight-gan` and `stylegan2-pytorch` are the packages
of those names on PyPI, installed by hand as `peers.md` says. Their own networks, losses, optimisers and
`Trainer.train()` are run, with the settings of their own command lines, and nothing of theirs is copied.
Two things stand in their way on a processor and are put aside while they run: they refuse to start
without CUDA, and they import torchvision and aim, which neither their networks nor their steps use.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from unittest import mock

import torch
from plain_dcgan import LATENT, PlainDcgan
from torch import Tensor, nn

# Libraries that the peers import and that neither their networks nor their training steps use.
UNUSED = ("torchvision", "aim")
# A peer that knows how many works there are sets its augmentation by that; so many are assumed.
WORKS = 2000


class Peer(Protocol):
    """What a benchmark may do with a peer. Pictures are image_BCHW in [-1, 1], as everywhere here."""

    def step(self, real: Tensor) -> None:
        """Play one round, both players, with a batch of real pictures."""

    def sample(self, count: int, *, averaged: bool = False) -> Tensor:
        """Return pictures of fresh latents; of the averaged generator where there is one."""

    def networks(self) -> Mapping[str, nn.Module]:
        """Return the generator, with all that a picture passes through, and the discriminator."""


class Dcgan:
    """The plain DCGAN; it has no averaged generator."""

    def __init__(self, size: int, *, batch: int, works: int = WORKS, bfloat16: bool = False) -> None:
        self.game = PlainDcgan(size, bfloat16=bfloat16)

    def step(self, real: Tensor) -> None:
        """See `Peer`."""
        self.game.generator.train()
        self.game.step(real)

    @torch.inference_mode()
    def sample(self, count: int, *, averaged: bool = False) -> Tensor:
        """See `Peer`."""
        self.game.generator.eval()
        pictures: Tensor = self.game.generator(torch.randn(count, LATENT, 1, 1))
        return pictures

    def networks(self) -> Mapping[str, nn.Module]:
        """See `Peer`."""
        return {"generator": self.game.generator, "discriminator": self.game.discriminator}


class _Trained:
    """What the two packages have in common: a `Trainer` with a loader, and pictures in [0, 1]."""

    package = ""

    def __init__(self, size: int, *, batch: int, works: int = WORKS, **settings: Any) -> None:
        self.module = _imported(self.package)
        self.place = tempfile.TemporaryDirectory(prefix=f"{self.package}-")
        with _without_cuda():
            self.trainer = self.module.Trainer(
                image_size=size, batch_size=batch, base_dir=self.place.name, **settings
            )
            self.trainer.init_GAN()
        self.gan = self.trainer.GAN
        self._keep_quiet()

    def _keep_quiet(self) -> None:
        """Neither save nor draw while rounds are timed: both are the benchmark's own business."""
        self.trainer.save = lambda *_: None
        self.trainer.evaluate = lambda *_, **__: None

    def step(self, real: Tensor) -> None:
        """See `Peer`."""
        self.trainer.loader = itertools.repeat(real / 2 + 0.5)
        with _without_cuda():
            self.trainer.train()

    @torch.inference_mode()
    def sample(self, count: int, *, averaged: bool = False) -> Tensor:
        """See `Peer`. Their average stands still for most of a short run: see `peers.md`."""
        self.gan.eval()
        return self._draw(count, averaged).clamp(0, 1) * 2 - 1

    def _draw(self, count: int, averaged: bool) -> Tensor:
        raise NotImplementedError


class LightweightGan(_Trained):
    """`lightweight-gan` as its command line sets it up, without accumulating gradients."""

    package = "lightweight_gan"

    def __init__(self, size: int, *, batch: int, works: int = WORKS) -> None:
        # What its `set_data_src` would choose for so many works.
        chance = min(0.5, (1e5 - works) * 3e-6) if works < 1e5 else 0.0
        settings = {"attn_res_layers": [32], "disc_output_size": 1, "aug_types": ["cutout", "translation"]}
        super().__init__(size, batch=batch, aug_prob=chance, use_aim=False, **settings)

    def _draw(self, count: int, averaged: bool) -> Tensor:
        generator = self.gan.GE if averaged else self.gan.G
        pictures: Tensor = generator(torch.randn(count, self.gan.latent_dim))
        return pictures

    def networks(self) -> Mapping[str, nn.Module]:
        """See `Peer`."""
        return {"generator": self.gan.G, "discriminator": self.gan.D}


class StyleGan2(_Trained):
    """`stylegan2-pytorch` as its command line sets it up, without accumulating gradients."""

    package = "stylegan2_pytorch"

    def __init__(self, size: int, *, batch: int, works: int = WORKS) -> None:
        super().__init__(size, batch=batch, ttur_mult=1.5)

    def _draw(self, count: int, averaged: bool) -> Tensor:
        mapping, generator = (self.gan.SE, self.gan.GE) if averaged else (self.gan.S, self.gan.G)
        latent_BW = mapping(torch.randn(count, generator.latent_dim))
        noise = torch.rand(count, generator.image_size, generator.image_size, 1)
        pictures: Tensor = generator(latent_BW[:, None].expand(-1, generator.num_layers, -1), noise)
        return pictures

    def networks(self) -> Mapping[str, nn.Module]:
        """See `Peer`."""
        generator = nn.ModuleDict({"mapping": self.gan.S, "synthesis": self.gan.G})
        return {"generator": generator, "discriminator": self.gan.D}


PEERS: Mapping[str, Callable[..., Peer]] = {
    "dcgan": Dcgan,
    "lightweight-gan": LightweightGan,
    "stylegan2-pytorch": StyleGan2,
}


def installed() -> list[str]:
    """Return the names of the peers that can be measured here."""
    names = {"dcgan": "torch", "lightweight-gan": "lightweight_gan", "stylegan2-pytorch": "stylegan2_pytorch"}
    return [name for name, package in names.items() if importlib.util.find_spec(package) is not None]


def build(name: str, size: int, *, batch: int, works: int = WORKS, seed: int = 0) -> Peer:
    """Return a peer at a size, fresh from its seed.

    Args:
        name: a name in `PEERS`.
        size: side of a picture in pixels, a power of two from 64 to 1024.
        batch: works in a round.
        works: works in the dataset, by which a peer may set its augmentation.
        seed: of everything random; the peers draw from torch's own dice.
    """
    torch.manual_seed(seed)
    return PEERS[name](size, batch=batch, works=works)


def _imported(package: str) -> ModuleType:
    """Import a package that asserts that there is CUDA, and send its devices to the processor."""
    for name in UNUSED:
        if not _usable(name):
            sys.modules[name] = ModuleType(name)
            sys.modules[name].__getattr__ = _nothing  # type: ignore[method-assign]
    with _without_cuda():
        module = importlib.import_module(f"{package}.{package}")
    module.torch = _OnlyProcessor()  # type: ignore[attr-defined]
    return module


def _usable(name: str) -> bool:
    """Return whether a library can be imported; a torchvision for CUDA cannot, beside a torch without."""
    try:
        importlib.import_module(name)
    except Exception:  # it dies in more ways than ImportError
        for loaded in [key for key in sys.modules if key.partition(".")[0] == name]:
            del sys.modules[loaded]
        return False
    return True


def _nothing(name: str) -> Any:
    """Return an empty module for whatever is asked of a library that is not there."""
    if name.startswith("__"):
        raise AttributeError(name)
    return ModuleType(name)


class _OnlyProcessor:
    """The module torch, in which every device is the processor."""

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    @staticmethod
    def device(*_: Any) -> torch.device:
        return torch.device("cpu")


@contextmanager
def _without_cuda() -> Iterator[None]:
    """Within this block CUDA is said to be there, and moving something to it does nothing."""

    def stay(self: Any, *_: Any, **__: Any) -> Any:
        return self

    with (
        mock.patch.object(torch.cuda, "is_available", lambda: True),
        mock.patch.object(torch.Tensor, "cuda", stay),
        mock.patch.object(nn.Module, "cuda", stay),
    ):
        yield


def main() -> None:
    """Build every peer that is here, play one round, and say how large it is."""
    for name in installed():
        peer = build(name, 64, batch=4)
        peer.step(torch.zeros(4, 3, 64, 64).uniform_(-1, 1))
        sizes = {
            player: sum(weight.numel() for weight in network.parameters())
            for player, network in peer.networks().items()
        }
        shown = ", ".join(f"{player} {count / 1e6:.1f} M" for player, count in sizes.items())
        print(f"{name}: {shown}; draws {tuple(peer.sample(2).shape)}")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, torch {torch.__version__}, {Path(__file__).name}")
    main()
