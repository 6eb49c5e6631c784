"""Rolls and the critic: what is seen of a work, and who is scored for what."""

from __future__ import annotations

import pytest
import torch

from huohua.adversarial.penalties import r1
from huohua.arts.music.grid_layout import HOLD, STEPS
from huohua.arts.music.networks.cells import cells_of, sounding
from huohua.arts.music.networks.composer import Composer, ComposerSettings
from huohua.arts.music.networks.critic import Critic, CriticSettings
from huohua.arts.music.networks.rolls import retraced, rolls_of
from huohua.arts.music.packing import ROLE_COLUMNS
from toys.music_works import hidden_everywhere, scribbled

SMALL = CriticSettings(width=16, heads=2, blocks=1, narrow=8)


@pytest.fixture(scope="module")
def critic() -> Critic:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return Critic(SMALL, condition=3)


def wishes(works: int) -> torch.Tensor:
    return torch.randn(works, 4, 3, generator=torch.Generator().manual_seed(2))


def test_a_roll_shows_what_is_struck_and_what_sounds():
    work = scribbled(1, 2)
    work[..., :73] = 0
    work[0, 3, 0], work[0, 4:6, 0] = 2 + 24, HOLD  # lead strikes MIDI 60 and holds it for two steps
    work[0, 8, 3] = 2 + 12  # bass strikes MIDI 36
    work[0, 1, 4 + 28], work[0, 2, 4 + 28] = 1, 2  # harmony strikes MIDI 64 and holds it
    work[0, 5, 64] = 1  # a kick
    struck, sounding_roll, drums = rolls_of(cells_of(work))
    assert struck.nonzero().tolist() == [[0, 1, 4, 40], [0, 3, 0, 36], [0, 8, 3, 12]]
    assert sounding_roll[0, :, 0].nonzero().tolist() == [[3, 36], [4, 36], [5, 36]]
    assert sounding_roll[0, :, 4].nonzero().tolist() == [[1, 40], [2, 40]]
    assert drums.nonzero().tolist() == [[0, 5, 0]]


def test_rolls_of_voices_agree_with_what_is_known_to_sound():
    cells = cells_of(scribbled(2, 2))
    sounds = sounding(cells.voice_BTV)
    roll = rolls_of(cells)[1]
    for voice, below in enumerate((12, 12, 12, 0)):
        pitch = torch.where(sounds[..., voice] >= 2, sounds[..., voice] - 2 + below, -1)
        assert torch.equal(
            roll[:, :, voice].argmax(-1).where(roll[:, :, voice].any(-1), torch.tensor(-1)), pitch
        )


def test_retraced_rolls_are_the_same_with_slopes_for_free_cells_alone():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        composer = Composer(
            ComposerSettings(width=16, heads=2, encoder=1, decoder=1, mapped=8), condition=3, latent=2
        )
    work, hidden = scribbled(2, 4), torch.zeros(2, 4 * STEPS, 6, dtype=torch.bool)
    hidden[0, 20:30, 1] = True
    hidden[1, 40:44] = True
    picked = composer.pick(work, hidden, wishes(2), torch.zeros(2, 2))
    rolls, likely = retraced(picked, torch.Generator().manual_seed(1), temperature=1.0)
    for soft, hard in zip(rolls, rolls_of(cells_of(work)), strict=True):
        torch.testing.assert_close(soft, hard, atol=1e-5, rtol=0)
    bias, heads = composer.heads.bias_VK, composer.heads
    rolls[0][0, 25].sum(0)[30].backward(retain_graph=True)
    assert bias.grad[1].abs().max() > 0
    assert bias.grad[[0, 2, 3]].abs().max() == 0
    bias.grad = None
    rolls[2][1, 41].sum().backward(retain_graph=True)
    assert heads.drums.answer_PHK.grad.abs().max() > 0
    assert bias.grad is None or bias.grad.abs().max() == 0
    assert (likely[0, :20] == 0).all()
    assert (likely[0, 20:30, 1] > 0).all()
    share = picked.logits.voice_NVK.softmax(-1)[picked.work_N == 0][5, 1, work[0, 25, 1].long()]
    cells = 4 * STEPS * likely.shape[2]
    assert likely[0, 25, 1].item() == pytest.approx(share.item() * cells / 10, rel=1e-4)


def test_only_roles_and_bars_that_were_hidden_are_scored(critic):
    work, hidden = scribbled(2, 4), torch.zeros(2, 4 * STEPS, 6, dtype=torch.bool)
    hidden[0, 33, 2] = True
    hidden[1, :16] = True
    scores = critic(rolls_of(cells_of(work)), hidden, wishes(2)).score_BS
    assert scores.shape == (2, 4 * 6 + 1)
    assert (~scores.isnan()).nonzero().tolist() == [
        [0, 2 * 6 + 2],
        [0, 24],
        *[[1, role] for role in range(6)],
        [1, 24],
    ]


def test_the_mean_score_orders_works_and_every_stream_counts(critic):
    work = scribbled(3, 4)
    hidden = hidden_everywhere(work)
    scores = critic.score(work, hidden, wishes(3))
    judged = critic(rolls_of(cells_of(work)), hidden, wishes(3)).score_BS
    assert scores.tolist() == pytest.approx(judged.mean(1).tolist(), abs=1e-5)
    critic.zero_grad()
    scores.sum().backward()
    deaf = [name for name, weight in critic.named_parameters() if weight.grad is None]
    assert deaf == []
    assert critic.alike.weight.grad.abs().max() > 0
    assert critic.chroma.weight.grad.abs().max() > 0


def test_absent_roles_are_seen_as_silent(critic):
    work = scribbled(1, 4)
    silent = work.clone()
    work[..., ROLE_COLUMNS] = torch.tensor([1, 0, 1, 1, 0, 0], dtype=torch.int16)
    silent[..., ROLE_COLUMNS] = work[..., ROLE_COLUMNS]
    silent[..., 1], silent[..., 4:73] = 7, 1
    hidden = hidden_everywhere(work)
    assert torch.equal(critic.score(work, hidden, wishes(1)), critic.score(silent, hidden, wishes(1)))


def test_slopes_of_slopes_exist_for_penalties(critic):
    rolls = tuple(part.requires_grad_() for part in rolls_of(cells_of(scribbled(2, 4))))
    hidden = hidden_everywhere(rolls[2])
    penalty = r1(rolls, critic(rolls, hidden, wishes(2)).score_BS)
    assert penalty.item() > 0
    critic.zero_grad()
    penalty.backward()
    assert critic.pitches.grad.abs().max() > 0
