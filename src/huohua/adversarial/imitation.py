"""Imitation: a writer learns from a reader by reward, for words cannot be nudged as pixels can.

The reader learns to tell real works from those written to the same prompts. The writer moves by policy
gradient towards what the reader takes for real, never far from where likelihood put it, and some real works
are among what it is rewarded for, so that it does not forget what it imitates.

Letters: B works, T tokens, K columns of a row, N tokens asked for in all works, C labels.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple, Protocol

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.game import Batch, Moment, Terms, Turn
from huohua.adversarial.policy_gradient import divergence, normalised, proximal_loss, reinforce_loss
from huohua.adversarial.schedule import WORKS_PER_KIMG, Schedule, constant
from huohua.config import Config


class Reading(NamedTuple):
    """What a discriminator says of works.

    Attributes:
        score_B: how well each does among works of its prompt; only differences count.
        energy_B: log of how much likelier its writer thinks it than it is.
        token_BT: for each token, the logit of its belonging there.
        label_BC: how surely it sees each label, as logits.
    """

    score_B: Tensor
    energy_B: Tensor
    token_BT: Tensor
    label_BC: Tensor


class Spotted(NamedTuple):
    """Real works with some tokens exchanged and their labels hidden.

    Attributes:
        row_BTK: the works.
        own_BT: 1 where a token is its author's, 0 where it was exchanged.
        asked_BT: where that is asked.
        label_BC: 1 for each label a work has.
    """

    row_BTK: Tensor
    own_BT: Tensor
    asked_BT: Tensor
    label_BC: Tensor


class Craft(Protocol):
    """What an art knows of its rows, for the game knows nothing of them."""

    def real(self, batch: Batch, moment: Moment) -> Tensor:
        """Return the real works, one to a row."""

    def written(self, generator: nn.Module, row_BTK: Tensor, moment: Moment, *, temperature: float) -> Tensor:
        """Return works written by the generator to the prompts of real ones, laid out alike."""

    def finished(self, generator: nn.Module, row_BTK: Tensor, kept: float, dice: torch.Generator) -> Tensor:
        """Return works of which the first share `kept` of what is asked for stands, and the rest is new."""

    def spoiled(self, row_BTK: Tensor, moment: Moment) -> Tensor:
        """Return real works that fit together no longer."""

    def spotted(self, generator: nn.Module, row_BTK: Tensor, moment: Moment) -> Spotted:
        """Return real works with some tokens exchanged for what the generator thinks likely there."""

    def surprise(
        self, generator: nn.Module, row_BTK: Tensor, dice: torch.Generator | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return nats_N of what is asked for, the row of each, and its place in that row, 0 to 1."""

    def judge(self, discriminator: nn.Module, row_BTK: Tensor, dice: torch.Generator | None) -> Reading:
        """Return what a discriminator says of works."""

    def passed(self, generator: nn.Module, row_BTK: Tensor, moment: Moment) -> Callable[[nn.Module], Tensor]:
        """Return how a discriminator scores works so that gradients reach the generator."""


class ImitationSettings(Config):
    """The rules of imitation. A weight of 0 turns its term off.

    Attributes:
        policy: how the writer learns: proximal steps, REINFORCE with works finished by chance (SeqGAN), or
            gradients through choices made straight (Gumbel).
        begin_kimg: thousands of works from which the writer moves; before it the reader learns alone.
        minibatches: in how many steps the writer answers to the works of a round.
        clip: of proximal steps.
        rollouts: in SeqGAN, how often each stretch of a work is finished by chance.
        stretches: in SeqGAN, into how many stretches a work is cut for that.
        temperature: at which the writer writes while it learns.
        demonstrations: share of real works among what is rewarded, over time.
        demonstration_reward: what they earn, in spreads of the rewards above their mean.
        anchor: weight of the divergence from where the writer was when it began to move.
        likelihood: weight of its surprise by real works.
        contrast: weight of telling a real work from one written to its prompt, and from a spoiled one.
        energy: weight of the energy of works beside what the writer thinks of them.
        spotting: weight of finding exchanged tokens.
        naming: weight of naming labels.
        smoothing: of the labels of the energy.
    """

    policy: Literal["proximal", "reinforce", "straight"] = "proximal"
    begin_kimg: float = Field(default=0.0, ge=0)
    minibatches: int = Field(default=4, ge=1)
    clip: float = Field(default=0.2, gt=0)
    rollouts: int = Field(default=2, ge=1)
    stretches: int = Field(default=4, ge=1)
    temperature: float = Field(default=1.0, gt=0)
    demonstrations: Schedule = constant(0.3)
    demonstration_reward: float = 2.0
    anchor: float = Field(default=0.05, ge=0)
    likelihood: float = Field(default=0.1, ge=0)
    contrast: float = Field(default=1.0, ge=0)
    energy: float = Field(default=1.0, ge=0)
    spotting: float = Field(default=1.0, ge=0)
    naming: float = Field(default=0.05, ge=0)
    smoothing: float = Field(default=0.1, ge=0, lt=0.5)


