"""What music needs beyond the base installation, and how each missing thing is had."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from huohua.errors import MissingDependencyError

# The libraries of the extra `music`, by the name they are imported under, and what each is for.
LIBRARIES: Mapping[str, str] = {
    "symusic": "MIDI files are read",
    "mido": "MIDI files are written",
    "music21": "MusicXML and ABC are read and written",
    "verovio": "scores are engraved",
    "cairosvg": "engraved scores become PDF and PNG",
    "pypdf": "the pages of a score are bound into one PDF",
    "imageio_ffmpeg": "sound is saved as FLAC, MP3 and OGG",
}

# Debian's packages, in the order in which a person is told of them; `scripts/debian-packages` lists the same.
SYNTHESISER = "fluidsynth"
DEBIAN_PACKAGES = ("fluidsynth", "musescore-general-soundfont-small", "libcairo2", "fonts-noto-cjk")

# Where sound fonts lie, the better first: MuseScore's (MIT licence), Fluid's, the small TimGM.
SOUND_FONT_VARIABLE = "HUOHUA_SOUND_FONT"
SOUND_FONTS = (
    "sf3/MuseScore_General_Lite.sf3",
    "sf3/MuseScore_General.sf3",
    "sf3/MuseScore_General_Full.sf2",
    "sf2/MuseScore_General_Full.sf2",
    "sf3/default-GM.sf3",
    "sf2/FluidR3_GM.sf2",
    "sf2/default-GM.sf2",
    "sf2/TimGM6mb.sf2",
)
SOUND_FOLDERS = ("/usr/share/sounds", "/usr/local/share/sounds", "/opt/homebrew/share/sounds")


def library(name: str) -> ModuleType:
    """Import one of `LIBRARIES`.

    Raises:
        MissingDependencyError: it is not installed, or lacks a library of the system.
    """
    top = name.partition(".")[0]
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependencyError(
            f"The library {top}, with which {LIBRARIES[top]}, is not installed.",
            advice="Install it with: pip install 'huohua[music]'.",
        ) from error
    except OSError as error:
        # CairoSVG finds the system's Cairo only when it is imported.
        raise MissingDependencyError(
            f"The library {top} does not find what it needs of this system: {str(error).splitlines()[0]}.",
            advice=f"Install it with: {install_command()}.",
        ) from error


def absent() -> tuple[str, ...]:
    """Return the names of those of `LIBRARIES` that are not installed."""
    return tuple(name for name in LIBRARIES if importlib.util.find_spec(name) is None)


def synthesiser() -> str:
    """Return the path of the FluidSynth program.

    Raises:
        MissingDependencyError: it is not installed.
    """
    if found := shutil.which(SYNTHESISER):
        return found
    raise MissingDependencyError(
        "Music becomes sound through the program FluidSynth, which is not installed.",
        advice=f"Install it with huohua doctor --install, or: {install_command()}. On macOS: brew install "
        "fluid-synth. Files .mid, .musicxml and .png need no such program.",
    )


def sound_font() -> Path:
    """Return the sound font that music is played with: `$HUOHUA_SOUND_FONT`, else the best that is installed.

    Raises:
        MissingDependencyError: there is none.
    """
    if named := os.environ.get(SOUND_FONT_VARIABLE):
        path = Path(named).expanduser()
        if path.is_file():
            return path
        raise MissingDependencyError(
            f"There is no sound font {path}, which {SOUND_FONT_VARIABLE} names.",
            advice=f"Point it at a file .sf2 or .sf3, or unset it and: {install_command()}.",
        )
    for place in SOUND_FONTS:
        for folder in SOUND_FOLDERS:
            path = Path(folder, place)
            if path.is_file():
                return path
    raise MissingDependencyError(
        "Music becomes sound with a General MIDI sound font, and none is installed.",
        advice=f"Install one with: {install_command()}. Or name a file with {SOUND_FONT_VARIABLE}.",
    )


def install_command() -> str:
    """Return the command that installs on Debian and Ubuntu what is no Python package."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(DEBIAN_PACKAGES)}"
