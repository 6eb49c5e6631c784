"""A run on the ring in a process of its own, that kills itself: `python -m toys.ring_run FOLDER WHEN`.

WHEN is `round` for the middle of round 13, or `save` for the middle of writing the checkpoint after it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from huohua.adversarial import checkpoint
from huohua.adversarial.game import Moment
from huohua.adversarial.run import Run
from toys.ring import RingWorks, rich_run

ROUND = 13


def killed(folder: Path, when: str) -> Run:
    def perhaps_in_a_round(moment: Moment) -> None:
        if when == "round" and moment.round == ROUND:
            os.kill(os.getpid(), signal.SIGKILL)

    run = rich_run(folder, works=RingWorks(labelled=True, on_take=perhaps_in_a_round))
    write = checkpoint._write

    def perhaps_in_a_save(path: Path, tensors: object) -> None:
        write(path, tensors)
        if when == "save" and run.round > ROUND and path.name == "average.safetensors":
            os.kill(os.getpid(), signal.SIGKILL)

    checkpoint._write = perhaps_in_a_save
    return run


if __name__ == "__main__":
    killed(Path(sys.argv[1]), sys.argv[2]).go()