class Anchor(nn.Module):
    """Where a writer was when it began to move: a player that never does, so that checkpoints carry it."""

    held: Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.register_buffer("held", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def hold(self, network: nn.Module) -> None:
        """Take over a network's weights, the first time only."""
        if not self.held:
            self.network.load_state_dict(network.state_dict())
            self.held.fill_(1)


@dataclass(kw_only=True)
class Lesson:
    """What lies on the table in a round: real works, works written to their prompts, and what they earned."""

    batch: Batch
    moment: Moment
    real_BTK: Tensor
    fake_BTK: Tensor
    old_nats_N: Tensor
    row_N: Tensor
    advantage_N: Tensor | None = None
    gauges: dict[str, float] = field(default_factory=dict)


class Imitation:
    """A writer, a reader, and where the writer began.

    Args:
        generator: the writer.
        discriminator: the reader.
        craft: what the art knows of its rows.
        settings: the rules.

    Source: Wu et al. 2021, "TextGAIL: Generative Adversarial Imitation Learning for Text Generation", section
    3 and algorithm 1; Yu et al. 2017, "SeqGAN: Sequence Generative Adversarial Nets with Policy Gradient",
    equation 4, for rewards of stretches; the anchor as in Ziegler et al. 2019, "Fine-Tuning Language Models
    from Human Preferences", equation 2.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, *, craft: Craft, settings: ImitationSettings
    ) -> None:
        self.craft, self.settings = craft, settings
        self.anchor = Anchor(generator)
        self.players: dict[str, nn.Module] = {
            "generator": generator,
            "discriminator": discriminator,
            "anchor": self.anchor,
        }
        steps = settings.minibatches if settings.policy == "proximal" else 1
        self.turns: Sequence[Turn[Lesson]] = (
            Turn(player="discriminator", objective=self.discriminator_turn),
            *(Turn(player="generator", objective=partial(self.generator_turn, part=n)) for n in range(steps)),
        )
        self.averaged: nn.Module = generator

    def moves(self, moment: Moment) -> bool:
        """Return whether the writer moves yet."""
        return moment.shown >= self.settings.begin_kimg * WORKS_PER_KIMG

    @torch.no_grad()
    def deal(self, batch: Batch, moment: Moment) -> Lesson:
        """Let the writer write to the prompts of the real works."""
        generator = self.players["generator"]
        if self.moves(moment):
            self.anchor.hold(generator)
        real_BTK = self.craft.real(batch, moment)
        fake_BTK = self.craft.written(generator, real_BTK, moment, temperature=self.settings.temperature)
        nats_N, row_N, _ = self.craft.surprise(generator, fake_BTK, None)
        return Lesson(
            batch=batch,
            moment=moment,
            real_BTK=real_BTK,
            fake_BTK=fake_BTK,
            old_nats_N=nats_N.float(),
            row_N=row_N,
        )

    def discriminator_turn(self, deal: Lesson) -> Terms:
        """Return the reader's losses."""
        rules, craft, moment = self.settings, self.craft, deal.moment
        reader, dice = self.players["discriminator"], moment.own_dice("reader")
        real, fake = (craft.judge(reader, rows, dice) for rows in (deal.real_BTK, deal.fake_BTK))
        deal.gauges = {
            "score_real": float(real.score_B.detach().mean()),
            "score_fake": float(fake.score_B.detach().mean()),
            "told_apart": float((real.score_B > fake.score_B).float().mean()),
        }
        terms: dict[str, Tensor] = {}
        if rules.contrast:
            spoiled = craft.judge(reader, craft.spoiled(deal.real_BTK, moment), dice)
            contrast = _preferred(real.score_B, fake.score_B) + _preferred(real.score_B, spoiled.score_B)
            terms["contrast"] = rules.contrast * contrast
            deal.gauges["spoiled_told"] = float((real.score_B > spoiled.score_B).float().mean())
        if rules.energy:
            terms["energy"] = rules.energy * energy_loss(real.energy_B, fake.energy_B, rules.smoothing)
        if rules.spotting or rules.naming:
            terms |= self._spotting(deal, dice)
        return terms

    def generator_turn(self, deal: Lesson, part: int = 0) -> Terms:
        """Return the writer's losses in one of its steps; none while it does not move yet."""
        if not self.moves(deal.moment):
            return {}
        if self.settings.policy == "straight":
            return self._straight(deal) | self._likelihood(deal)
        if deal.advantage_N is None:
            # The reader has just moved: what works earn is its present word on them.
            deal.advantage_N = self._rewards(deal)
        rules, generator = self.settings, self.players["generator"]
        mine = torch.arange(part, len(deal.fake_BTK), rules.minibatches if len(self.turns) > 2 else 1)
        chosen_N = torch.isin(deal.row_N, mine.to(deal.row_N))
        nats_N, _, _ = self.craft.surprise(generator, deal.fake_BTK[mine], None)
        nats_N, advantage_N = nats_N.float(), deal.advantage_N[chosen_N]
        if rules.policy == "proximal":
            policy = proximal_loss(nats_N, deal.old_nats_N[chosen_N], advantage_N, clip=rules.clip)
        else:
            policy = reinforce_loss(nats_N, advantage_N)
        terms = {"policy": policy} | self._replay(deal, mine)
        if rules.anchor:
            with torch.no_grad():
                anchor_N = self.craft.surprise(self.anchor.network, deal.fake_BTK[mine], None)[0].float()
            away = divergence(nats_N, anchor_N)
            deal.gauges["divergence"] = float(away.detach())
            terms["anchor"] = rules.anchor * away
        return terms | self._likelihood(deal, mine)

    def gauges(self, deal: Lesson) -> Mapping[str, float]:
        """Return how surely the reader tells works apart, and how far the writer has moved."""
        return deal.gauges

    @torch.no_grad()
    def _rewards(self, deal: Lesson) -> Tensor:
        """Return advantage_N of every token of the works that were written."""
        reader = self.players["discriminator"]
        real_B = self.craft.judge(reader, deal.real_BTK, None).score_B
        whole_B = torch.sigmoid(self.craft.judge(reader, deal.fake_BTK, None).score_B - real_B)
        deal.gauges["reward"] = float(whole_B.mean())
        if self.settings.policy == "proximal":
            return normalised(whole_B)[deal.row_N]
        return self._stretch_rewards(deal, real_B, whole_B)

    def _stretch_rewards(self, deal: Lesson, real_B: Tensor, whole_B: Tensor) -> Tensor:
        """Return advantages by stretch: what works that begin so earn on average, beside the mean."""
        generator, reader, rules = self.players["generator"], self.players["discriminator"], self.settings
        stretch_SB = []
        for stretch in range(1, rules.stretches):
            dice = deal.moment.own_dice(f"rollout {stretch}")
            earned = [
                self.craft.judge(
                    reader,
                    self.craft.finished(generator, deal.fake_BTK, stretch / rules.stretches, dice),
                    None,
                ).score_B
                for _ in range(rules.rollouts)
            ]
            stretch_SB.append(torch.stack([torch.sigmoid(score_B - real_B) for score_B in earned]).mean(0))
        reward_SB = torch.stack([*stretch_SB, whole_B])
        place_N = self.craft.surprise(generator, deal.fake_BTK, None)[2]
        which_N = (place_N * rules.stretches).long().clamp_max(rules.stretches - 1)
        return reward_SB[which_N, deal.row_N] - reward_SB.mean(1)[which_N]

    def _replay(self, deal: Lesson, mine: Tensor) -> dict[str, Tensor]:
        """Return the policy's loss on real works, each of whose tokens earns the same."""
        share = self.settings.demonstrations.at(deal.moment.shown)
        count = round(share * len(mine))
        if not count:
            return {}
        nats_N, _, _ = self.craft.surprise(self.players["generator"], deal.real_BTK[mine[:count]], None)
        # Nobody of the policy chose these words, so the ratio is taken from where it stands: exactly 1.
        nats_N = nats_N.float()
        reward_N = torch.full_like(nats_N, self.settings.demonstration_reward)
        loss = proximal_loss(nats_N, nats_N.detach(), reward_N, clip=self.settings.clip)
        return {"demonstrations": share * (loss + self.settings.demonstration_reward)}

    def _likelihood(self, deal: Lesson, mine: Tensor | None = None) -> dict[str, Tensor]:
        if not self.settings.likelihood:
            return {}
        rows = deal.real_BTK if mine is None else deal.real_BTK[mine]
        dice = deal.moment.own_dice("dropout")
        nats_N, _, _ = self.craft.surprise(self.players["generator"], rows, dice)
        return {"nats": self.settings.likelihood * nats_N.float().mean()}

    def _straight(self, deal: Lesson) -> dict[str, Tensor]:
        score = self.craft.passed(self.players["generator"], deal.fake_BTK, deal.moment)
        with torch.no_grad():
            real_B = self.craft.judge(self.players["discriminator"], deal.real_BTK, None).score_B
        return {"policy": _preferred(score(self.players["discriminator"]), real_B)}

    def _spotting(self, deal: Lesson, dice: torch.Generator) -> dict[str, Tensor]:
        rules = self.settings
        spotted = self.craft.spotted(self.players["generator"], deal.real_BTK, deal.moment)
        read = self.craft.judge(self.players["discriminator"], spotted.row_BTK, dice)
        terms: dict[str, Tensor] = {}
        if rules.spotting and bool(spotted.asked_BT.any()):
            found = read.token_BT[spotted.asked_BT], spotted.own_BT[spotted.asked_BT]
            terms["spotting"] = rules.spotting * F.binary_cross_entropy_with_logits(*found)
        if rules.naming and spotted.label_BC.shape[1]:
            naming = F.binary_cross_entropy_with_logits(read.label_BC, spotted.label_BC, reduction="none")
            # Summed over labels: a work has a few of hundreds, and a mean would hardly ask for them.
            terms["naming"] = rules.naming * naming.sum(1).mean()
        return terms


def _preferred(better_B: Tensor, worse_B: Tensor) -> Tensor:
    """Return minus log of the chance that the better is preferred, averaged over pairs.

    Source: Bradley and Terry 1952, "Rank Analysis of Incomplete Block Designs", equation 1; of pairs of one
    prompt as in Wu et al. 2021, "TextGAIL", equation 4.
    """
    return F.softplus(worse_B - better_B).mean()


def energy_loss(real_B: Tensor, fake_B: Tensor, smoothing: float = 0.0) -> Tensor:
    """Return the loss of noise-contrastive estimation, for works of a model and energies beside that model.

    Source: Deng et al. 2020, "Residual Energy-Based Models for Text Generation", equation 4.

    Args:
        real_B: energies of real works.
        fake_B: of works the model wrote.
        smoothing: how far from 0 and 1 the targets are (Salimans et al. 2016, section 3.4, on both sides).

    Example:
        >>> round(energy_loss(torch.zeros(1), torch.zeros(1)).item(), 4)  # 2 log 2
        1.3863
    """
    real = F.binary_cross_entropy_with_logits(-real_B, torch.full_like(real_B, 1 - smoothing))
    fake = F.binary_cross_entropy_with_logits(-fake_B, torch.full_like(fake_B, smoothing))
    return real + fake
