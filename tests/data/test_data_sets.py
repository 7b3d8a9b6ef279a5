"""The table of the data sets in the docs says what the code knows of them."""

import ast
import re
from pathlib import Path

import pytest

from fathom.data import DATA_SETS, cifar10, photographs, resnet18, sms_spam
from fathom.zoo import EXPERIMENTS

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("set", "what", "megabytes", "files", "licence", "source", "experiments", "stand-in")


def rows():
    """The table: for each set its cells by the name of the column."""
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    table = [line.strip()[1:-1].split("|") for line in text.splitlines() if line.startswith("| `")]
    named = [dict(zip(COLUMNS, map(str.strip, cells), strict=True)) for cells in table]
    return {one["set"].strip("`"): one for one in named}


def imported(name):
    """What an experiment imports, and what it calls of scikit-learn's sets."""
    text = (ROOT / "fathom" / "zoo" / f"{name}.py").read_text(encoding="utf-8")
    found = {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return found | ({"iris"} if "iris()" in text else set())


def test_the_table_has_exactly_the_sets_that_the_code_knows():
    assert set(rows()) == {one.name for one in DATA_SETS}


@pytest.mark.parametrize("known", DATA_SETS, ids=lambda one: one.name)
def test_a_row_says_what_the_code_says(known):
    row = rows()[known.name]
    assert float(row["megabytes"]) == known.megabytes
    assert row["licence"] == known.licence
    assert known.address in row["source"]
    users = {name for name in EXPERIMENTS if known.name in imported(name)}
    assert set(re.findall(r"`(\w+)`", row["experiments"])) == users


def test_the_names_of_files_are_those_that_are_looked_for():
    table = rows()
    for module in (cifar10, resnet18, sms_spam):
        row = table[module.__name__.rpartition(".")[2]]
        assert f"`{module.ORIGINAL.archive}`" in row["files"]
        assert f"`{module.ORIGINAL.holds}`" in row["files"]
        for knob, value in module.ORIGINAL.instead.items():
            assert f"--{knob} {value}" in row["stand-in"]
    assert f"`{sms_spam.OTHER}`" in table["sms_spam"]["files"]
    assert all(name in table["photographs"]["files"] for name in photographs.KNOWN)
