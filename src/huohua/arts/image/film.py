"""Frames in one file: GIF, and MP4 where the library for it is installed.

A film carries what a picture carries: the record as its comment, and an XMP packet that says that an AI
made it. Frames are taken one at a time; the record comes last, because a film that is stopped early says
what it holds and not what it was meant to hold.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image
from typing_extensions import Self

from huohua.arts.image import video
from huohua.errors import DataError
from huohua.files import write_bytes
from huohua.provenance.labels import xmp_packet
from huohua.provenance.record import Record

LARGEST_FILE = 1 << 30
PALETTE_FROM = 64  # frames that the common palette of a GIF is chosen from, at most
PALETTE_SIDE = 64  # pixels of their longer sides


class FilmWriter(Protocol):
    """Takes frames, then writes the film; used in a `with` block, which clears up whatever happens."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *error: object) -> None:
        """Clear up."""
        ...

    def add(self, frame: Image.Image) -> None:
        """Take the next frame; all are of one size.

        Raises:
            MissingDependencyError: a library for such films is not installed.
        """
        ...

    def save(self, path: Path, record: Record) -> Path:
        """Write the frames taken so far, whole or not at all, and return the path.

        Raises:
            StorageError: the file cannot be written.
        """
        ...


class Gif:
    """A GIF, whose frames share one palette so that colours do not flicker.

    Args:
        fps: frames in a second; a GIF counts in hundredths, so single frames may be a little longer.
        loop: whether it begins again at its end.
    """

    def __init__(self, *, fps: float, loop: bool) -> None:
        self.fps, self.loop = fps, loop
        self.frames: list[Image.Image] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of the frames."""
        self.frames.clear()

    def add(self, frame: Image.Image) -> None:
        """Take the next frame."""
        self.frames.append(_plain(frame))

    def save(self, path: Path, record: Record) -> Path:
        """Write the film."""
        first, *others = self._in_256_colours()
        buffer = io.BytesIO()
        ends = {"loop": 0} if self.loop else {}
        first.save(
            buffer,
            "GIF",
            save_all=True,
            append_images=others,
            duration=durations(len(self.frames), self.fps),
            comment=record.to_ascii().encode("ascii"),
            optimize=False,
            disposal=1,
            **ends,
        )
        content = buffer.getvalue()
        packet = xmp_packet(record, work_id=work_id(record, content)).encode()
        write_bytes(path, with_gif_xmp(content, packet))
        return path

    def _in_256_colours(self) -> list[Image.Image]:
        if self.frames[0].mode == "L":
            return self.frames
        palette = _common_palette(self.frames)
        # Scattered pixels would flicker from frame to frame, and take half as much room again.
        return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames]


class Mp4:
    """An MP4 with H.264, which every browser and player shows.

    Args:
        fps: frames in a second.
        loop: says nothing to an MP4, whose player decides.

    Raises:
        MissingDependencyError: the library that brings the encoder is not installed.
    """

    def __init__(self, *, fps: float, loop: bool) -> None:
        self.fps = fps
        self.encoder = video.program()
        self.stack = ExitStack()  # holds the folder until the film is done
        self.stream: video.Stream | None = None

    def __enter__(self) -> Self:
        """Begin, in a folder of its own."""
        self.scratch = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="huohua-film-")))
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the encoder and clear up."""
        if self.stream:
            self.stream.stop()
        self.stack.close()

    def add(self, frame: Image.Image) -> None:
        """Hand the next frame to the encoder."""
        pixels_HWC = np.asarray(_plain(frame).convert("RGB"))
        height, width = pixels_HWC.shape[:2]
        # The encoder takes even sides only: the last row or column is repeated.
        pixels_HWC = np.pad(pixels_HWC, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        if self.stream is None:
            size = (width + width % 2, height + height % 2)
            self.stream = video.Stream(self.encoder, self.scratch / "frames.mp4", size, fps=self.fps)
        self.stream.add(pixels_HWC.tobytes())

    def save(self, path: Path, record: Record) -> Path:
        """Write the film."""
        if self.stream is None:
            raise ValueError("a film needs a frame")
        self.stream.finish()
        tags = {
            "title": "Made by an AI",
            "comment": record.to_ascii(),
            "creation_time": record.origin.created,
            "encoder": record.origin.producer,
        }
        content = video.tagged(self.encoder, self.scratch, self.scratch / "frames.mp4", tags)
        packet = xmp_packet(record, work_id=work_id(record, content)).encode()
        write_bytes(path, content + video.xmp_box(packet))
        return path


# What films are saved in, by the ending of the file.
FILMS: Mapping[str, Callable[..., FilmWriter]] = {".gif": Gif, ".mp4": Mp4}


def work_id(record: Record, content: bytes) -> str:
    """Return the number a film goes by: the same frames and recipe give the same number."""
    return hashlib.sha256(record.recipe.to_json().encode() + content).hexdigest()[:32]


def read_record(path: Path) -> Record:
    """Read the record of a film.

    Raises:
        DataError: the file is missing, damaged, or carries no record.
    """
    text = ""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path} is too large to be a film of Huohua.")
        if path.suffix.lower() == ".mp4":
            text = video.comment_of(path)
        else:
            with Image.open(path, formats=("GIF",)) as film:
                comment = film.info.get("comment", b"")
                text = comment.decode("ascii", "replace") if isinstance(comment, bytes) else str(comment)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DataError(f"{path} cannot be read as a film: {error}.") from error
    if not text.startswith('{"recipe":'):
        raise DataError(
            f"{path} carries no Huohua recipe.",
            advice="It was made by another program, or a program that removes metadata has passed it on.",
        )
    return Record.read(text, source=str(path))


