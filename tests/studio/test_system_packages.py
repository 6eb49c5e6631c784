"""Packages of Debian: which are missing, and how they are installed."""

from __future__ import annotations

import pytest

from huohua.arts.music.needs import DEBIAN_PACKAGES
from huohua.errors import MissingDependencyError
from huohua.studio import system_packages
from huohua.studio.system_packages import install, install_commands, missing_packages


def test_other_systems_are_told_what_to_do(monkeypatch):
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: None)
    with pytest.raises(MissingDependencyError) as caught:
        missing_packages()
    assert "brew install" in caught.value.advice


def test_what_is_installed_is_not_missing(monkeypatch):
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "_is_installed", lambda package: package != "fluidsynth")
    assert missing_packages() == ("fluidsynth",)
    monkeypatch.setattr(system_packages, "_is_installed", lambda package: False)
    assert missing_packages() == DEBIAN_PACKAGES


@pytest.mark.parametrize(("user", "first"), [(0, "apt-get"), (1000, "sudo")])
def test_only_root_needs_no_sudo(monkeypatch, user, first):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: user)
    commands = install_commands(("fluidsynth",))
    assert {command[0] for command in commands} == {first}
    assert commands[1][-1] == "fluidsynth"


def test_a_failure_is_one_error_with_the_command_to_give_by_hand(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    asked = []

    def refuse(command):
        asked.append(command)
        return 100

    with pytest.raises(MissingDependencyError) as caught:
        install(("fluidsynth", "libcairo2"), run=refuse)
    assert asked == list(install_commands(("fluidsynth", "libcairo2")))
    assert "apt-get install -y --no-install-recommends fluidsynth libcairo2" in caught.value.advice
    assert "sudo" not in caught.value.advice
    install(("fluidsynth",), run=lambda command: 0 if "install" in command else 100)


def test_without_sudo_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: None)
    with pytest.raises(MissingDependencyError, match="no sudo"):
        install(("fluidsynth",), run=lambda command: pytest.fail("it was run"))
