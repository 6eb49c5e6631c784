"""The optimisers of players: their settings, and how they are built.

Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1; Loshchilov and Hutter
2019, "Decoupled Weight Decay Regularization", algorithm 2.
"""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import nn

from huohua.config import Config


class OptimiserSettings(Config):
    """An Adam-family optimiser.

    Attributes:
        kind: adam, or adamw with `weight_decay`.
        rate: learning rate.
        beta1: memory of the mean gradient; 0 forgets at once, as usual for adversarial games.
        beta2: memory of the squared gradient.
        weight_decay: pull of the weights to zero.
    """

    kind: Literal["adam", "adamw"] = "adam"
    rate: float = Field(default=2e-4, gt=0)
    beta1: float = Field(default=0.0, ge=0, lt=1)
    beta2: float = Field(default=0.99, ge=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0)


def build_optimiser(network: nn.Module, settings: OptimiserSettings) -> torch.optim.Optimizer:
    """Return the optimiser of a network's weights."""
    kind = torch.optim.AdamW if settings.kind == "adamw" else torch.optim.Adam
    return kind(
        network.parameters(),
        lr=settings.rate,
        betas=(settings.beta1, settings.beta2),
        weight_decay=settings.weight_decay,
        fused=True,
    )
