"""A learner's function drives a run beside ours, until the step at which the two part."""

import sys

import pytest

from fathom.lab import wire
from fathom.runtime import attempt, driving, plain
from fathom.runtime.expect import Attempt, Wrong
from fathom.runtime.plain import Trouble
from tests.runtime.walks import DRIVE, RIGHT


@pytest.fixture
def follow(monkeypatch):
    """Let a text drive, in this process: what is said, its line, and what was seen."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)  # its settings belong to other tests
    monkeypatch.setitem(sys.modules, "tests.runtime.planted.walk", None)

    def follow(source, drive=DRIVE):
        theirs = {}

        def ask(question):
            try:
                return attempt.respond(question, theirs)
            except Exception as error:
                return Trouble.parse(plain.trouble(error, [attempt.FILE]).message())

        ask({"do": "run", "source": source, "seed": 0})
        found = driving.Found("tests.runtime.planted")
        monkeypatch.setattr(driving, "found", found)
        names = {}
        exec(drive, names)
        try:
            driving.follow(Attempt(source, ask), names)
        except Wrong as wrong:
            return wrong.says, wrong.line, found
        return names["PRAISE"], None, found

    return follow


def test_another_way_to_the_same_numbers_never_parts(follow):
    says, _, found = follow(RIGHT)
    assert says == "Your gradient and ours took the same 20 steps."
    assert found.parted is None
    assert found.message()["frames"][-1]["step"] == 20
    assert all(ours == theirs for ours, theirs in found.losses)


@pytest.mark.parametrize(("apart", "parted"), [(1e-8, None), (1e-4, 1)])
def test_rounding_parts_nobody_and_more_does(follow, apart, parted):
    assert follow(f"def gradient(w):\n    return 2 * w * (1 + {apart})\n")[2].parted == parted


def test_the_step_at_which_they_part_is_told_with_both_numbers(follow):
    says, _, found = follow("def gradient(w):\n    return 2 * w if w > 3 else w\n")
    assert says == "The same up to step 3; at step 4 yours goes to w = 2.304, ours to w = 2.048."
    assert found.parted == 4
    says = follow("def gradient(w):\n    return 100\n")[0]
    assert says == "They part at the first step: yours goes to w = −5, ours to w = 4."


def test_every_picture_has_both_and_the_curves_have_the_mark(follow):
    message = follow("def gradient(w):\n    return 4 * w\n")[2].message()
    steps = [frame["step"] for frame in message["frames"]]
    assert steps[:3] == [0, 1, 2]
    assert steps[-1] == 20
    for frame in wire.decode(wire.encode(message))["frames"]:
        views = frame["views"]
        assert views["loss"]["names"] == ["ours", "yours", "they part"]
        assert views["your_path"]["sketch"] == "yours"
        mark = views["loss"]["ys"][2]
        assert {at: one for at, one in enumerate(mark) if one == one} == {1: pytest.approx(9)}
        count = frame["step"] + 1
        assert views["path"]["ys"][0].tolist() == pytest.approx([5 * 0.8**n for n in range(count)])
        assert views["your_path"]["ys"][0].tolist() == pytest.approx(
            [5 * 0.6**n for n in range(count)], rel=1e-5
        )


def test_what_explodes_is_ended_with_a_sentence(follow):
    says, _, found = follow("def gradient(w):\n    return -100 * w\n")
    assert says.endswith("your loss is a million times the first one, and yours ends there.")
    assert found.steps < 5
    says = follow("def gradient(w):\n    return float('nan')\n")[0]
    assert says.endswith("At step 1 yours has numbers that are none any more, and ends there.")


def test_an_error_is_told_with_its_line_and_the_steps_before_it(follow):
    says, line, found = follow("def gradient(w):\n    return 2 * w if w > 3 else w / 0\n")
    assert says.startswith("The same up to step 3; then yours stopped. Calling gradient stopped.")
    assert (line, found.steps) == (2, 3)
    assert found.frames[-1]["step"] == 3  # the last one that both made
    assert follow("def gradient(w):\n    return [w, w]\n")[0].startswith("What gradient gives back")
    says, line, _ = follow("def gradient(w):\n    return w if w > 4 else w / 0\n")
    assert "yours goes to w = 4.5, ours to w = 4. After step 3 yours stopped. Calling" in says
    assert line == 2
    assert "needs a return" in follow("def gradient(w):\n    w\n")[0]


def test_ours_stays_ours(follow):
    _, _, found = follow("def gradient(w):\n    return 0.0\n")
    ours = [one for one, _ in found.losses]
    assert ours == pytest.approx([25 * 0.64**n for n in range(21)])


def test_a_field_that_is_not_the_same_is_two_pictures_each_with_what_lies_on_it(follow):
    same = follow(RIGHT)[2].frames[3]["views"]
    assert "your_slopes" not in same
    assert same["feet"]["on"] == "slopes"
    views = follow("def gradient(w):\n    return 3 * w\n")[2].frames[3]["views"]
    assert (views["slopes"]["title"], views["your_slopes"]["title"]) == ("ours", "yours")
    assert views["your_slopes"]["values"].tolist() != views["slopes"]["values"].tolist()
    assert (views["feet"]["on"], views["your_feet"]["on"]) == ("slopes", "your_slopes")


def test_a_large_number_is_written_out():
    assert driving.number(70483.2, 3524.15) == "70483"
    assert driving.number(-1.5e12, 3.0) == "−1.5e+12"
