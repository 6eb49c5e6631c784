"""From what a person said to what the learner counts: each saying becomes one round's choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huohua.errors import UsageError
from huohua.steer.choices import Choice, judged, picked, ranked, told
from huohua.steer.record import Candidate, Saying, rows
from huohua.steer.survey import Survey

WISHED = 2.0  # spreads by which somebody who says "more" wishes for more


def heard(saying: Saying, works: Sequence[Candidate], names: Sequence[str], known: Survey) -> Choice:
    """Return the choice that a saying about works makes.

    Args:
        saying: what was said.
        works: that it was said about.
        names: of features.
        known: the survey of the model.

    Raises:
        UsageError: it makes no sense of these works.
    """
    point_MD = rows([each.point for each in works])
    feature_MF = rows([each.feature for each in works])
    try:
        if saying.kind in {"more", "less"}:
            return _wished(saying, point_MD, feature_MF, names, known)
        place_MK = known.place(point_MD, feature_MF)
        if saying.kind == "judge":
            return judged(place_MK, saying.liked, saying.disliked)
        if saying.kind == "pick":
            (winner,) = saying.liked
            return picked(place_MK, winner)
        return ranked(place_MK, saying.liked)
    except ValueError as error:
        raise UsageError(f"That cannot be said of these works: {error}.") from error


def checked(saying: Saying, works: Sequence[Candidate], names: Sequence[str], known: Survey) -> None:
    """Check that a saying makes sense.

    Raises:
        UsageError: it does not.
    """
    heard(saying, works, names, known)


def _wished(
    saying: Saying, point_MD: np.ndarray, feature_MF: np.ndarray, names: Sequence[str], known: Survey
) -> Choice:
    if saying.feature not in names:
        raise ValueError(f"nothing is known of '{saying.feature}'")
    (place,) = saying.liked
    if not 0 <= place < len(point_MD):
        raise ValueError(f"there are works 0 to {len(point_MD) - 1}, not {place}")
    number = list(names).index(saying.feature)
    step_F = np.zeros(feature_MF.shape[1])
    if np.isfinite(known.spread_F[number]):
        step_F[number] = WISHED * known.spread_F[number] * (1 if saying.kind == "more" else -1)
    wished_3F = feature_MF[place] + np.array([1, 0, -1])[:, None] * step_F
    return told(known.place(np.repeat(point_MD[place : place + 1], 3, axis=0), wished_3F))
