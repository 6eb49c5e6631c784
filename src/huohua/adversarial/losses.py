"""What each side of the game wants: losses as pure functions of the scores.

A discriminator gives every work S scores, one for each position it looks at. It wants real scores
high and fake scores low; the generator wants its own scores high. Every loss below is the mean over
all works and all positions, so its size does not depend on either number.

Shape letters:  B works,  S positions scored in each work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from torch import Tensor
from torch.nn import functional as F

LossFunction = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The two sides of one game, each a function of (real_score_BS, fake_score_BS) to a scalar.

    Attributes:
        name: its key in `LOSSES`.
        discriminator: what the discriminator minimises.
        generator: what the generator minimises.
        paired: whether the generator's side looks at the real scores; where it does not, any tensor
            will do in their place. A paired loss needs as many real works as fake ones, because it
            compares the first with the first, the second with the second and so on.
    """

    name: str
    discriminator: LossFunction
    generator: LossFunction
    paired: bool = False


def logistic_discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return the cross-entropy of telling real from fake: softplus(-real) + softplus(fake).

    With D = sigmoid(score) this is -log D(real) - log(1 - D(fake)), which never overflows in this form.

    Source: Goodfellow et al. 2014, "Generative Adversarial Nets", equation 1.

    Example:
        >>> import torch
        >>> logistic_discriminator(torch.zeros(2, 1), torch.zeros(2, 1)).item()  # 2 log 2
        1.3862943649291992
    """
    return F.softplus(-real_score_BS).mean() + F.softplus(fake_score_BS).mean()


def saturating_generator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return log(1 - D(fake)) = -softplus(fake), the generator's half of the original minimax game.

    Its slope dies where the discriminator is sure that a work is fake, which is where a young
    generator starts. It is here to be compared with `non_saturating_generator`.

    Source: Goodfellow et al. 2014, "Generative Adversarial Nets", equation 1.

    Example:
        >>> import torch
        >>> saturating_generator(torch.zeros(2, 1), torch.zeros(2, 1)).item()  # -log 2
        -0.6931471824645996
    """
    return -F.softplus(fake_score_BS).mean()


def non_saturating_generator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return -log D(fake) = softplus(-fake), whose slope is steepest where the generator is worst.

    Source: Goodfellow et al. 2014, "Generative Adversarial Nets", section "Adversarial nets".

    Example:
        >>> import torch
        >>> non_saturating_generator(torch.zeros(2, 1), torch.zeros(2, 1)).item()  # log 2
        0.6931471824645996
    """
    return F.softplus(-fake_score_BS).mean()


def hinge_discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return max(0, 1 - real) + max(0, 1 + fake): scores beyond the margin of one are good enough.

    Source: Lim and Ye 2017, "Geometric GAN"; Miyato et al. 2018, "Spectral Normalization for
    Generative Adversarial Networks", the hinge version of its objective.

    Example:
        >>> import torch
        >>> hinge_discriminator(torch.tensor([[0.5], [3.0]]), torch.tensor([[-2.0], [1.0]])).item()
        1.25
    """
    return F.relu(1 - real_score_BS).mean() + F.relu(1 + fake_score_BS).mean()


def raise_fake_generator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return -fake, the generator's side of both the hinge and the Wasserstein game.

    Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", the
    hinge version of its objective; Arjovsky et al. 2017, "Wasserstein GAN", algorithm 1.

    Example:
        >>> import torch
        >>> raise_fake_generator(torch.zeros(2, 1), torch.tensor([[1.0], [2.0]])).item()
        -1.5
    """
    return -fake_score_BS.mean()


def least_squares_discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return (real - 1)^2 / 2 + fake^2 / 2: real scores are drawn to one and fake scores to zero.

    Source: Mao et al. 2017, "Least Squares Generative Adversarial Networks", with
    targets 0 for fake works and 1 for real ones on both sides.

    Example:
        >>> import torch
        >>> least_squares_discriminator(torch.tensor([[3.0]]), torch.tensor([[1.0]])).item()
        2.5
    """
    return _least_squares(real_score_BS, 1.0) + _least_squares(fake_score_BS, 0.0)


def least_squares_generator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return (fake - 1)^2 / 2: fake scores are drawn to the value that real ones are drawn to.

    Source: Mao et al. 2017, "Least Squares Generative Adversarial Networks", with
    targets 0 for fake works and 1 for real ones on both sides.

    Example:
        >>> import torch
        >>> least_squares_generator(torch.zeros(1, 1), torch.tensor([[-1.0]])).item()
        2.0
    """
    return _least_squares(fake_score_BS, 1.0)


def wasserstein_discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return fake - real; it needs a penalty or a norm that keeps the score's slope near one.

    Source: Arjovsky et al. 2017, "Wasserstein GAN", the Kantorovich-Rubinstein dual and
    algorithm 1.

    Example:
        >>> import torch
        >>> wasserstein_discriminator(torch.tensor([[2.0]]), torch.tensor([[-1.0]])).item()
        -3.0
    """
    return fake_score_BS.mean() - real_score_BS.mean()


