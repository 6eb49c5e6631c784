"""Log records for developers."""

from __future__ import annotations

import logging
import re

import pytest

from huohua.errors import StorageError
from huohua.logs import log_file, logger


def test_records_reach_the_file_while_the_block_runs_and_not_after(tmp_path):
    path = tmp_path / "new" / "run.log"
    logger("train").info("before")
    with log_file(path):
        logger("train").info("step %d 火", 3)
        logger("train").debug("too fine")
    logger("train").warning("after")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO huohua\.train: step 3 火", lines[0])


def test_a_second_session_goes_on_in_the_same_file(tmp_path):
    for word in ("first", "second"):
        with log_file(tmp_path / "run.log"):
            logger("train").info(word)
    text = (tmp_path / "run.log").read_text(encoding="utf-8")
    assert text.index("first") < text.index("second")


def test_the_loggers_are_left_as_they_were(tmp_path):
    root = logging.getLogger("huohua")
    before = (root.level, list(root.handlers))
    with pytest.raises(ValueError, match="no"), log_file(tmp_path / "run.log", level=logging.DEBUG):
        assert root.level == logging.DEBUG
        raise ValueError("no")
    assert (root.level, root.handlers) == before


def test_a_log_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"), log_file(tmp_path / "file" / "run.log"):
        pytest.fail("the block must not run")
