"""The smallest generator: a latent through four layers to all pixels at once.

The classic one, 100-256-512-1024-784, that most people meet first. Small print decides whether it
learns digits or noise, and much that is copied from lesson to lesson gets it wrong. Here:

- Pixels of real works lie in [-1, 1], because the last layer is a tanh, whose range that is.
- Every fake has a latent and dice of its own; the latents of the preview are fixed, and others.
- The latent is normal, not uniform, and the same in training and in drawing.
- The condition is one number in a hundred: it is made as loud as the whole latent, or it is not heard.
- No batch normalisation: a layer that looks at the whole batch lets a discriminator tell a batch of
  fakes from a batch of real works, and draws another picture for the same latent in other company.
- The discriminator (`discriminators/mlp.py`) ends in a score, not in a sigmoid: the loss takes the
  logarithm of the sigmoid in one step that does not overflow.
- The generator maximises log D(fake) and does not minimise log(1 - D(fake)), whose slope is flat
  where a young generator stands.
- In the discriminator's turn the fakes are cut off from the generator, in the generator's turn the
  discriminator holds still, and gradients are cleared between the two.
- Adam forgets the mean gradient fast (beta1 0.5, not 0.9): the other player moves the goal.
- Pictures are drawn with the averaged generator, not with the one of the last round.

What of this lies outside the network is in the preset `seed` and in `adversarial/duel.py`.

Source: Goodfellow et al. 2014, "Generative Adversarial Nets", section 5, with the leaky rectifiers, the
tanh and beta1 of Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", sections 3 and 4; conditions as in Mirza and Osindero 2014,
"Conditional Generative Adversarial Nets", section 4.1.

Letters: B works, Z latent, C condition (in condition_BC) or channels, H W pixels.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.config import Config


class MlpSettings(Config):
    """The size of a generator of fully connected layers.

    Attributes:
        widths: widths of the hidden layers, from latent to pixels.
    """

    widths: tuple[int, ...] = Field(default=(256, 512, 1024), min_length=1)


class MlpGenerator(nn.Module):
    """Latent and condition, side by side, to a picture in [-1, 1].

    Args:
        settings: its size.
        latent: Z.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: MlpSettings, *, latent: int, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        self.shape, self.loudness = (channels, height, width), latent**0.5
        self.latent = latent
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((latent + condition, *settings.widths)):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2)]
        layers.append(nn.Linear(settings.widths[-1], channels * height * width))
        self.layers = nn.Sequential(*layers)

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return image_BCHW in [-1, 1]."""
        flat: Tensor = self.layers(torch.cat([latent_BZ, condition_BC * self.loudness], dim=1))
        return flat.float().tanh().view(-1, *self.shape)

    def latent_weights(self) -> list[Tensor]:
        """Return the one matrix_OZ that the latent is multiplied with."""
        first = cast(nn.Linear, self.layers[0])
        return [first.weight[:, : self.latent]]

    def early(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return what the first layer makes of a latent."""
        told = torch.cat([latent_BZ, condition_BC * self.loudness], dim=1)
        return cast(Tensor, self.layers[:2](told))
