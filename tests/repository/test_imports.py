"""Importing Huohua: quick, quiet and without effects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in (SOURCE / "huohua").rglob("*.py")
)
HEAVY = ["torch", "numpy", "PIL", "matplotlib", "accelerate", "safetensors", "efficientnet_lite_pytorch"]

# What an import must leave alone; printed before and after, compared by the test.
WITNESS = """
import logging, os, random, signal, sys, threading, warnings

def look():
    return [
        sorted(os.listdir(".")), sorted(os.environ.items()), logging.getLogger().handlers[:],
        logging.getLogger("huohua").handlers[:], threading.active_count(), random.getstate(),
        warnings.filters[:0], signal.getsignal(signal.SIGINT), sys.excepthook,
    ]
"""


def run(code: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_importing_every_module_does_nothing_else(tmp_path):
    """No file, log handler, thread or output; libraries come first, for their effects are theirs."""
    code = WITNESS + (
        "import importlib, torch, numpy, PIL.Image, accelerate, rich.console\n"
        "before = look(); seed = torch.initial_seed(); threads = torch.get_num_threads()\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "after = look()\n"
        "changed = [i for i, (a, b) in enumerate(zip(before, after)) if a != b]\n"
        "assert not changed, changed\n"
        "assert (seed, threads) == (torch.initial_seed(), torch.get_num_threads())\n"
    )
    modules = [name for name in MODULES if not name.endswith("__main__")]
    result = run(code, tmp_path, *modules)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code",
    [
        "import huohua",
        "import huohua.cli.main",
        "import huohua, huohua.errors, huohua.config, huohua.files, huohua.devices, huohua.logs",
        "import sys; sys.argv = ['huohua', '--help']\n"
        "from huohua.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code",
        "import sys; sys.argv = ['huohua', 'train', 'image', '--help']\n"
        "from huohua.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code",
    ],
    ids=["package", "command line", "floor", "help", "help of a command"],
)
def test_what_only_looks_does_not_import_torch(tmp_path, code):
    check = (
        f"\nimport sys\nfound = [name for name in {HEAVY} if name in sys.modules]\nassert not found, found"
    )
    result = run(code + check, tmp_path)
    assert result.returncode == 0, result.stderr


def test_every_module_can_be_the_first_to_be_imported(tmp_path):
    """Each in a fresh interpreter of its own would take minutes; a fresh set of our modules does the same."""
    code = (
        "import importlib, sys\n"
        "import torch, numpy, PIL.Image\n"
        "for name in sys.argv[1:]:\n"
        "    ours = [m for m in sys.modules if m.partition('.')[0] == 'huohua']\n"
        "    for loaded in ours: del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    result = run(code, tmp_path, *[name for name in MODULES if not name.endswith("__main__")])
    assert result.returncode == 0, result.stderr
