"""Find out what each track of a piece does: from its name, else its instrument, register and polyphony.

A role that a track's name says is taken as given; one that is worked out from the notes is marked as derived.
A piece has each voice once; harmony may be several tracks, and what is left over goes to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from huohua.arts.music.piece import Piece, Track
from huohua.arts.music.roles import VOICES, Role

# Words in names that say a role, and ends of words that do. Read in this order: a bass guitar is a bass.
NAMES: Mapping[Role, str] = {
    "drums": r"drums?|drumkit|percussion|beat|kit|鼓",
    "bass": r"\w*bass|basso|cello|violoncello|tuba|贝斯|低音",
    "lead": r"melody|lead|voice|vocals?|vox|sing(er|ing)?|solo|soprano|tune|theme|violin\s?(1|i)"
    r"|主旋律|旋律|人声",
    "counter": r"counter(melody)?|counterpoint|bridge|alto|descant|obbligato|second|violin\s?(2|ii)",
    "inner": r"inner|tenor|viola|middle",
    "harmony": r"harmony|chords?|comp(ing)?|accomp\w*|piano|keys|keyboard|guitars?|organ|pad|strings|rhythm"
    r"|和弦|伴奏|钢琴",
}
_SAID = {
    role: re.compile(rf"(?<![^\W_])(?:{words})(?![^\W\d_])", re.IGNORECASE) for role, words in NAMES.items()
}

# General MIDI: basses, and what is made for several notes at once (pianos, organs, guitars, strings, pads).
BASS_PROGRAMS = frozenset(range(32, 40)) | {43, 58}
CHORD_PROGRAMS = frozenset((*range(8), *range(16, 32), *range(48, 52), *range(88, 96)))

# A voice sounds several notes at once for less than this share of its time …
MOST_DOUBLE = 0.1
# … and one that lies below the F sharp under middle C, on average, is a bass.
BASS_BELOW = 54.0


def assign_roles(piece: Piece) -> Piece:
    """Return the piece with a role for every track that has none and has notes.

    Example:
        >>> from huohua.arts.music.piece import Note
        >>> high, low = Note(start=0, duration=48, pitch=72), Note(start=0, duration=48, pitch=40)
        >>> found = assign_roles(Piece(tracks=(Track(name="Melody", notes=(high,)), Track(notes=(low,)))))
        >>> [(track.role, track.derived) for track in found.tracks]
        [('lead', False), ('bass', True)]
    """
    tracks = list(piece.tracks)
    taken = {track.role for track in tracks}
    for place, track in enumerate(tracks):
        role = None if track.role else said_role(track)
        if role and track.notes and (role not in taken or role not in VOICES):
            tracks[place] = replace(track, role=role)
            taken.add(role)
    for place, role in _worked_out(tracks, taken).items():
        tracks[place] = replace(tracks[place], role=role, derived=True)
    return replace(piece, tracks=tuple(tracks))


def said_role(track: Track) -> Role | None:
    """Return the role that the name of a track says, or that it plays the drums; None where nothing says it.

    Example:
        >>> [said_role(Track(name=name)) for name in ("Bass guitar", "violin2", "Track 1")]
        ['bass', 'counter', None]
    """
    if track.drums:
        return "drums"
    for role, words in _SAID.items():
        if role != "drums" and words.search(track.name) and _fits(track, role):
            return role
    return None


def _fits(track: Track, role: Role) -> bool:
    """Return whether a track can be what its name says: chords are no voice, whatever they are called."""
    return role == "harmony" or share_of_chords(track) < 0.5


def share_of_chords(track: Track) -> float:
    """Return the share of the time in which something sounds that several notes do, 0 to 1."""
    changes: dict[int, int] = {}
    for note in track.notes:
        changes[note.start] = changes.get(note.start, 0) + 1
        changes[note.end] = changes.get(note.end, 0) - 1
    sounding = one = several = before = 0
    for tick in sorted(changes):
        one += (tick - before) * (sounding == 1)
        several += (tick - before) * (sounding > 1)
        sounding, before = sounding + changes[tick], tick
    return several / (one + several) if one + several else 0.0


def mean_pitch(track: Track) -> float:
    """Return the mean pitch of a track, each note weighing as long as it sounds."""
    total = sum(note.duration for note in track.notes)
    return sum(note.pitch * note.duration for note in track.notes) / total


def _worked_out(tracks: Sequence[Track], taken: set[Role | None]) -> dict[int, Role]:
    """Return roles for the places of tracks without one, from the highest voice to the lowest."""
    unknown = [place for place, track in enumerate(tracks) if track.role is None and track.notes]
    roles: dict[int, Role] = dict.fromkeys(unknown, "harmony")
    alone = sum(bool(track.notes) for track in tracks) == 1
    voices = [place for place in unknown if _is_voice(tracks[place], alone=alone)]
    voices.sort(key=lambda place: -mean_pitch(tracks[place]))
    free = [role for role in VOICES if role not in taken]
    if "bass" in free and voices and _is_bass(tracks[voices[-1]], alone=alone):
        roles[voices.pop()] = "bass"
    for place, role in zip(voices, (role for role in free if role != "bass"), strict=False):
        roles[place] = role
    return roles


def _is_voice(track: Track, *, alone: bool) -> bool:
    most = 0.0 if track.program in CHORD_PROGRAMS and not alone else MOST_DOUBLE
    return share_of_chords(track) <= most


def _is_bass(track: Track, *, alone: bool) -> bool:
    return track.program in BASS_PROGRAMS or (not alone and mean_pitch(track) < BASS_BELOW)
