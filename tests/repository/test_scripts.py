"""The scripts: the reference is up to date, tests are counted, the two commands are sound."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL_SCRIPTS = [ROOT / "scripts" / name for name in ("environment", "quickstart", "test")] + [
    ROOT / ".ci" / "run"
]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


reference = script("write_reference")


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_says_what_the_code_says(page):
    written = (ROOT / page).read_text(encoding="utf-8")
    # Compared first, because the difference of two long pages says less than what to do about it.
    current = written == reference.PAGES[page]()
    assert current, "run: python scripts/write_reference.py"


def test_every_source_line_is_on_the_map_of_papers():
    text = (ROOT / "docs/explanation/map-of-papers.md").read_text(encoding="utf-8")
    items = reference.sourced_items()
    assert len(items) > 20
    for item in items:
        assert item.source.replace("|", "\\|") in text
        assert all(paper.who in text for paper in reference.cited(item.source))


@pytest.mark.parametrize(
    ("source", "papers"),
    [
        ('Goodfellow et al. 2014, "Generative Adversarial Nets", equation 1.',
         [("Goodfellow et al.", "2014", "Generative Adversarial Nets")]),
        ('Tan and Le, "EfficientNet" (2019); the rest is ours.', [("Tan and Le", "2019", "EfficientNet")]),
        ('Lim and Ye 2017, "Geometric GAN"; Miyato et al. 2018, equation 16.',
         [("Lim and Ye", "2017", "Geometric GAN"), ("Miyato et al.", "2018", "")]),
        ("the quotient of two `distances`.", []),
    ],
)  # fmt: skip
def test_papers_are_found_in_a_source_line(source, papers):
    assert [(paper.who, paper.year, paper.title) for paper in reference.cited(source)] == papers


def test_tests_are_counted_in_one_plain_line(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/></testsuites>')
    assert script("count_tests").count(report) == "5 passed, 3 failed, 1 skipped"


@pytest.mark.parametrize("path", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_a_shell_script_is_well_formed(path):
    subprocess.run(["bash", "-n", str(path)], check=True)
    assert path.name == "environment" or os.access(path, os.X_OK)


def test_the_build_server_runs_what_a_person_runs():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "exec bash scripts/test",
    ]


def test_a_python_that_is_too_old_is_a_clear_error(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for version in ("3.10", "3.11", "3.12", "3.13"):
        (tmp_path / f"python{version}").symlink_to(old)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)}
    code = f". {ROOT}/scripts/environment; find_python"
    result = subprocess.run(
        ["bash", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Python 3.10 or newer is needed" in result.stderr


FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *ensurepip*) exit 1 ;;
    *version_info?:2*) echo python3.10-venv ;;
    "-m venv "*)
        mkdir -p "$3/bin"
        printf '#!/bin/sh\\nexit 0\\n' >"$3/bin/python"
        chmod +x "$3/bin/python" ;;
esac
"""


def test_a_missing_venv_package_is_installed(tmp_path):
    """Debian and Ubuntu ship Python without `venv`; as root, or with sudo, the scripts put that right."""
    tools = tmp_path / "tools"
    tools.mkdir()
    fakes = {
        "python3": FAKE_PYTHON,
        "apt-get": f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n',
        "id": "#!/bin/sh\necho 1000\n",
        "sudo": '#!/bin/sh\nexec "$@"\n',
    }
    for name, content in fakes.items():
        (tools / name).write_text(content)
        (tools / name).chmod(0o755)
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(tmp_path)}
    code = f"set -euo pipefail; . {ROOT}/scripts/environment; make_environment {tmp_path}/venv"
    result = subprocess.run(
        ["bash", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["update -qq", "install -y -qq python3.10-venv"]
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_what_is_installed_is_not_installed_again(tmp_path):
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n')
    python.chmod(0o755)
    (tmp_path / "source").write_text("one")
    code = f". {ROOT}/scripts/environment; cd {tmp_path}; install venv . source"
    for content in ("one", "one", "two"):
        (tmp_path / "source").write_text(content)
        subprocess.run(["bash", "-euc", code], check=True, capture_output=True)
    assert len((tmp_path / "asked").read_text().splitlines()) == 2
