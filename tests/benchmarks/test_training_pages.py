"""Speed: whole periods are timed, medians compared, and the aims judged, on numbers made up for it."""

from __future__ import annotations

import argparse

import numpy as np
import pytest
import taking_turns
import training_against_peers as peers_page
import training_scaling as scaling
import training_speed
from contestants import Contestant, missing, rounds_of
from fresh_process import in_fresh_process
from scaling_plot import plot
from taking_turns import Measured, median_of, timed, turns


def measured(contestant, size, speed, memory=1e9):
    return Measured(
        contestant=contestant,
        size=size,
        batch=8,
        works_per_second=speed / 2,
        works_per_processor_second=speed,
        peak_memory_bytes=memory,
        rounds=8,
    )


RESULTS = [
    *(measured("fast", 64, speed) for speed in (30.0, 20.0, 40.0)),
    measured("lightweight-gan", 64, 1.0, memory=4e9),
    measured("stylegan2-pytorch", 64, 4.0),
    measured("fast", 256, 6.0, memory=1.5e9),
    measured("lightweight-gan", 256, 0.5),
]


def test_whole_periods_are_timed_after_the_warm_up():
    played = []
    player = Contestant(play_round=lambda: played.append(1), batch=2, warm_up=3, period=4)
    rounds, wall, processor = timed(player, 0.0)
    assert (rounds, len(played)) == (4, 7)
    assert wall > 0
    assert processor >= 0


def test_contestants_take_turns():
    options = argparse.Namespace(repeats=2, sizes=[64, 128], contestants=["a", "b"])
    assert list(turns(options)) == [("a", 64), ("b", 64), ("a", 128), ("b", 128)] * 2


def test_the_median_over_processes_counts():
    assert median_of(RESULTS, "fast", 64, lambda each: each.works_per_processor_second) == 30.0
    assert np.isnan(median_of(RESULTS, "nobody", 64, lambda each: each.batch))


def test_peers_are_compared_by_processor_time_and_judged_by_the_aims():
    lines = peers_page.ratios(RESULTS, "fast").splitlines()
    assert lines[2:] == [
        "| 64 | lightweight-gan | 30.0 | 20 | yes | 0.25 |",
        "| 64 | stylegan2-pytorch | 7.5 | 10 | no | 1.00 |",
        "| 256 | lightweight-gan | 12.0 | 10 | yes | 1.50 |",
    ]


def test_fastgan_is_quoted_and_scaled_by_what_is_measured_here():
    text = peers_page.fastgan(RESULTS, "fast")
    assert "1.50 GB, under 2 GB" in text
    assert "9.2 times as fast here (aim: 10)" in text  # 6 / (0.5 * 0.47 / 0.36) = 9.19
    assert peers_page.fastgan(RESULTS[:5], "fast") == ""


def test_each_contestant_has_a_line_of_speed_and_memory():
    lines = peers_page.measurements(RESULTS).splitlines()
    assert lines[2] == "| 64 | fast | 30.00 (20.00–40.00) | 15.00 | 1.00 GB | 8 |"
    assert len(lines) == 2 + 5


def test_the_presets_are_compared_with_the_plain_dcgan_by_the_clock():
    results = [*RESULTS[:3], measured("dcgan-fp32", 64, 60.0)]
    lines = training_speed.comparison(results).splitlines()
    assert lines[2] == "| 64 | fast | 8 | 15.0 (10.0–20.0) | 0.50 | – | 30.0 | 1.00 GB |"


def test_where_time_goes_is_written_in_shares():
    profile = {
        "preset": "fast", "size": 64, "batch": 16, "round_ms": 200.0, "parts_ms": {"generator": 50.0},
        "steps": [{"name": "aten::mm", "ms": 20.0, "share": 0.1, "calls": 3}],
    }  # fmt: skip
    text = "\n".join(training_speed.profile_parts(profile))
    assert "| generator | 50.0 | 25% |" in text
    assert "| `aten::mm` | 20.0 | 10% | 3 |" in text


def test_a_peer_that_is_not_installed_is_named_with_what_to_do(monkeypatch):
    import peers

    monkeypatch.setattr(peers, "installed", lambda: ["dcgan", "stylegan2-pytorch"])
    found = missing(["fast", "lightweight-gan", "stylegan2-pytorch"])
    assert list(found) == ["lightweight-gan"]
    assert "peers.md" in found["lightweight-gan"]
    assert missing(["fast"]) == {}


def test_a_round_is_shared_out_among_processes():
    class Works:
        def __len__(self):
            return 6

        def take(self, numbers, moment):
            return numbers.tolist()

    whole = next(rounds_of(Works(), 4)).batches[0]
    shares = [next(rounds_of(Works(), 4, share=share, shares=2)).batches[0] for share in (0, 1)]
    assert shares[0] + shares[1] == whole
    assert [len(share) for share in shares] == [2, 2]


def test_a_worker_tells_in_its_last_line_and_its_failure_is_repeated(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text("import sys\nprint('noise')\nprint('{\"a\": 1}')\nsys.exit(len(sys.argv) - 1)\n")
    assert in_fresh_process(script, [], threads=1) == {"a": 1}
    with pytest.raises(SystemExit, match="failed"):
        in_fresh_process(script, ["x"], threads=1)


def cost(axis, value, seconds, memory=1e9):
    return scaling.Cost(
        axis=axis,
        value=value,
        batch=16,
        round_seconds=seconds,
        processor_seconds=2 * seconds,
        works_per_second=16 / seconds,
        prepare_seconds=3.0,
        reopen_seconds=1.0,
        peak_memory_bytes=memory,
    )


COSTS = [cost("batch", 16, 0.4), cost("batch", 8, 0.2), cost("batch", 16, 0.6), cost("batch", 16, 9.0)]


def test_scaling_takes_the_median_of_each_value_in_order():
    assert [(each.value, each.round_seconds) for each in scaling.middles(COSTS, "batch")] == [
        (8, 0.2),
        (16, 0.6),
    ]
    lines = scaling.cost_table(COSTS, "batch").splitlines()
    assert lines[2] == "| 8 | 16 | 200 | 25.0 | 80.0 | 3.0 s | 1.0 s | 1.00 GB |"


def test_scaling_is_plotted_in_a_small_picture():
    pytest.importorskip("matplotlib")
    picture = plot(scaling.panels([*COSTS, cost("works", 50, 0.1), cost("works", 500, 0.1)]))
    assert picture.width > picture.height
    assert picture.width < 1500


def test_drawn_works_differ_and_are_drawn_once(tmp_path):
    folder = scaling.draw_works(tmp_path, 3, 16)
    before = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    assert len({content for _, content in before}) == 3
    scaling.draw_works(tmp_path, 3, 16)
    assert [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())] == before


def test_the_timing_of_a_contestant_says_who_and_how_much(monkeypatch):
    monkeypatch.setattr(
        taking_turns, "contestant", lambda *_, **__: Contestant(play_round=lambda: sum(range(9999)), batch=5)
    )
    options = argparse.Namespace(threads=1, data="", batch=None, seconds=0.0)
    found = taking_turns.measure("somebody", 64, options)
    assert (found.contestant, found.size, found.batch, found.rounds) == ("somebody", 64, 5, 8)
    assert found.works_per_second > 0
