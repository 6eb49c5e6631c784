"""The convolutional encoder: pixels, halved step by step, to where the latent lies and how surely.

The mirror image of a generator: as many halvings as that has doublings. Each is followed by batch
normalisation, without which the first thousands of works only teach it the brightness of pictures.

Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", section 3 (a mean and a log variance
for each work); the layers are those of Larsen et al. 2016, "Autoencoding beyond Pixels Using a Learned
Similarity Metric", section 4, with the channels of Karras et al. 2018, "Progressive Growing of GANs".

Letters: B works, C channels, H W pixels, Z latent.
"""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Posterior
from huohua.arts.image.discriminators.convolutional import width_at
from huohua.blocks.resampling import stages
from huohua.config import Config

# The first log variance: latents begin nearly as sure as they will be, and the mean is heard from the start.
FIRST_LOG_VARIANCE = -2.0


class ConvolutionalSettings(Config):
    """The size of a convolutional encoder.

    Attributes:
        widest: most channels at any size.
        budget: channels at a picture of side n are about budget / n, at most `widest`.
        gathered: numbers that the last picture is gathered into before the latent.
    """

    widest: int = Field(default=256, ge=8)
    budget: int = Field(default=2048, ge=64)
    gathered: int = Field(default=256, ge=8)


class ConvolutionalEncoder(nn.Module):
    """A picture in [-1, 1] to the normal distribution its latent lies in.

    Args:
        settings: its size.
        latent: Z.
        height: pixels; at least 8, like the width.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: ConvolutionalSettings, *, latent: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        halvings = stages(height, width)[0]
        side = min(height, width)
        steps = range(1, halvings + 1)
        widths = [width_at(side / 2**step, settings.budget, settings.widest) for step in steps]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((channels, *widths)):
            layers += [nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
        self.look = nn.Sequential(*layers)
        inputs = widths[-1] * (height >> halvings) * (width >> halvings)
        self.gather = nn.Sequential(nn.Linear(inputs, settings.gathered), nn.LeakyReLU(0.2))
        self.mean = nn.Linear(settings.gathered, latent)
        self.log_variance = nn.Linear(settings.gathered, latent)
        nn.init.constant_(self.log_variance.bias, FIRST_LOG_VARIANCE)

    def forward(self, image_BCHW: Tensor) -> Posterior:
        """Return the mean and the log variance of each work's latent."""
        gathered = self.gather(self.look(image_BCHW).flatten(1))
        return Posterior(self.mean(gathered), self.log_variance(gathered))
