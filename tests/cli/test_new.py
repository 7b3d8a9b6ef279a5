"""What `fathom new` makes works as it is: it passes the checks that everything else passes."""

import importlib.util
import re
import shutil
import sys
import tomllib

import pytest

from fathom.cli import execute_words
from fathom.cli.beginnings import appended
from fathom.course.check import check
from fathom.errors import FathomError
from fathom.lab.config import configure
from fathom.lab.experiment import describe
from fathom.runtime import loading
from fathom.runtime.judge import prove
from tests import test_experiments as contract
from tests.conftest import ROOT
from tests.runtime.shelters import Bench


@pytest.fixture
def course(tmp_path):
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    return tmp_path / "lessons"


@pytest.fixture
def new(course, capsys, monkeypatch):
    def new(*words):
        monkeypatch.setenv("FATHOM_LESSONS", str(course))
        code = execute_words(["new", *words])
        return code, *capsys.readouterr()

    return new


def problems(course, monkeypatch):
    monkeypatch.setenv("FATHOM_ZOO", "fathom.zoo")
    known = {one["name"]: one for one in loading.catalog()}
    return [str(one) for one in check(course, known)]


def entered(course):
    return tomllib.loads((course / "course.toml").read_text())


PLANNED = "09-own-data"  # a lesson of the plan, and nothing leads there


def unwrite(course, name):
    """As if this lesson were planned only."""
    plan = course / "course.toml"
    plan.write_text(plan.read_text().replace(f'    "{name}",\n', "", 1))
    for folder in course.glob(f"*/{name}"):
        shutil.rmtree(folder)
    beliefs = course / "misconceptions.toml"
    tables = re.split(r"(?m)^(?=\[)", beliefs.read_text())
    beliefs.write_text("".join(one for one in tables if f'taught = "{name}/' not in one))


@pytest.mark.parametrize("name", [PLANNED, "12-attention"])
def test_a_new_lesson_passes_the_check_as_it_is(new, course, monkeypatch, name):
    unwrite(course, name)
    before = entered(course)
    code, out, err = new("lesson", name)
    assert (code, err) == (0, "")
    assert f"Next: fathom check {course}/en/{name}\n" in out
    assert problems(course, monkeypatch) == []
    after = entered(course)
    assert set(after["lessons"]) - set(before["lessons"]) == {name}
    text = (course / "en" / name / "lesson.md").read_text()
    assert all(kind in text for kind in ("{predict}", "{run}", "{quiz}", "{exercise}"))
    if name == PLANNED:
        assert "title: Bring your own data\nminutes: 60\n" in text
        assert after["plan"] == before["plan"]
    else:
        assert after["plan"][:-1] == before["plan"]
        assert after["plan"][-1]["counts"] is False


def test_a_lesson_is_entered_in_the_order_of_the_plan(new, course):
    text = (course / "course.toml").read_text()
    unwrite(course, "02-clustering")
    assert new("lesson", "02-clustering")[0] == 0
    assert (course / "course.toml").read_text() == text


def test_a_new_exercise_stands_in_the_lesson_in_every_language(new, course, monkeypatch):
    code, _, err = new("exercise", "01-regression/the-mean")
    assert (code, err) == (0, "")
    assert problems(course, monkeypatch) == []
    for language in ("en", "de"):
        folder = course / language / "01-regression"
        assert (folder / "exercises" / "the-mean" / "task.md").is_file()
        assert (folder / "lesson.md").read_text().endswith("\n:::{exercise} the-mean\n:::\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
def test_the_exercise_of_a_skeleton_keeps_its_promises(new, course):
    assert new("lesson", "12-attention")[0] == 0
    bench = Bench()
    folder = course / "en" / "12-attention" / "exercises" / "first"
    assert bench.call(prove(bench.shelter, folder)) == []
    bench.close()


def test_nothing_is_overwritten_and_a_bad_name_is_told(new, course):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    for words, said in {
        ("lesson", "01-regression"): "01-regression is there already: choose another name.",
        ("lesson", "attention"): "A lesson cannot be called 'attention': a name is two digits",
        ("lesson", "../12-out"): "A lesson cannot be called '../12-out'",
        ("exercise", "01-regression/a-step"): "a-step is there already",
        ("exercise", "01-regression/A step"): "An exercise cannot be called 'A step'",
        ("exercise", "a-step"): "'a-step' must be LESSON/NAME",
        ("exercise", "77-none/a-step"): "there are 00-before, 01-regression",
        ("experiment", "mlp"): "mlp.py is there already",
        ("experiment", "two words"): "An experiment cannot be called 'two words'",
    }.items():
        code, out, err = new(*words)
        assert (code, out) == (2, "")
        assert said in err
    assert before == {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}


@pytest.fixture
def made(new, tmp_path, monkeypatch):
    """A new experiment, in a package of its own that holds one already."""
    package = tmp_path / "own_zoo"
    package.mkdir()
    (package / "__init__.py").write_text('"""Mine."""\n\nEXPERIMENTS = ("steady",)\nWARM = ()\n')
    shutil.copy(ROOT / "tests" / "runtime" / "planted" / "steady.py", package)
    monkeypatch.setenv("FATHOM_ZOO", "own_zoo")
    monkeypatch.syspath_prepend(tmp_path)
    code, out, err = new("experiment", "bowl")
    assert (code, err) == (0, "")
    assert "Next: fathom run bowl\n" in out
    assert '"steady",\n    "bowl",)' in (package / "__init__.py").read_text()
    spec = importlib.util.spec_from_file_location("bowl", package / "bowl.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bowl", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(contract, "load", lambda name: module)
    return module


def test_a_new_experiment_keeps_the_contract(made):
    contract.test_it_says_what_to_watch_what_it_promises_and_where_it_is_from("bowl")
    contract.test_every_default_can_be_written_into_a_link_and_read_again("bowl")
    contract.test_it_imports_no_other_experiment_and_stays_short("bowl")
    contract.test_the_same_knobs_give_the_same_frames_and_another_seed_gives_others("bowl")
    contract.test_every_step_is_a_frame_and_the_last_says_so("bowl")
    contract.test_a_closed_run_is_over("bowl")
    contract.test_a_knob_out_of_its_range_is_refused("bowl")
    short = contract.short("bowl")
    assert contract.outcome(made, short, {0, 3, 8}) == contract.outcome(made, short, set())
    turns = contract.turns("bowl")
    assert [name for _, name, _ in turns] == ["lr"]
    for turn in turns:
        contract.test_a_live_knob_acts_from_the_next_step(*turn)


def test_a_new_experiment_keeps_its_promise(made):
    said = describe(made).promise
    for seed in range(5):
        *_, last = made.run(configure(made.Config, said.when | {"seed": seed}))
        assert said.holds(last.draw()[0])


def test_the_docs_show_the_experiment_that_is_made():
    skeleton = ROOT / "fathom" / "cli" / "skeletons" / "experiment" / "experiment.py.txt"
    code = skeleton.read_text().replace("«title»", "Parabola")
    assert f"```python\n{code}```" in (ROOT / "docs" / "add-an-experiment.md").read_text()


def test_a_list_keeps_its_comments_when_a_name_is_entered():
    text = 'lessons = [\n    "a",  # first\n    "c",\n]\n'
    assert appended(text, "lessons", "b", "c") == text.replace('"c"', '"b",\n    "c"')
    assert tomllib.loads(appended("x = []", "x", "a")) == {"x": ["a"]}
    with pytest.raises(FathomError, match="There is no list y"):
        appended(text, "y", "b")
