"""Music as arrays: bars of sixteenth steps, one row for each voice, harmony and drums, in C or A minor.

A grid says what is struck and what is held, so a note is never broken on the way back. `grid_of` and
`piece_of` undo one another exactly for whatever lies on steps; see docs/decisions/0019-music-as-a-grid.md
for why it is laid out so. Letters of array names: see `grid_layout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from huohua.arts.music import grid_harmony, grid_voices
from huohua.arts.music.grid_layout import (
    FIRST_PITCH,
    HARMONY_LOWEST,
    HARMONY_PITCHES,
    HELD,
    HOLD,
    LOWEST,
    METRES,
    OFF,
    PAD,
    PITCHES,
    REST,
    STEPS,
)
from huohua.arts.music.grid_voices import Stroke, folded
from huohua.arts.music.key_finding import main_key, shift_home
from huohua.arts.music.piece import Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.quantising import STRAIGHT, steps_of, ticks_of
from huohua.arts.music.roles import DRUM_OF_PITCH, DRUM_PITCHES, DRUMS, PROGRAMS, ROLES, VOICES, Role
from huohua.errors import DataError

USUAL_VELOCITY = 80


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Bars of one metre.

    Attributes:
        mono_BVS: int16 tokens of the four voices: 0 rest, 1 hold, from 2 the pitches upwards from
            `LOWEST`, `PAD` in the steps that the metre lacks.
        harmony_BSP: uint8, pitches from MIDI 36: 0 off, 1 struck, 2 held.
        drums_BSD: uint8, 1 where a drum is struck.
        present_R: which roles take part, be it with rests.
        derived_R: which of them were worked out and not given.
        loudness_BR: uint8, mean velocity of the notes struck in a bar by a role, 0 without any.
        metre: numerator and denominator, one of `METRES`.
        tempo: quarter notes in a minute.
        key: the key that the piece sounds in.
        shift: semitones that were added to its pitches to reach C major or A minor.
        swing: length of the first eighth of a quarter over the second; see `quantising`.
        title: a name for people.

    Raises:
        DataError: an array is of another shape or type, or holds a number that means nothing.
    """

    mono_BVS: np.ndarray
    harmony_BSP: np.ndarray
    drums_BSD: np.ndarray
    present_R: np.ndarray
    derived_R: np.ndarray = field(default_factory=lambda: np.zeros(len(ROLES), dtype=np.bool_))
    loudness_BR: np.ndarray
    metre: tuple[int, int] = (4, 4)
    tempo: float = 120.0
    key: Key = field(default_factory=Key)
    shift: int = 0
    swing: float = STRAIGHT
    title: str = ""

    def __post_init__(self) -> None:
        if self.metre not in METRES:
            raise DataError(f"A grid has no bars of {self.metre[0]}/{self.metre[1]}.", advice=_METRES_ADVICE)
        bars = len(self.mono_BVS)
        for name, (shape, kind, most) in _ARRAYS.items():
            array = getattr(self, name)
            whole = (bars, *shape) if name[-1] != "R" or name == "loudness_BR" else shape
            if array.shape != whole or array.dtype != kind or (array.size and array.max() > most):
                raise DataError(f"{name} of a grid is {whole} of {kind}, up to {most}; see `Grid`.")
        if self.mono_BVS.size and self.mono_BVS.min() < 0:
            raise DataError("There are no tokens below 0 in a grid.")

    @property
    def bars(self) -> int:
        """Return the number of bars."""
        return len(self.mono_BVS)

    @property
    def steps(self) -> int:
        """Return the number of steps of a bar."""
        return METRES[self.metre]

    def voice(self, role: Role) -> np.ndarray:
        """Return token_T of a voice: all its steps one after another, without those that bars lack."""
        token_T: np.ndarray = self.mono_BVS[:, VOICES.index(role), : self.steps].reshape(-1)
        return token_T

    def harmony(self) -> np.ndarray:
        """Return state_TP of harmony: all steps one after another."""
        state_TP: np.ndarray = self.harmony_BSP[:, : self.steps].reshape(-1, HARMONY_PITCHES)
        return state_TP

    def drums(self) -> np.ndarray:
        """Return struck_TD of the drums: all steps one after another."""
        struck_TD: np.ndarray = self.drums_BSD[:, : self.steps].reshape(-1, len(DRUMS))
        return struck_TD

    def window(self, first: int, bars: int) -> Grid:
        """Return some bars as a grid of their own; notes that sound across its beginning are struck again.

        Raises:
            DataError: the grid has no such bars.
        """
        if first < 0 or bars < 1 or first + bars > self.bars:
            raise DataError(f"Bars {first} to {first + bars} are not in a grid of {self.bars}.")
        cut = slice(first, first + bars)
        mono_BVS, harmony_BSP = self.mono_BVS[cut].copy(), self.harmony_BSP[cut].copy()
        loudness_BR = self.loudness_BR[cut].copy()
        for voice, role in enumerate(VOICES):
            if mono_BVS[0, voice, 0] == HOLD:
                mono_BVS[0, voice, 0] = _sounding(self.voice(role)[: first * self.steps])
                _louden(loudness_BR, self.loudness_BR, first, ROLES.index(role))
        if (held_P := harmony_BSP[0, 0] == HELD).any():
            harmony_BSP[0, 0, held_P] = _ringing(self.harmony()[: first * self.steps])[held_P]
            _louden(loudness_BR, self.loudness_BR, first, ROLES.index("harmony"))
        return replace(
            self,
            mono_BVS=mono_BVS,
            harmony_BSP=harmony_BSP,
            drums_BSD=self.drums_BSD[cut].copy(),
            loudness_BR=loudness_BR,
        )

    def equals(self, other: Grid) -> bool:
        """Return whether every array and every number is the same."""
        pairs = [(getattr(self, part.name), getattr(other, part.name)) for part in fields(self)]
        return all(
            np.array_equal(one, two) if isinstance(one, np.ndarray) else one == two for one, two in pairs
        )


