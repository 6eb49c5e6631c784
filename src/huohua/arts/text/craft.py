"""What the game of imitation must know of texts: how rows are taken apart, written anew, spoiled and judged.

Letters: B works, T tokens, K columns of a row, N tokens asked for in all works, V tokens there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.gumbel import straight
from huohua.adversarial.imitation import Reading, Spotted
from huohua.arts.text import spoiling
from huohua.arts.text.continuing import Chance, Guide, go_on
from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.plans import LinePlan, StepPlan
from huohua.arts.text.rows import COLUMNS, COUNTED, SYMBOLS, TOKEN, WORK
from huohua.arts.text.signs import FIXED, Signs
from huohua.randomness import numpy_generator, torch_generator

EXCHANGED = 0.15  # share of tokens that are exchanged for spotting


@dataclass(frozen=True, kw_only=True)
class TextCraft:
    """Rows of texts.

    Attributes:
        signs: the tokens that are no text.
        breaks: tokens that close a line; none where each token is one character, so that works keep step.
        works: most works of a round that are written anew.
        longest: most tokens of such a work with its prompt.
    """

    signs: Signs
    breaks: Collection[int] = ()
    works: int = 32
    longest: int = 128

    def real(self, batch: Batch, moment: Moment) -> Tensor:
        """Return row_BTK of some works, one to a row; only what comes last is asked for."""
        found = [row for row in unpacked(batch.sample.cpu().numpy()) if len(row) <= self.longest]
        if not found:
            found = [row[-self.longest :] for row in unpacked(batch.sample.cpu().numpy())]
        return self.stacked([last_asked(row) for row in found[: self.works]]).to(batch.sample.device)

    def written(self, generator: nn.Module, row_BTK: Tensor, moment: Moment, *, temperature: float) -> Tensor:
        """Return works written to the same prompts and lines."""
        seed = int(torch.randint(1 << 62, (1,), generator=moment.own_dice("writing")))
        return self._rewritten(generator, row_BTK, 0.0, torch_generator(seed, "tokens"), temperature)

    def finished(self, generator: nn.Module, row_BTK: Tensor, kept: float, dice: torch.Generator) -> Tensor:
        """Return works whose first share `kept` of what is asked for stands, and the rest is new."""
        return self._rewritten(generator, row_BTK, kept, dice, 1.0)

    def spoiled(self, row_BTK: Tensor, moment: Moment) -> Tensor:
        """Return works of which lines are exchanged, or that are under another's keyword."""
        dice = numpy_generator(moment.seed, "spoiling", moment.round, moment.part, moment.share)
        rows = [trimmed(row) for row in row_BTK.cpu().numpy()]
        return self.stacked(spoiling.spoiled(rows, self.signs["keyword"], dice)).to(row_BTK.device)

    @torch.no_grad()
    def spotted(self, generator: nn.Module, row_BTK: Tensor, moment: Moment) -> Spotted:
        """Return works with some tokens exchanged for ones that are likely after what stands before them."""
        dice = moment.own_dice("exchange")
        writer, token_BT = cast(Writer, generator), row_BTK[..., TOKEN]
        asked_BT = (row_BTK[..., COUNTED] > 0) & (token_BT != self.signs.end)
        lot_BT = torch.rand(token_BT.shape, generator=dice).to(token_BT.device) < EXCHANGED
        which_BT = asked_BT & lot_BT
        hidden_BTD = writer.gathered(row_BTK)
        before_BT = torch.cat([which_BT[:, 1:], torch.zeros_like(which_BT[:, :1])], dim=1)
        share_NV = writer.scores(hidden_BTD[before_BT])[:, : self.signs.first].float().softmax(-1)
        shown_BTK = row_BTK.clone()
        if len(share_NV):
            shown_BTK[..., TOKEN][which_BT] = torch.multinomial(share_NV.cpu(), 1, generator=dice)[:, 0].to(
                token_BT
            )
        own_BT = (shown_BTK[..., TOKEN] == token_BT).float()
        first = self.signs.first + len(FIXED)
        label_BC = torch.zeros(len(row_BTK), len(self.signs.labels), device=row_BTK.device)
        row_N, place_N = (token_BT >= first).nonzero(as_tuple=True)
        label_BC[row_N, token_BT[row_N, place_N] - first] = 1
        shown_BTK[..., TOKEN] = shown_BTK[..., TOKEN].masked_fill(token_BT >= first, self.signs["hidden"])
        return Spotted(row_BTK=shown_BTK, own_BT=own_BT, asked_BT=asked_BT, label_BC=label_BC)

    def surprise(
        self, generator: nn.Module, row_BTK: Tensor, dice: torch.Generator | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return nats_N of what is asked for, the row of each, and its place in that row, 0 to 1."""
        asked = generator(row_BTK, dice)
        counts_B = torch.bincount(asked.row_N, minlength=len(row_BTK))
        first_B = counts_B.cumsum(0) - counts_B
        order_N = torch.arange(len(asked.row_N), device=row_BTK.device) - first_B[asked.row_N]
        return asked.nats_N, asked.row_N, order_N / counts_B[asked.row_N]

    def judge(self, discriminator: nn.Module, row_BTK: Tensor, dice: torch.Generator | None) -> Reading:
        """Return what a reader says of works."""
        return cast(Reading, discriminator(row_BTK, dice))

    def passed(self, generator: nn.Module, row_BTK: Tensor, moment: Moment) -> Callable[[nn.Module], Tensor]:
        """Return the scores of works whose choices let gradients through.

        Each choice is made from what stands before it as it stands: gradients do not go back through earlier
        choices, which would take the keys and values of all of them.
        """
        writer, token_BT = cast(Writer, generator), row_BTK[..., TOKEN]
        hidden_BTD = writer.gathered(row_BTK)
        asked_BT = row_BTK[:, 1:, COUNTED] > 0
        score_NV = writer.scores(hidden_BTD[:, :-1][asked_BT]).float()
        chosen_NV = straight(score_NV, token_BT[:, 1:][asked_BT], moment.own_dice("gumbel"))
        mixed_BTV = nn.functional.one_hot(token_BT, score_NV.shape[1]).to(chosen_NV)
        row_N, place_N = asked_BT.nonzero(as_tuple=True)
        mixed_BTV = mixed_BTV.index_put((row_N, place_N + 1), chosen_NV)
        return lambda discriminator: cast(Tensor, discriminator(row_BTK, None, mixed_BTV).score_B)

    def stacked(self, rows: Sequence[NDArray[np.int64]]) -> Tensor:
        """Return row_BTK of rows of unequal length."""
        row_BTK = torch.zeros(len(rows), max(map(len, rows)), COLUMNS, dtype=torch.long)
        row_BTK[..., TOKEN] = self.signs["pad"]
        for number, row in enumerate(rows):
            row_BTK[number, : len(row)] = torch.from_numpy(row)
        return row_BTK

    def _rewritten(
        self, generator: nn.Module, row_BTK: Tensor, kept: float, dice: torch.Generator, temperature: float
    ) -> Tensor:
        writer = cast(Writer, generator)
        heads, guides, plans = list[NDArray[np.int64]](), list[Guide](), list[NDArray[np.int64]]()
        for row in row_BTK.cpu().numpy():
            row_TK = trimmed(row)
            first = len(row_TK) - int(row_TK[:, COUNTED].sum())
            cut = first + int((len(row_TK) - first) * kept)
            heads.append(row_TK[:cut])
            plans.append(row_TK[cut:])
            guides.append(self._plan(row_TK[cut:]))
        chance = Chance(temperature=temperature)
        most = max(int(len(plan) * 1.25) + 2 for plan in plans)
        found = go_on(writer, heads, guides, chance, dice, text_tokens=self.signs.first, most=most)
        rows = []
        for head, continued in zip(heads, found, strict=True):
            tail = np.zeros((len(continued.tokens), COLUMNS), dtype=np.int64)
            tail[:, TOKEN], tail[:, WORK], tail[:, COUNTED] = continued.tokens, 1, 1
            tail[:, SYMBOLS] = np.array(continued.symbols, dtype=np.int64).reshape(-1, 4)
            rows.append(np.concatenate([head, tail]))
        return self.stacked(rows).to(row_BTK.device)

    def _plan(self, row_TK: NDArray[np.int64]) -> Guide:
        if self.breaks:
            return LinePlan(row_TK, end=self.signs.end, breaks=self.breaks)
        return StepPlan(row_TK, end=self.signs.end)


def unpacked(sample_BTK: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the works of packed rows, each as row_TK of its own."""
    found = []
    for row in sample_BTK:
        for work in range(1, int(row[:, WORK].max(initial=0)) + 1):
            one = row[row[:, WORK] == work].copy()
            one[:, WORK] = 1
            if one[:, COUNTED].any():
                found.append(one)
    return found


def last_asked(row_TK: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a row of which only the last stretch that is asked for is asked for."""
    (others,) = np.nonzero(row_TK[:, COUNTED] == 0)
    row_TK = row_TK.copy()
    row_TK[: others[-1] + 1 if len(others) else 0, COUNTED] = 0
    return row_TK


def trimmed(row_TK: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a row without what fills it up."""
    return row_TK[row_TK[:, WORK] > 0]
