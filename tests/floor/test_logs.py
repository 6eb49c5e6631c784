"""Log records for developers."""

from __future__ import annotations

import logging

from huohua.logs import logger


def test_records_reach_whoever_listens_to_huohua(caplog):
    with caplog.at_level(logging.INFO, logger="huohua"):
        logger("train").info("step %d 火", 3)
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("huohua.train", "step 3 火")
    ]


def test_nothing_is_set_up_until_somebody_asks():
    root = logging.getLogger("huohua")
    assert (root.level, root.handlers) == (logging.NOTSET, [])
