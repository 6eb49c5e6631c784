"""Simulated users: how fast steering finds what somebody has in mind, beside breeding and chance.

    python benchmarks/simulated_users.py --targets 40
    python benchmarks/simulated_users.py --targets 20 --model MODEL_FOLDER

A user has a target, a work of the same generator that they never see; they compare works by features that
the learner does not have. Each round they look at nine works and pick the most similar one, as they see it:
similarities are blurred by normal noise, and one pick in twenty is a slip. What counts is how similar the
picked work truly is, round after round. All ways meet the same users with the same dice.

The generator is one with random weights, or a trained picture model: the learner then sees computed
attributes, and the user sees pictures through random convolutions. `breeding` is what the breeding grid
does with its usual settings; `narrowing breeding` strays less the longer it lasts, as the learner's own
children do, and was the strongest rival that was found. The learner's settings were chosen with the users
0 to 39; `--first` meets others.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from huohua.randomness import numpy_generator
from huohua.steer.breeding import bred
from huohua.steer.choices import Choice, picked
from huohua.steer.medium import Array, Medium
from huohua.steer.slots import proposed, strength
from huohua.steer.survey import Survey, survey
from huohua.steer.taste import taste

ROUNDS, OPTIONS, SLIPS = 20, 9, 0.05
NOISES = (0.02, 0.1)
SHOWN = (1, 5, 10, 20)
CHANGED = (10, 11, 13, 16, 20)
REACHED = 0.8


class RandomGenerator:
    """A generator with random weights, whose works are features: 64 numbers that matter less and less."""

    names: Sequence[str] = ()

    def __init__(self, seed: int) -> None:
        dice = numpy_generator(seed, "generator")
        self.groups = {"all": (0, 64)}
        fading_D = (1.0 + np.arange(64)) ** -0.8
        self._hidden_DH = dice.standard_normal((64, 96)) * fading_D[:, None]
        self._out_HF = dice.standard_normal((96, 48)) / np.sqrt(96)
        self._judge_HF = dice.standard_normal((96, 48)) / np.sqrt(96)

    def draw(self, count: int, random: np.random.Generator) -> Array:
        """Return normal points."""
        return random.standard_normal((count, 64))

    def features(self, point_ND: Array) -> Array:
        """Return what the learner sees."""
        return np.tanh(point_ND @ self._hidden_DH) @ self._out_HF

    def judged(self, point_ND: Array) -> Array:
        """Return what the user sees."""
        return np.tanh(point_ND @ self._hidden_DH) @ self._judge_HF


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody with a target.

    Attributes:
        target_F: what they have in mind, as they see it.
        look: how they see works.
        noise: of their similarities.
    """

    target_F: Array
    look: Callable[[Array], Array]
    noise: float

    def similarity(self, point_ND: Array) -> Array:
        """Return the true similarity of works to the target, the cosine."""
        seen_NF = self.look(point_ND)
        return seen_NF @ self.target_F / (np.linalg.norm(seen_NF, axis=1) * np.linalg.norm(self.target_F))

    def pick(self, similarity_M: Array, random: np.random.Generator) -> int:
        """Return which work they pick."""
        blurred_M = similarity_M + self.noise * random.standard_normal(len(similarity_M))
        slip, anywhere = random.random() < SLIPS, int(random.integers(len(similarity_M)))
        return anywhere if slip else int(blurred_M.argmax())


class Chance:
    """Eight works by chance beside the one picked last."""

    def __init__(self, medium: Medium, known: Survey) -> None:
        self.medium = medium

    def next(self, random: np.random.Generator, incumbent_D: Array | None) -> Array:
        """Return the works of a round."""
        if incumbent_D is None:
            return self.medium.draw(OPTIONS, random)
        return np.concatenate([incumbent_D[None], self.medium.draw(OPTIONS - 1, random)])

    def learn(self, point_MD: Array, pick: int) -> None:
        """Learn nothing."""


class Breeding(Chance):
    """Children of the last two picks, as on the breeding grid with its usual settings."""

    def __init__(self, medium: Medium, known: Survey) -> None:
        super().__init__(medium, known)
        self.known, self.picks = known, list[Array]()

    def next(self, random: np.random.Generator, incumbent_D: Array | None) -> Array:
        """Return the incumbent and children."""
        if incumbent_D is None:
            return self.medium.draw(OPTIONS, random)
        parents = np.stack([incumbent_D, *self.picks[-2:-1]])
        children = bred(
            self.medium, parents, OPTIONS - 1, random, centre_D=self.known.centre_D, **self.settings()
        )
        return np.concatenate([incumbent_D[None], children])

    def learn(self, point_MD: Array, pick: int) -> None:
        """Remember who was picked."""
        self.picks.append(point_MD[pick])

    def settings(self) -> dict[str, float]:
        """Return how far children stray; the usual if empty."""
        return {}


