"""What is kept of a run while it goes on: its figures, its sheets, and a model that can be played."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from torch import Tensor, nn

from huohua.arts.workshop import Part, Parts, Workshop
from huohua.conditions.typical import typical
from huohua.files import storage_errors
from huohua.randomness import numpy_generator
from huohua.studio.plan import Plan
from huohua.version import __version__
from huohua.zoo.card import write_card
from huohua.zoo.catalogue import remember
from huohua.zoo.format import ModelConfig, PartConfig, Training, save_model


@dataclass(kw_only=True)
class Keeper:
    """The engine's inspector of a run: it asks the art to measure and to draw, and saves the model.

    Attributes:
        folder: of the run.
        plan: of the run.
        workshop: of the art, prepared.
        known_as: the name that the model goes by in the catalogue, "" until it is there.
    """

    folder: Path
    plan: Plan
    workshop: Workshop
    known_as: str = ""

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return figures of fixed probes."""
        return self.workshop.measure(network)

    def preview(self, network: nn.Module, shown: int) -> str:
        """Draw the sheet of fixed samples; return its path in the run folder."""
        path = self.folder / "previews" / f"{shown:09d}.png"
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.workshop.preview(network, path)
        return str(path.relative_to(self.folder))

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Save the averaged generator as a model and enter it in the catalogue."""
        parts = self.workshop.parts(network)
        config = self._config(parts, self._training(shown, seconds, figures))
        save_model(
            self.folder / "model",
            config=config,
            weights=_weights(parts.generator),
            card=write_card(config),
            encoder=_weights(parts.encoder) if parts.encoder else None,
            discriminator=_weights(parts.discriminator) if parts.discriminator else None,
        )
        if not self.known_as:
            self.known_as = remember(self.plan.name, self.folder / "model")

    def _config(self, parts: Parts, trained: Training) -> ModelConfig:
        plan, works = self.plan, self.workshop
        dice = numpy_generator(plan.seed, "typical")
        return ModelConfig(
            art=plan.art,
            generator=parts.generator.name,
            settings=dict(parts.generator.settings),
            latent=parts.latent,
            frame=plan.frame,
            conditions=works.conditions,
            typical=typical(works.condition_NC, works.conditions, dice),
            trained=trained,
            name=plan.name,
            encoder=_known(parts.encoder),
            discriminator=_known(parts.discriminator),
            learnt=dict(parts.learnt),
        )

    def _training(self, shown: int, seconds: float, figures: Mapping[str, float]) -> Training:
        works = self.workshop
        return Training(
            data=works.name,
            licence=works.licence,
            origin=works.origin,
            works=len(works),
            shown=shown,
            seconds=round(seconds, 3),
            preset=self.plan.preset,
            version=__version__,
            created=datetime.now(timezone.utc).date().isoformat(),
            figures={name: round(value, 4) for name, value in figures.items() if math.isfinite(value)},
        )


def _known(part: Part | None) -> PartConfig | None:
    return PartConfig(name=part.name, settings=dict(part.settings)) if part else None


def _weights(part: Part) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu() for name, tensor in part.network.state_dict().items()}
