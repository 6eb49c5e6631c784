"""MP4 files: frames through the FFmpeg program that `imageio-ffmpeg` brings, and boxes read and written here.

FFmpeg runs as a program of its own, on one thread and without dates or versions in its output, so that
the same frames give the same bytes. Reading the comment of a stranger's file needs no FFmpeg: an MP4 is
boxes in boxes, and only those on the way to the comment are opened.

Source: ISO/IEC 14496-12 (boxes); Apple, "QuickTime File Format", "Metadata" (`udta`, `meta`, `ilst`); Adobe,
"XMP Specification Part 3: Storage in Files", section 1.2.7 (the `uuid` box).
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO, cast

import numpy as np

from huohua.errors import DataError, MissingDependencyError, StorageError
from huohua.provenance.record import LONGEST_RECORD

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
COMMENT = b"\xa9cmt"
MOST_BOXES = 10_000

# Nearly all that the eye can tell, at about a hundredth of the raw size.
QUALITY = "16"
EXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "1")


def program() -> str:
    """Return the path of the FFmpeg program.

    Raises:
        MissingDependencyError: the library that brings it is not installed, or has none for this machine.
    """
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise MissingDependencyError(
            "MP4 films need the package imageio-ffmpeg, which brings an encoder.",
            advice="Install it with: pip install 'huohua[video]'. GIF and folders of PNG need nothing.",
        ) from error


class Stream:
    """An encoder that takes frames as they come.

    Args:
        encoder: path of the FFmpeg program.
        path: the file it writes.
        size: width and height of a frame in pixels, even ones: H.264 halves the resolution of colour.
        fps: frames in a second.
    """

    def __init__(self, encoder: str, path: Path, size: tuple[int, int], *, fps: float) -> None:
        width, height = size
        self.path = path
        self.process = subprocess.Popen(  # noqa: S603 - the program and every argument are ours
            [
                *(encoder, "-y", "-loglevel", "error"),
                *("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}"),
                *("-framerate", str(Fraction(fps).limit_denominator(1000)), "-i", "pipe:0"),
                *("-c:v", "libx264", "-crf", QUALITY, "-preset", "medium", "-pix_fmt", "yuv420p"),
                *(*EXACT, str(path)),
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Ctrl-C is for us; the encoder has to finish the frames it was given.
            start_new_session=True,
        )

    def add(self, pixels: bytes) -> None:
        """Hand over the pixels of one frame, three bytes each, row by row.

        Raises:
            StorageError: the encoder has stopped, as it does when the disk is full.
        """
        try:
            cast("IO[bytes]", self.process.stdin).write(pixels)
        except (BrokenPipeError, ValueError) as error:
            raise self._failure() from error

    def finish(self) -> None:
        """Wait until every frame is written.

        Raises:
            StorageError: the encoder did not come to its end.
        """
        cast("IO[bytes]", self.process.stdin).close()
        if self.process.wait() != 0:
            raise self._failure()
        cast("IO[bytes]", self.process.stderr).close()

    def stop(self) -> None:
        """End the encoder if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stderr):
            if pipe and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue

    def _failure(self) -> StorageError:
        self.process.kill()
        said = cast("IO[bytes]", self.process.stderr).read().decode("utf-8", "replace").strip()
        self.process.wait()
        return StorageError(
            f"The film could not be encoded: {said.splitlines()[-1][:200] if said else 'no reason given'}.",
            advice="Free some space, or save a GIF or a folder of PNG instead.",
        )


def tagged(encoder: str, scratch: Path, film: Path, tags: Mapping[str, str]) -> bytes:
    """Return a film with tags such as title and comment, its index in front so that it plays while it loads.

    Tags travel in a file, because a record may be longer than an argument may be.
    """
    notes, done = scratch / "tags.txt", scratch / "tagged.mp4"
    lines = [";FFMETADATA1", *(f"{name}={_escaped(value)}" for name, value in tags.items())]
    notes.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [
        *(encoder, "-y", "-loglevel", "error", "-i", str(film), "-f", "ffmetadata", "-i", str(notes)),
        *("-map", "0", "-map_metadata", "1", "-c", "copy", "-movflags", "+faststart"),
        *("-fflags", "+bitexact", str(done)),
    ]
    _run(command)
    return done.read_bytes()


