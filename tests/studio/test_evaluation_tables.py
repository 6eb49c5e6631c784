"""Tables of described works, and the search for nearest works, against comparing everything at once."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.image.frame import ImageFrame
from huohua.metrics.copying import nearest
from huohua.metrics.perceptual import perceptual_rows
from huohua.studio import evaluation_tables
from huohua.studio.evaluation_figures import all_figures, class_figures
from huohua.studio.evaluation_tables import Describer, Table, find_nearest
from studio.evaluation_stage import KINDS, QuickEyes, QuickYardstick, paint_folder

WORKS = 40


def nothing(done, total):
    """Watch nothing."""


@pytest.fixture(scope="module")
def works(tmp_path_factory, own_home):
    folder = paint_folder(tmp_path_factory.mktemp("data") / "works", count=WORKS)
    return QuickYardstick().collect(folder, frame=ImageFrame(height=24, width=24, channels=3))


@pytest.fixture(scope="module")
def table(works):
    classes = [title.split("/")[0] for title in works.titles]
    return Describer(QuickEyes()).table(works, range(WORKS), classes, on_progress=nothing)


def test_a_table_holds_what_the_extractor_says(works, table):
    seen = QuickEyes().look(works.samples(range(WORKS)))
    assert table.feature_NF == pytest.approx(seen.feature_NF, abs=1e-6)
    assert table.row_NS == pytest.approx(perceptual_rows(seen.tap_LNCP), abs=1e-6)
    assert len(table) == WORKS


def test_rows_of_scales_are_held_for_the_first_works_only(works, table, monkeypatch):
    monkeypatch.setattr(evaluation_tables, "HELD", 24)
    held = Describer(QuickEyes()).table(works, range(WORKS), [""] * WORKS, on_progress=nothing)
    assert held.feature_NF.shape == table.feature_NF.shape
    assert held.row_NS == pytest.approx(table.row_NS[:24])
    assert len(held.of("").row_NS) == 24


def test_the_part_of_a_class_is_that_of_its_works(table):
    disc = table.of("disc")
    assert len(disc) == WORKS // 2
    assert disc.feature_NF[0].tolist() == table.feature_NF[int(np.argmax(table.class_N == "disc"))].tolist()
    half = Table(feature_NF=table.feature_NF, row_NS=table.row_NS, class_N=np.array(["a", ""] * (WORKS // 2)))
    assert len(half.labelled()) == WORKS // 2


def everything_at_once(works, queries_NS, *, own):
    """Compare each query with every work and every mirrored work."""
    eyes, samples = QuickEyes(), works.samples(range(WORKS))
    forms = [perceptual_rows(eyes.look(form).tap_LNCP) for form in (samples, samples.flip(3))]
    best = np.full(len(queries_NS), -1.0)
    for form_NS in forms:
        for row in range(len(queries_NS)):
            others = np.delete(form_NS, row, axis=0) if own else form_NS
            best[row] = max(best[row], nearest(queries_NS[row : row + 1], others)[1][0])
    return best


@pytest.mark.parametrize("held", [WORKS, 24])
def test_the_search_finds_what_comparing_everything_at_once_does(works, table, monkeypatch, held):
    monkeypatch.setattr(evaluation_tables, "TRIED", 8)
    dice = np.random.default_rng(0)
    altered_NS = table.row_NS[:10] + 0.02 * dice.normal(size=table.row_NS[:10].shape).astype(np.float32)
    samples = Table(feature_NF=table.feature_NF[:10], row_NS=altered_NS, class_N=table.class_N[:10])
    real = Table(feature_NF=table.feature_NF, row_NS=table.row_NS[:held], class_N=table.class_N)
    found = find_nearest(
        Describer(QuickEyes()),
        QuickYardstick(),
        samples,
        real,
        works,
        list(range(WORKS)),
        on_progress=nothing,
    )
    assert found.work_N.tolist() == list(range(10))
    assert found.similarity_N == pytest.approx(everything_at_once(works, altered_NS, own=False), abs=1e-4)
    among = everything_at_once(works, table.row_NS[:held], own=True)
    assert found.real_similarity_M == pytest.approx(among, abs=1e-4)
    assert set(found.calibration.found) == {"flip", "crop", "jpeg", "grain"}
    assert found.works == WORKS


def test_works_against_themselves_are_all_copies_and_else_at_the_floor(works, table):
    found = find_nearest(
        Describer(QuickEyes()), QuickYardstick(), table, table, works, list(range(WORKS)), on_progress=nothing
    )
    figures = all_figures(table, table, found, seed=0)
    assert figures["copy_rate"].value == 1.0
    assert figures["within_class_ratio"].value == pytest.approx(1.0, abs=0.2)
    assert [each.name for each in class_figures(table, table, found, seed=0)] == sorted(KINDS)


def test_one_class_alone_is_not_compared(works, table):
    found = find_nearest(
        Describer(QuickEyes()), QuickYardstick(), table, table, works, list(range(WORKS)), on_progress=nothing
    )
    one = Table(feature_NF=table.feature_NF, row_NS=table.row_NS, class_N=np.array(["disc"] * WORKS))
    assert "within_class_ratio" not in all_figures(one, one, found, seed=0)
    assert class_figures(one, one, found, seed=0) == []
