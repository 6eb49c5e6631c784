"""Play a piece: FluidSynth turns it into sound with a General MIDI sound font.

FluidSynth runs as a program of its own, so that a damaged sound font ends it and not us, and computes in
32-bit numbers, so that nothing clips before the loudness is set. The same piece and font give the same
samples.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.needs import sound_font, synthesiser
from huohua.arts.music.piece import TICKS, Piece
from huohua.errors import DataError, MissingDependencyError

RATE = 44_100
# How long the last notes may fade, and below which share of the loudest sample silence begins.
TAIL_SECONDS = 4.0
SILENCE = 1e-3
# One decibel below what the format can hold, so that encoders that round upwards do not clip.
LOUDEST = 10 ** (-1 / 20)
# A minute of music takes about two seconds; past this something hangs.
PATIENCE = 600


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Stereo sound: samples_T2 as 16-bit integers, and how many of them make a second."""

    samples: np.ndarray
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.samples) / self.rate

    @property
    def peak(self) -> float:
        """Return the loudest sample as a share of the largest that can be held."""
        return float(np.abs(self.samples.astype(np.int32)).max(initial=0)) / 32767

    @property
    def loudness(self) -> float:
        """Return the root of the mean square of the samples, as a share of the largest."""
        if not len(self.samples):
            return 0.0
        return float(np.sqrt(np.mean(np.square(self.samples.astype(np.float64))))) / 32767


def played(piece: Piece, *, font: Path | None = None) -> Sound:
    """Return what a piece sounds like, its loudest sample one decibel below the limit.

    Args:
        piece: the piece.
        font: a sound font, `.sf2` or `.sf3`; the installed one when left out.

    Raises:
        DataError: the piece has no notes.
        MissingDependencyError: FluidSynth or a sound font is not installed, or cannot be used.
    """
    if not piece.note_count:
        raise DataError("A piece without notes has no sound.")
    program, font = synthesiser(), font or sound_font()
    _check_font(font)
    tail = round(TAIL_SECONDS * piece.tempos[-1].qpm / 60 * TICKS)
    with tempfile.TemporaryDirectory(prefix="huohua-") as folder:
        tune, raw = Path(folder, "tune.mid"), Path(folder, "tune.raw")
        tune.write_bytes(midi_bytes(piece, tail=tail))
        command = [
            *(program, "-n", "-i", "-q", "-r", str(RATE), "-g", "0.5"),
            # Only the instruments that play are loaded: half the time of a short piece.
            *("-o", "synth.dynamic-sample-loading=1"),
            *("-T", "raw", "-O", "float", "-E", "little", "-F", str(raw), str(font), str(tune)),
        ]
        _run(command, font)
        samples_T2 = np.fromfile(raw, dtype="<f4").reshape(-1, 2) if raw.exists() else np.zeros((0, 2))
    return Sound(samples=_levelled(samples_T2, font))


def _check_font(font: Path) -> None:
    """Raise unless a file is a sound font: of one that is none, FluidSynth makes silence or plays another."""
    try:
        with font.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise MissingDependencyError(f"The sound font {font} cannot be read: {error.strerror}.") from error
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise MissingDependencyError(
            f"{font} is no sound font.", advice="Name a file .sf2 or .sf3 with HUOHUA_SOUND_FONT."
        )


def _run(command: list[str], font: Path) -> None:
    try:
        finished = subprocess.run(  # noqa: S603 - the program is FluidSynth and every argument is ours
            command, capture_output=True, check=False, timeout=PATIENCE, start_new_session=True
        )
    except subprocess.TimeoutExpired as error:
        raise MissingDependencyError(f"FluidSynth did not come to its end in {PATIENCE} seconds.") from error
    if finished.returncode != 0:
        said = finished.stderr.decode("utf-8", "replace").strip().splitlines()
        raise MissingDependencyError(
            f"FluidSynth could not play with {font}: {said[-1][:200] if said else 'no reason given'}.",
            advice="Choose another sound font with HUOHUA_SOUND_FONT.",
        )


def _levelled(samples_T2: np.ndarray, font: Path) -> np.ndarray:
    """Return samples as 16-bit integers at full loudness, without the silence after the last of them."""
    loudest = float(np.abs(samples_T2).max(initial=0.0))
    if not loudest or not np.isfinite(loudest):
        raise MissingDependencyError(
            f"The sound font {font} gives no sound.", advice="Choose another with HUOHUA_SOUND_FONT."
        )
    heard = np.flatnonzero(np.abs(samples_T2).max(axis=1) > SILENCE * loudest)
    samples_T2 = samples_T2[: heard[-1] + 1] * (LOUDEST / loudest)
    return np.rint(samples_T2 * 32767).astype("<i2")
