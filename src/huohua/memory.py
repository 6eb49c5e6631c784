"""Keep freed memory for the next tensor instead of giving it back to the system.

Every layer of a network writes its result into fresh memory. The C library hands blocks of that size
straight back to the system when they are freed, and the next layer pays for every page again: the
system must clear it. Measured on 33 MB tensors, an elementwise step takes 3.5 ms with kept memory and
11 ms without. PyTorch has no setting for this on a CPU.
"""

from __future__ import annotations

import ctypes
import sys

# From malloc.h of the GNU C library, where they have never changed.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
NEVER = 2**31 - 1
STEP = 64 * 2**20  # bytes by which the heap grows


def keep_freed_memory() -> bool:
    """Ask the C library to keep freed memory in this process; return whether it could.

    Only the GNU C library is asked. Elsewhere nothing changes and training is merely slower.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None or not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"):
        return False
    wishes = ((MMAP_THRESHOLD, 2**30), (TRIM_THRESHOLD, NEVER), (TOP_PAD, STEP))
    return all([mallopt(option, value) == 1 for option, value in wishes])