# The shape of each array after its bars, its type and the largest number in it.
_ARRAYS: Mapping[str, tuple[tuple[int, ...], type[np.generic], int]] = {
    "mono_BVS": ((len(VOICES), STEPS), np.int16, PAD),
    "harmony_BSP": ((STEPS, HARMONY_PITCHES), np.uint8, HELD),
    "drums_BSD": ((STEPS, len(DRUMS)), np.uint8, 1),
    "present_R": ((len(ROLES),), np.bool_, 1),
    "derived_R": ((len(ROLES),), np.bool_, 1),
    "loudness_BR": ((len(ROLES),), np.uint8, 127),
}
_METRES_ADVICE = f"Its metres: {', '.join(f'{over}/{under}' for over, under in METRES)}."


def empty_grid(bars: int, *, metre: tuple[int, int] = (4, 4), tempo: float = 120.0) -> Grid:
    """Return a grid in C major in which nobody plays."""
    mono_BVS = np.full((bars, len(VOICES), STEPS), PAD, dtype=np.int16)
    mono_BVS[:, :, : METRES.get(metre, STEPS)] = REST
    return Grid(
        mono_BVS=mono_BVS,
        harmony_BSP=np.zeros((bars, STEPS, HARMONY_PITCHES), dtype=np.uint8),
        drums_BSD=np.zeros((bars, STEPS, len(DRUMS)), dtype=np.uint8),
        present_R=np.zeros(len(ROLES), dtype=np.bool_),
        loudness_BR=np.zeros((bars, len(ROLES)), dtype=np.uint8),
        metre=metre,
        tempo=tempo,
    )


