"""A recording keeps every whole message, wherever it is cut off."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as some

from fathom.errors import RecordingError
from fathom.lab import wire
from fathom.lab.recording import MAGIC, RECORD, Recorder, contents, export, read

MESSAGES = [
    {"type": "run", "experiment": "mlp"},
    *(
        {
            "type": "frame",
            "step": step,
            "views": {
                "border": {
                    "kind": "field",
                    "values": np.full((4, 4 + step // 5), 250 + step, np.int32).astype(np.uint8),
                    "lo": -1.0,
                },
                "curve": {"kind": "line", "x": np.arange(3, dtype=np.float32)},
            },
        }
        for step in range(8)
    ),
    {"type": "state", "state": "finished", "kept": True},
]


def same(some_messages, others):
    return [wire.encode(one) for one in some_messages] == [wire.encode(one) for one in others]


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "run.fathom"
    with Recorder(path) as recorder:
        for message in MESSAGES:
            recorder.add(wire.encode(message))
    return path


def test_what_was_written_is_read(recording):
    assert same(read(recording), MESSAGES)


@settings(max_examples=60, deadline=None)
@given(some.data())
def test_a_cut_recording_keeps_all_messages_before_the_cut(recording, tmp_path_factory, data):
    whole = recording.read_bytes()
    cut = data.draw(some.integers(8, len(whole)))
    path = tmp_path_factory.getbasetemp() / "cut.fathom"
    path.write_bytes(whole[:cut])
    kept = list(read(path))
    assert same(kept, MESSAGES[: len(kept)])
    length = 8 + sum(8 + len(wire.encode(message)) for message in MESSAGES[: len(kept) + 1])
    assert length > cut or len(kept) == len(MESSAGES)


def test_a_damaged_message_is_the_end_of_what_is_kept(recording, tmp_path):
    content = bytearray(recording.read_bytes())
    second = len(MAGIC) + RECORD.size + len(wire.encode(MESSAGES[0])) + RECORD.size
    content[second + 100] ^= 1  # one bit of a picture: it would still be a message
    (tmp_path / "run.fathom").write_bytes(content)
    assert same(read(tmp_path / "run.fathom"), MESSAGES[:1])


def test_a_recording_is_readable_while_it_is_written(tmp_path):
    with Recorder(tmp_path / "run.fathom") as recorder:
        recorder.add(wire.encode(MESSAGES[0]))
        assert same(read(tmp_path / "run.fathom"), MESSAGES[:1])


def test_an_exported_recording_has_the_same_messages(tmp_path):
    export(MESSAGES, tmp_path / "small.fathom")
    assert same(read(tmp_path / "small.fathom"), MESSAGES)


def test_differences_make_a_moving_field_smaller(tmp_path):
    ramp = np.add.outer(np.arange(100), np.arange(100)).astype(np.uint8)
    frames = [
        {"type": "frame", "views": {"f": {"values": (ramp + step).astype(np.uint8)}}}
        for step in range(50)
    ]
    export(frames, tmp_path / "small.fathom")
    assert (tmp_path / "small.fathom").stat().st_size < 50 * ramp.size / 20


def test_other_files_are_refused_with_a_sentence(tmp_path):
    (tmp_path / "text").write_text("not a recording at all")
    (tmp_path / "zip").write_bytes(b"\x1f\x8b but no gzip")
    with pytest.raises(RecordingError, match="text is not a recording of Fathom"):
        list(read(tmp_path / "text"))
    with pytest.raises(RecordingError, match="zip"):
        list(read(tmp_path / "zip"))
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        list(read(tmp_path / "none"))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RecordingError, match="cannot be written: No such file or directory"):
        Recorder(tmp_path / "none" / "run.fathom")


def test_a_recording_tells_what_it_is_of(tmp_path):
    frame = {"type": "frame", "step": 7, "numbers": {"gap": 1.0}, "views": {"border": {}}}
    block = {"type": "scalars", "names": ["loss"], "steps": np.arange(9, dtype=np.int32)}
    knobs, path = {"lr": "0.1"}, tmp_path / "run.fathom"
    head = {"type": "run", "experiment": "mlp", "version": "v", "knobs": knobs, "pace": 0.0}
    with Recorder(path) as recorder:
        for message in (head | {"made": "2026-03-01"}, frame, block):
            recorder.add(wire.encode(message))
    found = contents(path)
    assert (found.experiment, found.knobs, found.made) == ("mlp", knobs, "2026-03-01")
    assert found.shown == {"loss", "gap", "border"}
    assert (found.step, found.ended) == (7, "")
    with Recorder(path) as recorder:
        recorder.add(wire.encode(head))
        recorder.add(wire.encode({"type": "state", "state": "stopped", "step": 3}))
    assert (contents(path).step, contents(path).ended) == (3, "stopped")
    Recorder(path).__exit__(None, None, None)
    with pytest.raises(RecordingError, match="holds nothing yet"):
        contents(path)
