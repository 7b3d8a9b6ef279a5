"""What experiments say of themselves, kept on disk until a file of theirs changes.

Reading them takes a child, since they import torch; a server that starts again need not wait.
"""

import contextlib
import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fathom
from fathom import settings
from fathom.errors import ExperimentError


def zoo() -> Path:
    """The folder of the experiments; found without importing them, since they import torch."""
    found = find_spec(settings.text("FATHOM_ZOO"))
    if not found or not found.submodule_search_locations:
        raise ExperimentError(f"There is no package {settings.text('FATHOM_ZOO')}: see FATHOM_ZOO.")
    return Path(found.submodule_search_locations[0])


def version() -> str:
    """Changes whenever an experiment, or what describes it, does."""
    digest = hashlib.sha256(fathom.__version__.encode())
    lab = Path(fathom.__file__).parent / "lab"
    for file in sorted([*zoo().glob("*.py"), *lab.glob("*.py")]):
        state = file.stat()
        digest.update(f"{file}:{state.st_mtime_ns}:{state.st_size};".encode())
    return digest.hexdigest()[:24]


def recall(version: str) -> list[dict[str, Any]] | None:
    """The descriptions that an earlier server kept, if they still hold."""
    try:
        kept = json.loads((settings.cache() / "experiments.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if kept.get("version") != version:
        return None
    found: list[dict[str, Any]] = kept["experiments"]
    return found


def remember(version: str, experiments: list[dict[str, Any]]) -> None:
    """Keep descriptions for the next start; where nothing can be written, it is just slower."""
    with contextlib.suppress(OSError):
        settings.cache().mkdir(parents=True, exist_ok=True)
        kept = {"version": version, "experiments": experiments}
        (settings.cache() / "experiments.json").write_text(json.dumps(kept), "utf-8")
