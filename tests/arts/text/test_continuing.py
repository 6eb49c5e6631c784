"""Going on with rows: under masks, with blanks, by chance, and as a loop without anything kept."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.arts.text import rows
from huohua.arts.text.continuing import Chance, drawn, go_on
from huohua.arts.text.plans import LinePlan, StepPlan
from huohua.arts.text.rows import COLUMNS, SYMBOLS, TOKEN, WORK, Prompt
from toys.small_poems import SIGNS, TOKENISER, passages, writer

GREEDY = Chance(temperature=0)


def heads_and_plans(*, even: bool = False):
    heads, plans = [], []
    for number, passage in enumerate(passages()[:3]):
        prompt = Prompt(labels=passage.labels, title=() if even else passage.title[:number])
        whole = rows.whole(prompt, passage.written, SIGNS)
        cut = len(prompt.tokens(SIGNS)) + 1
        heads.append(whole[:cut])
        plans.append(whole[cut:])
    return heads, plans


def slowly(network, head, plan):
    """Return the likeliest tokens, the whole row read anew for each of them."""
    row, found = head.copy(), []
    for symbols in plan[:, SYMBOLS]:
        ahead = np.zeros((1, COLUMNS), dtype=np.int64)
        ahead[0, SYMBOLS], ahead[0, WORK] = symbols, 1
        sample = torch.from_numpy(np.concatenate([row, ahead]))[None]
        with torch.no_grad():
            scores = network.scores(network.gathered(sample)[0, -2])[: SIGNS.first]
        ahead[0, TOKEN] = int(scores.argmax())
        row = np.concatenate([row, ahead])
        found.append(int(ahead[0, TOKEN]))
        if found[-1] == SIGNS.end:
            break
    return found


@pytest.mark.parametrize("even", [True, False], ids=["one prompt", "prompts of unequal length"])
def test_it_writes_what_reading_everything_anew_would_write(even):
    network = writer().eval()
    heads, plans = heads_and_plans(even=even)
    guides = [StepPlan(plan, end=SIGNS.end) for plan in plans]
    found = go_on(network, heads, guides, GREEDY, torch.Generator(), text_tokens=SIGNS.first, most=60)
    assert [c.tokens for c in found] == [slowly(network, h, p) for h, p in zip(heads, plans, strict=True)]


class Only:
    """A guide that allows some tokens, and ends after ten."""

    def __init__(self, tokens):
        self.mask = np.zeros(SIGNS.first, dtype=np.bool_)
        self.mask[tokens] = True
        self.mask.flags.writeable = False
        self.left = 10

    @property
    def done(self):
        return self.left == 0

    def ahead(self):
        return (1, 0, 0, 0)

    def allowed(self):
        return self.mask

    def take(self, token):
        assert self.mask[token]
        self.left -= 1


def test_only_what_is_allowed_is_written_however_hot():
    network = writer().eval()
    heads, _ = heads_and_plans(even=True)
    guides = [Only([3, 4]), Only([5]), Only([6, 7, 8])]
    dice = torch.Generator().manual_seed(0)
    found = go_on(network, heads, guides, Chance(temperature=5.0), dice, text_tokens=SIGNS.first, most=60)
    assert [set(c.tokens) <= allowed for c, allowed in zip(found, [{3, 4}, {5}, {6, 7, 8}], strict=True)]
    assert [set(c.tokens) for c in found[:2]] == [{3, 4}, {5}]
    # Among one allowed token there is no surprise, and among others it is counted among those alone.
    assert found[1].nats == pytest.approx([0.0] * 10, abs=1e-5)
    assert max(found[0].nats) < 3.0


def test_the_same_dice_write_the_same():
    network = writer().eval()
    heads, plans = heads_and_plans()

    def once(seed):
        guides = [StepPlan(plan, end=SIGNS.end) for plan in plans]
        dice = torch.Generator().manual_seed(seed)
        found = go_on(network, heads, guides, Chance(), dice, text_tokens=SIGNS.first, most=60)
        return [c.tokens for c in found]

    assert once(1) == once(1)
    assert once(1) != once(2)


def test_the_nucleus_is_cut_where_the_hand_cuts_it():
    """Chances .5, .3, .15, .05: a nucleus of .7 holds the first two, and they are drawn 5 to 3."""
    scores = torch.tensor([0.15, 0.5, 0.05, 0.3]).log().expand(8000, 4)
    token = drawn(scores, Chance(top_p=0.7), torch.Generator().manual_seed(0))
    counts = torch.bincount(token, minlength=4) / 8000
    assert counts.tolist() == pytest.approx([0, 0.625, 0, 0.375], abs=0.02)


def test_temperature_sharpens_by_hand():
    """At temperature 1/2 chances are squared: .2 and .8 become 1/17 and 16/17."""
    scores = torch.tensor([0.2, 0.8]).log().expand(8000, 2)
    token = drawn(scores, Chance(temperature=0.5), torch.Generator().manual_seed(0))
    assert float(token.float().mean()) == pytest.approx(16 / 17, abs=0.02)


def test_a_plan_by_lines_goes_on_behind_breaks():
    plan = np.zeros((5, COLUMNS), dtype=np.int64)
    plan[:, TOKEN] = [4, 5, 3, 6, SIGNS.end]
    plan[:, 1], plan[:, 4] = [1, 1, 1, 2, 0], [9, 9, 0, 7, 0]
    guide = LinePlan(plan, end=SIGNS.end, breaks=[3])
    assert guide.ahead() == (1, 0, 0, 9)
    guide.take(4)
    guide.take(3)
    assert guide.ahead() == (2, 0, 0, 7)
    guide.take(SIGNS.end)
    assert guide.done


def test_texts_are_spelt_as_they_were():
    assert TOKENISER.vocabulary.spell(passages()[0].written.token_T.tolist()).startswith("床前")