class NarrowingBreeding(Breeding):
    """Breeding whose children stray less and less."""

    def settings(self) -> dict[str, float]:
        """Return how far children stray now."""
        return {"mutation": strength(len(self.picks)), "diversity": 0.0}


class Taught(Chance):
    """The learner of taste."""

    def __init__(self, medium: Medium, known: Survey) -> None:
        super().__init__(medium, known)
        self.known, self.choices = known, list[Choice]()
        self.picks: list[Array] = []

    def next(self, random: np.random.Generator, incumbent_D: Array | None) -> Array:
        """Return what the learner proposes."""
        if incumbent_D is None:
            return self.medium.draw(OPTIONS, random)
        belief = taste(self.choices, self.known.share_K)
        parents = np.stack([incumbent_D, *self.picks[-2:-1]])
        rounds = len(self.picks)
        return proposed(self.medium, self.known, belief, parents, random, rounds=rounds).point_MD

    def learn(self, point_MD: Array, pick: int) -> None:
        """Take the pick as one observation."""
        place_MK = self.known.place(point_MD, self.medium.features(point_MD))
        self.choices.append(picked(place_MK, pick))
        self.picks.append(point_MD[pick])


WAYS: dict[str, type[Chance]] = {
    "chance": Chance,
    "breeding": Breeding,
    "narrowing breeding": NarrowingBreeding,
    "taste": Taught,
}


class Pictures:
    """A trained picture model as steering sees it: one condition, and one vector told to all its layers."""

    def __init__(self, folder: str, seed: int) -> None:
        import torch

        from huohua.arts.image.attributes import ATTRIBUTES
        from huohua.studio.image_model import ImageModel

        torch.set_num_threads(1)
        self.model = ImageModel(folder)
        self.generator, width = self.model.generator, self.model.config.latent
        groups = self.model.config.conditions.groups
        asked = {group: {names[seed % len(names)]: 1.0} for group, names in groups.items()}
        self.condition_C = self.model.helm.encoded(asked)
        self.groups = {"latent": (0, width)}
        self.names: Sequence[str] = [" ".join(each) for each in ATTRIBUTES]
        dice = numpy_generator(0, "judge")
        self._coarse = torch.tensor(dice.standard_normal((24, 3, 8, 8)), dtype=torch.float32)
        self._fine = torch.tensor(dice.standard_normal((24, 3, 3, 3)), dtype=torch.float32)

    def draw(self, count: int, random: np.random.Generator) -> Array:
        """Return normal points."""
        return random.standard_normal((count, self.groups["latent"][1]))

    def features(self, point_ND: Array) -> Array:
        """Return the attributes of pictures."""
        from huohua.arts.image.attributes import measure

        pixels = (self.rendered(point_ND).clamp(-1, 1) + 1) * 127.5
        return measure(pixels.round().byte().permute(0, 2, 3, 1).numpy()).astype(np.float64)

    def judged(self, point_ND: Array) -> Array:
        """Return what random convolutions of two sizes see, in a grid of 4 by 4 places."""
        import torch
        from torch.nn import functional

        sample_NCHW = self.rendered(point_ND)
        seen = []
        for kernel, step in ((self._coarse, 4), (self._fine, 1)):
            bent = functional.conv2d(sample_NCHW, kernel / kernel[0].numel() ** 0.5, stride=step).relu()
            seen.append(functional.adaptive_avg_pool2d(bent, 4).flatten(1))
        return torch.cat(seen, dim=1).double().numpy()

    def rendered(self, point_ND: Array) -> Any:
        """Return sample_NCHW."""
        import torch

        latent_NZ = torch.tensor(point_ND, dtype=torch.float32)
        with torch.inference_mode():
            chunks = [
                self.generator(rows, self.condition_C.expand(len(rows), -1)) for rows in latent_NZ.split(32)
            ]
        return torch.cat(chunks)


