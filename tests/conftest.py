"""What every test may ask for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Before torch is imported by anybody: two threads that wait for each other on a busy machine
# take ten times as long as one.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

settings.register_profile("fathom", deadline=None)  # machines here are noisy
settings.load_profile("fathom")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root():
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data():
    """Data sets for tests, from FATHOM_SHARED_DATA or from shared/data beside the repository."""
    named = os.environ.get("FATHOM_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("there is no shared data: set FATHOM_SHARED_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium that is installed, for tests marked `browser`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("there is no Chromium: `make browser` installs it where it can")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """An empty folder of the user's and an empty cache; (own, cache)."""
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path / "own"))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FATHOM_OFFLINE", raising=False)
    (tmp_path / "own").mkdir()
    return tmp_path / "own", tmp_path / "cache"


@pytest.fixture
def cifar(request, monkeypatch):
    """CIFAR-10 where experiments find it: the user's own, or built once from the shared data.

    What is built has the exact labels, but pixels that went through JPEG.
    """
    own = os.environ.get("FATHOM_DATA")
    if own and (Path(own) / "cifar-10-batches-py").is_dir():
        return Path(own)
    folder = ROOT / ".cache"
    if not (folder / "cifar-10-batches-py" / "batches.meta").is_file():
        builder = request.getfixturevalue("shared_data") / "cifar10" / "rebuild_cifar10.py"
        subprocess.run([sys.executable, builder, folder], check=True, capture_output=True)
    monkeypatch.setenv("FATHOM_DATA", str(folder))
    return folder


@pytest.fixture
def cats(shared_data, tmp_path, monkeypatch):
    """Photographs of cats and dogs where experiments find them, from the shared data."""
    if not (shared_data / "cats_vs_dogs_kaggle").is_dir():
        pytest.skip("the shared data have no cats_vs_dogs_kaggle")
    monkeypatch.setenv("FATHOM_DATA", str(shared_data))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    return shared_data
