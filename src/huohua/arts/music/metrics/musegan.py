"""MuseGAN's figures of a role and of two roles: emptiness, pitch classes, fragments, chords, drums, harmony.

Each is a mean, and a mean can be met by music that nobody would call music: noise has the tonal distance of
real songs. So none is worth anything without its foils; see docs/explanation/measuring-music.md.

Source: Dong et al. 2018, "MuseGAN: Multi-track Sequential Generative Adversarial Networks for Symbolic Music
Generation and Accompaniment", section "Objective metrics", and for polyphonicity Dong and Yang 2018,
"Convolutional Generative Adversarial Networks with Binary Neurons for Polyphonic Music Generation".
Definitions were checked against the code that its authors released, and where that does something else than
the text says, the text is followed: their chroma sums seven neighbouring pitches (a reshape to 12 by 7 of 84
pitches), not a pitch class's octaves, so the pitch classes and tonal distances they print are of that.
"""

from __future__ import annotations

import numpy as np

from huohua.arts.music.metrics.notes import LENGTH, START, Notes
from huohua.arts.music.metrics.rolls import pitch_classes, quarters, sounding
from huohua.arts.music.metrics.tally import Tally
from huohua.arts.music.metrics.tonal import tonal_centroid
from huohua.arts.music.roles import Role

MANY = 2  # pitches; more than these at once are polyphony
OFF_EIGHTH = 0.1  # of a stroke that is a sixteenth off the eighths


def empty_bars(notes: Notes, role: Role) -> Tally:
    """Return EB, the share of bars in which a role is silent throughout."""
    roll_TP = sounding(notes.of(role), notes.length)
    full_B = roll_TP.reshape(notes.bars, -1).any(axis=1)
    return Tally(float((~full_B).sum()), notes.bars)


def used_pitch_classes(notes: Notes, role: Role) -> Tally:
    """Return UPC, the number of pitch classes in a bar, over bars that are not empty; 0 to 12."""
    class_T12 = pitch_classes(sounding(notes.of(role), notes.length))
    used_B = (class_T12.reshape(notes.bars, notes.steps, 12).sum(axis=1) > 0).sum(axis=1)
    return Tally(float(used_B.sum()), float((used_B > 0).sum()))


def qualified_notes(notes: Notes, role: Role) -> Tally:
    """Return QN, the share of notes that last a thirty-second or longer: what is shorter is a fragment.

    On a grid of sixteenths it is 1 for anything; measure it on pieces in ticks. A pitch struck again counts
    as a new note, where the released code, which sees rolls, joins both.
    """
    return _lasting(notes, role, notes.quarter / 8)


def notes_from_eighths(notes: Notes, role: Role) -> Tally:
    """Return QN8, the share of notes that last an eighth or longer: what QN asks, at a grid's scale."""
    return _lasting(notes, role, notes.quarter / 2)


def polyphonic_steps(notes: Notes, role: Role) -> Tally:
    """Return PP, the share of steps in which a role sounds more than two pitches at once.

    The code released with MuseGAN counts two or more; that of its successor, which names the figure, and this
    count more than two.
    """
    count_T = sounding(notes.of(role), notes.length).sum(axis=1)
    return Tally(float((count_T > MANY).sum()), notes.length)


def drum_pattern(notes: Notes) -> Tally:
    """Return DP, the share of drum strokes on eighths; a stroke a sixteenth off counts a tenth.

    MuseGAN counts notes in patterns of 8 or 16 beats on 24 steps a quarter. On 16 steps a bar every stroke
    would be in one, so this is the mask its authors released for 16 steps.
    """
    start_N = notes.of("drums")[:, START]
    eighth = notes.quarter // 2
    sixteenth = notes.quarter // 4
    on_N = start_N % eighth == 0
    near_N = ~on_N & (start_N % sixteenth == 0)
    return Tally(float(on_N.sum() + OFF_EIGHTH * near_N.sum()), len(start_N))


def tonal_distance(notes: Notes, first: Role, second: Role) -> Tally:
    """Return TD, how far two roles are apart in tonal space, over quarters in which both sound.

    Source: Dong et al. 2018, TD, with the space of Harte et al. 2006, "Detecting Harmonic Change in Musical
    Audio".
    """
    one_Q6, two_Q6 = (tonal_centroid(quarters(notes, notes.of(role))) for role in (first, second))
    apart_Q = np.linalg.norm(one_Q6 - two_Q6, axis=1)
    apart_Q = apart_Q[np.isfinite(apart_Q)]
    return Tally(float(apart_Q.sum()), len(apart_Q))


def _lasting(notes: Notes, role: Role, least: float) -> Tally:
    length_N = notes.of(role)[:, LENGTH]
    return Tally(float((length_N >= least).sum()), len(length_N))
