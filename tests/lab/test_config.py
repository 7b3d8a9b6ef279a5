"""Knobs take what is right and answer what is wrong with a sentence."""

from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as some

from fathom.errors import ExperimentError, KnobError
from fathom.lab import choice, clicked, knob, knobs, own_picture, switch, text
from fathom.lab.config import MOST_PICTURE, MOST_POINTS, configure, plain, turn


@dataclass
class Config:
    lr: float = knob(0.01, 1e-4, 1.0, "step size", log=True, live=True)
    hidden: int = knob(8, 1, 64, "neurons")
    data: str = choice("moons", ("moons", "circles"), "which points")
    augment: bool = switch(False, "flip the pictures", live=True)
    words: str = text("once", "a beginning")
    points: tuple = clicked("points of your own")  # type: ignore[type-arg]
    shown: int = knob(0, 0, 9, "which one is shown", looks=True)
    photo: str = own_picture("a picture of your own", looks=True)


NO_PICTURE = "it must be a small picture: choose one on the page, or name its file in the terminal."


def test_a_config_without_wishes_has_the_defaults():
    config = configure(Config, {})
    assert (config.lr, config.hidden, config.data, config.points) == (0.01, 8, "moons", ())


def test_texts_become_the_type_of_the_knob():
    wishes = {"lr": "1e-3", "hidden": "16", "augment": "on", "points": "0.5,-0.25,1 0,0,0"}
    config = configure(Config, wishes)
    assert (config.lr, config.hidden, config.augment) == (0.001, 16, True)
    assert config.points == ((0.5, -0.25, 1), (0.0, 0.0, 0))
    assert configure(Config, {"points": "0.5,-0.25,1;0,0,0"}).points == config.points
    assert len(configure(Config, {"points": "0,0,0 " * MOST_POINTS}).points) == MOST_POINTS


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("lr", "1e6", "lr cannot be '1e6': it must be a number from 0.0001 to 1."),
        ("lr", "fast", "lr cannot be 'fast': it must be a number from 0.0001 to 1."),
        ("lr", "nan", "lr cannot be 'nan': it must be a number from 0.0001 to 1."),
        ("lr", True, "lr cannot be True: it must be a number from 0.0001 to 1."),
        ("lr", None, "lr cannot be None: it must be a number from 0.0001 to 1."),
        ("hidden", "2.5", "hidden cannot be '2.5': it must be a whole number from 1 to 64."),
        ("hidden", 10**400, "it must be a whole number from 1 to 64."),
        ("data", "stars", "data cannot be 'stars': it must be one of moons, circles."),
        ("augment", "maybe", "augment cannot be 'maybe': it must be on or off."),
        ("words", 3, "words cannot be 3: it must be a text of at most 2000 letters."),
        ("points", "1,2", "points cannot be '1,2': it must be at most 500 points as x,y,class"),
        ("points", "5,0,0", "with x and y from -1 to 1."),
        ("points", "0,0,0 " * 501, "at most 500 points"),
        (
            "speed",
            1,
            "There is no knob 'speed'; there are lr, hidden, data, augment, words, points, shown",
        ),
        ("photo", "cat.jpg", f"photo cannot be 'cat.jpg': {NO_PICTURE}"),
        ("photo", "_9j_ab/cd", NO_PICTURE),
        ("photo", "_9j_ab=", NO_PICTURE),
        ("photo", "_9j_é", NO_PICTURE),
        ("photo", "iVBORw0KGgo", NO_PICTURE),  # a PNG
        ("photo", "_9j_" + "a" * MOST_PICTURE, NO_PICTURE),
        ("photo", 7, f"photo cannot be 7: {NO_PICTURE}"),
        ("photo", None, f"photo cannot be None: {NO_PICTURE}"),
    ],
)
def test_a_wrong_value_is_answered_with_the_knob_the_value_and_the_range(name, value, sentence):
    with pytest.raises(KnobError) as raised:
        configure(Config, {name: value})
    assert sentence in str(raised.value)
    assert len(str(raised.value)) < 250


def test_a_live_knob_turns_and_others_say_that_they_need_a_restart():
    config = configure(Config, {})
    assert turn(config, "lr", "0.5") == config.lr == 0.5
    with pytest.raises(KnobError, match="hidden takes effect at a restart"):
        turn(config, "hidden", 9)
    with pytest.raises(KnobError, match="lr cannot be"):
        turn(config, "lr", 1e6)
    assert config.lr == 0.5


def test_a_picture_is_taken_as_it_is_and_nothing_is_one_too():
    whole = "_9j_" + "aB3-_" * 818
    for said in ("", "_9j_4AAQ", whole):
        config = configure(Config, {"photo": said})
        assert config.photo == said
        assert knobs(Config)["photo"].write(config.photo) == said


def test_a_knob_that_only_looks_is_live():
    assert {name for name, one in knobs(Config).items() if one.looks} == {"shown", "photo"}
    assert knobs(Config)["shown"].live
    assert turn(configure(Config, {}), "photo", "_9j_ab") == "_9j_ab"


def test_a_field_without_a_knob_is_an_error_of_the_author():
    @dataclass
    class Bare:
        lr: float = 0.1

    with pytest.raises(ExperimentError, match="'lr' of Config has no meaning"):
        knobs(Bare)


@given(
    lr=some.floats(1e-4, 1.0),
    hidden=some.integers(1, 64),
    augment=some.booleans(),
    points=some.lists(
        some.tuples(some.floats(-1, 1), some.floats(-1, 1), some.integers(0, 9)), max_size=20
    ),
)
def test_what_a_knob_writes_it_reads_again(lr, hidden, augment, points):
    known = knobs(Config)
    for name, value in (("lr", lr), ("hidden", hidden), ("augment", augment), ("points", points)):
        once = known[name].read(known[name].write(value))
        assert known[name].read(known[name].write(once)) == once
    assert known["lr"].read(known["lr"].write(lr)) == pytest.approx(lr, rel=1e-5)


def test_a_range_is_said_without_exponents():
    assert [plain(one) for one in (1e-5, 0.3, 1.0, 20_000, 0, -2.5)] == [
        *("0.00001", "0.3", "1", "20000", "0", "-2.5")
    ]
    assert float(plain(1e-30)) == 1e-30
