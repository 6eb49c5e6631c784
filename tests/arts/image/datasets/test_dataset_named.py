from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from huohua.arts.image.datasets import table
from huohua.arts.image.datasets.cifar import CLASSES, load_cifar, open_cifar
from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.datasets.download import RemoteFile, fetch
from huohua.arts.image.datasets.named import Named, load_clothes, load_digits
from huohua.arts.image.datasets.table import NAMED
from huohua.errors import DataError, StorageError

CONTENT = b"the right bytes" * 1000


@pytest.fixture
def server():
    """Serve files from memory on this machine; `hits` lists what was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            if self.path not in files:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(files[self.path])))
            self.end_headers()
            self.wfile.write(files[self.path])

        def log_message(self, *_):
            pass

    files: dict[str, bytes] = {}
    hits: list[str] = []
    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    class Server:
        url = f"http://127.0.0.1:{http.server_address[1]}"

    Server.files, Server.hits = files, hits
    yield Server
    http.shutdown()
    http.server_close()
    thread.join()


def remote(*urls, content=CONTENT, name="data.bin"):
    return RemoteFile(name=name, urls=urls, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def test_a_file_is_fetched_once_with_progress(server, tmp_path):
    server.files["/data.bin"] = CONTENT
    told = []
    file = remote(f"{server.url}/data.bin")
    for _ in range(2):
        (path,) = fetch([file], tmp_path / "sets", lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert server.hits == ["/data.bin"]
    assert told[0][0] > 0
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_progress_runs_over_all_files(server, tmp_path):
    server.files.update({"/a": CONTENT, "/b": CONTENT})
    told = []
    files = [remote(f"{server.url}/{name}", name=name) for name in "ab"]
    fetch(files, tmp_path, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (2 * len(CONTENT), 2 * len(CONTENT))


def test_a_second_address_is_tried_when_the_first_fails(server, tmp_path):
    server.files["/right"] = CONTENT
    fetch([remote(f"{server.url}/gone", f"{server.url}/right")], tmp_path)
    assert server.hits == ["/gone", "/right"]


@pytest.mark.parametrize("sent", [CONTENT[:-1], CONTENT + b"!", b"x" * len(CONTENT), b""])
def test_other_bytes_than_the_expected_ones_leave_nothing_behind(server, tmp_path, sent):
    server.files["/data.bin"] = sent
    with pytest.raises(DataError, match=r"sent another file.*put it at"):
        fetch([remote(f"{server.url}/data.bin")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_local_copy_is_fetched_again(server, tmp_path):
    server.files["/data.bin"] = CONTENT
    (tmp_path / "data.bin").write_bytes(b"x" * len(CONTENT))
    fetch([remote(f"{server.url}/data.bin")], tmp_path)
    assert (tmp_path / "data.bin").read_bytes() == CONTENT


def test_without_a_network_the_advice_says_where_to_put_the_file(tmp_path):
    with pytest.raises(DataError) as caught:
        fetch([remote("http://127.0.0.1:9/data.bin")], tmp_path)
    assert "could not be fetched (127.0.0.1:9:" in caught.value.message
    assert "http://127.0.0.1:9/data.bin" in caught.value.advice
    assert str(tmp_path / "data.bin") in caught.value.advice


def test_only_web_addresses_are_fetched(tmp_path):
    (tmp_path / "local").write_bytes(CONTENT)
    with pytest.raises(DataError, match=r"only http and https"):
        fetch([remote(f"file://{tmp_path}/local")], tmp_path / "sets")


def test_a_closed_folder_is_a_storage_error(server, tmp_path):
    server.files["/data.bin"] = CONTENT
    (tmp_path / "sets").write_text("a file in the way")
    with pytest.raises(StorageError):
        fetch([remote(f"{server.url}/data.bin")], tmp_path / "sets")


def test_interrupting_leaves_nothing_behind(server, tmp_path):
    server.files["/data.bin"] = CONTENT

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([remote(f"{server.url}/data.bin")], tmp_path, interrupt)
    assert list(tmp_path.iterdir()) == []


def idx_bytes(array):
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def digits(server, load=load_digits):
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    contents = [
        gzip.compress(idx_bytes(images)),
        gzip.compress(idx_bytes((np.arange(40) % 4).astype(np.uint8))),
    ]
    for name, content in zip("il", contents, strict=True):
        server.files[f"/{name}"] = content
    files = tuple(remote(f"{server.url}/{n}", content=c, name=n) for n, c in zip("il", contents, strict=True))
    return images, Named(files=files, load=load, licence="L", origin="O", citation="C")


def test_a_named_dataset_is_fetched_decoded_and_then_needs_neither_network_nor_files(
    server, own_home, monkeypatch
):
    images, named = digits(server)
    monkeypatch.setitem(NAMED, "mnist", named)
    told = []
    first = open_dataset("mnist", height=28, width=28, channels=1, on_download=lambda *n: told.append(n))
    assert np.array_equal(first.images_NHWC[..., 0], images)
    assert first.conditions.groups == {"subject": ("0", "1", "2", "3")}
    assert (first.name, first.licence, first.origin) == ("mnist", "L", "O")
    assert told
    assert (own_home / "datasets" / "mnist" / "i").is_file()
    (own_home / "datasets" / "mnist" / "i").unlink()
    server.files.clear()
    again = open_dataset("mnist", height=28, width=28, channels=1)
    assert again.fingerprint == first.fingerprint


def test_clothes_have_words_for_labels(server, monkeypatch):
    monkeypatch.setitem(NAMED, "fashion_mnist", digits(server, load_clothes)[1])
    dataset = open_dataset("fashion_mnist", height=28, width=28, channels=1)
    assert dataset.conditions.groups["subject"] == ("Dress", "Pullover", "T-shirt/top", "Trouser")


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_named_dataset_says_where_it_comes_from_and_on_which_terms(name):
    named = NAMED[name]
    assert named.licence
    assert named.origin
    assert named.citation
    for file in named.files:
        assert len(file.sha256) == 64
        assert int(file.sha256, 16) > 0
        assert file.size > 1000
        assert all(url.startswith("http") and url.endswith(file.name) for url in file.urls)


def cifar_archive(path, batches, label=3):
    with tarfile.open(path, "w:gz") as archive:
        for number, colour in batches.items():
            record = bytes([label]) + b"".join(bytes([value]) * 1024 for value in colour)
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{number}")
            info.size = 2 * len(record)
            archive.addfile(info, io.BytesIO(record * 2))
    return path


def test_the_training_batches_of_cifar_are_read_in_order(tmp_path):
    batches = {
        "data_batch_2.bin": (40, 50, 60),
        "data_batch_1.bin": (10, 20, 30),
        "test_batch.bin": (1, 2, 3),
    }
    path = cifar_archive(tmp_path / "cifar-10-binary.tar.gz", batches)
    arrays = load_cifar(path)
    assert arrays.images_NHWC.shape == (4, 32, 32, 3)
    assert arrays.images_NHWC[:, 31, 31].tolist() == [[10, 20, 30]] * 2 + [[40, 50, 60]] * 2
    assert arrays.subjects == (CLASSES[3],) * 4
    assert open_cifar(path).entries()[0].labels == {"subject": ("cat",)}
    assert table.open_source(path).name == "cifar10"


def test_another_archive_is_not_taken_for_cifar(tmp_path):
    with pytest.raises(DataError, match=r"not the binary version"):
        load_cifar(cifar_archive(tmp_path / "x.tar.gz", {"data_batch_1.bin": (1, 2, 3)}, label=77))
    with pytest.raises(DataError, match=r"not the binary version"):
        load_cifar(cifar_archive(tmp_path / "y.tar.gz", {"readme.bin": (1, 2, 3)}))


def test_a_damaged_archive_is_one_clear_error(tmp_path):
    path = cifar_archive(tmp_path / "x.tar.gz", {"data_batch_1.bin": (1, 2, 3)})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match=r"is damaged.*again"):
        load_cifar(path)