def decoded(encoder: str, path: Path) -> Iterator[np.ndarray]:
    """Yield the frames of a film as pixels_HWC in 0 to 255.

    Raises:
        DataError: it cannot be decoded.
    """
    command = [encoder, "-loglevel", "error", "-i", str(path), "-f", "image2pipe", "-c:v", "ppm", "pipe:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        stream = cast("IO[bytes]", process.stdout)
        try:
            # A portable pixmap says its size in three lines: "P6", width and height, the largest value.
            while stream.readline() == b"P6\n":
                width, height = map(int, stream.readline().split())
                stream.readline()
                pixels = np.frombuffer(stream.read(width * height * 3), np.uint8)
                yield pixels.reshape(height, width, 3)
        except GeneratorExit:
            process.kill()
            raise
        if process.wait() > 0:
            raise DataError(f"{path} is damaged: its frames cannot be decoded.")


def xmp_box(packet: bytes) -> bytes:
    """Return an XMP packet as a box to stand at the end of an MP4."""
    return struct.pack(">I4s", 24 + len(packet), b"uuid") + XMP_UUID + packet


def comment_of(path: Path) -> str:
    """Return the comment of an MP4, "" when it has none.

    Raises:
        DataError: it is no MP4, or its comment is longer than a record can be.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        place = _inside(file, 0, size, (b"moov", b"udta"))
        # `meta` begins with four bytes of version before its boxes.
        meta = place and _inside(file, *place, (b"meta",))
        found = meta and _inside(file, meta[0] + 4, meta[1], (b"ilst", COMMENT, b"data"))
        if not found:
            if _box_at(file, 0, size)[0] != b"ftyp":
                raise DataError(f"{path} is not an MP4.")
            return ""
        start, end = found[0] + 8, found[1]  # eight bytes of type and language before the text
        if end - start > LONGEST_RECORD:
            raise DataError(f"{path} carries a comment of {end - start:,} bytes, which cannot be a recipe.")
        file.seek(start)
        return file.read(max(0, end - start)).decode("utf-8", "replace")


def _inside(file: IO[bytes], start: int, end: int, names: Sequence[bytes]) -> tuple[int, int] | None:
    """Return where the content of the first box of these names, one inside the other, begins and ends."""
    for name in names:
        place, found = start, None
        for _ in range(MOST_BOXES):
            kind, content, after = _box_at(file, place, end)
            if kind == name:
                found = (content, after)
            if found or not kind:
                break
            place = after
        if found is None:
            return None
        start, end = found
    return start, end


def _box_at(file: IO[bytes], place: int, end: int) -> tuple[bytes, int, int]:
    """Return the name of the box at a place, b"" past the last, and where its content begins and ends."""
    file.seek(place)
    head = file.read(16)
    if place + 8 > end or len(head) < 8:
        return b"", end, end
    size, kind = struct.unpack(">I4s", head[:8])
    content = place + 8
    if size == 1 and len(head) == 16:
        size, content = struct.unpack(">Q", head[8:])[0], place + 16
    after = end if size == 0 else place + size
    return (kind, content, after) if content <= after <= end else (b"", end, end)


def _escaped(value: str) -> str:
    """Return a value as FFmpeg's files of tags want it."""
    for letter in "\\=;#\n":
        value = value.replace(letter, "\\" + letter)
    return value


def _run(command: Sequence[str]) -> None:
    finished = subprocess.run(command, capture_output=True, check=False, start_new_session=True)  # noqa: S603
    if finished.returncode != 0:
        said = finished.stderr.decode("utf-8", "replace").strip()[-200:]
        raise StorageError(f"The film could not be written: {said or 'no reason given'}.")
