"""What every test may lean on. Waiting is by condition, generously: a busy machine is no defect."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

# Before torch is imported by anybody: a pool of threads in this process makes whatever is forked
# from it hang, and two threads that wait for each other on a busy machine take ten times as long.
os.environ["OMP_NUM_THREADS"] = "1"

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds; machines that test are busy

# one profile everywhere: by itself hypothesis has other defaults where the variable CI is set
settings.register_profile("fathom", deadline=None, derandomize=True, database=None)
settings.load_profile("fathom")


def pytest_addoption(parser):
    parser.addoption("--experiment", help="hold only this one to the contract")
    parser.addoption("--rounds", type=int, default=1, help="run everything so many times")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    wanted = config.getoption("--experiment")
    if wanted:
        items[:] = [
            item
            for item in items
            if "contract" in item.keywords and item.callspec.params["name"] == wanted
        ]


class Rounds:
    """Runs everything that was chosen once more, and once more: fixtures are made anew as well."""

    @pytest.hookimpl(trylast=True)  # when all others have left out what they leave out
    def pytest_collection_modifyitems(self, config, items):
        items[:] = items * config.getoption("--rounds")


def pytest_configure(config):
    config.pluginmanager.register(Rounds())


def wait_for(condition, what, patience=PATIENCE):
    """The first true answer of `condition`; a failure that says what never came."""
    late = time.monotonic() + patience
    while not (answer := condition()):
        if time.monotonic() > late:
            pytest.fail(f"not within {patience:.0f} s: {what}")
        time.sleep(0.02)
    return answer


def alive(pid):
    """Whether a process runs. A zombie does not: whoever should collect it may be slow."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def descendants(pid):
    """All processes below one, the nearest first."""
    found = [pid]
    for one in found:
        for thread in Path(f"/proc/{one}/task").glob("*"):
            try:
                found += map(int, (thread / "children").read_text().split())
            except OSError:
                continue  # it has just ended
    return found[1:]


@pytest.fixture(autouse=True, scope="session")
def known_environment(tmp_path_factory):
    """No test sees, or leaves anything in, the home of whoever runs it.

    For the whole session: a narrower fixture would come after servers that a file shares.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        environment.setenv("PYTHONFAULTHANDLER", "1")  # SIGABRT makes a child print its stacks
        environment.setenv("NO_PROXY", "127.0.0.1,localhost")
        for name in ("CACHE", "CONFIG", "DATA", "STATE"):
            environment.delenv(f"XDG_{name}_HOME", raising=False)
        for name in [one for one in os.environ if one.startswith("FATHOM_")]:
            if name not in ("FATHOM_SHARED_DATA", "FATHOM_DATA"):
                environment.delenv(name)
        yield


@pytest.fixture(autouse=True, scope="session")
def nothing_is_left_running(known_environment):
    """After the last test this process has no child: what tests start, they end."""
    yield
    if Path("/proc/self/task").is_dir():
        left = lambda: [one for one in descendants(os.getpid()) if alive(one)]  # noqa: E731
        wait_for(lambda: not left(), "all children of the tests end", 20)


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
    pytest.skip("there is no Chromium: `make chromium` installs it where it can")


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