def grid_of(
    piece: Piece, *, bars: int | None = None, swing: float = STRAIGHT, key: Key | None = None
) -> Grid:
    """Return the nearest grid of a piece whose tracks have roles and whose bars are all of one metre.

    Pitches outside a role's range move by octaves; a voice keeps one note at a time.

    Args:
        piece: the piece; tracks without a role are left out.
        bars: length of the grid; as many as the notes need unless given, and notes beyond are cut.
        swing: the ratio that its eighths are swung by.
        key: its key; what the piece says, or else what its notes are in, unless given.

    Raises:
        DataError: the piece changes its metre, or has one that grids lack.
    """
    metre = _only_metre(piece)
    key = key or main_key(piece)
    shift, steps = shift_home(key), METRES[metre]
    played = {
        role: _strokes(tracks, role, shift, swing) for role in ROLES if (tracks := piece.with_role(role))
    }
    last = max((stroke.end for strokes in played.values() for stroke in strokes), default=0)
    grid = empty_grid(max(1, -(-last // steps)) if bars is None else bars, metre=metre)
    for role, strokes in played.items():
        _lay(grid, role, [stroke for stroke in strokes if stroke.step < grid.bars * steps])
    for role in played:
        grid.present_R[ROLES.index(role)] = True
        grid.derived_R[ROLES.index(role)] = all(track.derived for track in piece.with_role(role))
    return replace(
        grid,
        tempo=main_tempo(piece),
        key=Key(tonic=key.tonic, mode=key.mode),
        shift=shift,
        swing=swing,
        title=piece.title,
    )


def piece_of(grid: Grid, *, programs: Mapping[Role, int] = PROGRAMS) -> Piece:
    """Return the piece that a grid stands for: swung, in its own key, one track for each role present.

    Args:
        grid: the grid.
        programs: the General MIDI instrument of each role.
    """
    tracks = []
    for place, role in enumerate(ROLES):
        if grid.present_R[place]:
            tracks.append(
                Track(
                    name=role,
                    program=programs.get(role, PROGRAMS[role]),
                    drums=role == "drums",
                    role=role,
                    derived=bool(grid.derived_R[place]),
                    notes=tuple(_notes(grid, role)),
                )
            )
    return Piece(
        title=grid.title,
        tracks=tuple(tracks),
        tempos=(Tempo(qpm=grid.tempo),),
        metres=(Metre(numerator=grid.metre[0], denominator=grid.metre[1]),),
        keys=(Key(tonic=grid.key.tonic, mode=grid.key.mode),),
    )


def main_tempo(piece: Piece) -> float:
    """Return the tempo that holds longest, in quarter notes a minute; of equals the first."""
    spans: dict[float, float] = {}
    ends = [*(tempo.tick for tempo in piece.tempos[1:]), max(piece.ticks, piece.tempos[-1].tick)]
    for tempo, end in zip(piece.tempos, ends, strict=True):
        spans[tempo.qpm] = spans.get(tempo.qpm, 0.0) + (min(end, piece.ticks) - tempo.tick) / tempo.qpm
    return max(spans, key=lambda qpm: spans[qpm])


def _only_metre(piece: Piece) -> tuple[int, int]:
    found = {(bar.metre.numerator, bar.metre.denominator) for bar in piece.bars}
    found = found or {(piece.metres[0].numerator, piece.metres[0].denominator)}
    if len(found) > 1:
        raise DataError(
            f"'{piece.title}' changes its metre; a grid has one.", advice="Cut it where the metre changes."
        )
    metre = found.pop()
    if metre not in METRES:
        raise DataError(f"A grid has no bars of {metre[0]}/{metre[1]}.", advice=_METRES_ADVICE)
    return metre


def _strokes(tracks: Iterable[Track], role: Role, shift: int, swing: float) -> list[Stroke]:
    """Return the notes of a role on steps, in the key of the grid and the range of the role."""
    notes = [note for track in tracks for note in track.notes]
    if role == "drums":
        notes = [note for note in notes if note.pitch in DRUM_OF_PITCH]
    starts = steps_of(np.array([note.start for note in notes], dtype=np.int64), swing)
    ends = np.maximum(steps_of(np.array([note.end for note in notes], dtype=np.int64), swing), starts + 1)
    return [
        Stroke(step=step, end=end, pitch=_place(note.pitch, role, shift), velocity=note.velocity)
        for note, step, end in zip(notes, starts.tolist(), ends.tolist(), strict=True)
    ]


def _place(pitch: int, role: Role, shift: int) -> int:
    if role == "drums":
        return DRUMS.index(DRUM_OF_PITCH[pitch])
    if role == "harmony":
        return folded(pitch + shift, HARMONY_LOWEST, HARMONY_PITCHES)
    return folded(pitch + shift, LOWEST[role], PITCHES)


def _lay(grid: Grid, role: Role, strokes: list[Stroke]) -> None:
    """Write the notes of a role into the arrays of a grid that is being made."""
    total = grid.bars * grid.steps
    if role in VOICES:
        strokes = grid_voices.one_at_a_time(strokes, role)
        token_T = grid_voices.to_tokens(strokes, role, total)
        grid.mono_BVS[:, VOICES.index(role), : grid.steps] = token_T.reshape(grid.bars, grid.steps)
    elif role == "harmony":
        state_TP = grid_harmony.to_states(strokes, total)
        grid.harmony_BSP[:, : grid.steps] = state_TP.reshape(grid.bars, grid.steps, -1)
    else:
        for stroke in strokes:
            bar, step = divmod(stroke.step, grid.steps)
            grid.drums_BSD[bar, step, stroke.pitch] = 1
    sums, counts = np.zeros(grid.bars), np.zeros(grid.bars)
    for stroke in strokes:
        sums[stroke.step // grid.steps] += stroke.velocity
        counts[stroke.step // grid.steps] += 1
    grid.loudness_BR[:, ROLES.index(role)] = np.floor(sums / np.maximum(counts, 1) + 0.5)


def strokes_in(grid: Grid, role: Role) -> Iterator[tuple[int, int, int]]:
    """Yield (step, end, pitch) of the notes of a role as they stand in the grid; drums by their class."""
    if role in VOICES:
        yield from grid_voices.from_tokens(grid.voice(role), role)
    elif role == "harmony":
        yield from grid_harmony.from_states(grid.harmony())
    else:
        for step, drum in np.argwhere(grid.drums()).tolist():
            yield step, step + 1, drum


def _notes(grid: Grid, role: Role) -> Iterator[Note]:
    shift = 0 if role == "drums" else grid.shift
    found = list(strokes_in(grid, role))
    starts = ticks_of(np.array([step for step, _, _ in found], dtype=np.int64), grid.swing).tolist()
    ends = ticks_of(np.array([end for _, end, _ in found], dtype=np.int64), grid.swing).tolist()
    loudness_B = grid.loudness_BR[:, ROLES.index(role)]
    for (step, _, pitch), start, end in zip(found, starts, ends, strict=True):
        yield Note(
            start=start,
            duration=end - start,
            pitch=DRUM_PITCHES[DRUMS[pitch]] if role == "drums" else pitch - shift,
            velocity=int(loudness_B[step // grid.steps]) or USUAL_VELOCITY,
        )


def _sounding(token_T: np.ndarray) -> int:
    """Return the token of the note that a voice holds after some steps, a rest if it holds none."""
    told = np.flatnonzero(token_T != HOLD)
    last = int(token_T[told[-1]]) if len(told) else REST
    return last if FIRST_PITCH <= last < PAD else REST


def _ringing(state_TP: np.ndarray) -> np.ndarray:
    """Return for each pitch that may be held after some steps whether it rings, as struck or off."""
    told_TP = np.concatenate([np.full((1, state_TP.shape[1]), OFF, dtype=np.uint8), state_TP])
    back_P = np.argmax(told_TP[::-1] != HELD, axis=0)
    last_P: np.ndarray = told_TP[len(told_TP) - 1 - back_P, np.arange(told_TP.shape[1])]
    return last_P


def _louden(loudness_BR: np.ndarray, whole_BR: np.ndarray, first: int, role: int) -> None:
    """Give a first bar that only holds the loudness of the bar before in which its role struck a note."""
    if not loudness_BR[0, role]:
        heard = np.flatnonzero(whole_BR[:first, role])
        loudness_BR[0, role] = whole_BR[heard[-1], role] if len(heard) else 0
