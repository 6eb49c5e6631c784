"""A DCGAN as tutorials write it: what the training speed of Huohua is compared with.

Transposed convolutions and batch normalisation, 4 x 4 kernels, 64 channels at half the final size,
cross-entropy with two passes of the discriminator, Adam. Nothing of Huohua is used. Above 64 px the
network has one more doubling for each doubling of the size, of at most 512 channels.

Source: Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks".
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

BASE, WIDEST, LATENT = 64, 512, 100


def widths(size: int) -> list[int]:
    """Return the channels at 4, 8, 16, ... pixels, up to half the size."""
    doublings = (size // 4).bit_length() - 1
    return [min(WIDEST, BASE * 2**step) for step in range(doublings)][::-1]


def generator(size: int) -> nn.Module:
    """Return latent_BZ11 to image_BCHW."""
    inputs, layers = LATENT, list[nn.Module]()
    for number, outputs in enumerate(widths(size)):
        stride, padding = (1, 0) if number == 0 else (2, 1)
        layers += [nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False)]
        layers += [nn.BatchNorm2d(outputs), nn.ReLU(True)]
        inputs = outputs
    return nn.Sequential(*layers, nn.ConvTranspose2d(inputs, 3, 4, 2, 1, bias=False), nn.Tanh())


def discriminator(size: int) -> nn.Module:
    """Return image_BCHW to a score for each work."""
    inputs, layers = 3, list[nn.Module]()
    for number, outputs in enumerate(reversed(widths(size))):
        layers += [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(outputs)] if number else []
        layers += [nn.LeakyReLU(0.2, True)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, 1, 0, bias=False), nn.Flatten())


class PlainDcgan:
    """Both networks with their optimisers.

    Args:
        size: side of a picture: 64, 128 or 256.
        bfloat16: compute under autocast.
    """

    def __init__(self, size: int, *, bfloat16: bool) -> None:
        self.generator, self.discriminator = generator(size), discriminator(size)
        self.optimisers = [
            torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
            for network in (self.discriminator, self.generator)
        ]
        self.loss, self.bfloat16 = nn.BCEWithLogitsLoss(), bfloat16

    def step(self, real: Tensor) -> float:
        """Play one round with a batch of real pictures; return the generator's loss."""
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
        self.optimisers[0].zero_grad()
        with self._arithmetic():
            fake = self.generator(torch.randn(len(real), LATENT, 1, 1))
            loss_real = self.loss(self.discriminator(real), ones)
        loss_real.backward()
        with self._arithmetic():
            loss_fake = self.loss(self.discriminator(fake.detach()), zeros)
        loss_fake.backward()
        self.optimisers[0].step()
        self.optimisers[1].zero_grad()
        with self._arithmetic():
            loss = self.loss(self.discriminator(fake), ones)
        loss.backward()
        self.optimisers[1].step()
        return float(loss.item())

    def _arithmetic(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)
