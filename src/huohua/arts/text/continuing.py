"""Going on with rows, token by token: many at once, each under a guide of its own.

A guide says what the next token is for and which tokens may come; it is an automaton, or a plan read off a
real text. Rows of unequal length are laid so that they end together, with blanks before them.

Letters: B rows, T tokens, V tokens there are, K columns of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.rows import COLUMNS, SYMBOLS, TOKEN
from huohua.blocks.transformer import Kept

WIDEST = 1024  # most tokens that a nucleus is sought among
NEVER = -1e9


class Guide(Protocol):
    """What leads one row."""

    @property
    def done(self) -> bool:
        """Return whether nothing more is to be written."""
        ...

    def ahead(self) -> tuple[int, int, int, int]:
        """Return the symbols of the next token."""
        ...

    def allowed(self) -> NDArray[np.bool_] | None:
        """Return mask_V of the tokens that may come next, None for all that are text."""
        ...

    def take(self, token: int) -> None:
        """Note that a token was written."""
        ...


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How tokens are drawn.

    Attributes:
        temperature: above 1 surprises, below 1 plays safe; 0 takes the likeliest.
        top_p: drawn among the likeliest tokens that together have this chance.
    """

    temperature: float = 1.0
    top_p: float = 1.0


@dataclass(kw_only=True)
class Continued:
    """What was written behind a row.

    Attributes:
        tokens: what was written.
        symbols: what each was for.
        nats: how surprised the writer was by each, among all tokens that were allowed, before temperature.
    """

    tokens: list[int] = field(default_factory=list)
    symbols: list[tuple[int, int, int, int]] = field(default_factory=list)
    nats: list[float] = field(default_factory=list)


@torch.inference_mode()
def go_on(
    writer: Writer,
    heads: Sequence[NDArray[np.int64]],
    guides: Sequence[Guide],
    chance: Chance,
    dice: torch.Generator,
    *,
    text_tokens: int,
    most: int,
) -> list[Continued]:
    """Return what is written behind each of some rows.

    Args:
        writer: in evaluation mode.
        heads: row_TK of each, as far as it goes.
        guides: one for each row.
        chance: how tokens are drawn.
        dice: where chance comes from.
        text_tokens: how many of the first tokens are text; signs are never written.
        most: tokens after which a row is left as it is.
    """
    with torch.autocast("cpu", enabled=False):  # weights would be made 16 bits anew for every token
        return _gone_on(_Stand(writer, heads), guides, chance, dice, text_tokens=text_tokens, most=most)


def _gone_on(
    stand: _Stand,
    guides: Sequence[Guide],
    chance: Chance,
    dice: torch.Generator,
    *,
    text_tokens: int,
    most: int,
) -> list[Continued]:
    found = [Continued() for _ in guides]
    symbols = [guide.ahead() for guide in guides]
    score_BV = stand.read_heads(symbols)
    for _ in range(most):
        nats_BV = -_allowed_only(score_BV[:, :text_tokens], guides).log_softmax(-1)
        tokens = drawn(-nats_BV, chance, dice).tolist()
        for row, (guide, token) in enumerate(zip(guides, tokens, strict=True)):
            if not guide.done:
                found[row].tokens.append(token)
                found[row].symbols.append(symbols[row])
                found[row].nats.append(float(nats_BV[row, token]))
                guide.take(token)
        if all(guide.done for guide in guides):
            break
        symbols = [(0, 0, 0, 0) if guide.done else guide.ahead() for guide in guides]
        score_BV = stand.read_on(tokens, symbols)
    return found


def drawn(score_BV: Tensor, chance: Chance, dice: torch.Generator) -> Tensor:
    """Return token_B drawn by their scores.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1, the nucleus;
    here of the chances after temperature.

    Example:
        >>> one = torch.tensor([[0.0, 3.0, 1.0]])
        >>> drawn(one, Chance(temperature=0), torch.Generator()).tolist()
        [1]
    """
    if chance.temperature == 0:
        return score_BV.argmax(-1)
    warm_BV = score_BV / chance.temperature
    if chance.top_p == 1:
        return torch.multinomial(warm_BV.softmax(-1), 1, generator=dice)[:, 0]
    # Sorting all tokens takes longer than the rest: beyond the likeliest no nucleus reaches.
    best_BN, token_BN = warm_BV.topk(min(WIDEST, warm_BV.shape[1]), dim=-1)
    share_BN = (best_BN - warm_BV.logsumexp(-1, keepdim=True)).exp()
    before_BN = share_BN.cumsum(-1) - share_BN
    share_BN = share_BN.masked_fill(before_BN >= chance.top_p, 0)
    place_B1 = torch.multinomial(share_BN, 1, generator=dice)
    return token_BN.gather(1, place_B1)[:, 0]


