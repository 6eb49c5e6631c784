from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import huohua.metrics
from huohua.metrics.table import CLASS_METRICS, METRICS

MODULES = [module.name for module in pkgutil.iter_modules(huohua.metrics.__path__)]
EVERY = {**METRICS, **CLASS_METRICS}


def works(seed, shift=0.0, spread=1.0):
    return np.random.default_rng(seed).normal(shift, spread, (60, 5))


@pytest.mark.parametrize("name", METRICS)
def test_works_of_one_source_are_better_than_collapsed_works_elsewhere(name):
    metric = METRICS[name]
    good, bad = metric.function(works(1), works(0)), metric.function(works(2, shift=9, spread=0.01), works(0))
    if name == "copy_rate":
        bad = metric.function(works(0), works(0))
    assert good > bad if metric.better == "higher" else good < bad


@pytest.mark.parametrize("name", METRICS)
def test_a_figure_is_one_float_that_ignores_the_order_of_works(name):
    function = METRICS[name].function
    found = function(works(1), works(0))
    assert type(found) is float
    assert function(works(1)[::-1], works(0)[::-1]) == pytest.approx(found, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_a_figure_leaves_its_input_alone(name):
    fake_NF, real_NF = works(1), works(0)
    METRICS[name].function(fake_NF, real_NF)
    assert (fake_NF == works(1)).all()
    assert (real_NF == works(0)).all()


@pytest.mark.parametrize("name", CLASS_METRICS)
def test_figures_within_classes_tell_collapsed_classes(name):
    metric, classes = CLASS_METRICS[name], [row % 2 for row in range(60)]
    collapsed_NF = np.array([[9.0 * (row % 2)] * 5 for row in range(60)])
    good = metric.function(works(1), classes, works(0), classes)
    bad = metric.function(collapsed_NF, classes, works(0), classes)
    assert good > bad if metric.better == "higher" else good < bad


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_says_how_to_read_it_and_where_it_comes_from(name):
    assert EVERY[name].better in ("higher", "lower")
    assert EVERY[name].reading.endswith(".")
    assert "Source:" in (inspect.getdoc(EVERY[name].function) or "")


@pytest.mark.parametrize("name", MODULES)
def test_metrics_import_no_network_and_no_pictures(name):
    text = Path(importlib.import_module(f"huohua.metrics.{name}").__file__ or "").read_text()
    assert not any(
        f"import {other}" in text or f"from {other}" in text for other in ("torch", "PIL", "scipy")
    )