def relativistic_discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return softplus(fake - real): each real work must score above the fake one it is paired with.

    Source: Jolicoeur-Martineau 2018, "The relativistic discriminator"; in this form Huang et al. 2024,
    "The GAN is dead; long live the GAN!", the relativistic pairing loss (RpGAN).

    Example:
        >>> import torch
        >>> relativistic_discriminator(torch.tensor([[1.0]]), torch.tensor([[1.0]])).item()  # log 2
        0.6931471824645996
    """
    return F.softplus(fake_score_BS - real_score_BS).mean()


def relativistic_generator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
    """Return softplus(real - fake): each fake work must score above the real one it is paired with.

    Source: Jolicoeur-Martineau 2018, "The relativistic discriminator"; in this form Huang et al. 2024,
    "The GAN is dead; long live the GAN!", the relativistic pairing loss (RpGAN).

    Example:
        >>> import torch
        >>> relativistic_generator(torch.tensor([[1.0]]), torch.tensor([[1.0]])).item()  # log 2
        0.6931471824645996
    """
    return F.softplus(real_score_BS - fake_score_BS).mean()


LOSSES: Mapping[str, Loss] = {
    "non_saturating": Loss(
        name="non_saturating", discriminator=logistic_discriminator, generator=non_saturating_generator
    ),
    "saturating": Loss(
        name="saturating", discriminator=logistic_discriminator, generator=saturating_generator
    ),
    "hinge": Loss(name="hinge", discriminator=hinge_discriminator, generator=raise_fake_generator),
    "least_squares": Loss(
        name="least_squares", discriminator=least_squares_discriminator, generator=least_squares_generator
    ),
    "wasserstein": Loss(
        name="wasserstein", discriminator=wasserstein_discriminator, generator=raise_fake_generator
    ),
    "relativistic": Loss(
        name="relativistic",
        discriminator=relativistic_discriminator,
        generator=relativistic_generator,
        paired=True,
    ),
}


def smoothed(loss: Loss, amount: float) -> Loss:
    """Return `loss` with the discriminator's target for real works lowered from 1 to 1 - `amount`.

    A discriminator that is never quite sure keeps a useful slope. Only real targets move: smoothing
    the fake ones too would pull real works towards wherever the generator now puts its own.

    Source: Salimans et al. 2016, "Improved Techniques for Training GANs", one-sided label
    smoothing.

    Args:
        loss: one whose real works have a target: non_saturating, saturating or least_squares.
        amount: between 0 (unchanged) and less than 1; the paper uses 0.1.

    Raises:
        ValueError: the loss has no target to lower, or the amount is out of range.

    Example:
        >>> import torch
        >>> cut = smoothed(LOSSES["least_squares"], 0.1)
        >>> round(cut.discriminator(torch.tensor([[0.9]]), torch.tensor([[0.0]])).item(), 6)
        0.0
    """
    if not 0 <= amount < 1:
        raise ValueError(f"The amount of label smoothing is {amount}; it must be at least 0 and below 1.")
    if loss.name not in SMOOTHERS:
        raise ValueError(f"The {loss.name} loss has no target to smooth; {', '.join(SMOOTHERS)} have one.")
    return replace(loss, discriminator=SMOOTHERS[loss.name](amount)) if amount else loss


def _smoothed_logistic(amount: float) -> LossFunction:
    """Return the logistic loss whose real target is 1 - amount.

    Cross-entropy with target t is t softplus(-s) + (1 - t) softplus(s), and since
    softplus(s) = softplus(-s) + s, lowering t from 1 by `amount` adds amount * s.
    """

    def discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
        return logistic_discriminator(real_score_BS, fake_score_BS) + amount * real_score_BS.mean()

    return discriminator


def _smoothed_least_squares(amount: float) -> LossFunction:
    def discriminator(real_score_BS: Tensor, fake_score_BS: Tensor) -> Tensor:
        return _least_squares(real_score_BS, 1.0 - amount) + _least_squares(fake_score_BS, 0.0)

    return discriminator


def _least_squares(score_BS: Tensor, target: float) -> Tensor:
    return (score_BS - target).square().mean() / 2


SMOOTHERS: Mapping[str, Callable[[float], LossFunction]] = {
    "non_saturating": _smoothed_logistic,
    "saturating": _smoothed_logistic,
    "least_squares": _smoothed_least_squares,
}
