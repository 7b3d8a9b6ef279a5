"""Rules about the shape of the repository that no linter knows."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fathom"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 450
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
ONLY_IN = {
    "mlflow": "runtime/track.py",
    "psycopg": "classroom/db.py",
    "ray": "runtime/ray.py",
    "tensorboard": "runtime/track.py",
    "wandb": "runtime/track.py",
}
PLACES = re.compile(r"(?<![\w.~-])/(?:work|Users|opt/pypi[\w-]*|opt/wheels)/|/home/(?!learner\b)\w")
HOSTS = re.compile(
    r"registry\.npmjs|registry\.yarnpkg|pythonhosted\.|(?:\w\.|//)pypi\.org|download\.pytorch\."
    r"|deb\.debian\.",
)


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def files():
    """Every text file that is in git, or would be after `git add`."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("this is not a git checkout")
    texts = {}
    for path in filter(Path.is_file, (ROOT / entry for entry in found.stdout.split("\0") if entry)):
        content = path.read_bytes()
        if b"\0" not in content:
            texts[path] = content.decode("utf-8")
    return texts


@pytest.fixture(scope="module")
def sources(files):
    """The same, only what people write as code."""
    return {
        path: text for path, text in files.items() if path.suffix in {".py", ".ts", ".mjs", ".css"}
    }


def test_every_package_states_its_rule():
    folders = {path.parent for path in MODULES}
    packages = {path.parent: path for path in MODULES if path.name == "__init__.py"}
    assert [name(folder) for folder in sorted(folders - set(packages))] == []
    assert [name(path) for path in packages.values() if not ast.get_docstring(parse(path))] == []


def test_no_module_has_a_vague_name(sources):
    vague = {name(path) for path in sources if VAGUE & {path.stem, path.parent.name}}
    assert vague == set()


def test_no_file_is_longer_than_a_reader_can_hold(sources):
    lengths = {name(path): text.count("\n") for path, text in sources.items()}
    assert {path: n for path, n in lengths.items() if n > LONGEST} == {}


def test_no_file_names_a_place_on_one_machine(files):
    assert matches(files, PLACES) == []


def test_no_file_names_a_package_registry(files):
    assert matches(files, HOSTS) == []


def matches(files, pattern):
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_only_settings_reads_the_environment():
    readers = {
        f"{name(path)}:{line}"
        for path in MODULES
        if path != PACKAGE / "settings.py"
        for line in environment_reads(parse(path))
    }
    assert readers == set()


def environment_reads(tree):
    """Lines that read environment variables; setting, deleting and replacing them is no reading."""
    written = set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=target, ctx=ast.Store() | ast.Del()):
                written.add(target)
            case ast.Call(func=ast.Attribute(value=target, attr="clear" | "update")):
                written.add(target)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name("os"), attr="environ" | "environb" | "getenv"):
                if node not in written:
                    yield node.lineno
            case ast.ImportFrom(module="os", names=names):
                if {"environ", "environb", "getenv"} & {alias.name for alias in names}:
                    yield node.lineno


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("os.environ['A']", 1),
        ("os.environ.get('A')", 1),
        ("os.getenv('A')", 1),
        ("dict(os.environ)", 1),
        ("os.environ.pop('A')", 1),
        ("from os import environ", 1),
        ("os.environ['A'] = '1'", 0),
        ("del os.environ['A']", 0),
        ("os.environ.clear()", 0),
        ("os.environ.update({})", 0),
    ],
)
def test_reading_the_environment_is_told_from_writing_it(code, reads):
    assert len(list(environment_reads(ast.parse(code)))) == reads


def test_heavy_packages_are_imported_in_the_one_file_named_after_them():
    astray = {
        f"{name(path)} imports {package}"
        for path in MODULES
        for package in imported(parse(path)) & set(ONLY_IN)
        if path != PACKAGE / ONLY_IN[package]
    }
    assert astray == set()


def imported(tree):
    """The top names of everything that a module imports, at any depth of its code."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {dotted.partition(".")[0] for dotted in names}


@pytest.mark.parametrize(
    "module", [f"fathom.{name}" for name in ["cli", "web", "runtime", "course", "classroom", "lab"]]
)
def test_the_web_process_stays_without_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


LINUX_ALONE = ("runtime.sandbox", "runtime.zygote", "runtime.keeper", "runtime.cells")
ELSEWHERE = """
import os, pkgutil, select, signal, socket, sys
for module, names in (
    (os, "fork pidfd_open setsid sysconf getloadavg sched_getaffinity geteuid setresuid"),
    (signal, "pidfd_send_signal SIGKILL SIGCHLD pthread_sigmask set_wakeup_fd"),
    (socket, "AF_UNIX send_fds recv_fds"),
    (select, "poll epoll"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty"):
    sys.modules[name] = None
import fathom
for one in pkgutil.walk_packages(fathom.__path__, "fathom."):
    short = one.name.removeprefix("fathom.")
    if not short.startswith(LEFT_OUT) and not short.endswith("__main__"):
        __import__(one.name)
"""


def test_every_module_can_be_imported_where_linux_is_not():
    """What learners' laptops lack is taken away; children that only Linux starts are left out."""
    left_out = (*LINUX_ALONE, "zoo", "data", "pretrained", "classroom.migrations.env")
    code = f"LEFT_OUT = {left_out!r}\n{ELSEWHERE}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_constraints_pin_every_package_that_pyproject_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    assert {re.split(r"[^\w-]", requirement)[0] for requirement in named} - pinned == set()
