"""Carry out an order for works at once, or make it ready to be carried out later."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from huohua.arts.table import ARTS
from huohua.errors import UsageError
from huohua.studio.create import FRESH_SEEDS, Creation
from huohua.studio.database.gallery import Gallery
from huohua.studio.database.tables import ArtworkRow
from huohua.studio.orders import AnyCreateOrder
from huohua.studio.playroom import Playroom, listed

# More than that would keep others waiting: a picture takes milliseconds, a piece of music seconds.
AT_ONCE = 16


@dataclass(frozen=True, kw_only=True)
class Made:
    """Works that were made and kept, and the order as it was understood."""

    rows: Sequence[ArtworkRow]
    creation: Creation


def make(order: AnyCreateOrder, *, playroom: Playroom, gallery: Gallery) -> Made:
    """Make works and keep them in the gallery.

    Raises:
        UsageError: too many for one request, or the model does not understand what is asked for.
        ModelError: there is no such model, or it is damaged.
        StorageError: the disk is full.
    """
    if order.count > AT_ONCE:
        raise UsageError(
            f"{order.count:,} works are too many for one request.",
            advice=f"Ask for {AT_ONCE} at most, or order them as a job.",
        )
    with playroom.playing(order.model, art=order.art) as model:
        creation = order.creation(model)
        suffix = ARTS[order.art].suffixes[0]
        return Made(rows=[gallery.keep(work, suffix=suffix) for work in creation], creation=creation)


def fixed(order: AnyCreateOrder) -> AnyCreateOrder:
    """Return an order with its model and its seed named, so that going on later makes the same works.

    Raises:
        ModelError: there is no such model.
    """
    model = listed(order.model, art=order.art).name
    seed = secrets.randbelow(FRESH_SEEDS) if order.seed is None else order.seed
    return order.model_copy(update={"model": model, "seed": seed})
