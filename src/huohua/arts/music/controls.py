"""Eight things that can be measured in any bars of music, and asked of a model.

    density      notes struck for each quarter and each role that takes part; a chord counts once
    complexity   syncopation, in points for each bar and role that takes part
    polyphony    pitched notes that sound at once, on average over steps in which any does
    register     mean MIDI pitch of what sounds, in C major or A minor
    range        semitones from the lowest to the highest pitch of a role, mean over the pitched roles
    tension      dissonance of the pitch classes within a beat, from -1.24 to 1.43
    repetition   how much of a bar stood in the most similar earlier bar, 0 to 1
    swing        length of the first eighth of a quarter over the second

What cannot be said, such as the register of drums, is NaN. Letters: N windows, B bars, K controls.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import FIRST_PITCH, ONSET, PAD, STEPS_PER_QUARTER
from huohua.arts.music.packing import Windows, windows_of
from huohua.arts.music.sounding import LOW, SPAN, Sounding, heard
from huohua.arts.music.syncopation import syncopation
from huohua.arts.music.tension import tension

CONTROLS = ("density", "complexity", "polyphony", "register", "range", "tension", "repetition", "swing")
UNITS = {
    "density": "notes a quarter and role",
    "complexity": "points a bar and role",
    "polyphony": "notes at once",
    "register": "MIDI pitch",
    "range": "semitones",
    "tension": "dissonance, -1.24 to 1.43",
    "repetition": "share, 0 to 1",
    "swing": "long over short eighth",
}
CHUNK = 128


def measure(windows: Windows, swing_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return value_NK of whole windows and value_NBK of their bars, float32, in the order of `CONTROLS`.

    A bar on its own has no repetition before the second; it and the swing are those of the window.
    """
    parts = [
        _measured(
            Windows(*(array[start : start + CHUNK] for array in windows)), swing_N[start : start + CHUNK]
        )
        for start in range(0, len(swing_N), CHUNK)
    ]
    return np.concatenate([whole for whole, _ in parts]), np.concatenate([bars for _, bars in parts])


def controls_of(grid: Grid) -> dict[str, float]:
    """Return every control of a whole grid by name."""
    value_NK, _ = measure(windows_of([grid], grid.bars), np.array([grid.swing]))
    return dict(zip(CONTROLS, value_NK[0].tolist(), strict=True))


def controls_of_each(grids: Sequence[Grid]) -> np.ndarray:
    """Return value_NK of some grids, which may differ in length."""
    windows = windows_of(list(grids), max(grid.bars for grid in grids))
    return measure(windows, np.array([grid.swing for grid in grids]))[0]


def _measured(windows: Windows, swing_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sounding = heard(windows)
    there_NB = np.any(sounding.valid_NBS, axis=2)
    sums = _sums(sounding)
    whole_NK = [
        over.sum(axis=1) / np.where(under.sum(axis=1), under.sum(axis=1), np.nan) for over, under in sums
    ]
    bars_NBK = [over / np.where(under, under, np.nan) for over, under in sums]
    whole_NK.insert(4, reach(np.any(sounding.sounding_NBSLP, axis=(1, 2))))
    bars_NBK.insert(4, reach(np.any(sounding.sounding_NBSLP, axis=2)))
    again_NB = repeated(windows, there_NB)
    again_N = _mean(again_NB)
    whole_NK += [again_N, swing_N]
    bars_NBK += [
        np.where(np.isnan(again_NB), again_N[:, None], again_NB),
        np.broadcast_to(swing_N[:, None], there_NB.shape),
    ]
    value_NBK = np.where(there_NB[..., None], np.stack(bars_NBK, axis=2), np.nan)
    return np.stack(whole_NK, axis=1).astype(np.float32), value_NBK.astype(np.float32)


def _sums(sounding: Sounding) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return for density, complexity, polyphony, register and tension what is summed, and over how much."""
    there_NB = np.any(sounding.valid_NBS, axis=2)
    roles_NB = sounding.present_NR.sum(axis=1)[:, None] * there_NB
    quarters_NB = sounding.valid_NBS.sum(axis=2) / STEPS_PER_QUARTER
    present_NR = sounding.present_NR[:, None, :]
    voices_NBSP = sounding.sounding_NBSLP.sum(axis=3)
    pitches = np.arange(LOW, LOW + SPAN)
    at_once_NBS = voices_NBSP.sum(axis=3)
    return [
        ((sounding.struck_NBSR.sum(axis=2) * present_NR).sum(axis=2), roles_NB * quarters_NB),
        ((syncopation(sounding) * present_NR).sum(axis=2), roles_NB),
        (at_once_NBS.sum(axis=2), (at_once_NBS > 0).sum(axis=2)),
        ((voices_NBSP @ pitches).sum(axis=2), at_once_NBS.sum(axis=2)),
        tension(sounding),
    ]


def reach(sung_XLP: np.ndarray) -> np.ndarray:
    """Return range_X, in semitones: from the lowest to the highest pitch, mean over the roles that sing."""
    sings_XL = sung_XLP.any(axis=-1)
    lowest_XL = sung_XLP.argmax(axis=-1)
    highest_XL = SPAN - 1 - sung_XLP[..., ::-1].argmax(axis=-1)
    return _mean(np.where(sings_XL, highest_XL - lowest_XL, np.nan))


def repeated(windows: Windows, there_NB: np.ndarray) -> np.ndarray:
    """Return again_NB: how much of each bar stood in the most similar earlier one, NaN for the first.

    Similarity is the number of notes that are struck in both, same role, step and pitch, over the number
    struck in either; two silent bars are alike.

    Source: Jaccard 1912, "The Distribution of the Flora in the Alpine Zone" (the coefficient).
    """
    struck_NBF = _notes(windows)
    both_NBB = struck_NBF @ struck_NBF.transpose(0, 2, 1)
    count_NB = struck_NBF.sum(axis=2)
    either_NBB = count_NB[:, :, None] + count_NB[:, None, :] - both_NBB
    alike_NBB = np.where(either_NBB > 0, both_NBB / np.maximum(either_NBB, 1), 1.0)
    earlier_BB = np.tri(struck_NBF.shape[1], k=-1, dtype=np.bool_)
    best_NB = np.where(earlier_BB, alike_NBB, -1.0).max(axis=2)
    again_NB: np.ndarray = np.where(there_NB & (best_NB >= 0), best_NB, np.nan)
    return again_NB


def _notes(windows: Windows) -> np.ndarray:
    """Return struck_NBF, float32: one place for each role, step and pitch."""
    count, bars = windows.mono_NBVS.shape[:2]
    mono_NBX = windows.mono_NBVS.reshape(count, bars, -1)
    voices_NBXP = mono_NBX[..., None] == np.arange(FIRST_PITCH, PAD)
    parts = [voices_NBXP, windows.harmony_NBSP == ONSET, windows.drums_NBSD > 0]
    return np.concatenate([part.reshape(count, bars, -1) for part in parts], axis=2).astype(np.float32)


def _mean(value_XY: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis of what is not NaN, NaN without any."""
    known_XY = ~np.isnan(value_XY)
    total_X = np.where(known_XY, value_XY, 0.0).sum(axis=-1)
    mean_X: np.ndarray = total_X / np.where(known_XY.any(axis=-1), known_XY.sum(axis=-1), np.nan)
    return mean_X
