"""Progress from a file comes beside what is there: nothing is lost, and nothing comes twice."""

import json

import pytest

from fathom.classroom import learners, progress, transfer
from fathom.classroom.db import open_database
from fathom.errors import ClassroomError


@pytest.fixture
def places(tmp_path):
    """Two computers: an engine and a learner each, with different seeds."""
    made = []
    for name in ("home", "work"):
        engine = open_database(tmp_path / name)
        made.append((engine, learners.alone(engine)))
    yield made
    for engine, _ in made:
        engine.dispose()


def saved(place, **changed):
    return json.dumps(progress.export(*place) | changed).encode()


def fill(place, code="w = 1"):
    progress.answer(*place, "01", "loss", ["a"], False)
    progress.visit(*place, "01", "start", 30, True)
    progress.write(*place, "01", "fit", code)
    progress.attempt(*place, "01", "fit", code, "passed", "")
    progress.say(*place, "01", "start", "not-yet")
    progress.bring_back(*place, "02", (("01", "loss"),))


def test_into_an_empty_place_everything_comes_with_its_seed(places):
    home, (engine, learner) = places
    fill(home)
    learner = transfer.take(engine, learner, saved(home))
    assert learner.seed == learners.alone(engine).seed == home[1].seed
    assert progress.export(engine, learner) == progress.export(*home)


def test_nothing_that_is_there_is_lost_and_the_same_file_again_changes_nothing(places):
    home, work = places
    fill(work, "w = 'work'")
    fill(home, "w = 'home'")  # later
    progress.visit(*work, "01", "start", 90, False)
    progress.visit(*work, "01", "end", 5, True)
    before = progress.export(*work)
    learner = transfer.take(*work, saved(home))
    assert learner.seed == work[1].seed
    after = progress.export(*work)
    for table in ("answers", "attempts"):
        assert all(one in after[table] for one in before[table])
        assert len(after[table]) == 2
    assert {one["seed"] for one in after["answers"]} == {home[1].seed, work[1].seed}
    sections = {one["section"]: (one["seconds"], one["read"]) for one in after["sections"]}
    assert sections == {"start": (120.0, 1), "end": (5.0, 1)}
    texts = {one["code"] for one in after["texts"]}
    assert texts == {"w = 'work'", "w = 'home'"}  # the older one stays, aside
    assert progress.written(*work, "01", "fit") == "w = 'home'"
    transfer.take(*work, saved(home))
    assert progress.export(*work) == after


def test_what_was_said_later_of_a_section_stays(places):
    home, work = places
    progress.say(*home, "01", "start", "not-yet")
    old = saved(home)
    progress.say(*work, "01", "start", "got")
    transfer.take(*work, old)
    assert progress.said(*work)["01"]["start"].pace == "got"
    progress.say(*home, "01", "start", "skip")
    transfer.take(*work, saved(home))
    assert progress.said(*work)["01"]["start"].pace == "skip"


ROW = {
    "lesson": "01",
    "question": "q",
    "kind": "quiz",
    "attempt": 1,
    "answer": "a",
    "right": 1,
    "at": 1.0,
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "no progress of Fathom, or it was cut off"),
        (b'{"format": "fathom-progress", "ver', "cut off"),
        (b"[" * 100_000, "cut off"),
        (b'{"a": NaN}', "cut off"),
        (b"[]", "not saved by Fathom"),
        (b'{"learner": {"seed": 1}}', "not saved by Fathom"),
        (b" " * (transfer.LARGEST + 1), "too large"),
        ({"version": progress.VERSION + 1}, "newer Fathom"),
        ({"version": "new"}, "broken at version"),
        ({"learner": {"seed": -1}}, "broken at learner"),
        ({"answers": {}}, "broken at answers"),
        ({"answers": [ROW, 7]}, r"broken at answers\[1\]"),
        ({"answers": [ROW | {"at": "soon"}]}, r"answers\[0\].at"),
        ({"answers": [ROW | {"at": 1e99}]}, r"answers\[0\].at"),
        ({"answers": [ROW | {"right": 2}]}, r"answers\[0\].right"),
        ({"answers": [ROW | {"answer": "x" * 200_000}]}, r"answers\[0\].answer"),
        ({"answers": [ROW | {"kind": "guess"}]}, r"answers\[0\].kind"),
        ({"sections": [{"lesson": "01"}]}, r"sections\[0\].section"),
        ({"paces": [{"lesson": "01", "section": "s", "pace": "so", "at": 1}]}, r"paces\[0\].pace"),
        ({"recalls": [{"lesson": "01", "questions": ["x"], "at": 1}]}, r"recalls\[0\].questions"),
    ],
)
def test_another_file_is_one_sentence_and_changes_nothing(places, content, said):
    home, work = places
    fill(home)
    if isinstance(content, dict):
        content = saved(home, **content)
    with pytest.raises(ClassroomError, match=said):
        transfer.take(*work, content)
    assert progress.export(*work)["answers"] == []
    assert learners.alone(work[0]) == work[1]
