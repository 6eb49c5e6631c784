"""What several processes agree on: numbers that decide what happens next, gradients, and buffers.

Every process plays the same rounds on its own share of the works. They stay alike because whatever
one of them decides by is the same in all: the mean of what each has seen, or the word of the main
process. With one process each function here does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast, broadcast_object_list
from torch import Tensor, nn

from huohua.errors import UsageError


def mean(numbers: Mapping[str, float], accelerator: Accelerator) -> dict[str, float]:
    """Return named numbers averaged over processes; all must name the same."""
    if accelerator.num_processes == 1 or not numbers:
        return dict(numbers)
    row = torch.tensor(list(numbers.values()), dtype=torch.float64, device=accelerator.device)
    return dict(zip(numbers, accelerator.reduce(row, "mean").tolist(), strict=True))


def everywhere(flag: bool, accelerator: Accelerator) -> bool:
    """Return whether a flag is set in every process."""
    return mean({"flag": float(flag)}, accelerator)["flag"] == 1


def of_main(numbers: Mapping[str, float], accelerator: Accelerator) -> dict[str, float]:
    """Return the main process's numbers in every process."""
    box = [dict(numbers)]
    if accelerator.num_processes > 1:
        broadcast_object_list(box)
    return box[0]


def share_networks(networks: Iterable[nn.Module], accelerator: Accelerator) -> None:
    """Give every process the weights and buffers of the main process."""
    if accelerator.num_processes == 1:
        return
    for network in networks:
        for tensor in network.state_dict().values():
            tensor.copy_(broadcast(tensor.detach().clone(memory_format=torch.contiguous_format)))


def average_gradients(network: nn.Module, accelerator: Accelerator) -> None:
    """Replace a network's gradients by their mean over all processes, in one exchange.

    This is done after `backward` and not by wrapping the network, because penalties differentiate
    twice and a discriminator is called several times in a turn, which wrappers do not allow.
    """
    _average([weight.grad for weight in network.parameters() if weight.grad is not None], accelerator)


def average_buffers(networks: Iterable[nn.Module], accelerator: Accelerator) -> None:
    """Replace the networks' floating-point buffers, such as running means, by their mean likewise."""
    buffers = [buffer for network in networks for buffer in network.buffers()]
    _average([buffer for buffer in buffers if buffer.is_floating_point()], accelerator)


@torch.no_grad()
def _average(tensors: Sequence[Tensor], accelerator: Accelerator) -> None:
    if accelerator.num_processes == 1 or not tensors:
        return
    flat: Tensor = accelerator.reduce(torch.cat([tensor.flatten() for tensor in tensors]), "mean")
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(part.view_as(tensor))


def check_sharing(batch: int, shares: int) -> None:
    """Refuse a batch that would leave one share larger than another, as means would then be wrong.

    Raises:
        UsageError: the batch cannot be shared out evenly.
    """
    if batch % shares:
        raise UsageError(
            f"A batch of {batch} works cannot be shared out evenly among {shares}.",
            advice=f"Use a batch that is a multiple of {shares}.",
        )
