"""Sound as WAV, FLAC, MP3 and OGG with the work's record and labels in their tags, through FFmpeg.

FFmpeg is the program that `imageio-ffmpeg` brings; it runs on one thread and writes no dates or versions, so
the same sound gives the same bytes.

Source: Adobe, "XMP Specification Part 3: Storage in Files" (`_PMX` in WAV, the private frame `XMP` in ID3).
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from huohua.arts.music.needs import library
from huohua.arts.music.sound import Sound
from huohua.arts.music.stamps import Stamp
from huohua.errors import DataError, StorageError
from huohua.provenance.labels import read_aigc
from huohua.provenance.record import LONGEST_RECORD

# What follows `-c:a` for each ending: 16 bits as they are, or as good as ears can tell.
ENCODERS: Mapping[str, tuple[str, ...]] = {
    ".wav": ("pcm_s16le",),
    ".flac": ("flac", "-compression_level", "8"),
    ".mp3": ("libmp3lame", "-q:a", "2"),
    ".ogg": ("libvorbis", "-q:a", "6"),
}
EXACT = ("-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1")
XMP_TAG: Mapping[str, str] = {".flac": "XMP", ".ogg": "XMP", ".mp3": "id3v2_priv.XMP"}
# The tags of an OGG belong to its stream, those of the others to the file.
ON_STREAM = ("-map_metadata:s:a", "1:g")
PATIENCE = 600


def sound_bytes(sound: Sound, suffix: str, stamp: Stamp) -> bytes:
    """Return a file of sound that ends with `suffix`, with its stamp.

    Raises:
        MissingDependencyError: the library that brings FFmpeg is not installed.
        StorageError: FFmpeg could not write it, as when the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="huohua-") as folder:
        notes, done = Path(folder, "tags.txt"), Path(folder, f"sound{suffix}")
        lines = [f"{name}={_escaped(value)}" for name, value in _tags(suffix, stamp).items()]
        notes.write_text("\n".join([";FFMETADATA1", *lines]) + "\n", encoding="utf-8")
        command = [
            *(_program(), "-y", "-loglevel", "error"),
            *(
                "-f",
                "s16le",
                "-ar",
                str(sound.rate),
                "-ac",
                "2",
                "-i",
                "pipe:0",
                "-f",
                "ffmetadata",
                "-i",
                str(notes),
            ),
            *(
                "-map",
                "0:a",
                "-map_metadata",
                "1",
                *(ON_STREAM if suffix == ".ogg" else ()),
                "-c:a",
                *ENCODERS[suffix],
            ),
            *(*EXACT, str(done)),
        ]
        _run(command, sound.samples.tobytes())
        content = done.read_bytes()
    return _with_xmp(content, stamp.xmp.encode()) if suffix == ".wav" else content


def record_of_sound(path: Path) -> str:
    """Return the comment of a file of sound, in which its record stands; "" where it is another's.

    Raises:
        DataError: it is no file of sound.
        MissingDependencyError: the library that brings FFmpeg is not installed.
    """
    tags = ("-map_metadata", "0:s:a:0") if path.suffix.lower() == ".ogg" else ()
    command = [_program(), "-loglevel", "error", "-i", str(path), *tags, "-f", "ffmetadata", "pipe:1"]
    finished = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603
    if finished.returncode != 0:
        raise DataError(f"{path} is not a file of sound, whatever its name says, or is damaged.")
    text = finished.stdout[: 8 * LONGEST_RECORD].decode("utf-8", "replace")
    found = re.search(r"^comment=((?:\\.|[^\\\n])*)", text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    record = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found else ""
    return record if record.startswith('{"recipe":') else ""


def _tags(suffix: str, stamp: Stamp) -> dict[str, str]:
    tags = {"title": stamp.title, "artist": stamp.description, "comment": stamp.record}
    if suffix != ".wav":
        label = read_aigc(stamp.xmp)
        tags |= {
            "AIGC": label.to_standard_json() if label else "",
            XMP_TAG[suffix]: stamp.xmp,
        }
    return {name: value for name, value in tags.items() if value}


def _with_xmp(content: bytes, packet: bytes) -> bytes:
    """Return a WAV with an XMP packet in a chunk at its end."""
    chunk = struct.pack("<4sI", b"_PMX", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return content[:4] + struct.pack("<I", len(content) - 8 + len(chunk)) + content[8:] + chunk


def _escaped(value: str) -> str:
    """Return a value as FFmpeg's files of tags want it."""
    for letter in "\\=;#\n":
        value = value.replace(letter, "\\" + letter)
    return value


def _program() -> str:
    return str(library("imageio_ffmpeg").get_ffmpeg_exe())


def _run(command: list[str], pcm: bytes) -> None:
    finished = subprocess.run(  # noqa: S603 - the program and every argument are ours
        command, input=pcm, capture_output=True, check=False, timeout=PATIENCE, start_new_session=True
    )
    if finished.returncode != 0:
        said = finished.stderr.decode("utf-8", "replace").strip()[-200:]
        raise StorageError(f"The sound could not be written: {said or 'no reason given'}.")
