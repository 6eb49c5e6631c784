"""The server from outside: works, gallery, jobs, problems, and a stop in good order."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import subprocess
import sys

import pytest
from PIL import Image


def make_works(server, **order):
    answer = server.post("/artworks", {"art": "image", "model": "fruit", **order})
    assert answer.status_code == 201, answer.text
    return answer.json()["artworks"]


def test_a_healthy_server_says_so(server):
    found = server.get("/health")
    assert (found["status"], found["database"]) == ("ok", True)


def test_models_are_listed_and_shown_without_their_place(server):
    assert [model["name"] for model in server.get("/models")] == ["fruit"]
    answer = server.client.get("/models/show", params={"name": "fruit"})
    assert answer.json()["conditions"] == {"subject": ["apple", "lemon"]}
    assert str(server.folder) not in answer.text


def test_a_work_is_made_kept_and_sent(server):
    (work,) = make_works(server, seed=7, prompt="lemon")
    answer = server.client.get(work["file"].removeprefix("/api"))
    assert answer.headers["content-type"] == "image/png"
    assert hashlib.sha256(answer.content).hexdigest() == work["sha256"]
    assert Image.open(io.BytesIO(answer.content)).size == (24, 16)
    assert work["recipe"]["seed"] == 7
    assert "model_path" not in work["recipe"]
    assert server.get(f"/artworks/{work['id']}") == work


def test_the_same_seed_makes_the_same_picture(server):
    first, second = (make_works(server, seed=11, conditions={"subject": "apple"})[0] for _ in range(2))
    other = make_works(server, seed=12, conditions={"subject": "apple"})[0]
    pixels = [
        Image.open(io.BytesIO(server.client.get(work["file"].removeprefix("/api")).content)).tobytes()
        for work in (first, second, other)
    ]
    assert pixels[0] == pixels[1] != pixels[2]


def test_the_gallery_is_searched_page_by_page(server):
    made = [work["id"] for work in make_works(server, count=5, seed=1, prompt="apple")]
    first = server.get("/artworks", limit=3, words="APPLE")
    second = server.get("/artworks", limit=3, words="APPLE", before=first["next"])
    found = [work["id"] for page in (first, second) for work in page["artworks"]]
    assert found[:5] == made[::-1]
    assert server.get("/artworks", words="100%_nothing")["artworks"] == []


def test_a_work_is_marked_and_removed(server):
    (work,) = make_works(server)
    marked = server.client.patch(f"/artworks/{work['id']}", json={"favourite": True})
    assert marked.json()["favourite"] is True
    assert server.get("/artworks", favourite=True)["artworks"][0]["id"] == work["id"]
    file = server.data / "works" / f"{work['id']}.png"
    assert file.exists()
    assert server.client.delete(f"/artworks/{work['id']}").status_code == 204
    assert server.client.get(f"/artworks/{work['id']}").status_code == 404
    assert not file.exists()


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"art": "image", "model": "../fruit"}, 404),
        ({"art": "image", "model": "/etc/passwd"}, 404),
        ({"art": "image", "model": "fruit", "count": 17}, 422),
        ({"art": "image", "model": "fruit", "count": 0}, 422),
        ({"art": "image", "model": "fruit", "seed": -1}, 422),
        ({"art": "image", "model": "fruit", "start": "/etc/passwd"}, 422),
        ({"art": "image", "model": "fruit", "conditions": {"subject": "dragon"}}, 422),
        ({"art": "image", "model": "fruit", "prompt": "a\u0000b"}, 422),
        ({"art": "music", "model": "fruit"}, 422),
        ({"art": "opera"}, 422),
        ([], 422),
        ("image", 422),
    ],
)
def test_an_order_that_does_not_fit_is_a_problem_with_a_reason(server, order, status):
    answer = server.post("/artworks", order)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/artworks/../studio.sqlite",
        "/artworks/%2e%2e%2fstudio.sqlite/file",
        "/artworks/a/file",
        "/jobs/x/events",
    ],
)
def test_no_id_leads_anywhere_else(server, path):
    assert server.client.get(path).status_code in {404, 422}


def test_a_batch_is_made_by_a_job_that_can_be_watched(server):
    job = server.post("/jobs/create", {"art": "image", "count": 20, "prompt": "lemon"}).json()
    assert job["order"]["model"] == "fruit"
    assert isinstance(job["order"]["seed"], int)
    events = []
    with server.client.stream("GET", f"/jobs/{job['id']}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
    assert events[-1]["state"] == "done"
    assert [event["kind"] for event in events if "facts" in event] == ["queued", "running", "done"]
    works = server.get("/artworks", job=job["id"], limit=200)["artworks"]
    assert sorted(work["recipe"]["index"] for work in works) == list(range(20))
    assert len(list((server.data / "works").glob(f"{job['id']}-*.png"))) == 20


def test_a_dataset_that_is_not_listed_cannot_be_trained_on(server):
    for name, status in (("nothing", 404), ("../works", 422), ("..", 422), (".hidden", 422)):
        answer = server.post("/jobs/train", {"art": "image", "dataset": name})
        assert answer.status_code == status


def test_the_api_describes_itself(server):
    document = server.get("/openapi.json")
    assert {"/api/health", "/api/models", "/api/artworks", "/api/jobs/{id}/events"} <= set(document["paths"])
    operations = [way for path in document["paths"].values() for way in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["description"] for operation in operations)


def test_a_second_server_on_the_same_folder_is_refused(server):
    command = [sys.executable, "-m", "huohua", "studio", "--headless", "--port", "0", "--data", server.data]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 10
    assert "Another studio" in done.stderr


def test_a_server_stops_in_good_order_and_keeps_what_it_had(server):
    (work,) = make_works(server, seed=5)
    server.end(signal.SIGTERM)
    assert "Traceback" not in (server.folder / "server.log").read_text()
    server.start()
    assert server.get(f"/artworks/{work['id']}") == work


def test_whoever_watches_a_job_is_let_go_in_good_order_when_the_server_stops(server):
    server.post("/jobs/create", {"art": "image", "count": 3})
    id = server.post("/jobs/create", {"art": "image", "count": 3}).json()["id"]
    assert server.post(f"/jobs/{id}/pause").json()["state"] == "paused"
    with server.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        seen = [next(lines)]
        assert server.process
        server.process.send_signal(signal.SIGTERM)
        seen += list(lines)  # a connection that is cut raises an error here
    assert sum(line == "event: job" for line in seen) == 1
    server.end(signal.SIGTERM)
    server.start()
    assert server.get(f"/jobs/{id}")["state"] == "paused"
