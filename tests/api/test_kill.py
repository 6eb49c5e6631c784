"""A server that is killed with no warning: what was shown as saved is there, and jobs go on."""

from __future__ import annotations

import json
import signal

import numpy as np
import pytest
from PIL import Image


def paint(folder, count=24):
    folder.mkdir(parents=True)
    random = np.random.default_rng(5)
    for number in range(count):
        picture = random.integers(0, 255, size=(16, 16, 3), dtype=np.uint8)
        Image.fromarray(picture).save(folder / f"{number}.png")


@pytest.mark.slow
def test_a_training_goes_on_after_the_server_was_killed(make_server):
    server = make_server(OMP_NUM_THREADS="1")
    paint(server.data / "datasets" / "spots")
    assert server.get("/datasets") == ["spots"]
    order = {"art": "image", "dataset": "spots", "preset": "tiny", "size": 16, "kimg": 500}
    answer = server.post("/jobs/train", order)
    assert answer.status_code == 202, answer.text
    id = answer.json()["id"]
    going = server.wait_for(id, lambda job: job["state"] == "failed" or (job["fraction"] or 0) > 0)
    assert going["state"] == "running", going["message"]
    (work,) = server.post("/artworks", {"art": "image", "model": "fruit", "seed": 3}).json()["artworks"]
    waiting = server.post("/jobs/create", {"art": "image", "model": "fruit", "count": 3}).json()

    server.end(signal.SIGKILL)
    server.start()

    assert server.get(f"/artworks/{work['id']}") == work
    assert server.client.get(work["file"].removeprefix("/api")).status_code == 200
    assert server.get(f"/jobs/{waiting['id']}")["state"] == "queued"
    log = lambda: [event["kind"] for event in server.get(f"/jobs/{id}/log")]  # noqa: E731
    server.wait_for(id, lambda job: log().count("started") == 2 or job["state"] == "failed")
    events = (server.data / "runs" / id / "events.jsonl").read_text().splitlines()
    started = [event for event in map(json.loads, events) if event["kind"] == "started"]
    assert [event["resumed"] for event in started] == [False, True]
    assert started[1]["shown"] > 0

    # Paused, it lets the next one pass; its model can be played before the training has ended.
    assert server.post(f"/jobs/{id}/pause").status_code == 200
    assert server.wait_for(id, lambda job: job["state"] != "running")["state"] == "paused"
    assert server.wait_for(waiting["id"], lambda job: job["state"] == "done")["result"]["works"] == 3
    assert "spots" in [model["name"] for model in server.get("/models")]
    assert server.post(f"/jobs/{id}/resume").json()["state"] == "queued"
    server.wait_for(id, lambda job: job["state"] == "running")
    server.post(f"/jobs/{id}/cancel")
    assert server.wait_for(id, lambda job: job["state"] != "running")["state"] == "cancelled"


@pytest.mark.slow
def test_a_batch_makes_each_work_once_however_often_it_is_stopped(make_server):
    server = make_server()
    order = {"art": "image", "model": "fruit", "count": 400, "seed": 9}
    id = server.post("/jobs/create", order).json()["id"]
    server.wait_for(id, lambda job: (job["fraction"] or 0) > 0)
    server.end(signal.SIGKILL)
    kept = len(list((server.data / "works").glob("*.png")))
    assert 0 < kept < 400
    server.start()
    server.wait_for(id, lambda job: job["state"] == "done")
    works = []
    before = None
    while True:
        page = server.get("/artworks", job=id, limit=200, **({"before": before} if before else {}))
        works += page["artworks"]
        before = page["next"]
        if before is None:
            break
    assert sorted(work["recipe"]["index"] for work in works) == list(range(400))
    assert {work["recipe"]["seed"] for work in works} == {9}
    files = {path.name for path in (server.data / "works").iterdir()}
    assert files == {f"{work['id']}.png" for work in works}
