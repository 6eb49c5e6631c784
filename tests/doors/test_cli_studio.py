"""`huohua studio`, where it refuses to start; tests/api starts it."""

from __future__ import annotations

import socket

import pytest


def test_without_a_page_it_says_what_to_do(huohua):
    answer = huohua("studio")
    assert answer.code == 2
    assert "--headless" in answer.err


def test_a_token_that_can_be_guessed_is_refused(huohua, monkeypatch, tmp_path):
    monkeypatch.setenv("HUOHUA_TOKEN", "1234")
    answer = huohua("studio", "--headless", "--host", "0.0.0.0", "--data", tmp_path / "data")  # noqa: S104
    assert answer.code == 2
    assert "guessed" in answer.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("address", ["mysql://somebody@127.0.0.1/x", "nonsense"])
def test_a_database_of_another_kind_is_refused_and_lets_go_of_the_folder(huohua, address, tmp_path):
    for _ in range(2):
        answer = huohua("studio", "--headless", "--data", tmp_path / "data", "--database", address)
        assert answer.code == 2, answer.err
        assert "sqlite:///" in answer.err


def test_a_port_that_is_taken_is_one_clear_error(huohua, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = huohua("studio", "--headless", "--port", port, "--data", tmp_path / "data")
    assert answer.code == 10, answer.err
    assert str(port) in answer.err
    assert "Traceback" not in answer.err
