"""Where the time of one round goes, part by part; run by `training_speed.py`.

Each part is played by itself, forward and backward, with what the other parts would hand to it. That
says more than a profiler can, which does not know whose step a step of the backward pass is.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from contestants import ALL_DONE, build, playing
from torch import Tensor

from huohua.adversarial.game import Moment, Seen
from huohua.memory import keep_freed_memory

TIMES = 9
PROFILED = 4


def where_time_goes(preset: str, size: int, threads: int, data: str) -> dict[str, Any]:
    """Return milliseconds of a whole round, of its parts, and of its dearest steps."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    built, accelerator, batch = build(preset, size, data)
    play_round = playing(built, accelerator, batch)
    whole = _milliseconds(play_round)
    parts = _parts(built, batch)
    parts["the rest: losses, clipping, penalties that are due"] = whole - sum(parts.values())
    return {
        "preset": preset,
        "size": size,
        "batch": batch,
        "round_ms": whole,
        "parts_ms": parts,
        "steps": _steps(play_round),
    }


def _parts(built: Any, batch: int) -> dict[str, float]:
    """Return the milliseconds of each part of a round."""
    game = built.game
    generator, discriminator = game.players["generator"], game.players["discriminator"]
    moment = Moment(shown=ALL_DONE, strength=0.3)
    works = built.works.take(np.arange(batch), moment)
    latent_BZ = moment.draw("latent", batch, game.latent)
    with _bfloat16():
        fake = generator(latent_BZ, works.condition_BC).detach().requires_grad_()
        seen = _leaves(game.view(fake, moment.strength, moment.own_dice("view")))

    def draw() -> None:
        with _bfloat16():
            picture = generator(latent_BZ, works.condition_BC)
        picture.backward(torch.ones_like(picture))

    def look() -> None:
        with _bfloat16(), torch.no_grad():
            game.view(works.sample, moment.strength, moment.own_dice("view"))
        with _bfloat16():
            seen_fake = _list(game.view(fake, moment.strength, moment.own_dice("view")))
        torch.autograd.backward(seen_fake, [torch.ones_like(part) for part in seen_fake])

    def judge() -> None:
        for parts in (_cut(seen), _cut(seen), seen):  # real and fake in one turn, fake in the other
            with _bfloat16():
                score_BS = discriminator(parts, works.condition_BC).score_BS
            score_BS.float().mean().backward()

    def step() -> None:
        for optimiser in built.optimisers.values():
            optimiser.step()

    return {
        "data": _milliseconds(lambda: built.works.take(np.arange(batch), moment)),
        "generator": _milliseconds(draw),
        "view of real and fake: augmentation and frozen network": _milliseconds(look),
        "discriminator": _milliseconds(judge),
        "optimisers": _milliseconds(step),
    }


def _steps(play_round: Callable[[], object], most: int = 12) -> list[dict[str, Any]]:
    """Return the steps of the library that take most time by themselves."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
        for _ in range(PROFILED):
            play_round()
    averages = sorted(profiler.key_averages(), key=lambda each: -each.self_cpu_time_total)
    total = sum(each.self_cpu_time_total for each in averages)
    return [
        {
            "name": each.key,
            "ms": each.self_cpu_time_total / 1000 / PROFILED,
            "share": each.self_cpu_time_total / total,
            "calls": each.count // PROFILED,
        }
        for each in averages[:most]
    ]


def _milliseconds(action: Callable[[], object]) -> float:
    """Return the median time of an action after it was warmed up."""
    times = []
    for number in range(TIMES + 2):
        began = time.perf_counter()
        action()
        if number >= 2:
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _bfloat16() -> torch.autocast:
    return torch.autocast("cpu", torch.bfloat16)


def _list(seen: Seen) -> list[Tensor]:
    return [seen] if isinstance(seen, Tensor) else list(seen)


def _cut(seen: Seen) -> Seen:
    return seen.detach() if isinstance(seen, Tensor) else tuple(part.detach() for part in seen)


def _leaves(seen: Seen) -> Seen:
    """Return what is seen as the start of a graph of its own, whose slopes are kept."""
    cut = _cut(seen)
    return cut.requires_grad_() if isinstance(cut, Tensor) else tuple(part.requires_grad_() for part in cut)
