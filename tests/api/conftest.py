"""A real server in a process of its own, on loopback, with a data folder and a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from huohua.zoo import catalogue
from toys.small_model import saved_model


@dataclass
class Server:
    """A server that can be started, killed, and started again on the same folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None
    client: httpx.Client = field(default_factory=httpx.Client)
    token: str = ""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> Server:
        command = [sys.executable, "-m", "huohua", "studio", "--headless", "--json", "--port", "0"]
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.data), *self.options],
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, (self.folder / "server.log").read_text()
        said = json.loads(line)
        self.token = said["token"]
        port = said["address"].rpartition(":")[2]
        self.client.close()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=60)
        return self

    def end(self, number: int) -> int:
        """Send a signal to the server alone and return its exit code."""
        assert self.process
        self.process.send_signal(number)
        code = self.process.wait(60)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None
        return code

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.client.post(path, json=body)

    def wait_for(self, job: str, ready: Callable[[Any], bool], *, seconds: float = 120) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.get(f"/jobs/{job}")
            if ready(found):
                return found
            time.sleep(0.2)
        raise AssertionError(f"{found}\n{(self.folder / 'server.log').read_text()}")


@pytest.fixture(scope="module")
def make_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(*options: str, **environment: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        home = {"HUOHUA_HOME": str(folder / "home")}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HUOHUA_HOME", home["HUOHUA_HOME"])
            catalogue.remember("fruit", saved_model(folder / "fruit"))
        made.append(Server(folder, environment={**home, **environment}, options=options))
        return made[-1].start()

    yield make
    for server in made:
        if server.process:
            server.end(signal.SIGTERM)
        server.client.close()


@pytest.fixture(scope="module")
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()
