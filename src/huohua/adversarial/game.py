"""Games: players, turns, and what is dealt to them in a round.

A game is a set of players (networks) and a cycle of turns. At the start of a round the game deals:
it looks at real works, makes fake ones, and shows both as the discriminator sees them. In each turn
one player moves to lower its own losses, and all others hold still. A game owns nothing but its
losses; a network owns nothing but `forward`; only the loop calls `backward` and `step`.

`Duel` is the reference game of one generator and one discriminator. CycleGAN is four players and
three turns, SRGAN this duel with a content term, SeqGAN another objective in the generator's turn:
none needs another loop.

Shape letters:  B works,  Z latent,  C condition,  S positions scored in each work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor, nn

from huohua.randomness import torch_generator

Terms = Mapping[str, Tensor]  # named scalar losses of one turn; their sum is minimised
Seen = Tensor | tuple[Tensor, ...]  # a work as the discriminator sees it
View = Callable[[Tensor, float, torch.Generator], Seen]  # (works, augmentation strength, dice) -> seen


class Judgement(NamedTuple):
    """What a discriminator says of some works: a score for each position, and what it based it on.

    `named_BC` says how surely it sees each condition, as logits, if it names conditions; see `naming`.
    """

    score_BS: Tensor
    features: tuple[Tensor, ...] = ()
    named_BC: Tensor | None = None

    def split(self, count: int) -> tuple[Judgement, Judgement]:
        """Return the judgement on the first `count` works, and that on the others."""
        first = Judgement(
            self.score_BS[:count],
            tuple(feature[:count] for feature in self.features),
            None if self.named_BC is None else self.named_BC[:count],
        )
        others = Judgement(
            self.score_BS[count:],
            tuple(feature[count:] for feature in self.features),
            None if self.named_BC is None else self.named_BC[count:],
        )
        return first, others


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Real works and their conditions: this process's share of a round."""

    sample: Tensor
    condition_BC: Tensor


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When in a run we are, and how the dice fall there.

    Attributes:
        round: rounds played so far.
        shown: real works shown so far, by all processes.
        seed: the run's seed; a roll-back changes it, so that the same road is not taken twice.
        part: which part of the round's works this is, when gradients are accumulated.
        parts: in how many parts a process goes through its works.
        share: this process's number.
        shares: number of processes.
        strength: strength of augmentation, 0 to 1.
        penalty_scale: factor on every penalty; above 1 after a roll-back.
        spread_scale: factor on mode seeking; above 1 after a collapse.
    """

    round: int = 0
    shown: int = 0
    seed: int = 0
    part: int = 0
    parts: int = 1
    share: int = 0
    shares: int = 1
    strength: float = 0.0
    penalty_scale: float = 1.0
    spread_scale: float = 1.0

    def own_dice(self, name: str) -> torch.Generator:
        """Return a generator for one named use that differs between processes and between parts."""
        return torch_generator(self.seed, name, self.round, self.part, self.share)

    def draw(self, name: str, count: int, *shape: int) -> Tensor:
        """Return this part's `count` rows of the standard normal numbers drawn for the whole round.

        The whole is drawn each time and the share kept, so that two processes, or two parts, see what
        one sees.
        """
        dice = torch_generator(self.seed, name, self.round)
        whole = torch.randn(count * self.parts * self.shares, *shape, generator=dice)
        first = (self.part * self.shares + self.share) * count
        return whole[first : first + count]


D = TypeVar("D")


@dataclass(frozen=True, kw_only=True)
class Turn(Generic[D]):
    """One player's move: minimise the sum of `objective(deal)` over that player's weights.

    Attributes:
        player: who moves.
        objective: the named losses of this turn; without any the player passes.
        every: the turn is played only in rounds divisible by this.
    """

    player: str
    objective: Callable[[D], Terms]
    every: int = 1


class Game(Protocol[D]):
    """Players, the cycle of their turns, and how a round begins."""

    @property
    def players(self) -> Mapping[str, nn.Module]:
        """The networks, by name."""

    @property
    def turns(self) -> Sequence[Turn[D]]:
        """The moves of a round, in order."""

    @property
    def averaged(self) -> nn.Module:
        """The network of which a run keeps a slow copy, to be drawn with and saved; a generator."""

    def deal(self, batch: Batch, moment: Moment) -> D:
        """Begin a round: everything its turns have in common."""

    def gauges(self, deal: D) -> Mapping[str, float]:
        """Return what a played deal says about the state of the game, for people and for health."""


class only_moving:
    """Within this block gradients reach one player only; flags are restored on the way out.

    A weight that the mover shares with another player moves; one that was frozen before stays so.
    """

    def __init__(self, players: Mapping[str, nn.Module], mover: str) -> None:
        movers = set(players[mover].parameters())
        weights = {weight for network in players.values() for weight in network.parameters()}
        self.held = [weight for weight in weights if weight.requires_grad and weight not in movers]

    def __enter__(self) -> None:
        for weight in self.held:
            weight.requires_grad_(False)

    def __exit__(self, *error: object) -> None:
        for weight in self.held:
            weight.requires_grad_(True)


def plain_view(sample: Tensor, strength: float, dice: torch.Generator) -> Seen:
    """Show works as they are."""
    return sample


def detached(seen: Seen) -> Seen:
    """Return what is seen, cut off from whatever made it."""
    return seen.detach() if isinstance(seen, Tensor) else tuple(part.detach() for part in seen)


def side_by_side(first: Seen, second: Seen) -> Seen:
    """Return two lots of works, seen alike, as one."""
    if isinstance(first, Tensor) and isinstance(second, Tensor):
        return torch.cat([first, second])
    return tuple(torch.cat(pair) for pair in zip(first, second, strict=True))
