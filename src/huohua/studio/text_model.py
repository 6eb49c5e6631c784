"""A model of texts that can be played: poems, prose and scenes to order, and given texts edited.

Several drafts of a text are written, each exact in its form, and where the model has a reader it chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from huohua.conditions.space import Wishes
from huohua.conditions.typical import completed
from huohua.errors import DataError, UsageError
from huohua.provenance.given import LARGEST_CONTENT, Given
from huohua.provenance.record import Recipe
from huohua.randomness import numpy_generator
from huohua.studio.model import Model, check_order
from huohua.studio.players import one_thread
from huohua.studio.prompt import Reading, combined
from huohua.studio.text_brief import Brief, sorted_out
from huohua.studio.text_words import KEYWORDS, read_text_words

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from huohua.arts.text.artwork import TextArtwork
    from huohua.arts.text.writing import Desk, Draft

    WorkOrFile = TextArtwork | str | Path

# What is written where neither a person nor the works that were learnt from name a form.
USUAL_FORM = {"zh": "自由诗", "en": "free-verse"}


@dataclass(frozen=True, kw_only=True)
class GivenText:
    """A text to be edited.

    Attributes:
        record: as a recipe holds it.
        text: its words.
    """

    record: Given
    text: str


class TextModel(Model):
    """A model of texts; see `Model`.

    Args:
        folder: the model folder.
        name: the name it goes by; by default the one in its configuration, else the folder's.

    Raises:
        ModelError: the folder holds no model, or one that cannot be read.
    """

    def __init__(self, folder: str | Path, *, name: str = "") -> None:
        super().__init__(folder, name=name)
        self._desk: Desk | None = None

    def create(
        self,
        *,
        seed: int = 0,
        count: int | None = None,
        prompt: str = "",
        brief: Brief | None = None,
        **wishes: object,
    ) -> TextArtwork | list[TextArtwork]:
        """Write one text, or a list of `count` texts.

        Args:
            seed: the same seed writes the same texts.
            count: how many; text number i is the same whatever the count.
            prompt: free words; names that the model knows are its conditions, all others its keywords.
            brief: how texts are written, all in one; or any of its fields by name, such as `form="七绝"`.
            **wishes: fields of `Brief`, and conditions by their group, such as `style="tang"`.

        Raises:
            UsageError: a condition or a form is unknown, or a number is out of range.
            ModelError: the model is damaged.
        """
        chosen, conditions = sorted_out(wishes, brief)
        reading = self.read(prompt)
        made = list(
            self.works(
                combined(reading, conditions), seed=seed, count=count or 1, prompt=prompt, brief=chosen
            )
        )
        return made[0] if count is None and chosen.keep == 1 else made

    def transform(
        self,
        operation: str,
        work: WorkOrFile,
        *,
        seed: int = 0,
        count: int | None = None,
        prompt: str = "",
        brief: Brief | None = None,
        **wishes: object,
    ) -> TextArtwork | list[TextArtwork]:
        """Continue, fill, rewrite or polish a text; what is not to change stays byte for byte.

        Args:
            operation: "continue" it; "fill" a `line` or what lies `between`; "rewrite" a `share` of its
                lines; "polish" what belongs least. Lines in `locked` do not change.
            work: a text, or its file.
            seed: as in `create`, and so are all others.
            count: how many versions.
            prompt: free words.
            brief: how.
            **wishes: fields of `Brief` and conditions.

        Raises:
            UsageError: there is no such operation, form or line, or a number is out of range.
            DataError: the text cannot be read.
            ModelError: the model is damaged.
        """
        chosen, conditions = sorted_out(wishes, brief)
        reading = self.read(prompt)
        made = list(
            self.works(
                combined(reading, conditions),
                seed=seed,
                count=count or 1,
                prompt=prompt,
                brief=chosen,
                operation=operation,
                given=given_text(work),
            )
        )
        return made[0] if count is None and chosen.keep == 1 else made

    def works(
        self,
        wishes: Wishes,
        *,
        seed: int,
        count: int,
        prompt: str = "",
        brief: Brief | None = None,
        operation: str = "create",
        given: GivenText | None = None,
    ) -> Iterator[TextArtwork]:
        """Yield texts as they are written, of each as many drafts as are kept; all is checked before.

        Raises:
            UsageError: a condition or a form is unknown, or a number is out of range.
        """
        check_order(seed=seed, count=count, prompt=prompt)
        brief = self._about(brief or Brief(), prompt)
        brief.check()
        resolved = self.config.conditions.resolve(wishes)
        recipes = [
            self._recipe(resolved, brief, operation, given, seed=seed, index=index, prompt=prompt)
            for index in range(count)
        ]
        return self._made(recipes, given.text if given else None, brief.keep)

    def again(self, recipe: Recipe, *, given: str | Path | None = None) -> TextArtwork:
        """Write the text of a recipe again.

        Args:
            recipe: how it was written.
            given: the file of the text that it was made from, where the recipe does not hold it.

        Raises:
            DataError: it was made from a text that is neither in the recipe nor shown.
            ModelError: the model is damaged.
        """
        text = None
        if recipe.given:
            shown = given_text(given).text.encode() if given is not None else None
            text = recipe.given[0].open(shown).decode("utf-8", "surrogatepass")
        return self._finished(recipe, self._drafts(recipe, text)[int(recipe.options.get("rank", 0))])

    def samples(self, numbers: Sequence[int], condition_BC: NDArray[np.float32], *, seed: int) -> Tensor:
        """Return texts as the numbers of their characters, one draft for each number; see `Model`."""
        from huohua.arts.text.codes import as_codes
        from huohua.arts.text.yardstick import LETTERS

        texts = []
        for number, condition_C in zip(numbers, condition_BC, strict=True):
            asked: dict[str, dict[str, float]] = {}
            for (group, name), place in self.config.conditions.places().items():
                if condition_C[place]:
                    asked.setdefault(group, {})[name] = float(condition_C[place])
            brief = Brief(drafts=1)
            recipe = self._recipe(asked, brief, "create", None, seed=seed, index=int(number), prompt="")
            texts.append(self._drafts(recipe)[0].text)
        return as_codes(texts, LETTERS * int(self.config.frame.size))

    def read(self, prompt: str) -> Reading:
        """Return what is understood of free words: names of conditions, and keywords."""
        return read_text_words(prompt, self.config.conditions)

    @property
    def desk(self) -> Desk:
        """Return the writer and the reader at work, read from the model's folder the first time.

        Raises:
            ModelError: the weights or the words of the model are damaged.
        """
        if self._desk is None:
            from huohua.arts.text.wording import Wording
            from huohua.arts.text.writing import Desk

            writer, reader = cast("Any", self.generator), cast("Any", self.discriminator)
            self._desk = Desk(writer, reader, Wording.from_learnt(self.config.learnt))
        return self._desk

    def _about(self, brief: Brief, prompt: str) -> Brief:
        """Return the brief with the keywords of a prompt."""
        words = [each.name for each in self.read(prompt).understood if each.group == KEYWORDS]
        return replace(brief, keywords=tuple(dict.fromkeys((*brief.keywords, *words))))

    def _made(self, recipes: Sequence[Recipe], text: str | None, keep: int) -> Iterator[TextArtwork]:
        for recipe in recipes:
            for rank, draft in enumerate(self._drafts(recipe, text)[:keep]):
                options = {**recipe.options, "rank": float(rank)} if rank else recipe.options
                yield self._finished(recipe.model_copy(update={"options": options}), draft)

    def _drafts(self, recipe: Recipe, text: str | None = None) -> Sequence[Draft]:
        import torch

        from huohua.studio.text_job import drafts_of

        desk = self.desk
        with torch.inference_mode(), one_thread():
            return drafts_of(desk, recipe, text)

    def _finished(self, recipe: Recipe, draft: Draft) -> TextArtwork:
        from huohua.arts.text.artwork import TextArtwork

        words = recipe.words
        return TextArtwork(
            text=draft.text,
            title=next(iter(words.get("title", ())), ""),
            form=next(iter(words.get("form", ())), ""),
            recipe=recipe,
            origin=self.origin(),
        )

    def _recipe(
        self,
        asked: Mapping[str, Mapping[str, float]],
        brief: Brief,
        operation: str,
        given: GivenText | None,
        *,
        seed: int,
        index: int,
        prompt: str,
    ) -> Recipe:
        import torch

        numbers, said = brief.numbers, brief.said
        conditions = {group: dict(weights) for group, weights in asked.items()}
        if operation == "create":
            dice = numpy_generator(seed, "conditions", index)
            conditions = self._settled(conditions, brief, dice)
            said["form"] = said.get("form") or (self._form(conditions),)
        else:
            numbers |= brief.extent(operation)
            said["operation"] = (operation,)
            if brief.locked:
                said["locked"] = tuple(str(line) for line in brief.locked)
        return self.recipe(
            seed=seed,
            index=index,
            engine=f"torch {torch.__version__}",
            conditions=conditions,
            prompt=prompt,
            options=numbers,
            words=said,
            given=(given.record,) if given else (),
        )

    def _settled(
        self, asked: dict[str, dict[str, float]], brief: Brief, dice: np.random.Generator
    ) -> dict[str, dict[str, float]]:
        """Return the conditions of a new text: what is left open is that of a real work, the form fits."""
        space = self.config.conditions
        if brief.form and brief.form in space.groups.get("form", ()):
            asked = {**asked, "form": {brief.form: 1.0}}
        whole = completed(asked, space, self.config.typical, dice)
        if brief.form and "form" not in asked:
            whole.pop("form", None)  # a form that the model has no name for, but can be held to
        return {group: dict(weights) for group, weights in whole.items() if weights}

    def _form(self, conditions: Mapping[str, Mapping[str, float]]) -> str:
        from huohua.arts.text.form_table import forms

        known = [name for name in conditions.get("form", {}) if name in forms()]
        usual = self.config.learnt.get("usual_form") or USUAL_FORM[self.desk.wording.language]
        return known[0] if known else str(usual)


def given_text(work: WorkOrFile) -> GivenText:
    """Return a text, or the file of one, as it is given to be edited.

    Raises:
        DataError: it cannot be read.
    """
    from huohua.arts.text.artwork import TextArtwork

    if isinstance(work, TextArtwork):
        name, text = work.title or work.form, work.text
    else:
        path = Path(work).expanduser()
        name, text = path.name, _text_in(path)
    return GivenText(
        record=Given.of(text.encode("utf-8", "surrogatepass"), name=name, kind=".txt"), text=text
    )


def _text_in(path: Path) -> str:
    """Return the words of a file: of one that we wrote without our record, of any other all of them."""
    from huohua.arts.text.artwork import TextArtwork
    from huohua.arts.text.datasets.decoding import decode

    try:
        if path.stat().st_size > LARGEST_CONTENT:
            raise DataError(
                f"{path} has {path.stat().st_size:,} bytes; {LARGEST_CONTENT:,} are the most.",
                advice="Give a part of it.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return TextArtwork.open(path).text
    except (DataError, UsageError):
        pass
    try:
        return decode(content).text
    except DataError as error:
        raise DataError(f"{path} cannot be read as a text: {error.message}.") from error
