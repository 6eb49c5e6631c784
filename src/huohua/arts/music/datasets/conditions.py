"""What a model of music can be asked for: style, metre, mode, position in the song, and the controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huohua.arts.music.control_scales import GROUP, choose_scales, weigh
from huohua.arts.music.datasets.song import Song
from huohua.arts.music.datasets.windows import POSITIONS, Places
from huohua.arts.music.grid_layout import METRES
from huohua.conditions.space import ConditionSpace

MIN_PIECES = 5


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The conditions of a dataset.

    Attributes:
        space: the groups, names and scales.
        condition_NC: what each window has, float32.
        control_NBK: the weights of the measured controls of each bar, float32.
        constants: what all songs share, such as one style; no condition, but worth recording.
    """

    space: ConditionSpace
    condition_NC: np.ndarray
    control_NBK: np.ndarray
    constants: Mapping[str, str]


def conditions_of(
    songs: Sequence[Song], places: Places, value_NK: np.ndarray, value_NBK: np.ndarray, train_N: np.ndarray
) -> Conditions:
    """Return what the windows of some songs can be asked for; scales are those of the windows that train."""
    labels = {
        "style": [song.style for song in songs],
        "metre": [f"{song.metre[0]}/{song.metre[1]}" for song in songs],
        "mode": [song.mode if any(song.present[:-1]) else "" for song in songs],
    }
    order = {"metre": [f"{over}/{under}" for over, under in METRES], "mode": ["major", "minor"]}
    groups: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    columns = []
    for group, named in labels.items():
        counts = Counter(name for name in named if name)
        kept = [name for name in order.get(group, sorted(counts)) if counts[name] >= MIN_PIECES]
        if len(kept) >= 2:
            groups[group] = tuple(kept)
            has_SC = np.array([[name == one for one in kept] for name in named], dtype=np.float32)
            columns.append(has_SC[places.piece_N])
        elif len(counts) == 1:
            constants[group] = next(iter(counts))
    groups["position"] = POSITIONS
    columns.append(places.position_NP.astype(np.float32))
    scales = choose_scales(value_NK[train_N])
    if scales:
        groups[GROUP] = tuple(scales)
        columns.append(weigh(value_NK, scales))
    return Conditions(
        space=ConditionSpace(groups=groups, scales={GROUP: scales} if scales else {}),
        condition_NC=np.concatenate(columns, axis=1),
        control_NBK=weigh(value_NBK, scales),
        constants=constants,
    )
