"""The code of *Bring your own data* takes tables of others: with groups, gaps and words."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fathom.course import catalog

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
UNIT = catalog.load(LESSONS).units["en", "09-own-data"]
CELLS = {one.argument: one.code for one in UNIT.lesson.directives("cell")}


def pasted(table, **how):
    """The cells as they are when somebody has pasted a table."""
    text = table.to_csv(index=False, **how)
    return CELLS | {"table": CELLS["table"].replace('r"""\n"""', f'r"""\n{text}"""')}


def run(cells, until=None, **changed):
    """The names that cells have made; changed: lines of settings that a learner writes anew."""
    names = {"__name__": "__main__"}
    for name, code in cells.items():
        for old, new in changed.items():
            code = "\n".join(
                f"{old} = {new!r}" if line.startswith(f"{old} = ") else line
                for line in code.split("\n")
            )
        exec(compile(code, name, "exec"), names)
        if name == until:
            break
    return names


def visits(people=60, seed=0):
    """Rows of people who come two to five times; a column with words, and one with gaps."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), rng.integers(2, 6, people))
    pulse = rng.normal(70, 10, len(who))
    place = rng.choice(["north", "south"], len(who))
    days = 5 + 0.1 * pulse + 3 * (place == "south") + rng.normal(0, 1, len(who))
    pulse[::9] = np.nan
    return pd.DataFrame({"patient": who, "pulse": pulse, "place": place, "days": days})


@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_table_is_pasted_as_text(mark):
    table = visits()
    table.loc[3, "days"] = np.nan  # a row without a target
    names = run(pasted(table, sep=mark), until="columns", TARGET="days")
    wanted = table.dropna(subset=["days"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(names["table"], wanted)


def test_a_table_of_others_goes_through_all_cells_and_no_group_stands_on_two_sides():
    table = visits()
    names = run(pasted(table), TARGET="days", GROUP="patient")
    parts = [set(table["patient"][names[one]]) for one in ("train", "val", "test")]
    assert [len(one) for one in parts] == [36, 12, 12]
    assert len(set.union(*parts)) == 60
    assert names["x"].shape == (len(table), 3)  # the pulse and two places; not the patient
    assert np.isfinite(names["x"]).all()
    assert names["x"][names["train"]].mean(axis=0) == pytest.approx(0, abs=1e-9)
    errors = {name: one.mean() for name, one in names["errors"].items()}
    assert errors["a line"] < 0.8 * errors["the mean"]
    assert errors["a network"] < 0.9 * errors["the mean"]


def test_rows_of_one_person_are_drawn_together():
    names = run(pasted(visits()), until="test", TARGET="days", GROUP="patient")
    who = names["who"][names["test"]]
    sizes = np.bincount(who)
    for rows in names["drawn"][:50]:
        found = np.bincount(who[rows], minlength=len(sizes))
        assert ((found % np.where(sizes > 0, sizes, 1)) == 0).all()
        assert (found[sizes > 0] / sizes[sizes > 0]).sum() == 12


def test_the_network_learns_nothing_from_the_test():
    table = visits()
    plain = run(pasted(table), until="network", TARGET="days")
    spoilt = table.copy()
    spoilt.loc[plain["test"], "days"] += 1000
    other = run(pasted(spoilt), until="network", TARGET="days")
    for name in ("the mean", "a line", "a network"):
        assert other["said"][name] == pytest.approx(plain["said"][name], rel=1e-5)


def test_what_the_lesson_says_of_the_built_in_table():
    names = run(CELLS)
    said = {name: abs(names["y"] - one)[names["val"]].mean() for name, one in names["said"].items()}
    assert {name: round(one) for name, one in said.items()} == {
        "the mean": 68,
        "a line": 41,
        "a network": 42,
    }
    errors, interval = names["errors"], names["interval"]
    assert interval(errors["a line"]) == pytest.approx([45.7, 38.9, 53.2], abs=0.1)
    better = interval(errors["the mean"] - errors["a line"])
    assert better == pytest.approx([13.6, 4.6, 22.4], abs=0.1)
    network = interval(errors["a line"] - errors["a network"])
    assert network == pytest.approx([-0.8, -4.3, 2.8], abs=0.3)  # it was trained


def test_a_word_that_is_asked_for_makes_probabilities_and_costs():
    stays = visits().assign(days=lambda table: np.where(table["days"] > 13, "long ", "short"))
    plain = run(pasted(stays), TARGET="days", YES="long", GROUP="patient")
    truth = (stays["days"] == "long ").to_numpy(float)
    assert (plain["y"] == truth).all()
    for one in plain["said"].values():
        assert ((one >= 0) & (one <= 1)).all()
    wrong = {name: ((one >= 0.5) != truth) for name, one in plain["said"].items()}
    test = plain["test"]
    for name, errors in plain["errors"].items():  # with equal prices: the share that is wrong
        assert errors == pytest.approx(wrong[name][test].astype(float))
    assert plain["errors"]["a line"].mean() < plain["errors"]["the mean"].mean()


def test_a_dear_miss_makes_the_alarm_come_early():
    stays = visits().assign(days=lambda table: (table["days"] > 14).astype(int))
    dear = {"ladder": CELLS["ladder"].replace("MISS = 1, 1", "MISS = 1, 9")}
    names = run(pasted(stays) | dear, TARGET="days", GROUP="patient")
    test, said = names["test"], names["said"]["a line"]
    for row, p, ill in zip(names["errors"]["a line"], said[test], names["y"][test], strict=True):
        assert row == ((1 - ill) if p >= 0.1 else 9 * ill)


def test_what_comes_later_is_the_test_and_nobody_stands_on_two_sides():
    table = visits().assign(day=lambda one: np.random.default_rng(1).integers(1, 29, len(one)))
    table["day"] = [f"2024-02-{day:02d}" for day in table["day"]]
    names = run(pasted(table), TARGET="days", GROUP="patient", WHEN="day")
    parts = {one: table[names[one]] for one in ("train", "val", "test")}
    assert all(len(one) > 5 for one in parts.values())
    assert parts["train"]["day"].max() < parts["val"]["day"].min()
    assert parts["val"]["day"].max() < parts["test"]["day"].min()
    people = [set(one["patient"]) for one in parts.values()]
    assert sum(map(len, people)) == len(set.union(*people))
    late = table["day"] >= parts["test"]["day"].min()
    assert (late == names["test"]).all()  # the test is whole
    assert names["x"].shape[1] == 3  # neither who nor when
