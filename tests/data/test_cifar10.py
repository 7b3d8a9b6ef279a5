"""CIFAR-10: found, downloaded, gone on with, refused. The net is a server of this process."""

import functools
import hashlib
import http.server
import io
import json
import pickle
import sys
import tarfile
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from fathom.data import DATA_SETS, __main__ as command, catalog, cifar10, digits, download, fetch
from fathom.errors import DataError

NAMES = ["airplane", "automobile", "bird", "cat", "deer"]
NAMES += ["dog", "frog", "horse", "ship", "truck"]


def stored(count=20, seed=0):
    """A batch as the original files hold it."""
    chance = np.random.default_rng(seed)
    pixels = chance.integers(0, 256, (count, 3072), dtype=np.uint8)
    return {"data": pixels, "labels": [one % 10 for one in range(count)]}


def write_batches(folder):
    folder = folder / cifar10.FOLDER
    folder.mkdir(parents=True)
    for seed, name in enumerate((*cifar10.TRAIN, cifar10.TEST)):
        (folder / name).write_bytes(pickle.dumps(stored(seed=seed), protocol=2))
    (folder / cifar10.META).write_bytes(pickle.dumps({"label_names": NAMES}, protocol=2))
    return folder


def change(monkeypatch, **parts):
    """Have the data set come from elsewhere."""
    monkeypatch.setattr(cifar10, "ORIGINAL", replace(cifar10.ORIGINAL, **parts))


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """The bytes of an archive as small as can be, which passes for the original."""
    folder = write_batches(tmp_path / "packed")
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as tar:
        tar.add(folder, cifar10.FOLDER)
    small = hashlib.md5(written.getvalue()).hexdigest()
    change(monkeypatch, known=f"md5:{small}", size=len(written.getvalue()))
    return written.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the bytes of its server from where it is asked; breaks off if told to."""

    def do_GET(self):
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.server.asked.append(start)
        body = self.server.body[start if self.server.ranges else 0 :]
        self.send_response(206 if asked and self.server.ranges else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_at])

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server(archive, monkeypatch):
    """A server with the archive on this machine."""
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.body, served.asked, served.breaks_at, served.ranges = archive, [], None, True
    change(monkeypatch, address=f"http://127.0.0.1:{served.server_port}/c.tar.gz")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    thread = threading.Thread(target=functools.partial(served.serve_forever, 0.01))
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def test_batches_in_the_users_folder_are_read_in_their_order(places):
    folder = write_batches(places[0])
    data = cifar10.load()
    assert data.images.shape == (100, 3, 32, 32)
    assert data.images.dtype == torch.uint8
    assert data.test_labels.tolist() == [one % 10 for one in range(20)]
    first = pickle.loads((folder / "data_batch_1").read_bytes())["data"]
    assert np.array_equal(data.images[:20].reshape(20, 3072).numpy(), first)
    assert data.names == tuple(NAMES)


def test_an_archive_in_the_users_folder_is_unpacked_into_the_cache(places, archive):
    own, cache = places
    (own / cifar10.ORIGINAL.archive).write_bytes(archive)
    assert len(cifar10.load().labels) == 100
    assert (cache / "data" / "cifar10" / cifar10.FOLDER / cifar10.TEST).is_file()
    assert [one.name for one in own.iterdir()] == [cifar10.ORIGINAL.archive]


def test_an_archive_that_is_not_the_original_is_refused(places, archive):
    (places[0] / cifar10.ORIGINAL.archive).write_bytes(archive + b"more")
    with pytest.raises(DataError, match="damaged: its checksum") as caught:
        cifar10.load()
    assert caught.value.instead == {"data": "shapes"}


def test_it_is_downloaded_once_and_progress_reaches_its_end(places, server):
    heard = []
    cifar10.fetch(lambda *said: heard.append(said))
    assert heard[-1] == ("CIFAR-10", len(server.body), len(server.body))
    assert len(cifar10.load().labels) == 100
    cifar10.fetch()
    assert server.asked == [0]


def test_a_download_that_broke_off_goes_on_where_it_was(places, server, monkeypatch):
    monkeypatch.setattr(download, "CHUNK", 1000)
    server.breaks_at = 5000
    with pytest.raises(DataError, match=r"broke off .* goes on from there") as caught:
        cifar10.load()
    assert caught.value.instead == {"data": "shapes"}
    server.breaks_at = None
    assert len(cifar10.load().labels) == 100
    assert server.asked == [0, 5000]


def test_a_server_that_cannot_go_on_sends_all_of_it_again(places, server):
    server.breaks_at, server.ranges = 1000, False
    with pytest.raises(DataError):
        cifar10.load()
    server.breaks_at = None
    assert len(cifar10.load().labels) == 100


def test_wrong_bytes_are_refused_and_the_next_try_starts_anew(places, server):
    right, server.body = server.body, server.body[:-8] + b"scribble"
    with pytest.raises(DataError, match="checksum is wrong"):
        cifar10.load()
    server.body = right
    assert len(cifar10.load().labels) == 100
    assert server.asked == [0, 0]


def test_a_server_that_is_away_is_a_sentence(places, server, monkeypatch):
    change(monkeypatch, address="http://127.0.0.1:9/c.tar.gz")
    with pytest.raises(DataError, match="broke off at 0 of"):
        cifar10.load()


def test_offline_nothing_is_tried(places, server, monkeypatch):
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError, match="FATHOM_OFFLINE forbids downloads") as caught:
        cifar10.load()
    assert caught.value.instead == {"data": "shapes"}
    assert server.asked == []


def test_a_missing_batch_is_named(places):
    (write_batches(places[0]) / "data_batch_3").unlink()
    with pytest.raises(DataError, match="data_batch_3 is missing in"):
        cifar10.load()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (lambda whole: whole[: len(whole) // 2], "damaged"),
        (lambda whole: b"", "damaged"),
        (lambda whole: pickle.dumps([1, 2]), "no dictionary"),
        (lambda whole: pickle.dumps({"data": 3}), "no images and labels"),
        (
            lambda whole: pickle.dumps({"data": np.zeros((2, 5), np.uint8), "labels": [0, 1]}),
            r"shape \(2, 5\)",
        ),
    ],
)
def test_a_damaged_batch_is_named(places, broken, why):
    file = write_batches(places[0]) / "data_batch_2"
    file.write_bytes(broken(file.read_bytes()))
    with pytest.raises(DataError, match=why) as caught:
        cifar10.load()
    assert "data_batch_2" in str(caught.value)


class Attack:
    """Unpickled by an ordinary reader, it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_that_would_run_code_is_refused(places, tmp_path):
    file = write_batches(places[0]) / "data_batch_1"
    file.write_bytes(pickle.dumps({"data": Attack(tmp_path / "harm")}))
    with pytest.raises(DataError, match=r"names \w+\.open"):
        cifar10.load()
    assert not (tmp_path / "harm").exists()


