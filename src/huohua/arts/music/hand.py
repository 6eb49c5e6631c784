"""How a composer writes and a critic sees, for the game between them.

Letters: B works, T steps, R roles, C columns of a packed work, K bars, Y condition, Z latent.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from huohua.adversarial.game import Seen
from huohua.arts.music.control_scales import GROUP
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.networks.cells import V, cells_of
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.networks.playing import Taste, write_all
from huohua.arts.music.networks.rolls import PITCHES, Rolls, retraced, rolls_of
from huohua.conditions.space import ConditionSpace

TEMPERATURE = 1.0
# What counts as a difference of one: notes a step, notes at once, semitones.
UNITS: Mapping[str, float] = {"density": 0.25, "polyphony": 1.0, "register": 12.0}


class ComposerHand:
    """See `Hand` for the meaning of each member.

    Args:
        composer: the generator.
        space: what a condition says, to know which controls were asked for.
    """

    def __init__(self, composer: Composer, space: ConditionSpace) -> None:
        self.composer = composer
        places = space.places()
        self.places = {name: places[GROUP, name] for name in UNITS if (GROUP, name) in places}

    def write(
        self, sample: Tensor, hidden: Tensor, condition_BC: Tensor, latent_BZ: Tensor, dice: torch.Generator
    ) -> Tensor:
        """Return works with their hidden cells written."""
        with torch.autocast(sample.device.type, enabled=False):  # small steps are quicker in 32 bits
            written = write_all(
                self.composer, sample, hidden, condition_BC, latent_BZ, taste=Taste(), dice=dice
            )
        return written.clone()  # made in inference mode, and wanted outside of it

    def retrace(
        self, written: Tensor, hidden: Tensor, condition_BC: Tensor, latent_BZ: Tensor, dice: torch.Generator
    ) -> tuple[Seen, Tensor]:
        """Return rolls of written works with slopes, and how likely each choice was."""
        picked = self.composer.pick(written, hidden, condition_BC, latent_BZ)
        return retraced(picked, dice, temperature=TEMPERATURE)

    def show(self, sample: Tensor) -> Seen:
        """Return rolls of works."""
        return rolls_of(cells_of(sample))

    def consistency(self, real: Seen, fake: Seen, hidden: Tensor, condition_BC: Tensor) -> Tensor:
        """Return the mean squared distance of controls that were asked for, from those of the real works.

        What was asked of a work was measured in the real one, so its measures are what was meant.
        """
        distances = []
        wanted, got = measures(real, hidden), measures(fake, hidden)  # type: ignore[arg-type]
        for name, place in self.places.items():
            asked_BK = ~condition_BC[..., place].isnan()
            if condition_BC.ndim == 2:
                asked_BK = asked_BK[:, None]
            distance_BK = ((got[name] - wanted[name]) / UNITS[name]).square() * asked_BK
            distances.append(distance_BK.sum() / asked_BK.expand_as(distance_BK).sum().clamp_min(1))
        return torch.stack(distances).sum() if distances else hidden.new_zeros((), dtype=torch.float32)


def measures(rolls: Rolls, hidden_BTR: Tensor) -> dict[str, Tensor]:
    """Return density, polyphony and register of each bar (B, K), as sums over rolls, which have slopes."""
    struck_BTRP, sounding_BTRP, drums_BTD = (part.float() for part in rolls)
    bars = hidden_BTR.shape[1] // STEPS
    roles_B = hidden_BTR.any(1).sum(1).clamp_min(1)[:, None]
    # A chord counts once, however many notes it has.
    struck_BT = struck_BTRP[:, :, :V].sum((2, 3)) + struck_BTRP[:, :, V].sum(-1).clamp(max=1)
    struck_BT = struck_BT + drums_BTD.sum(-1).clamp(max=1)
    sounding_BT = sounding_BTRP.sum((2, 3))
    pitch_P = torch.arange(PITCHES, dtype=torch.float32, device=hidden_BTR.device)
    height_BK = (sounding_BTRP * pitch_P).sum((2, 3)).unflatten(1, (bars, STEPS)).sum(2)
    amount_BK = sounding_BT.unflatten(1, (bars, STEPS)).sum(2)
    sung_BK = (sounding_BT.detach() > 0).unflatten(1, (bars, STEPS)).sum(2).clamp_min(1)
    return {
        "density": struck_BT.unflatten(1, (bars, STEPS)).mean(2) / roles_B,
        "polyphony": amount_BK / sung_BK,
        "register": height_BK / amount_BK.clamp_min(1),
    }
