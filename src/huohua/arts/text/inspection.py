"""Watching a writer grow: how surprised it is by texts it has and has not seen, and what it writes.

Letters: T tokens, K columns of a row, N tokens asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.arts.text import rows
from huohua.arts.text.continuing import Chance, Guide, go_on
from huohua.arts.text.networks.writer import Writer
from huohua.arts.text.passages import Passage
from huohua.arts.text.plans import LinePlan, StepPlan
from huohua.arts.text.rows import Prompt
from huohua.arts.text.wording import Wording
from huohua.metrics.distinct import distinct
from huohua.randomness import torch_generator

MEASURED = 400  # passages whose likelihood is measured, of each kind
PROBES = 24  # works that are written
CHUNK = 16  # rows at a time


class Progress:
    """Measures a writer on fixed passages and lets it write to fixed prompts.

    Args:
        seen: passages that are trained on.
        unseen: passages that are not; none where there are too few works.
        wording: of the model.
        length: tokens in a row.
    """

    def __init__(
        self, seen: Sequence[Passage], unseen: Sequence[Passage], wording: Wording, *, length: int
    ) -> None:
        self.wording, self.length = wording, length
        self.seen, self.unseen = (self._packed(_spread(some, MEASURED)) for some in (seen, unseen))
        whole = [passage for passage in seen if passage.written.begins and passage.written.ends]
        self.probes = _spread(whole or seen, PROBES)

    def measure(self, network: Writer) -> dict[str, float]:
        """Return the surprise at seen and unseen texts, in nats a token, and how varied what it writes is."""
        figures = {}
        for name, rows_BTK in (("nats_seen", self.seen), ("nats_unseen", self.unseen)):
            if rows_BTK is not None:
                figures[name] = mean_surprise(network, rows_BTK)
        written = [tokens for tokens, _ in self.write(network)]
        real = [probe.written.token_T.tolist() for probe in self.probes]
        # Pairs of tokens come again and again in any text: only beside real ones is their share a measure.
        figures["diversity_ratio"] = distinct(written, 2) / max(distinct(real, 2), 1e-9)
        return figures

    def write(self, network: Writer) -> list[tuple[list[int], str]]:
        """Return works written to the prompts and lines of fixed ones, as tokens and as text."""
        signs = self.wording.signs
        heads, guides = list[NDArray[np.int64]](), list[Guide]()
        for probe in self.probes:
            prompt = Prompt(labels=probe.labels)
            row_TK = rows.whole(prompt, probe.written, signs)
            cut = len(prompt.tokens(signs)) + 1
            heads.append(row_TK[:cut])
            breaks = self.wording.breaks
            plan: Guide = (
                LinePlan(row_TK[cut:], end=signs.end, breaks=breaks)
                if breaks
                else StepPlan(row_TK[cut:], end=signs.end)
            )
            guides.append(plan)
        dice = torch_generator(0, "probes")
        most = 2 * self.length - max(map(len, heads)) - 1
        found = go_on(
            network, heads, guides, Chance(), dice, text_tokens=signs.first, most=min(most, self.length)
        )
        spell = self.wording.tokeniser.decode
        return [([t for t in c.tokens if t != signs.end], spell(c.tokens)) for c in found]

    def _packed(self, some: Sequence[Passage]) -> torch.Tensor | None:
        signs = self.wording.signs
        laid = [rows.whole(Prompt(labels=one.labels), one.written, signs) for one in some]
        if not laid:
            return None
        return torch.from_numpy(rows.packed(laid, self.length, signs["pad"]))


@torch.inference_mode()
def mean_surprise(network: Writer, row_BTK: torch.Tensor) -> float:
    """Return the mean surprise of a writer at all that is asked for in rows, in nats a token."""
    device = next(network.parameters()).device
    nats = [network(chunk.to(device)).nats_N.double().cpu() for chunk in row_BTK.split(CHUNK)]
    return float(torch.cat(nats).mean())


def _spread(some: Sequence[Passage], count: int) -> list[Passage]:
    """Return up to `count` of some passages, evenly spread."""
    if len(some) <= count:
        return list(some)
    return [some[number * len(some) // count] for number in range(count)]
