"""The server with its tables in PostgreSQL: works, a batch, and a kill in the middle of it."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import pytest

from toys.databases import postgresql, postgresql_programs


@pytest.mark.slow
@pytest.mark.skipif(postgresql_programs() is None, reason="PostgreSQL's server is not installed")
def test_works_and_jobs_live_in_postgresql_as_well(make_server):
    # Sockets have short names, and another user must be able to come here.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        with postgresql(Path(folder) / "s") as address:
            server = make_server(HUOHUA_DATABASE=address)
            order = {"art": "image", "model": "fruit", "seed": 2**63 - 1, "prompt": "lemon"}
            (work,) = server.post("/artworks", order).json()["artworks"]
            job = server.post("/jobs/create", {**order, "count": 60}).json()
            server.wait_for(job["id"], lambda found: (found["fraction"] or 0) > 0)
            server.end(signal.SIGKILL)
            server.start()
            assert server.get(f"/artworks/{work['id']}") == work
            server.wait_for(job["id"], lambda found: found["state"] == "done")
            works = server.get("/artworks", job=job["id"], limit=200, words="LEMON")["artworks"]
            assert sorted(found["recipe"]["index"] for found in works) == list(range(60))
            assert not (server.data / "studio.sqlite").exists()
            server.end(signal.SIGTERM)
