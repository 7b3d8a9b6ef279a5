"""What a tracker wrote is read back by the library that it was written for."""

import json
import math
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from fathom.errors import FathomError
from fathom.lab.views import field, tiles
from fathom.runtime import track

CONFIG = {"lr": 0.1, "data": "moons"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_HOME", str(tmp_path))
    return tmp_path / "tracks"


def messages():
    """A short run: numbers of three steps, one of them no number, a picture, the end."""
    values = np.array([[3.0, 2.0, math.nan], [math.nan, math.nan, 0.5]])
    view = field(np.linspace(0, 1, 16).reshape(4, 4), says="a slope")
    pictures = tiles(np.zeros((3, 5, 5)), says="three")
    yield {"type": "run", "experiment": "toy", "knobs": {}}
    yield {"type": "notice", "text": "nothing to be kept"}
    yield {
        "type": "scalars",
        "names": ["loss", "val_accuracy"],
        "steps": np.array([0, 1, 2], np.int32),
        "values": values,
    }
    views = {"border": view.message(), "digits": pictures.message()}
    yield {"type": "frame", "step": 2, "of": 2, "numbers": {}, "views": views}
    yield {"type": "state", "state": "finished", "step": 2, "of": 2, "why": "", "kept": True}


def tracked(name):
    said = []
    tracker = track.Tracker(name, said.append)
    for message in messages():
        tracker.hear(message, CONFIG)
    assert said == []
    return tracker


def test_json_lines_hold_config_numbers_pictures_and_the_end(home):
    place = tracked("jsonl").place
    (folder,) = home.iterdir()
    assert str(folder) in place
    first, *steps, shown, last = map(json.loads, (folder / "run.jsonl").read_text().splitlines())
    assert first == {"experiment": "toy", "config": CONFIG}
    assert [one["values"] for one in steps] == [{"loss": 3.0}, {"loss": 2.0}, {"val_accuracy": 0.5}]
    assert set(shown["pictures"]) == {"border", "digits"}
    for name in shown["pictures"].values():
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert last["end"] == {"state": "finished", "step": 2, "kept": True, "reason": ""}


@pytest.mark.filterwarnings("ignore")  # of TensorBoard's own
def test_tensorboard_reads_its_curves_and_pictures(home):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    tracked("tensorboard")
    (folder,) = home.iterdir()
    read = EventAccumulator(str(folder))
    read.Reload()
    assert [(one.step, one.value) for one in read.Scalars("loss")] == [(0, 3.0), (1, 2.0)]
    assert [(one.step, one.value) for one in read.Scalars("val_accuracy")] == [(2, 0.5)]
    assert set(read.Tags()["images"]) == {"border", "digits"}
    assert read.Images("border")[0].encoded_image_string.startswith(b"\x89PNG")
    assert "config/text_summary" in read.Tags()["tensors"] or "config" in read.Tags()["tensors"]


@pytest.mark.filterwarnings("ignore")  # of W&B's own
def test_wandb_offline_reads_its_curves_config_and_pictures(home):
    pytest.importorskip("wandb")
    from wandb.proto import wandb_internal_pb2

    tracked("wandb")
    (file,) = home.rglob("*.wandb")
    loss, config, shown, kinds = [], {}, {}, set()
    for data in records(file.read_bytes()):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        kinds.add(record.WhichOneof("record_type"))
        if record.WhichOneof("record_type") == "history":
            for one in record.history.item:
                name, *inner = one.nested_key or [one.key]
                loss += [json.loads(one.value_json)] if name == "loss" else []
                if inner:
                    shown.setdefault(name, {})[inner[0]] = json.loads(one.value_json)
        if record.WhichOneof("record_type") == "run":
            config |= {one.key: json.loads(one.value_json) for one in record.run.config.update}
    assert loss == [3.0, 2.0]
    assert CONFIG.items() <= config.items()
    assert "exit" in kinds
    assert set(shown) == {"border", "digits"}
    for picture in shown.values():
        assert picture["_type"] == "image-file"
        kept = file.parent / "files" / picture["path"]
        assert kept.read_bytes().startswith(b"\x89PNG")


def records(data):
    """The records of a file of W&B, whose frame is that of LevelDB's log; each is a protobuf."""
    at, part = 7, b""
    assert data[:4] == b":W&B"
    while at + 7 <= len(data):
        if (left := -at % 32768) < 7:  # the end of a block has no room for another head
            at += left
            continue
        length, kind = struct.unpack_from("<HB", data, at + 4)
        part += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last of several
            yield part
            part = b""


class Broken:
    """A tool with a full disk. It notes what was asked of it."""

    place = "nowhere"
    asked: ClassVar[list[str]] = []
    at = "numbers"  # what fails first

    def __init__(self, made):
        self.asked.clear()

    def _do(self, what):
        self.asked.append(what)
        if what == self.at:
            raise OSError("the disk is full.")

    def begin(self, name, config):
        self._do("begin")

    def numbers(self, step, values):
        self._do("numbers")

    def pictures(self, step, images):
        self._do("pictures")

    def end(self, summary):
        self._do("end")

    def close(self):
        self._do("close")
        raise ValueError("it cannot even be closed.")


@pytest.mark.parametrize("at", ["begin", "numbers", "pictures", "end", "close"])
def test_a_tool_that_fails_is_said_once_ended_once_and_stops_nothing(home, monkeypatch, at):
    monkeypatch.setitem(track.TOOLS, "jsonl", Broken)
    monkeypatch.setattr(Broken, "at", at)
    said = []
    tracker = track.Tracker("jsonl", said.append)
    for message in messages():
        tracker.hear(message, CONFIG)
    tracker.close()
    assert said == ["Nothing more is sent to jsonl: the disk is full. The training goes on."]
    assert tracker.place == ""
    assert Broken.asked.count("close") == 1
    assert Broken.asked[-1] == "close"
    assert at in Broken.asked


@pytest.mark.parametrize("heard", [1, 3])
def test_a_run_that_breaks_off_ends_its_tool(home, heard):
    tracker = track.Tracker("jsonl", pytest.fail)
    for _, message in zip(range(heard), messages(), strict=False):
        tracker.hear(message, CONFIG)
    file = tracker._tool._file
    assert not file.closed
    tracker.close()
    assert file.closed
    assert tracker.place
    tracker.close()  # once more harms nothing


def test_a_run_that_never_began_has_nothing_to_end():
    track.Tracker("jsonl", pytest.fail).close()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.filterwarnings("ignore")  # of W&B's own
def test_wandb_that_fails_leaves_no_process(home, monkeypatch):
    pytest.importorskip("wandb")
    said = []
    tracker = track.Tracker("wandb", said.append)
    run, frame, *_ = (one for one in messages() if one["type"] in ("run", "frame"))
    tracker.hear(run, CONFIG)
    assert started()
    monkeypatch.setattr(tracker._tool, "pictures", Broken(home).numbers)
    monkeypatch.setattr(Broken, "at", "numbers")
    tracker.hear(frame, CONFIG)
    assert len(said) == 1
    assert not started()


def started():
    """The processes that this one has started and that still live; names of programs."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            name, _, rest = stat.read_text().rpartition(")")
            state, parent = rest.split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found.append(name.partition("(")[2])
    return found


def test_what_is_no_number_is_none_in_config_and_summary():
    told = {"a": math.nan, "b": [1.0, math.inf], "c": {"d": -math.inf}, "e": "x", "f": True}
    strict = {"a": None, "b": [1.0, None], "c": {"d": None}, "e": "x", "f": True}
    assert track.finite(told) == strict


def test_a_tool_that_nobody_knows_or_that_is_not_installed_is_a_sentence(monkeypatch):
    with pytest.raises(FathomError, match="there are wandb, tensorboard, jsonl"):
        track.check("excel")
    monkeypatch.setattr(track, "find_spec", lambda name: None)
    with pytest.raises(FathomError, match="wandb is not installed: python -m pip install wandb"):
        track.check("wandb")


def test_two_runs_of_a_second_have_two_folders(home):
    assert track.folder("toy") != track.folder("toy")