def test_the_catalogue_says_what_is_here_and_where(places):
    before = {one["name"]: one for one in catalog()}
    assert not before["cifar10"]["present"]
    assert before["digits"]["present"]
    folder = write_batches(places[0])
    after = {one["name"]: one for one in catalog()}
    assert after["cifar10"]["where"] == str(folder) == fetch("cifar10")
    with pytest.raises(DataError, match=r"no data set 'mnist'; there are .*digits, .*cifar10"):
        fetch("mnist")


def test_a_child_process_says_it_as_json_lines(places, server, capsys):
    def lines(*words):
        status = command.main(list(words))
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    status, said = lines("list")
    assert status == 0
    assert [one.get("name") for one in said] == [*(one.name for one in DATA_SETS), None]
    status, said = lines("fetch", "cifar10")
    assert status == 0
    assert said[0]["type"] == "progress"
    assert said[-1]["state"] == "finished"
    assert said[-1]["why"].endswith(cifar10.FOLDER)
    status, said = lines("fetch", "mnist")
    assert (status, said[0]["state"]) == (1, "failed")
    assert command.main(["fetch"]) == 2


def test_listing_the_data_sets_does_not_load_torch(places, monkeypatch):
    for name in [one for one in sys.modules if one.startswith("fathom.data")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)  # an import of it would fail
    import fathom.data

    known = [one["name"] for one in fathom.data.catalog()]
    assert len(known) == len(set(known))
    assert {"toy", "digits", "tumours", "cifar10"} <= set(known)


def test_digits_are_always_there():
    data = digits.load()
    assert data.images.shape == (1500, 3, 32, 32)
    assert len(data.test_labels) == 297
    assert data.images.float().mean() > 20
    assert data.labels.unique().tolist() == list(range(10))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_one_has_all_its_pictures(cifar):
    data = cifar10.load()
    assert data.images.shape == (50_000, 3, 32, 32)
    assert data.test_images.shape == (10_000, 3, 32, 32)
    assert data.labels.bincount().tolist() == [5000] * 10
    assert data.test_labels.bincount().tolist() == [1000] * 10
    assert data.labels[:5].tolist() == [6, 9, 9, 4, 1]
    assert data.names[6] == "frog"
