"""A data set as its authors packed it: looked for on this machine, else downloaded once.

Looked for in the folder FATHOM_DATA, then in the cache, unpacked or as an archive.
"""

import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fathom import settings
from fathom.data.download import checksum, download
from fathom.errors import DataError
from fathom.lab import tell

Progress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class Original:
    """Where a data set comes from, and how it is recognised."""

    title: str  # in sentences
    folder: str  # below FATHOM_DATA and below the cache
    address: str
    archive: str  # the name of the file at the address: a .zip, a .tar.gz, or what `holds` is
    size: int  # bytes of the archive
    known: str  # its checksum, after the name of the kind and a colon
    members: tuple[str, ...]  # the files in it that are wanted
    holds: str  # what one looks for once it is unpacked: a file or a folder
    instead: dict[str, str]  # knobs that work without it

    def find(self, *names: str) -> Path | None:
        """What the archive holds, or what has one of these other names; None if not here."""
        files = (place / name for place in self._places() for name in (self.holds, *names))
        return next((file for file in files if file.exists()), None)

    def fetch(self, progress: Progress = tell.progress) -> Path:
        """The same, taken from an archive that is here, or downloaded.

        progress: told (title, bytes done, bytes in total). Raises DataError.
        """
        if found := self.find():
            return found
        archives = (place / self.archive for place in self._places())
        archive = next((one for one in archives if one.is_file()), None)
        kind, _, right = self.known.partition(":")
        if archive is None:
            archive = self._download(progress)
            if self.archive == self.holds:
                return archive
        elif checksum(archive, kind) != right:
            raise self.damaged(archive, "its checksum is not that of the original")
        return self._unpack(archive)

    def damaged(self, file: Path, why: str) -> DataError:
        """A file that is not what it should be, as an error to raise."""
        return DataError(
            f"The file {file} is damaged: {why}. Delete it and it is downloaded again.",
            self.instead,
        )

    def _download(self, progress: Progress) -> Path:
        if settings.offline():
            raise DataError(
                f"{self.title} is not on this machine, and FATHOM_OFFLINE forbids downloads.",
                self.instead,
            )
        archive = self._cache() / self.archive

        def told(done: float, total: float) -> None:
            progress(self.title, done, total)

        try:
            download(self.address, archive, self.known, self.size, told)
        except DataError as error:
            raise DataError(str(error), self.instead) from error
        return archive

    def _cache(self) -> Path:
        return settings.cache() / "data" / self.folder

    def _places(self) -> list[Path]:
        """Folders that may hold it, the user's own first."""
        own = settings.data()
        return ([own, own / self.folder] if own else []) + [self._cache()]

    def _unpack(self, archive: Path) -> Path:
        """Take what is wanted out of the archive into the cache; whole or not at all."""
        target = self._cache()
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target) as scratch:
            try:
                if self.archive.endswith(".zip"):
                    with zipfile.ZipFile(archive) as packed:
                        packed.extractall(scratch, self.members)
                else:
                    with tarfile.open(archive) as tar:
                        for name in self.members:
                            tar.extract(name, scratch, filter="data")
            except (zipfile.BadZipFile, tarfile.TarError, KeyError, EOFError, OSError) as error:
                raise self.damaged(archive, f"it cannot be unpacked ({error})") from error
            shutil.move(Path(scratch) / self.holds, target / self.holds)
        return target / self.holds
