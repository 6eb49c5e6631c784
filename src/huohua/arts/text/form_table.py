"""Every form that can be asked for by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from huohua.arts.text.english_forms import ENGLISH
from huohua.arts.text.form import Form
from huohua.arts.text.open_forms import OPEN
from huohua.arts.text.regulated import REGULATED
from huohua.arts.text.tunes import tunes
from huohua.errors import UsageError


@cache
def forms() -> Mapping[str, Form]:
    """Return all forms by name: regulated verse, tunes, English verse, and open forms."""
    return {form.name: form for form in (*REGULATED, *tunes(), *ENGLISH, *OPEN)}


@cache
def _by_any_name() -> Mapping[str, Form]:
    aliases = {alias: form for form in forms().values() for alias in form.aliases}
    return {name.casefold(): form for name, form in {**aliases, **forms()}.items()}


def form_named(name: str) -> Form:
    """Return a form by its name or one of its aliases, in any case.

    Raises:
        UsageError: there is no such form.

    Example:
        >>> form_named("七绝").patterns[0].lines[1].rhyme, form_named("Haiku").language
        ('a', 'en')
    """
    found = _by_any_name().get(" ".join(name.split()).casefold())
    if found is None:
        near = difflib.get_close_matches(name.casefold(), _by_any_name(), n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(forms())}."
        raise UsageError(f"There is no form '{name}'.", advice=hint)
    return found
