"""What lies inside something readable can be kept from a child."""

import subprocess
import sys

import pytest

from fathom.runtime.sandbox import landlock
from fathom.runtime.sandbox.limits import Limits
from fathom.runtime.sandbox.namespaces import around, within

LOOK = """
import os, sys
from fathom.runtime.sandbox import landlock, linux
from fathom.runtime.sandbox.namespaces import around
packages, lessons = sys.argv[1:]
whole, ways = around([lessons], [packages])
linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
landlock.restrict(whole, [], ways)
print(sorted(os.listdir(packages)), open(packages + '/fathom/code').read())
try:
    print('ESCAPED', open(lessons + '/answer').read())
except PermissionError:
    print('refused')
"""


@pytest.mark.parametrize("value", [0, -1, True, "64"])
def test_a_limit_is_a_number_above_nothing(value):
    with pytest.raises(ValueError, match=r"The limit memory is .*: it must be above 0"):
        Limits(memory=value)


@pytest.fixture
def packages(tmp_path):
    """As a wheel has it: lessons inside the package, which lies among others."""
    for name in ("packages/fathom/lessons/answer", "packages/fathom/code", "packages/numpy/code"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.name)
    (tmp_path / "alias").symlink_to("packages")
    return tmp_path / "packages"


def test_hidden_folders_are_found_under_every_name_and_others_are_not(packages):
    alias, hidden = packages.parent / "alias", packages / "fathom" / "lessons"
    found = within([hidden, packages.parent, "/nowhere"], [str(packages), str(alias)])
    assert found == sorted([str(hidden), str(alias / "fathom" / "lessons")])
    whole, ways = around([hidden], [str(alias)])
    assert whole == [f"{alias}/numpy", f"{alias}/fathom/code"]
    assert ways == [str(alias), f"{alias}/fathom"]


@pytest.mark.skipif(sys.platform != "linux" or not landlock.version(), reason="needs Landlock")
def test_landlock_alone_keeps_the_lessons_and_lets_the_packages_be_read(packages):
    words = [sys.executable, "-c", LOOK, packages, packages / "fathom" / "lessons"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['fathom', 'numpy'] code", "refused"]
