"""An experiment whose data is not there.

Watch:   the sentence
Promise: loss <= 1 when data=near
Source:  made for the tests
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fathom.errors import DataError
from fathom.lab import Frame, choice
from fathom.lab.tell import notice, progress


@dataclass
class Config:
    data: str = choice("far", ("far", "near"), "which data")


def run(config: Config) -> Iterator[Frame]:
    if config.data == "far":
        notice("The data is looked for.")
        progress("looking", 1, 2)
        raise DataError("The data is not here. Use what is near.", {"data": "near"})
    yield Frame(0, of=0, loss=0.5)