def _allowed_only(score_BV: Tensor, guides: Sequence[Guide]) -> Tensor:
    """Return scores with all others far below; a guide's mask is of the tokens that are text."""
    forbidden_BV = np.zeros(score_BV.shape, dtype=np.bool_)
    for row, guide in enumerate(guides):
        mask = None if guide.done else guide.allowed()
        if mask is not None:
            np.logical_not(mask, out=forbidden_BV[row])
    return score_BV.masked_fill(torch.from_numpy(forbidden_BV), NEVER)


class _Stand:
    """Where a writer stands in some rows: what it keeps, and how many of the first places are blank."""

    def __init__(self, writer: Writer, heads: Sequence[NDArray[np.int64]]) -> None:
        self.writer, self.heads, self.device = writer, heads, writer.token.weight.device
        self.at = max(len(head) for head in heads)
        lengths = torch.tensor([len(head) for head in heads])
        even = bool((lengths == self.at).all())
        places = torch.arange(writer.settings.longest)
        self.blank_BT = None if even else (places[None] < (self.at - lengths)[:, None]).to(self.device)
        # Where all rows begin alike the head is read once and shared.
        self.shared = even and all(np.array_equal(head, heads[0]) for head in heads[1:])
        self.kept: list[Kept] = []

    def read_heads(self, symbols: Sequence[tuple[int, int, int, int]]) -> Tensor:
        """Return score_BV of the first token after each head."""
        rows = self.heads[:1] if self.shared else self.heads
        row_BTK = torch.zeros(len(rows), self.at, COLUMNS, dtype=torch.long)
        for number, head in enumerate(rows):
            row_BTK[number, self.at - len(head) :] = torch.from_numpy(head)
        next_BTK = torch.zeros_like(row_BTK)
        next_BTK[:, :-1] = row_BTK[:, 1:]
        row_BTK, next_BTK = row_BTK.to(self.device), next_BTK.to(self.device)
        kept = self.writer.begin(len(rows))
        if self.shared:
            # The last token of the head is read for each row on its own: only there do guides differ.
            if self.at > 1:
                self.writer.extend(row_BTK[:, :-1, TOKEN], next_BTK[:, :-1], kept, 0)
            everybody = torch.zeros(len(self.heads), dtype=torch.long, device=self.device)
            self.kept = [own.picked(everybody) for own in kept]
            last_BTK = self._symbols(symbols)
            token_BT = row_BTK[:, -1:, TOKEN].expand(len(self.heads), 1)
            return self.writer.extend(token_BT, last_BTK, self.kept, self.at - 1).cpu()
        self.kept = kept
        next_BTK[:, -1:] = self._symbols(symbols)
        return self.writer.extend(row_BTK[..., TOKEN], next_BTK, kept, 0, self.blank_BT).cpu()

    def read_on(self, tokens: Sequence[int], symbols: Sequence[tuple[int, int, int, int]]) -> Tensor:
        """Return score_BV of what comes after one more token in each row."""
        token_BT = torch.tensor(tokens, device=self.device)[:, None]
        score_BV = self.writer.extend(token_BT, self._symbols(symbols), self.kept, self.at, self.blank_BT)
        self.at += 1
        return score_BV.cpu()

    def _symbols(self, symbols: Sequence[tuple[int, int, int, int]]) -> Tensor:
        """Return next_B1K that says what the next token of each row is for."""
        next_BTK = torch.zeros(len(symbols), 1, COLUMNS, dtype=torch.long)
        next_BTK[:, 0, SYMBOLS] = torch.tensor(symbols)
        return next_BTK.to(self.device)
