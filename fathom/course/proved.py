"""What was seen to hold, and for which state of its files, so that only what has changed runs anew.

`proved.json` beside `course.toml` holds a hash for each exercise whose answer passes, whose
starter does not and whose mistakes get their words, and for each lesson whose code runs. The hash
is of its files, of the code that judges and of the data modules that it names.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

FILE = "proved.json"
DATA = re.compile(
    r"^\s*from fathom\.data import ([\w, ]+)|^\s*(?:from|import) fathom\.data\.(\w+)", re.M
)


def fingerprint(texts: Iterable[str], judges: Iterable[Path], data: Path) -> str:
    """The hash of what is proved and of all that decides. data: the folder of the data modules."""
    said = list(texts)
    total = hashlib.sha256()
    for text in said:
        total.update(text.encode() + b"\0")
    names: set[str] = set()
    for many, one in DATA.findall("\n".join(said)):
        names |= {part.split(" as ")[0].strip() for part in many.split(",")} if many else {one}
    modules = [data / f"{name}.py" for name in sorted(names)]
    for file in [*judges, *(module for module in modules if module.is_file())]:
        total.update(file.read_bytes() + b"\0")
    return total.hexdigest()[:16]


class Proved:
    """The ledger of a course."""

    def __init__(self, course: Path) -> None:
        """Read it; one that is missing or broken proves nothing."""
        self.file = course / FILE
        try:
            said = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = {}
        self.entries: dict[str, str] = said if isinstance(said, dict) else {}

    def holds(self, name: str, hash: str) -> bool:
        """Whether it was proved as it is now."""
        return self.entries.get(name) == hash

    def add(self, name: str, hash: str) -> None:
        """It was proved; written at once, so that a cut loses nothing. Raises OSError."""
        self.entries[name] = hash
        self._write()

    def keep(self, names: Iterable[str]) -> None:
        """Forget what is not among these: it is not in the course any more. Raises OSError."""
        known = set(names)
        if not known >= self.entries.keys():
            self.entries = {name: hash for name, hash in self.entries.items() if name in known}
            self._write()

    def _write(self) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(self.entries, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(self.file)
