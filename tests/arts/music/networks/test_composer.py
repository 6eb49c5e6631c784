"""The composer: exact likelihoods of what is free, blind to what is hidden, and writing as it reads."""

from __future__ import annotations

import math

import pytest
import torch

from huohua.arts.music.grid_layout import HOLD, PAD, STEPS
from huohua.arts.music.networks.cells import UNKNOWN, cells_of, sounding
from huohua.arts.music.networks.composer import Composer, ComposerSettings
from huohua.arts.music.networks.playing import Taste, write
from huohua.arts.music.packing import DRUM_COLUMNS, HARMONY_COLUMNS, ROLE_COLUMNS, VALID_COLUMN
from toys.music_works import hidden_everywhere, scribbled

SMALL = ComposerSettings(width=24, heads=2, encoder=1, decoder=2, mapped=8, chord=6)
THEME = 2 * STEPS


@pytest.fixture(scope="module")
def composer() -> Composer:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        made = Composer(SMALL, condition=5, latent=3)
        for block in (*made.encoder, *made.decoder):
            torch.nn.init.normal_(block.bend.weight, std=0.3)  # fresh blocks do not listen yet
    return made.eval()


def asked(works: int, bars: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    dice = torch.Generator().manual_seed(9)
    return torch.randn(works, bars, 5, generator=dice), torch.randn(works, 3, generator=dice)


def test_a_held_note_sounds_its_pitch_and_one_held_from_the_dark_is_unknown():
    voice = torch.tensor([[[40], [HOLD], [0], [HOLD], [PAD], [50], [HOLD], [HOLD]]])
    assert sounding(voice)[0, :, 0].tolist() == [40, 40, 0, 0, PAD, 50, 50, 50]
    hidden = torch.zeros(1, 8, 1, dtype=torch.bool)
    hidden[0, 5] = True
    assert sounding(voice, hidden)[0, :, 0].tolist() == [40, 40, 0, 0, PAD, UNKNOWN, UNKNOWN, UNKNOWN]


def test_only_cells_that_are_free_and_there_are_counted(composer):
    work = scribbled(2, 4)
    work[0, :, ROLE_COLUMNS] = torch.tensor([1, 0, 0, 1, 0, 1], dtype=torch.int16)
    work[0, :, VALID_COLUMN] = (torch.arange(4 * STEPS) % STEPS < 12).to(torch.int16)
    hidden = hidden_everywhere(work)
    hidden[:, :THEME] = False
    nats, count = composer(work, hidden, *asked(2))
    assert count[0].tolist() == [24, 0, 0, 24, 0, 24]
    assert count[1].tolist() == [32] * 6
    assert ((nats > 0) == (count > 0)).all()


def test_the_likelihood_of_a_step_is_the_chain_of_its_roles(composer):
    """Hiding later roles of one step changes nothing for earlier ones, and the other way round it does."""
    work, (condition, latent) = scribbled(1, 4), asked(1)
    hidden = torch.zeros(1, 4 * STEPS, 6, dtype=torch.bool)
    hidden[:, 40, 1] = True
    alone = composer(work, hidden, condition, latent).nats_BR[0, 1]
    later, earlier = work.clone(), work.clone()
    later[:, 40, 3] = 5  # bass, which comes after counter
    earlier[:, 40, 0] = 5  # lead, which comes before
    hidden[:, 40] = True  # the encoder sees nothing of this step, so only the order of roles counts
    base = composer(work, hidden, condition, latent).nats_BR[0, 1]
    assert composer(later, hidden, condition, latent).nats_BR[0, 1].item() == pytest.approx(
        base.item(), abs=1e-5
    )
    assert abs(composer(earlier, hidden, condition, latent).nats_BR[0, 1] - base) > 1e-4
    assert abs(alone - base) > 1e-4  # what is given of the step was seen


def test_what_is_hidden_is_not_seen_before_its_time(composer):
    """Nats of a step do not change with what is hidden later, while given cells are seen from afar."""
    work, (condition, latent) = scribbled(1, 4), asked(1)
    hidden = hidden_everywhere(work)
    hidden[:, :THEME] = False
    hidden[:, 60:] = False
    picked = composer.pick(work, hidden, condition, latent)
    changed = work.clone()
    changed[:, 50:60, :73] = scribbled(1, 4, seed=5)[:, 50:60, :73]
    again = composer.pick(changed, hidden, condition, latent)
    early = picked.step_N < 50
    for one, two in zip(picked.logits, again.logits, strict=True):
        torch.testing.assert_close(one[early], two[early], atol=1e-5, rtol=0)
    changed = work.clone()
    changed[:, 60:, :4] = 30
    far = composer.pick(changed, hidden, condition, latent)
    assert (far.logits.voice_NVK - picked.logits.voice_NVK)[early].abs().max() > 1e-3


def test_nats_are_those_of_a_plain_loop_over_cells(composer):
    work, (condition, latent) = scribbled(1, 4), asked(1)
    hidden = hidden_everywhere(work)
    hidden[:, :THEME] = False
    picked = composer.pick(work, hidden, condition, latent)
    cells = cells_of(work)
    sums = [0.0] * 6
    for row, step in enumerate(picked.step_N.tolist()):
        for voice in range(4):
            share = picked.logits.voice_NVK[row, voice].softmax(-1)
            sums[voice] -= math.log(share[cells.voice_BTV[0, step, voice]].item())
        for pitch in range(60):
            share = picked.logits.harmony_NPK[row, pitch].softmax(-1)
            sums[4] -= math.log(share[cells.harmony_BTP[0, step, pitch]].item())
        for drum in range(9):
            share = picked.logits.drums_NDK[row, drum].softmax(-1)
            sums[5] -= math.log(share[cells.drums_BTD[0, step, drum]].item())
    nats = composer(work, hidden, condition, latent).nats_BR[0].tolist()
    assert nats == pytest.approx(sums, rel=1e-4)


def slow_write(composer, work, hidden, condition, latent, dice):
    """Write cell by cell with a whole pass through the network for each, and the same noise."""
    steps = hidden.any(-1).nonzero().flatten()
    first, end = int(steps[0]), int(steps[-1]) + 1

    def gumbel(*shape):
        return -torch.empty(end - first, 1, *shape).exponential_(generator=dice).log()

    voice, harmony, drums = gumbel(4, PAD), gumbel(60, 3), gumbel(9, 2)
    work = work.clone()
    for columns, role in ((HARMONY_COLUMNS, 4), (DRUM_COLUMNS, 5)):
        work[hidden[:, role], columns] = 0
    for step in range(first, end):
        for role in range(6):
            if not hidden[step, role]:
                continue
            cells = range(1) if role < 4 else range(60 if role == 4 else 9)
            for cell in cells:
                picked = composer.pick(work[None], hidden[None], condition[None], latent[None])
                row = int((picked.step_N == step).nonzero()[0])
                if role < 4:
                    logit = picked.logits.voice_NVK[row, role] + voice[step - first, 0, role]
                    sounds = sounding(cells_of(work[None]).voice_BTV)[0, step - 1, role]
                    if not 2 <= sounds < PAD:
                        logit[HOLD] = -torch.inf
                    work[step, role] = logit.argmax()
                elif role == 4:
                    logit = picked.logits.harmony_NPK[row, cell] + harmony[step - first, 0, cell]
                    if work[step - 1, 4 + cell] == 0:
                        logit[2] = -torch.inf
                    work[step, 4 + cell] = logit.argmax()
                else:
                    logit = picked.logits.drums_NDK[row, cell] + drums[step - first, 0, cell]
                    work[step, 64 + cell] = logit.argmax()
    return work


@torch.no_grad()
def test_writing_with_what_was_kept_gives_what_whole_passes_give(composer):
    work, (condition, latent) = scribbled(1, 4)[0], asked(1)
    hidden = torch.zeros(4 * STEPS, 6, dtype=torch.bool)
    hidden[38:42] = True
    hidden[40, 2] = False
    fast = write(
        composer, work, hidden, condition[0], latent[0],
        candidates=1, taste=Taste(), dice=torch.Generator().manual_seed(3),
    )  # fmt: skip
    slow = slow_write(composer, work, hidden, condition[0], latent[0], torch.Generator().manual_seed(3))
    assert fast[0].tolist() == slow.tolist()
    assert not torch.equal(fast[0], work)


def test_candidates_differ_and_leave_alone_what_is_given(composer):
    work, (condition, latent) = scribbled(1, 4)[0], asked(1)
    hidden = torch.zeros(4 * STEPS, 6, dtype=torch.bool)
    hidden[40:56, :4] = True
    arguments = {"candidates": 3, "taste": Taste(temperature=0.9, top=0.9)}
    three = write(
        composer, work, hidden, condition[0], latent[0], dice=torch.Generator().manual_seed(1), **arguments
    )
    again = write(
        composer, work, hidden, condition[0], latent[0], dice=torch.Generator().manual_seed(1), **arguments
    )
    assert torch.equal(three, again)
    assert len({tuple(one.flatten().tolist()) for one in three}) == 3
    assert (three[:, :40] == work[:40]).all()
    assert (three[:, 56:] == work[56:]).all()
    assert (three[:, :, 4:] == work[:, 4:]).all()
    assert three[:, 40:56, :4].max() < PAD


def test_a_work_with_nothing_free_comes_back_as_it_is(composer):
    work, (condition, latent) = scribbled(1, 4)[0], asked(1)
    nothing = torch.zeros(4 * STEPS, 6, dtype=torch.bool)
    same = write(
        composer, work, nothing, condition[0], latent[0],
        candidates=2, taste=Taste(), dice=torch.Generator(),
    )  # fmt: skip
    assert (same == work).all()
    assert len(same) == 2


def test_condition_and_latent_are_listened_to_bar_by_bar(composer):
    work, (condition, latent) = scribbled(1, 4), asked(1)
    hidden = hidden_everywhere(work)
    hidden[:, :THEME] = False
    base = composer.pick(work, hidden, condition, latent).logits.voice_NVK
    other = condition.clone()
    other[:, 3] += 1
    changed = composer.pick(work, hidden, other, latent).logits.voice_NVK - base
    assert changed[16:].abs().max() > 1e-3
    assert composer.map[0].weight[:, 10:].abs().max() == 0  # a latent counts from where it pays
    whole = composer.pick(work, hidden, condition[:, 0], latent).logits.voice_NVK
    same = composer.pick(work, hidden, condition[:, :1].expand(1, 4, 5), latent).logits.voice_NVK
    torch.testing.assert_close(whole, same, atol=0, rtol=0)


@torch.no_grad()
def test_guidance_goes_beyond_what_is_asked_for_in_the_direction_of_it(composer):
    """Written by hand for one step: the logits that are drawn from are less + 3 * (more - less)."""
    work, (condition, latent) = scribbled(1, 4)[0], asked(1)
    hidden = torch.zeros(4 * STEPS, 6, dtype=torch.bool)
    hidden[40] = True
    taste = Taste(guidance=3.0)
    made = write(
        composer, work, hidden, condition[0], latent[0],
        candidates=2, taste=taste, dice=torch.Generator().manual_seed(3),
    )  # fmt: skip
    dice = torch.Generator().manual_seed(3)
    noise = [
        -torch.empty(1, 2, *shape).exponential_(generator=dice).log() for shape in ((4, PAD), (60, 3), (9, 2))
    ]
    for candidate in range(2):
        picked = [
            composer.pick(made[candidate][None], hidden[None], wish, latent).logits
            for wish in (condition, torch.full_like(condition, torch.nan))
        ]
        more, less = picked
        voice = less.voice_NVK + 3 * (more.voice_NVK - less.voice_NVK) + noise[0][0, candidate]
        sounds = sounding(cells_of(made[candidate][None]).voice_BTV)[0, 39]
        voice[0, (sounds < 2) | (sounds >= PAD), HOLD] = -torch.inf
        assert voice[0].argmax(-1).tolist() == made[candidate, 40, :4].tolist()
        drums = less.drums_NDK + 3 * (more.drums_NDK - less.drums_NDK) + noise[2][0, candidate]
        assert drums[0].argmax(-1).tolist() == made[candidate, 40, DRUM_COLUMNS].tolist()
        harmony = less.harmony_NPK + 3 * (more.harmony_NPK - less.harmony_NPK) + noise[1][0, candidate]
        harmony[0, made[candidate, 39, HARMONY_COLUMNS] == 0, 2] = -torch.inf
        assert harmony[0].argmax(-1).tolist() == made[candidate, 40, HARMONY_COLUMNS].tolist()
