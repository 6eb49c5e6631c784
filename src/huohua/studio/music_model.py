"""A model of music that can be played: new pieces from styles and words, and given pieces taken further.

Several drafts of a piece are written side by side, and where the model has a discriminator the one that it
finds most like real music is taken. The others can be kept too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from huohua.arts.music.asking import POSITION, check_controls, first_of, settled, told
from huohua.arts.music.grid import piece_of
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.key_names import key_of_name, name_of_key
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Key, Mode
from huohua.arts.music.reading import read_piece
from huohua.arts.music.role_assignment import assign_roles
from huohua.arts.music.roles import ROLES
from huohua.conditions.space import ConditionSpace, Wishes
from huohua.errors import UsageError
from huohua.provenance.given import Given
from huohua.provenance.record import Recipe
from huohua.randomness import numpy_generator
from huohua.studio.model import Model, check_order
from huohua.studio.music_job import Job, job_of
from huohua.studio.music_manner import GUIDANCE, Manner, extent, paced, sorted_out
from huohua.studio.music_words import read_music
from huohua.studio.players import one_thread
from huohua.studio.prompt import Reading, combined, require_some

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from huohua.arts.music.artwork import MusicArtwork
    from huohua.arts.music.decoding import Draft
    from huohua.arts.music.networks.composer import Composer

BARS = 16
# Keys in which much music is written, so that pieces without a wish are not all in one.
TONICS: Mapping[Mode, Sequence[int]] = {"major": (0, 7, 2, 5, 10, 9, 3), "minor": (9, 4, 2, 7, 0, 11)}


class MusicModel(Model):
    """A model of music; see `Model`.

    Args:
        folder: the model folder.
        name: the name it goes by; by default the one in its configuration, else the folder's.

    Raises:
        ModelError: the folder holds no model, or one that cannot be read.
    """

    def create(
        self,
        *,
        seed: int = 0,
        count: int | None = None,
        prompt: str = "",
        manner: Manner | None = None,
        **wishes: object,
    ) -> MusicArtwork | list[MusicArtwork]:
        """Write one piece, or a list of `count` pieces.

        Args:
            seed: the same seed writes the same pieces.
            count: how many; piece number i is the same whatever the count.
            prompt: free words; those that name a style, a mood, a tempo or a control are used.
            manner: how pieces are written, all in one; or any of its fields by name, such as `bars=32`.
            **wishes: fields of `Manner`; a control by its name, such as `density=0.7`, 0 little and 1 much;
                any other condition by its group, such as `style="jazz"`.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
            ModelError: the model is damaged.
        """
        chosen, conditions = sorted_out(wishes, manner)
        reading = self.read(prompt)
        require_some(prompt, reading, self.config.conditions)
        works = self.works(
            combined(reading, conditions), seed=seed, count=count or 1, prompt=prompt, manner=chosen
        )
        made = list(works)
        return made[0] if count is None and chosen.keep == 1 else made

    def transform(
        self,
        operation: str,
        work: MusicArtwork | str | Path,
        *,
        seed: int = 0,
        count: int | None = None,
        prompt: str = "",
        manner: Manner | None = None,
        **wishes: object,
    ) -> MusicArtwork | list[MusicArtwork]:
        """Continue, infill, accompany or vary a piece; what is not to be written stays note for note.

        Args:
            operation: "continue" by `bars` more; "infill" the bars `between`; "accompany" with `roles`, or
                write the parts of these anew; "vary" an `amount` of the bars.
            work: a piece, or its file.
            seed: as in `create`, and so are all others.
            count: how many.
            prompt: free words.
            manner: how.
            **wishes: fields of `Manner`, controls and conditions.

        Raises:
            UsageError: there is no such operation, a condition is unknown or a number is out of range.
            DataError: the piece cannot be read, or is not of one metre.
            ModelError: the model is damaged.
        """
        chosen, conditions = sorted_out(wishes, manner)
        reading = self.read(prompt)
        require_some(prompt, reading, self.config.conditions)
        works = self.works(
            combined(reading, conditions),
            seed=seed,
            count=count or 1,
            prompt=prompt,
            manner=chosen,
            operation=operation,
            given=given_of(work),
        )
        made = list(works)
        return made[0] if count is None and chosen.keep == 1 else made

    def works(
        self,
        wishes: Wishes,
        *,
        seed: int,
        count: int,
        prompt: str = "",
        manner: Manner | None = None,
        operation: str = "create",
        given: GivenPiece | None = None,
    ) -> Iterator[MusicArtwork]:
        """Yield pieces as they are written, of each as many drafts as are kept; all is checked before.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
            DataError: the given piece cannot be transformed so.
        """
        check_order(seed=seed, count=count, prompt=prompt)
        manner = manner or Manner()
        manner = paced(manner, self.read(prompt))
        manner.check()
        resolved = self.config.conditions.resolve(wishes)
        check_controls(resolved)
        content, record = (given.content, given.record) if given else (None, None)
        recipes = [
            self._recipe(resolved, manner, operation, record, seed=seed, index=index, prompt=prompt)
            for index in range(count)
        ]
        job = job_of(recipes[0], content)  # refuses what cannot be written
        if manner.form:
            _check_form(manner.form, operation, job.grid.bars)
        return self._made(recipes, content, manner.keep)

    def again(self, recipe: Recipe, *, given: str | Path | None = None) -> MusicArtwork:
        """Write the piece of a recipe again.

        Args:
            recipe: how it was written.
            given: the file of the piece that it was made from, where the recipe does not hold it.

        Raises:
            DataError: it was made from a piece that is neither in the recipe nor shown.
            ModelError: the model is damaged.
        """
        shown = given_content(given) if given is not None else None
        content = recipe.given[0].open(shown) if recipe.given else None
        rank = int(recipe.options.get("rank", 0))
        job = job_of(recipe, content)
        draft = self._drafts(job, recipe)[rank]
        return self._finished(job, recipe, draft)

    def samples(self, numbers: Sequence[int], condition_BC: NDArray[np.float32], *, seed: int) -> Tensor:
        """Return works_BTC, packed: one window from nothing for each number; see `Model`.

        Args:
            numbers: which works of the seed.
            condition_BC: what each is asked for; a group of labels without any is not asked for.
            seed: of the works.
        """
        import torch

        from huohua.arts.music.packing import packed, windows_of

        grids = []
        for number, condition_C in zip(numbers, condition_BC, strict=True):
            weights = _weights_of(condition_C, self.config.conditions)
            manner = Manner(bars=int(self.config.frame.size), drafts=1)
            recipe = self._recipe(weights, manner, "create", None, seed=seed, index=int(number), prompt="")
            grids.append(self._drafts(job_of(recipe), recipe)[0].grid)
        return torch.from_numpy(packed(windows_of(grids, int(self.config.frame.size))))

    def read(self, prompt: str) -> Reading:
        """Return what is understood of free words."""
        return read_music(prompt, self.config.conditions)

    def _made(self, recipes: Sequence[Recipe], content: bytes | None, keep: int) -> Iterator[MusicArtwork]:
        for recipe in recipes:
            job = job_of(recipe, content)
            drafts = self._drafts(job, recipe)
            for rank, draft in enumerate(drafts[:keep]):
                options = {**recipe.options, "rank": float(rank)} if rank else recipe.options
                yield self._finished(job, recipe.model_copy(update={"options": options}), draft)

    def _drafts(self, job: Job, recipe: Recipe) -> Sequence[Draft]:
        """Return the drafts of a job, best first."""
        import torch

        from huohua.arts.music.decoding import Order, compose
        from huohua.arts.music.forms import compose_in_form, sections_of
        from huohua.arts.music.networks.playing import Taste
        from huohua.randomness import torch_generator

        space, bars = self.config.conditions, job.grid.bars
        order = Order(
            grid=job.grid,
            free_BSR=np.repeat(job.free_BR[:, None], STEPS, axis=1),
            condition_BY=np.tile(told(space, recipe.conditions), (bars, 1)),
            position=_place_of(POSITION, space),
            drafts=int(recipe.options["drafts"]),
            tries=int(recipe.options["tries"]),
            taste=Taste(
                temperature=recipe.options["temperature"], guidance=recipe.options.get("guidance", 1.0)
            ),
        )
        dice = torch_generator(recipe.seed, "music", recipe.index)
        composer = cast("Composer", self.generator)
        with torch.inference_mode(), one_thread():
            if form := recipe.words.get("form"):
                sections = sections_of(" ".join(form), bars)
                return compose_in_form(composer, self.discriminator, order, sections, random=dice)
            return compose(composer, self.discriminator, order, random=dice)

    def _finished(self, job: Job, recipe: Recipe, draft: Draft) -> MusicArtwork:
        from huohua.arts.music.artwork import MusicArtwork

        written = piece_of(draft.grid, programs=job.programs)
        return MusicArtwork(piece=job.finished(written), recipe=recipe, origin=self.origin())

    def _recipe(
        self,
        asked: Mapping[str, Mapping[str, float]],
        manner: Manner,
        operation: str,
        given: Given | None,
        *,
        seed: int,
        index: int,
        prompt: str,
    ) -> Recipe:
        import torch

        space, dice = self.config.conditions, numpy_generator(seed, "conditions", index)
        numbers, said = manner.numbers, manner.said
        usual = GUIDANCE if any(asked.values()) else 1.0
        numbers["guidance"] = usual if manner.guidance is None else manner.guidance
        if self.config.discriminator is None:  # nobody chooses, so more drafts than are kept are of no use
            numbers |= {"drafts": float(manner.keep), "tries": 1.0}
        if operation == "create":
            conditions = settled(asked, space, self.config.typical, dice)
            numbers |= self._usual(conditions, manner)
            said["roles"] = said.get("roles") or self._cast(conditions, dice)
            said["key"] = (_key(conditions, manner, dice),)
        else:
            conditions = {group: dict(weights) for group, weights in asked.items()}
            numbers |= extent(operation, manner)
            said["operation"] = (operation,)
        return self.recipe(
            seed=seed,
            index=index,
            engine=f"torch {torch.__version__}",
            conditions=conditions,
            prompt=prompt,
            options=numbers,
            words=said,
            given=(given,) if given else (),
        )

    def _usual(self, conditions: Mapping[str, Mapping[str, float]], manner: Manner) -> dict[str, float]:
        """Return bars, tempo and swing of a new piece: as asked for, else as usual in its style."""
        usual = self._known(conditions)
        return {
            "bars": float(manner.bars or BARS),
            "tempo": round(manner.tempo or float(usual.get("tempo", 110.0)) * manner.pace, 2),
            "swing": round(float(usual.get("swing", 1.0)), 3),
        }

    def _cast(
        self, conditions: Mapping[str, Mapping[str, float]], dice: np.random.Generator
    ) -> tuple[str, ...]:
        """Return who plays, as in a piece of the style."""
        casts = self._known(conditions).get("casts", {}) or {"110111": 1}
        names = list(casts)
        weights = np.array([casts[name] for name in names], dtype=np.float64)
        chosen = names[int(dice.choice(len(names), p=weights / weights.sum()))]
        return tuple(role for role, there in zip(ROLES, chosen, strict=True) if there == "1")

    def _known(self, conditions: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
        styles: dict[str, dict[str, Any]] = self.config.learnt.get("styles", {})
        return styles.get(first_of(conditions, "style")) or next(iter(styles.values()), {})


@dataclass(frozen=True, kw_only=True)
class GivenPiece:
    """A piece to be transformed.

    Attributes:
        record: as a recipe holds it.
        content: as MIDI with a role for each track.
    """

    record: Given
    content: bytes


def given_of(work: MusicArtwork | str | Path) -> GivenPiece:
    """Return a piece, or the file of one, as it is given to be transformed.

    Raises:
        DataError: it cannot be read.
    """
    content = given_content(work)
    name = Path(work).name if isinstance(work, (str, Path)) else work.piece.title
    return GivenPiece(record=Given.of(content, name=name, kind=".mid"), content=content)


def given_content(work: MusicArtwork | str | Path) -> bytes:
    """Return a piece, or the file of one, as MIDI with a role for each track.

    Raises:
        DataError: it cannot be read.
    """
    piece = read_piece(Path(work).expanduser()) if isinstance(work, (str, Path)) else work.piece
    return midi_bytes(assign_roles(piece))


def _check_form(form: str, operation: str, bars: int) -> None:
    from huohua.arts.music.forms import sections_of

    if operation != "create":
        raise UsageError("Only new pieces are written in a form.", advice="Leave --form out.")
    sections_of(form, bars)


def _key(conditions: Mapping[str, Mapping[str, float]], manner: Manner, dice: np.random.Generator) -> str:
    mode: Mode = "minor" if first_of(conditions, "mode") == "minor" else "major"
    tonics = TONICS[mode]
    drawn = tonics[int(dice.integers(len(tonics)))]
    return name_of_key(key_of_name(manner.key) if manner.key else Key(tonic=drawn, mode=mode))


def _weights_of(condition_C: NDArray[np.float32], space: ConditionSpace) -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for (group, name), place in space.places().items():
        if space.measured(group) or condition_C[place]:
            weights.setdefault(group, {})[name] = float(condition_C[place])
    return weights


def _place_of(group: str, space: ConditionSpace) -> int | None:
    """Return the first place of a group in a condition, None where the model has none."""
    return next((place for (of_group, _), place in space.places().items() if of_group == group), None)
