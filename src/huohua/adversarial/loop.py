"""The loop: the one place where networks learn.

`play` takes a game round by round and says what each round cost. Stopping, saving, drawing and
scheduling are the caller's. One process or many is a matter of how the program was launched: the
Accelerator gives the device, the precision and the mean over processes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedType
from torch import Tensor

from huohua.adversarial.agreement import average_buffers, average_gradients
from huohua.adversarial.game import Batch, Game, Moment, Turn, only_moving

D = TypeVar("D")
# Where gradients lie in the weights as they are, so that their length can be taken here.
PLAIN = (DistributedType.NO, DistributedType.MULTI_CPU, DistributedType.MULTI_GPU)


@dataclass(frozen=True, kw_only=True)
class Round:
    """The works of one round, in one part or, to accumulate gradients, in several."""

    moments: Sequence[Moment]
    batches: Sequence[Batch]


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a round cost and how the game stands; `finite` is False where a player refused to move."""

    moment: Moment
    costs: Mapping[str, float]
    gauges: Mapping[str, float]
    finite: bool


class Diverged(ArithmeticError):
    """A loss or a gradient is no longer a finite number; the player was not moved."""


def play(
    game: Game[D],
    rounds: Iterable[Round],
    optimisers: Mapping[str, torch.optim.Optimizer],
    accelerator: Accelerator,
    *,
    clip: float | None = None,
) -> Iterator[Played]:
    """Play rounds, yielding what each cost.

    Args:
        game: players and turns.
        rounds: the real works of each round and their moments.
        optimisers: one for each player that moves, prepared by `accelerator`.
        accelerator: device, precision and processes.
        clip: gradients longer than this are shortened to it.
    """
    for each in rounds:
        costs: dict[str, float] = {}
        finite = True
        with accelerator.autocast():
            deals = [game.deal(each.batches[0], each.moments[0])]
        for turn in game.turns:
            if each.moments[0].round % turn.every:
                continue
            try:
                costs |= _move(game, turn, each, deals, optimisers[turn.player], accelerator, clip)
            except Diverged:
                finite = False
                break
        average_buffers(game.players.values(), accelerator)
        gauges = game.gauges(deals[0]) if finite else {}
        yield Played(moment=each.moments[0], costs=costs, gauges=gauges, finite=finite)


def _move(
    game: Game[D],
    turn: Turn[D],
    each: Round,
    deals: list[D],
    optimiser: torch.optim.Optimizer,
    accelerator: Accelerator,
    clip: float | None,
) -> dict[str, float]:
    """Let one player take its turn: gradients of all parts, averaged over processes, then one step."""
    parts = len(each.batches)
    optimiser.zero_grad(set_to_none=True)
    costs: dict[str, float] = {}
    with only_moving(game.players, turn.player):
        for part, (batch, moment) in enumerate(zip(each.batches, each.moments, strict=True)):
            with accelerator.autocast():
                # Only the first deal is kept between turns: later ones are dealt again, with the same
                # dice, because holding the graphs of all parts is what accumulation is to avoid.
                deal = deals[0] if part == 0 else game.deal(batch, moment)
                terms = turn.objective(deal)
                if not terms:
                    continue
                total = torch.stack(list(terms.values())).sum() / parts
            for name, term in terms.items():
                key = f"{turn.player}/{name}"
                costs[key] = costs.get(key, 0.0) + term.item() / parts
            accelerator.backward(total)
    if not costs:
        return costs  # the player passes
    # Finiteness is judged after averaging, so that every process comes to the same verdict.
    average_gradients(game.players[turn.player], accelerator)
    weights = [weight for weight in game.players[turn.player].parameters() if weight.grad is not None]
    norm = _shorten(weights, clip, accelerator)
    if norm is not None and accelerator.scaler is None and not torch.isfinite(norm):
        raise Diverged(turn.player)
    optimiser.step()
    return costs


def _shorten(weights: Sequence[Tensor], clip: float | None, accelerator: Accelerator) -> Tensor | None:
    """Shorten gradients that are longer than `clip`; return how long they were, if that is known."""
    if clip is not None or accelerator.distributed_type not in PLAIN:
        norm: Tensor | None = accelerator.clip_grad_norm_(weights, clip or math.inf)
        return norm
    # Clipping to infinity would multiply every gradient by one, in another pass over all of them.
    accelerator.unscale_gradients()
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    return torch.nn.utils.get_total_norm(gradients)