def read_frames(path: Path) -> Iterator[np.ndarray]:
    """Yield the frames of a film as pixels_HWC in 0 to 255, as a player would show them.

    Raises:
        MissingDependencyError: it is an MP4 and the library that decodes it is not installed.
        DataError: the film is damaged.
    """
    if path.suffix.lower() == ".mp4":
        yield from video.decoded(video.program(), path)
        return
    with Image.open(path, formats=("GIF",)) as film:
        for number in range(getattr(film, "n_frames", 1)):
            film.seek(number)
            yield np.asarray(film.convert("RGB"))


def durations(frames: int, fps: float) -> list[int]:
    """Return how long each frame of a GIF stands, in milliseconds that are whole hundredths of a second.

    Example:
        >>> durations(6, 30)
        [30, 40, 30, 30, 40, 30]
    """
    moments = [round(100 * number / fps) for number in range(frames + 1)]
    # A viewer shows frames of under two hundredths far too long.
    return [max(2, end - start) * 10 for start, end in pairwise(moments)]


def with_gif_xmp(content: bytes, packet: bytes) -> bytes:
    """Return a GIF with an XMP packet before its end.

    Source: Adobe, "XMP Specification Part 3: Storage in Files", section 1.1.2 (GIF): the packet is not
    cut into blocks; a trailer that counts down leads readers who do not know it safely past.
    """
    countdown = bytes([1, *range(255, -1, -1), 0])
    return content[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + countdown + content[-1:]


def _plain(frame: Image.Image) -> Image.Image:
    """Return a frame without transparency, grey or in colour."""
    if frame.mode in {"L", "RGB"}:
        return frame
    paper = Image.new("RGBA", frame.size, "white")
    paper.alpha_composite(frame.convert("RGBA"))
    return paper.convert("RGB")


def _common_palette(frames: list[Image.Image]) -> Image.Image:
    """Return a picture whose 256 colours suit all frames, chosen from some of them side by side."""
    step = -(-len(frames) // PALETTE_FROM)
    chosen = [frame.copy() for frame in frames[::step]]
    for frame in chosen:
        frame.thumbnail((PALETTE_SIDE, PALETTE_SIDE))
    page = Image.new("RGB", (chosen[0].width, sum(frame.height for frame in chosen)))
    top = 0
    for frame in chosen:
        page.paste(frame, (0, top))
        top += frame.height
    # Small bright things on a wide ground keep their colour: every colour counts, not every pixel.
    return page.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1)
