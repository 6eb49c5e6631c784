"""A sitting: a person before the works of a model, going where they like, with nothing ever lost.

Everything a person does is a step: new works, something said about them, a slider let go, locks. Steps make
a tree that one can walk in both ways. What is believed about the person's taste is not kept but worked out
from the steps that lead here, so that undoing takes back what was learnt too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huohua.errors import DataError, UsageError
from huohua.randomness import numpy_generator
from huohua.steer.breeding import bred
from huohua.steer.choices import Choice
from huohua.steer.hearing import checked, heard
from huohua.steer.history import History
from huohua.steer.medium import Array, Medium
from huohua.steer.reasons import Reason, reason
from huohua.steer.record import Candidate, Kind, Place, Saying, Step, as_kept, packed, rows
from huohua.steer.shelf import Shelf
from huohua.steer.slots import GRID, RANDOM, proposed
from huohua.steer.survey import Survey
from huohua.steer.taste import Taste, taste

BRED, SLIDER = "bred", "slider"
STOPS = 9
Spot = tuple[int, int]  # a work of the sitting, as step and place


class Sitting:
    """A sitting; begin one with `begin`, go on with `resume`.

    Args:
        shelf: where it is kept.
        place: where one is.
        steps: all of them.
        medium: the model.
        known: the survey of it, the same whenever the sitting is opened.
    """

    def __init__(
        self, shelf: Shelf, place: Place, steps: Sequence[Step], medium: Medium, known: Survey
    ) -> None:
        self._shelf, self._place, self._steps = shelf, place, list(steps)
        self.medium, self.known = medium, known
        try:
            self.history = History(parents=tuple(step.parent for step in steps), at=place.at, tip=place.tip)
        except ValueError as error:
            raise DataError(f"The sitting is damaged: {error}.") from error

    @classmethod
    def begin(
        cls,
        folder: str | Path,
        medium: Medium,
        known: Survey,
        *,
        model: str,
        model_sha256: str,
        seed: int = 0,
    ) -> Sitting:
        """Begin a sitting, with works by chance, in an empty folder.

        Raises:
            UsageError: there is a sitting already.
            StorageError: the folder cannot be written.
        """
        shelf = Shelf(Path(folder))
        if shelf.taken:
            raise UsageError(
                f"There is a sitting in {folder} already.", advice="Resume it, or take another folder."
            )
        place = Place(model=model, model_sha256=model_sha256, seed=seed)
        point_MD = medium.draw(len(GRID), numpy_generator(seed, "sitting", 0))
        step = Step(
            number=0, parent=-1, kind="start", candidates=_candidates(medium, point_MD, (RANDOM,) * len(GRID))
        )
        shelf.put_step(step)
        shelf.put_place(place)
        return cls(shelf, place, [step], medium, known)

    @classmethod
    def resume(cls, folder: str | Path, medium: Medium, known: Survey, *, model_sha256: str) -> Sitting:
        """Go on with a sitting where it was left.

        Raises:
            DataError: there is none, it is damaged, or it is of another model.
        """
        shelf = Shelf(Path(folder))
        place = shelf.place()
        if place.model_sha256 != model_sha256:
            raise DataError(
                f"The sitting is of other weights of {place.model}.",
                advice="Open it with the model it was begun with.",
            )
        return cls(shelf, place, shelf.steps(), medium, known)

    @property
    def step(self) -> Step:
        """Return the step one is at."""
        return self._steps[self.history.at]

    @property
    def grid(self) -> int:
        """Return the step whose works are on the grid."""
        return next(n for n in reversed(self.history.path()) if self._steps[n].candidates)

    def point(self, spot: Spot) -> Array:
        """Return point_D of a work of the sitting.

        Raises:
            UsageError: there is no such work.
        """
        point_D: Array = rows([self._candidate(spot).point])[0]
        return point_D

    def points(self) -> Array:
        """Return point_MD of the works on the grid."""
        return rows([each.point for each in self._steps[self.grid].candidates])

    def say(self, saying: Saying) -> Step:
        """Take in what the person says about the works on the grid.

        Raises:
            UsageError: it makes no sense of these works.
        """
        works = self._steps[self.grid].candidates
        checked(saying, works, self.medium.names, self.known)
        kept = (self.grid, saying.liked[0]) if saying.liked else self.step.kept
        return self._add("say", saying=saying, kept=kept)

    def propose(self) -> Step:
        """Put the works on the grid that the learner proposes.

        Raises:
            UsageError: nothing has been picked yet.
        """
        parent_PD = self._parents()
        rounds = sum(self._steps[n].kind in {"start", "round"} for n in self.history.path())
        locks, random = self.step.locks, self._dice()
        found = proposed(
            self.medium, self.known, self.belief(), parent_PD, random, rounds=rounds - 1, locks=locks
        )
        return self._show(found.point_MD, found.slots, (self._held(),))

    def breed(
        self,
        parents: Sequence[Spot],
        *,
        mutation: float = 0.35,
        diversity: float = 0.5,
        count: int = len(GRID),
    ) -> Step:
        """Put the first parent and children of all of them on the grid.

        Raises:
            UsageError: a parent is unknown, or a number out of range.
        """
        if not parents or not 2 <= count <= 64:
            raise UsageError("Breeding takes at least one parent, and 2 to 64 places.")
        parent_PD = np.stack([self.point(spot) for spot in parents])
        try:
            child_ND = bred(
                self.medium,
                parent_PD,
                count - 1,
                self._dice(),
                mutation=mutation,
                diversity=diversity,
                locks=self.step.locks,
                centre_D=self.known.centre_D,
            )
        except ValueError as error:
            raise UsageError(f"These works cannot be bred like that: {error}.") from error
        point_MD = np.concatenate([parent_PD[:1], child_ND])
        slots = ("incumbent", *[BRED] * (count - 1))
        return self._show(point_MD, slots, tuple(parents), kept=parents[0])

    def slide(self, name: str, direction_D: Array, value: float, *, most: float) -> Step:
        """Let go of a slider: the work held on to moves along a direction, and the stop is a choice of nine.

        Args:
            name: of the slider.
            direction_D: how a point moves while the slider goes from 0 to 1.
            value: where it was let go.
            most: the ends of the slider are at `most` and `-most`.

        Raises:
            UsageError: nothing has been picked yet, or the value is out of range.
        """
        if not 0 < most < np.inf or not abs(value) <= most:
            raise UsageError(f"The slider '{name}' is at {value}, but must lie between ±{most:g}.")
        base_D = self._parents()[0] - self.step.sliders.get(name, 0.0) * direction_D
        stop_M = np.linspace(-most, most, STOPS)
        chosen = int(np.abs(stop_M - value).argmin())
        stop_M[chosen] = value
        candidates = _candidates(
            self.medium, base_D + stop_M[:, None] * direction_D, (SLIDER,) * STOPS, (self._held(),)
        )
        return self._add(
            "slide",
            candidates=candidates,
            saying=Saying(kind="pick", liked=(chosen,)),
            sliders={**self.step.sliders, name: value},
            kept=(len(self._steps), chosen),
        )

    def lock(self, names: Sequence[str]) -> Step:
        """Lock these groups and no others.

        Raises:
            UsageError: a group is unknown.
        """
        if unknown := [name for name in names if name not in self.medium.groups]:
            raise UsageError(
                f"There is no group '{unknown[0]}'.", advice=f"Groups are {', '.join(self.medium.groups)}."
            )
        return self._add("lock", locks=tuple(names))

    def undo(self) -> Step:
        """Go one step back; at the first step nothing changes."""
        return self._go(self.history.undone())

    def redo(self) -> Step:
        """Go one step on; at the end of the branch nothing changes."""
        return self._go(self.history.redone())

    def go_to(self, step: int) -> Step:
        """Go to any step.

        Raises:
            UsageError: there is no such step.
        """
        try:
            return self._go(self.history.moved(step))
        except ValueError as error:
            raise UsageError(f"The sitting cannot go there: {error}.") from error

    def lineage(self, spot: Spot) -> tuple[Spot, ...]:
        """Return all works that a work descends from, newest first, the work itself not among them.

        Raises:
            UsageError: there is no such work.
        """
        found: set[Spot] = set()
        ask = [*self._candidate(spot).parents]
        while ask:
            each = ask.pop()
            if each not in found:
                found.add(each)
                ask += self._candidate(each).parents
        return tuple(sorted(found, reverse=True))

    def choices(self) -> tuple[Choice, ...]:
        """Return what was said on the way here, oldest first."""
        found, works = [], self._steps[0].candidates
        for number in self.history.path():
            step = self._steps[number]
            works = step.candidates or works
            if step.saying is not None:
                found.append(heard(step.saying, works, self.medium.names, self.known))
        return tuple(found)

    def belief(self) -> Taste:
        """Return what is believed of the person's taste here."""
        return taste(self.choices(), self.known.share_K)

    def why(self, place: int) -> Reason:
        """Return why a work is on the grid, beside the work that the person held on to when it came.

        Raises:
            UsageError: there is no such work.
        """
        shown = self._steps[self.grid]
        work = self._candidate((shown.number, place))
        if not work.parents:
            return Reason(slot=work.slot)
        other_F, feature_F = rows([self._candidate(work.parents[0]).feature, work.feature])
        aimed = work.slot in {"exploit", "thompson"}
        weight_F = self.known.in_features(self.belief().mean_K) if aimed else None
        return reason(work.slot, self.medium.names, (feature_F - other_F) / self.known.spread_F, weight_F)

    def _parents(self) -> Array:
        """Return the work held on to, and the one held on to before it if there was one."""
        spots = [self._steps[n].kept for n in self.history.path()]
        seen = list(dict.fromkeys(spot for spot in reversed(spots) if spot is not None))
        if not seen:
            raise UsageError("Nothing has been picked yet.", advice="Say first which work you like.")
        return np.stack([self.point(spot) for spot in seen[:2]])

    def _held(self) -> Spot:
        if self.step.kept is None:
            raise UsageError("Nothing has been picked yet.", advice="Say first which work you like.")
        return self.step.kept

    def _dice(self) -> np.random.Generator:
        return numpy_generator(self._place.seed, "sitting", len(self._steps))

    def _candidate(self, spot: Spot) -> Candidate:
        step, place = spot
        if not (0 <= step < len(self._steps) and 0 <= place < len(self._steps[step].candidates)):
            raise UsageError(f"There is no work {place} in step {step} of this sitting.")
        return self._steps[step].candidates[place]

    def _show(
        self, point_MD: Array, slots: Sequence[str], parents: tuple[Spot, ...], kept: Spot | None = None
    ) -> Step:
        candidates = _candidates(self.medium, point_MD, slots, parents)
        return self._add("round", candidates=candidates, kept=kept or self.step.kept)

    def _add(self, kind: Kind, **changes: object) -> Step:
        """Write a step after this one, then go there."""
        before, history = self.step, self.history.grown()
        fields = {"sliders": before.sliders, "locks": before.locks, "kept": before.kept, **changes}
        step = Step.model_validate({"number": history.at, "parent": before.number, "kind": kind, **fields})
        self._shelf.put_step(step)
        place = self._place.moved(history.at, history.tip)
        self._shelf.put_place(place)
        # Only what is safely written is gone to: after a full disk the number is simply used again.
        self._steps.append(step)
        self._place, self.history = place, history
        return step

    def _go(self, history: History) -> Step:
        place = self._place.moved(history.at, history.tip)
        self._shelf.put_place(place)
        self._place, self.history = place, history
        return self.step


def _candidates(
    medium: Medium, point_MD: Array, slots: Sequence[str], parents: tuple[Spot, ...] = ()
) -> tuple[Candidate, ...]:
    """Return works as they are kept; their features are of the points as they are kept."""
    point_MD = as_kept(point_MD)
    feature_MF = medium.features(point_MD)
    return tuple(
        Candidate(point=packed(point_D), feature=packed(feature_F), slot=slot, parents=parents)
        for point_D, feature_F, slot in zip(point_MD, feature_MF, slots, strict=True)
    )