def steered(way: Chance, user: User, random: np.random.Generator, *, later: User | None = None) -> Array:
    """Return similarity_T of what was picked in each round; `later` takes over after half of them."""
    incumbent_D, found = None, []
    for number in range(ROUNDS):
        who = later if later is not None and number >= ROUNDS // 2 else user
        point_MD = way.next(random, incumbent_D)
        similarity_M = who.similarity(point_MD)
        pick = who.pick(similarity_M, random)
        way.learn(point_MD, pick)
        incumbent_D = point_MD[pick]
        found.append(float(similarity_M[pick]))
    return np.array(found)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A model and its users, ready for all ways.

    Attributes:
        medium: the model.
        known: the survey of it.
        look: how users see its works, less the average work.
        target_2D: what the user has in mind, and what they change their mind to.
    """

    medium: Any
    known: Survey
    look: Callable[[Array], Array]
    target_2D: Array

    def user(self, noise: float, which: int = 0) -> User:
        """Return a user with one of the targets."""
        target_F = self.look(self.target_2D[which : which + 1])[0]
        return User(target_F=target_F, look=self.look, noise=noise)


def meeting(number: int, folder: str | None) -> Meeting:
    """Return the model and the targets of one number."""
    medium: Any = Pictures(folder, number) if folder else RandomGenerator(number)
    known = survey(medium, numpy_generator(number, "survey"))
    some_NF = medium.judged(medium.draw(256, numpy_generator(number, "average")))
    mean_F = some_NF.mean(0) if folder else np.zeros(some_NF.shape[1])
    return Meeting(
        medium=medium,
        known=known,
        look=lambda point_ND: medium.judged(point_ND) - mean_F,
        target_2D=medium.draw(2, numpy_generator(number, "target")),
    )


def main() -> None:
    """Let all users meet all ways and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--targets", type=int, default=40, help="how many users")
    parser.add_argument("--model", default=None, help="folder of a picture model; random weights if absent")
    parser.add_argument("--first", type=int, default=1000, help="number of the first user")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.targets)
    meetings = [meeting(number, options.model) for number in numbers]
    for noise in NOISES:
        found: dict[str, Array] = {}
        for name, kind in WAYS.items():
            rows = []
            for number, each in enumerate(meetings):
                way, dice = kind(each.medium, each.known), numpy_generator(number, "rounds")
                rows.append(steered(way, each.user(noise), dice))
            found[name] = np.array(rows)
        tell(noise, found)
    tell_changes_of_mind(meetings)


def tell(noise: float, found: dict[str, Array]) -> None:
    """Print the figures of one noise."""
    print(
        f"noise {noise}: mean similarity, its 95 % interval, at rounds {SHOWN}, share that reaches {REACHED}"
    )
    for name, similarity_NT in found.items():
        mean_N = similarity_NT.mean(1)
        width = 1.96 * mean_N.std(ddof=1) / np.sqrt(len(mean_N))
        at = " ".join(f"{similarity_NT[:, number - 1].mean():.3f}" for number in SHOWN)
        reached_NT = similarity_NT >= REACHED
        first_N = np.where(reached_NT.any(1), reached_NT.argmax(1) + 1, ROUNDS + 1)
        reached = f"{reached_NT.any(1).mean():.0%}, median round {np.median(first_N):.0f}"
        print(f"  {name:20s} {mean_N.mean():.3f} ±{width:.3f}   {at}   {reached}")
    best = found["taste"].mean()
    ratios = {name: best / rows.mean() for name, rows in found.items() if name != "taste"}
    print("  taste beside " + ", ".join(f"{name} {ratio:.2f}x" for name, ratio in ratios.items()), flush=True)


def tell_changes_of_mind(meetings: Sequence[Meeting]) -> None:
    """Print how similarity goes when the target changes half way."""
    print(f"the target changes after round {ROUNDS // 2}: similarity at rounds {CHANGED}")
    for name, kind in WAYS.items():
        rows = []
        for number, each in enumerate(meetings):
            way, dice = kind(each.medium, each.known), numpy_generator(number, "rounds")
            rows.append(steered(way, each.user(NOISES[0]), dice, later=each.user(NOISES[0], 1)))
        mean_T = np.mean(rows, axis=0)
        print(
            f"  {name:20s} " + " ".join(f"{mean_T[number - 1]:.3f}" for number in (10, 11, 13, 16, 20)),
            flush=True,
        )


if __name__ == "__main__":
    main()
