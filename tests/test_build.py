"""The front end is bundled, and what is packed contains the bundle."""

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "fathom" / "web" / "static"


@pytest.fixture(scope="module")
def manifest():
    return json.loads((STATIC / "manifest.json").read_text())


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The names inside a wheel and an sdist made of this tree."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        in_wheel = set(wheel.namelist())
    with tarfile.open(next(folder.glob("*.tar.gz"))) as sdist:
        in_sdist = {name.partition("/")[2] for name in sdist.getnames()}
    return in_wheel, in_sdist


def test_the_manifest_names_only_files_that_exist(manifest):
    assert {"main.ts", "style.css"} <= set(manifest)
    assert [name for name in manifest.values() if not (STATIC / name).is_file()] == []


def test_only_latin_fonts_are_shipped():
    fonts = [path.name for path in STATIC.rglob("*.woff*")]
    words = [name for name in fonts if not name.startswith("KaTeX_")]  # those are formulas
    assert [name for name in words if "-latin-" not in name] == []


def test_wheel_and_sdist_contain_the_whole_bundle(packed):
    bundle = {path.relative_to(ROOT).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    for names in packed:
        assert bundle - names == set()


def test_wheel_and_sdist_contain_the_weights_and_their_record(packed):
    needed = {"fathom/pretrained/cifar8.npz", "fathom/pretrained/cifar8.json"}
    for names in packed:
        assert needed <= names


def test_the_sdist_can_be_built_without_node(packed):
    _, in_sdist = packed
    needed = {"hatch_build.py", "constraints.txt", "frontend/build.mjs", "frontend/src/main.ts"}
    assert needed <= in_sdist
    assert not any("node_modules" in name for name in in_sdist)


def test_no_address_of_a_registry_is_locked():
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
