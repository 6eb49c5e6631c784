"""The likelihood of many small choices that hang together, such as the notes of a chord.

Choices are made in a fixed order, each knowing all before it. Every choice has a state of its own before
(a pitch was sounding or not), and how likely it is to go from that state to another is told as well.

Letters: N sets, P choices in a set, K values of a choice, D width of what is known, H hidden width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class SetDensity(nn.Module):
    """A neural autoregressive density of P choices among K values.

    Value 0 means "not in the set" and adds nothing to what later choices know.

    Args:
        width: D of what is known of a set beforehand.
        choices: P.
        values: K.
        hidden: H.

    Source: Larochelle and Murray 2011, "The Neural Autoregressive Distribution Estimator", equations 1 and 2,
    with K values for 2 and a rectifier; the table of transitions and the direct path are ours.
    """

    def __init__(self, width: int, *, choices: int, values: int, hidden: int) -> None:
        super().__init__()
        self.choices, self.values = choices, values
        self.known = nn.Linear(width, hidden)
        self.direct = nn.Linear(width, choices * values)
        self.transition = nn.Linear(width, values * values)
        self.chosen_PKH = nn.Parameter(torch.randn(choices, values, hidden) * 0.05)
        self.answer_PHK = nn.Parameter(torch.randn(choices, hidden, values) * hidden**-0.5)

    def forward(self, known_ND: Tensor, chosen_NP: Tensor, before_NP: Tensor) -> Tensor:
        """Return logit_NPK of every choice, each knowing the choices before it.

        Args:
            known_ND: what is known of each set.
            chosen_NP: the choices, 0 to K - 1; logits of choice p depend on those before p only.
            before_NP: the state each choice was in before, 0 to K - 1.
        """
        start_NH = self.known(known_ND).float()
        table_PKH = self.chosen_PKH * _in_the_set(self.values, self.chosen_PKH)
        offset = torch.arange(self.choices, device=chosen_NP.device)[:, None] * self.values
        added_PNH = F.embedding(chosen_NP.T + offset, table_PKH.flatten(0, 1))
        hidden_PNH = F.relu(start_NH + added_PNH.cumsum(0) - added_PNH)
        answer_NPK = torch.bmm(hidden_PNH, self.answer_PHK).transpose(0, 1)
        logit_NPK: Tensor = answer_NPK + self.plain(known_ND, before_NP)
        return logit_NPK

    @torch.no_grad()
    def draw(
        self,
        known_ND: Tensor,
        before_NP: Tensor,
        noise_NPK: Tensor,
        *,
        temperature: float = 1.0,
        guidance: float = 1.0,
    ) -> Tensor:
        """Return chosen_NP, drawn one after another.

        Each choice takes the value whose logit, divided by the temperature, plus noise is greatest; with
        Gumbel noise that is a draw of the density. Choices that stay out of the set change nothing
        for later ones, so all choices up to the next that is in are made at once: as many passes as the
        largest set has members, and the same choices.

        Args:
            known_ND: what is known of each set.
            before_NP: the state each choice was in before.
            noise_NPK: the noise of each value of each choice; minus infinity where it is forbidden.
            temperature: below 1 likely values become likelier.
            guidance: unless 1, the second half of the sets knows less than the first and shares its choices;
                see `guided`. Noise of the first half is used for both.
        """
        hidden_NH = self.known(known_ND)
        plain_NPK = self.plain(known_ND, before_NP)
        chosen_NP = torch.zeros_like(before_NP)
        answer_HQ = self.answer_PHK.permute(1, 0, 2).flatten(1)
        place_P = torch.arange(self.choices, device=known_ND.device)
        row_N = torch.arange(len(known_ND), device=known_ND.device)
        next_N = torch.zeros_like(row_N)
        while True:
            logit_NPK = (F.relu(hidden_NH) @ answer_HQ).unflatten(-1, (self.choices, self.values)) + plain_NPK
            logit_NPK = guided(logit_NPK, guidance)
            drawn_NP = (logit_NPK / temperature + noise_NPK[: len(logit_NPK)]).argmax(-1)
            drawn_NP = drawn_NP.repeat(len(known_ND) // len(drawn_NP), 1)
            member_NP = (drawn_NP > 0) & (place_P >= next_N[:, None])
            found_N, first_N = member_NP.max(dim=-1)
            if not found_N.any():
                return chosen_NP
            value_N = drawn_NP[row_N, first_N] * found_N
            chosen_NP[row_N, first_N] = torch.where(found_N, value_N, chosen_NP[row_N, first_N])
            hidden_NH = hidden_NH + self.chosen_PKH[first_N, value_N] * found_N[:, None]
            next_N = torch.where(found_N, first_N + 1, self.choices)

    def plain(self, known_ND: Tensor, before_NP: Tensor) -> Tensor:
        """Return that part of logit_NPK which knows of no other choice."""
        direct_NPK = self.direct(known_ND).float().unflatten(-1, (self.choices, self.values))
        table_NKK = self.transition(known_ND).float().unflatten(-1, (self.values, self.values))
        went_NPK: Tensor = F.one_hot(before_NP, self.values).to(table_NKK.dtype) @ table_NKK
        plain_NPK: Tensor = direct_NPK + went_NPK
        return plain_NPK


def guided(logit_NX: Tensor, guidance: float) -> Tensor:
    """Return logits that go beyond those of whoever knows less, in the direction of whoever knows more.

    With a guidance of 1 they come back as they are. Otherwise the first half of the rows knows what is asked
    for and the second does not, and half as many rows come back: less + guidance * (more - less).

    Source: Ho and Salimans 2022, "Classifier-Free Diffusion Guidance", equation 6, with 1 + w for guidance.

    Example:
        >>> guided(torch.tensor([[1.0, 0.0], [0.5, 0.0]]), 3.0).tolist()
        [[2.0, 0.0]]
    """
    if guidance == 1:
        return logit_NX
    more, less = logit_NX.chunk(2)
    return torch.lerp(less, more, guidance)


def _in_the_set(values: int, like: Tensor) -> Tensor:
    """Return (K, 1) with a 0 for value 0 and a 1 for all others."""
    return (torch.arange(values, device=like.device) > 0).to(like.dtype)[:, None]
