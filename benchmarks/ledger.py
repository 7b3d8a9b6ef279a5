"""What was proved about the experiments, and for which state of their files.

`docs/promises.json` holds, for each experiment, the hash of its file (without what that says to
people: a caption can change) and of the data modules it reads, whether it kept the contract, and
what came out for every promise and seed. `make promises` writes it; `make test` proves anew only
what is not in it.
"""

import ast
import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fathom.lab.experiment import sections

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "docs" / "promises.json"
Entry = dict[str, Any]


def fingerprint(name: str) -> str:
    """Changes when an experiment does, or its promise, or a module of data that its file names."""
    text = source(f"fathom.zoo.{name}").read_text(encoding="utf-8")
    tree = ast.parse(text)
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fathom.data"):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules |= {*filter(is_module, inner)}
            if node.module != "fathom.data":  # which lists the data sets, and makes none
                modules.add(str(node.module))
    total = hashlib.sha256("\n".join(tested(text, tree)).encode())
    for module in sorted(modules):
        total.update(source(module).read_bytes())
    return total.hexdigest()[:16]


def tested(text: str, tree: ast.Module) -> list[str]:
    """The lines of an experiment's file, with no more of its docstring than the promises."""
    promises = sections(ast.get_docstring(tree) or "").get("Promise", [])
    return [*promises, *text.splitlines()[tree.body[0].end_lineno :]]


def source(module: str) -> Path:
    """The file of a module, without importing it. Raises ModuleNotFoundError."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"There is no module {module}.")
    return Path(found.origin)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module, not something inside one."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def read(path: Path = LEDGER) -> dict[str, Entry]:
    """All entries by experiment."""
    if not path.exists():
        return {}
    entries: dict[str, Entry] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def write(entries: dict[str, Entry], path: Path = LEDGER) -> None:
    """Write it whole, so that a cut leaves the old one or the new one."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def entry(entries: dict[str, Entry], name: str) -> Entry:
    """The entry for an experiment as it is now; an empty one when its file has changed."""
    now = fingerprint(name)
    if entries.get(name, {}).get("hash") != now:
        entries[name] = {"hash": now, "contract": False, "seeds": {}}
    return entries[name]


def proved(name: str) -> bool:
    """Whether the experiment, as it is now, was seen to keep the contract."""
    return bool(entry(read(), name)["contract"])
