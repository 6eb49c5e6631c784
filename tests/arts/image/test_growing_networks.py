"""The growing generator and discriminator: sizes, what learns at each, and no jump from one to the next."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.image.discriminators.growing import GrowingDiscriminator
from huohua.arts.image.discriminators.growing import GrowingSettings as JudgeSettings
from huohua.arts.image.generators.fast import FastGenerator
from huohua.arts.image.generators.growing import GrowingGenerator, GrowingSettings
from huohua.blocks.growth import partly_grown, stretch
from huohua.blocks.resampling import enlarge
from huohua.randomness import torch_generator

LATENT, CONDITION, STEPS = 5, 2, 3


def generator(height: int = 32, width: int = 32, grown: float = 1.0) -> GrowingGenerator:
    settings = GrowingSettings(widest=16, budget=256, told=4, refined=16, reach=2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        network = GrowingGenerator(
            settings, latent=LATENT, condition=CONDITION, height=height, width=width, channels=3
        )
    network.stage.grow_to(grown)
    return network


def discriminator(height: int = 32, width: int = 32, grown: float = 1.0) -> GrowingDiscriminator:
    settings = JudgeSettings(widest=16, budget=256)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        network = GrowingDiscriminator(settings, condition=CONDITION, height=height, width=width, channels=3)
    network.stage.grow_to(grown)
    return network


def asked(count: int = 4) -> tuple[Tensor, Tensor]:
    return torch.randn(count, LATENT, generator=torch_generator(0)), torch.eye(2)[torch.arange(count) % 2]


def works(height: int = 32, width: int = 32) -> Tensor:
    return torch.randn(4, 3, height, width, generator=torch_generator(1)).clamp(-1, 1)


@pytest.mark.parametrize(("grown", "side"), [(0.0, 4), (0.3, 8), (0.34, 8), (0.6, 16), (1.0, 32)])
def test_in_training_a_picture_has_the_size_reached_and_afterwards_the_full_one(grown, side):
    network = generator(grown=grown)
    small = network(*asked())
    assert small.shape == (4, 3, side, side)
    network.eval()
    whole = network(*asked())
    assert whole.shape == (4, 3, 32, 32)
    network.train(False)
    network.training = True  # so that layers, which are not in training, draw the same picture
    torch.testing.assert_close(whole, stretch(network(*asked()), 32, 32), rtol=0, atol=0)


@pytest.mark.parametrize("grown", [0.0, 0.2, 0.5, 0.75, 1.0])
@pytest.mark.parametrize(("height", "width"), [(32, 32), (48, 32), (50, 50)])
def test_real_works_and_fakes_have_the_same_size_and_both_are_judged(grown, height, width):
    network, judge = generator(height, width, grown), discriminator(height, width, grown)
    fake, real = network(*asked()), partly_grown(works(height, width), grown, network.stage.steps)
    assert fake.shape == real.shape
    assert judge(fake, asked()[1]).score_BS.shape == judge(real, asked()[1]).score_BS.shape == (4, 1)


def learning(network: nn.Module) -> set[str]:
    slopes = {key: weight.grad for key, weight in network.named_parameters()}
    return {key for key, slope in slopes.items() if slope is not None and slope.any()}


def test_what_has_not_grown_does_not_learn_yet():
    network, judge = generator(grown=0.3), discriminator(grown=0.3)  # one size is there, the next fades in
    picture = network(*asked())
    (picture * torch.randn(picture.shape, generator=torch_generator(2))).sum().backward()
    moved = learning(network)
    assert {"sketch.0.weight", "sketch.1.weight", "grow.0.weight", "first.weight"} <= moved
    assert not [key for key in moved if key.startswith(("sketch.2", "grow.1", "grow.2", "paint", "excite"))]
    judge(picture.detach(), asked()[1]).score_BS.sum().backward()
    moved = learning(judge)
    assert {"enter.1.weight", "enter.2.weight", "halve.2.weight", "last.weight"} <= moved
    assert not [key for key in moved if key.startswith(("first", "enter.0", "halve.0", "halve.1"))]


def test_a_size_that_begins_to_fade_in_changes_pictures_not_at_all_and_scores_hardly():
    """Sizes 16 and 32, when the larger begins: from then on the discriminator sees a slight blur as well."""
    before, after = 2.5 / STEPS, 2.5 / STEPS + 1e-6
    small, large = (generator(grown=grown)(*asked()) for grown in (before, after))
    assert (small.shape[2], large.shape[2]) == (16, 32)
    torch.testing.assert_close(large, stretch(small, 32, 32), rtol=0, atol=1e-3)
    smooth = F.interpolate(works(4, 4), (32, 32), mode="bicubic")
    scores = [
        discriminator(grown=grown)(partly_grown(smooth, grown, STEPS), asked()[1]).score_BS
        for grown in (before, after)
    ]
    assert (scores[1] - scores[0]).abs().max() < 0.1 * scores[0].std()


def test_a_picture_is_the_sum_of_what_every_size_paints():
    """A slow twin: sizes are drawn one by one, and the last is multiplied by its fade of one half."""
    network = generator(grown=2.75 / STEPS).eval()
    told_BY = network._told(*asked())
    image = network.first(network.layout(told_BY), told_BY)
    images = [image]
    for step in range(1, STEPS + 1):
        image = network.grow[step - 1](image, told_BY)
        if str(step) in network.refine:
            image = network.refine[str(step)](image, told_BY)
        if step >= network.reach:
            image = network.excite[step - network.reach](images[step - network.reach], image)
        images.append(image)
    expected = torch.zeros(4, 3, 32, 32)
    for step, image in enumerate(images):
        painted = network.paint(image) if step == STEPS else network.sketch[step](image)
        for _ in range(STEPS - step):
            painted = enlarge(painted)
        expected += painted * (0.5 if step == STEPS else 1.0)
    torch.testing.assert_close(network(*asked()), expected, rtol=1e-5, atol=1e-5)


def test_a_score_counts_what_is_found_at_every_size():
    """A slow twin of the grown-up discriminator, from the smallest size up."""
    judge, sample = discriminator(), works()
    pictures = [sample]
    for _ in range(STEPS):
        pictures.append(F.avg_pool2d(pictures[-1], 2))
    found = F.leaky_relu(judge.first(pictures[0]), 0.2)
    for step in range(STEPS):
        entered = F.leaky_relu(judge.enter[step](pictures[step + 1]), 0.2)
        found = F.leaky_relu(judge.halve[step](found), 0.2) + entered
    expected = judge._conclude(found, [], asked()[1]).score_BS
    torch.testing.assert_close(judge(sample, asked()[1]).score_BS, expected, rtol=1e-5, atol=1e-5)


def test_the_stage_is_kept_with_the_weights():
    network, other = generator(grown=0.4), generator()
    other.load_state_dict(network.state_dict())
    assert other.stage.reached() == network.stage.reached()
    assert other(*asked()).shape[2] == 8


def test_a_grown_generator_without_sketches_is_the_fast_one():
    network = generator().eval()
    with torch.no_grad():
        for sketch in network.sketch:
            sketch.weight.zero_()
            sketch.bias.zero_()
    fast = FastGenerator(
        GrowingSettings(widest=16, budget=256, told=4, refined=16, reach=2),
        latent=LATENT, condition=CONDITION, height=32, width=32, channels=3,
    ).eval()  # fmt: skip
    own = {
        key: value for key, value in network.state_dict().items() if not key.startswith(("sketch", "stage"))
    }
    fast.load_state_dict(own)
    torch.testing.assert_close(network(*asked()), fast(*asked()), rtol=1e-5, atol=1e-6)
