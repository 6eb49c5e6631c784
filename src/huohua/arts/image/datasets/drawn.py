"""The "sample" dataset: 240 small paintings that the code makes itself, free for any use (CC0).

It needs no network and raises no question of rights, so it is what the tests, the first tutorial and
the first command of the README learn from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.painter.media import MEDIA
from huohua.arts.image.datasets.painter.palette import PALETTES, varied
from huohua.arts.image.datasets.painter.scenery import SIDE, Scene
from huohua.arts.image.datasets.painter.subjects import SUBJECTS
from huohua.arts.image.datasets.problem import Problem
from huohua.randomness import numpy_generator

WORKS = 240
# Raised whenever the painter's hand changes, so that old caches are left alone.
VERSION = 1
# Subjects that do not fit every time of day.
TIMES = {"moon": ("night", "dusk", "dawn"), "sunrise": ("dawn", "dusk", "autumn", "spring")}
_WHEN = {"dawn": "at dawn", "noon": "at noon", "dusk": "at dusk", "night": "at night"}


class DrawnSource:
    """Works painted on demand; see `Source` for the meaning of each member.

    Args:
        works: how many there are.
        seed: another seed gives other works of the same kinds.
    """

    def __init__(self, *, works: int = WORKS, seed: int = 0) -> None:
        self.name = "sample"
        self.licence = "CC0-1.0"
        self.origin = "painted by Huohua's own code"
        self.problems: Sequence[Problem] = ()
        self.notes: Sequence[str] = ()
        self._works = works
        self._seed = seed

    def identity(self) -> str:
        """Return what decides every pixel: the painter's version, the seed and the number of works."""
        return f"drawn {VERSION} {self._seed} {self._works}"

    def entries(self) -> Sequence[Entry]:
        """Return the works: subjects in turn, each in every medium in turn."""
        return [self._entry(place) for place in range(self._works)]

    def read(self, entry: Entry) -> Image.Image:
        """Return a work, painted now."""
        (subject,), (medium,), (time,) = (entry.labels[group] for group in ("subject", "style", "tags"))
        return paint(subject, medium, time, numpy_generator(self._seed, "sample", entry.name))

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def _entry(self, place: int) -> Entry:
        subject = tuple(SUBJECTS)[place % len(SUBJECTS)]
        medium = tuple(MEDIA)[place // len(SUBJECTS) % len(MEDIA)]
        times = TIMES.get(subject, tuple(PALETTES))
        time = times[place // (len(SUBJECTS) * len(MEDIA)) % len(times)]
        when = _WHEN.get(time, f"in {time}")
        article = "an" if medium[0] in "aeiou" else "a"
        return Entry(
            name=f"{place:03d}-{subject}-{medium}-{time}",
            labels={"subject": (subject,), "style": (medium,), "tags": (time,)},
            caption=f"{article} {medium} painting of a {subject} {when}",
        )


def open_drawn() -> DrawnSource:
    """Return the "sample" dataset."""
    return DrawnSource()


def paint(subject: str, medium: str, time: str, rng: np.random.Generator) -> Image.Image:
    """Return one painting, SIDE x SIDE pixels.

    Args:
        subject: a key of SUBJECTS.
        medium: a key of MEDIA.
        time: a key of PALETTES.
        rng: all chance comes from here.
    """
    scene = Scene(image=Image.new("RGB", (SIDE, SIDE)), palette=varied(PALETTES[time], rng), rng=rng)
    SUBJECTS[subject](scene)
    return MEDIA[medium](scene.image, rng)
