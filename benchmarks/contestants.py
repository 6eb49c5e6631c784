"""Whose training is timed: the presets, a plain DCGAN and the peers, each as a function that plays one round.

A round is what each of them calls a step: works taken from the dataset, both players' moves and the
optimisers; previews and checkpoints are not part of it. All are shown the same works in the same batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PLAIN = ("dcgan-fp32", "dcgan-bf16")
PEERS = ("lightweight-gan", "stylegan2-pytorch")
INSTALL = "pip install --no-deps, as benchmarks/peers.md says"
ALL_DONE = 1_000_000_000  # works shown: everything that fades in counts in full
# Both peers play their gradient penalty on every fourth round; their rounds last up to a minute.
PEER_PERIOD, PEER_WARM_UP = 4, 1
PERIOD, WARM_UP = 8, 3


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """Somebody who plays rounds.

    Attributes:
        play_round: plays one.
        batch: works in a round.
        warm_up: rounds before it runs at its own speed.
        period: rounds in which everything that is not played each round comes due.
    """

    play_round: Callable[[], object]
    batch: int
    warm_up: int = WARM_UP
    period: int = PERIOD


def contestant(name: str, size: int, *, data: str, batch: int | None = None) -> Contestant:
    """Return a preset, a plain DCGAN or a peer by its name, ready to play.

    Args:
        name: of a preset, or one of `PLAIN` and `PEERS`.
        size: side of a work in pixels.
        data: what is trained on; its content does not matter to the speed.
        batch: works in a round; the preset's own if absent, and 16 for the others.
    """
    if name in PLAIN:
        return _plain(name, size, data, batch or 16)
    if name in PEERS:
        return _peer(name, size, data, batch or 16)
    return _preset(name, size, data, batch)


def missing(names: list[str]) -> dict[str, str]:
    """Return the peers among some contestants that are not installed, each with what to do about it."""
    wanted = [name for name in names if name in PEERS]
    if not wanted:
        return {}
    from peers import installed

    here = installed()
    return {name: f"{name} is left out; install it with {INSTALL}." for name in wanted if name not in here}


def build(preset_name: str, size: int, data: str, batch: int | None = None) -> tuple[Any, Any, int]:
    """Return a preset's game on some data, its Accelerator and its batch."""
    import torch

    from huohua.arts.image.datasets.dataset import open_dataset
    from huohua.arts.image.presets import PRESETS
    from huohua.arts.image.training import prepare
    from huohua.studio.processes import accelerator

    preset, device = PRESETS[preset_name], torch.device("cpu")
    dataset = open_dataset(data, height=size, width=size, channels=preset.channels)
    built = prepare(dataset, preset, height=size, width=size, seed=0, device=device)
    return built, accelerator("bf16", device), batch or preset.run.batch


def rounds_of(works: Any, batch: int, *, share: int = 0, shares: int = 1) -> Iterator[Any]:
    """Yield rounds for ever, late in a run and with works augmented as they usually are.

    Args:
        works: the real works.
        batch: works in a round, over all processes.
        share: the number of this process.
        shares: processes among which a round is shared out.
    """
    import numpy as np

    from huohua.adversarial.game import Moment
    from huohua.adversarial.loop import Round
    from huohua.adversarial.sampling import order

    number = 0
    while True:
        moment = Moment(round=number, shown=ALL_DONE, strength=0.3, share=share, shares=shares)
        numbers = np.array_split(order(0, number * batch, batch, len(works)), shares)[share]
        yield Round(moments=[moment], batches=[works.take(numbers, moment)])
        number += 1


def playing(built: Any, accelerator: Any, batch: int) -> Callable[[], object]:
    """Return a function that plays one round of a preset's game, as a run would."""
    from huohua.adversarial.loop import play

    optimisers = {player: accelerator.prepare(each) for player, each in built.optimisers.items()}
    rounds = rounds_of(built.works, batch, share=accelerator.process_index, shares=accelerator.num_processes)
    played = play(built.game, rounds, optimisers, accelerator)
    return lambda: next(played)


def _preset(name: str, size: int, data: str, batch: int | None) -> Contestant:
    from huohua.arts.image.presets import PRESETS
    from huohua.memory import keep_freed_memory

    keep_freed_memory()
    built, accelerator, works = build(name, size, data, batch)
    period = max(PERIOD, PRESETS[name].duel.penalty_every)
    return Contestant(play_round=playing(built, accelerator, works), batch=works, period=period)


def _plain(name: str, size: int, data: str, batch: int) -> Contestant:
    import torch
    from plain_dcgan import PlainDcgan

    torch.manual_seed(0)
    game, real = PlainDcgan(size, bfloat16=name == "dcgan-bf16"), real_batches(size, data, batch)
    return Contestant(play_round=lambda: game.step(next(real)), batch=batch)


def _peer(name: str, size: int, data: str, batch: int) -> Contestant:
    from peers import build as build_peer

    real = real_batches(size, data, batch)
    peer = build_peer(name, size, batch=batch)
    return Contestant(
        play_round=lambda: peer.step(next(real)), batch=batch, warm_up=PEER_WARM_UP, period=PEER_PERIOD
    )


def real_batches(size: int, data: str, batch: int, *, seed: int = 0) -> Iterator[Any]:
    """Yield image_BCHW in [-1, 1] for ever: works drawn with replacement."""
    import numpy as np

    from huohua.arts.image.datasets.dataset import open_dataset
    from huohua.arts.image.feed import as_samples

    images_NHWC = open_dataset(data, height=size, width=size).images_NHWC
    dice = np.random.default_rng(seed)
    while True:
        chosen = np.sort(dice.integers(0, len(images_NHWC), batch))
        yield as_samples(images_NHWC[chosen]).contiguous()
