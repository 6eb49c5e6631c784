"""Models that stay open between requests: the last few that were played, one asked for at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from huohua.errors import ModelError
from huohua.studio.model import Model
from huohua.studio.opening import open_model
from huohua.zoo.catalogue import Listed, latest, listing

OPEN_AT_ONCE = 2  # a model takes tens to hundreds of megabytes


def listed(name: str | None, *, art: str | None = None) -> Listed:
    """Return a model of the catalogue by its exact name, which is never taken for a path.

    Args:
        name: the name; the model that was trained last if absent.
        art: of which art the latest is to be.

    Raises:
        ModelError: there is no such model.
    """
    named = (entry for entry in listing() if entry.name == name)
    found = latest(art) if name is None else next(named, None)
    if found is None:
        what = f"no model of {art} yet" if name is None else f"no model '{name}'"
        raise ModelError(f"There is {what}.", advice="Train one, or choose one that is listed.")
    return found


class Playroom:
    """Open models by name; whoever holds one plays alone, as all of them share the processor."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str, str], Model] = OrderedDict()
        self._turn = threading.Lock()

    @contextmanager
    def playing(self, name: str | None, *, art: str | None = None) -> Iterator[Model]:
        """Yield a model, opened if need be, that nobody else plays meanwhile.

        Raises:
            ModelError: there is no such model, or it is damaged.
        """
        found = listed(name, art=art)
        # A training publishes its model again and again: other weights are another model.
        key = (found.name, str(found.folder), found.config.weights_sha256)
        with self._turn:
            model = self._open.pop(key, None) or open_model(found.folder, name=found.name)
            self._open[key] = model
            while len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)
            yield model
