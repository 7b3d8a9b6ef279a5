"""Data sets: built in, generated, or downloaded once, verified and kept.

A loader draws no random number of its own: a generator is given to it. What is not on
this machine is a DataError that says what works instead. Nothing is imported here that
costs: a loader imports what it needs when it is called.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from fathom.errors import DataError
from fathom.lab import tell

Progress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class DataSet:
    """What is known of a data set without loading it."""

    name: str
    what: str
    megabytes: float  # to download; 0: comes with the package, or is one's own
    licence: str
    cite: str
    address: str = ""
    own: bool = False  # never downloaded: people put it into FATHOM_DATA themselves


DATA_SETS = (
    DataSet(
        name="exam",
        what="20 students: hours of study, and points in an exam",
        megabytes=0,
        licence="MIT, made by Fathom",
        cite="no source: they are made up",
    ),
    DataSet(
        name="toy",
        what="points in a plane (spirals, circles, moons, xor, blobs), heights, students, fruit",
        megabytes=0,
        licence="MIT, made by Fathom",
        cite="Lang and Witbrock 1988, for the spirals",
    ),
    DataSet(
        name="tables",
        what="heaps and rings of points, customers of a shop, a cloud, fish: rows and columns",
        megabytes=0,
        licence="MIT, made by Fathom",
        cite="nobody measured these",
    ),
    DataSet(
        name="iris",
        what="150 irises of three species, four measurements each",
        megabytes=0,
        licence="CC BY 4.0, comes with scikit-learn",
        cite="Fisher 1936, The use of multiple measurements in taxonomic problems",
    ),
    DataSet(
        name="digits",
        what="1,797 written digits of 8 x 8 in ten classes",
        megabytes=0,
        licence="CC BY 4.0, comes with scikit-learn",
        cite="Alpaydin and Kaynak 1998, Optical recognition of handwritten digits, UCI",
    ),
    DataSet(
        name="shapes",
        what="10,000 coloured pictures of 32 x 32: hearts, stars, rings and seven shapes more",
        megabytes=0,
        licence="MIT, made by Fathom",
        cite="no source: they are made up",
    ),
    DataSet(
        name="messages",
        what="short messages, three in ten of them spam",
        megabytes=0,
        licence="MIT, made by Fathom",
        cite="no source: they are made up",
    ),
    DataSet(
        name="sms_spam",
        what="5,574 text messages in English, 747 of them spam",
        megabytes=0.2,
        licence="CC BY 4.0",
        cite="Almeida and Gomez Hidalgo 2011, SMS Spam Collection, UCI",
        address="https://archive.ics.uci.edu/dataset/228/sms+spam+collection",
    ),
    DataSet(
        name="tumours",
        what="30 measurements of 569 breast tumours, benign and malignant",
        megabytes=0,
        licence="CC BY 4.0, comes with scikit-learn",
        cite="Wolberg, Mangasarian, Street and Street 1993, Breast cancer Wisconsin, UCI",
    ),
    DataSet(
        name="cifar10",
        what="60,000 colour photographs of 32 x 32 in ten classes",
        megabytes=170.5,
        licence="none stated; free to use for research when cited",
        cite="Krizhevsky 2009, Learning multiple layers of features from tiny images",
        address="https://www.cs.toronto.edu/~kriz/cifar.html",
    ),
    DataSet(
        name="resnet18",
        what="weights of a network that has seen 1.28 million photographs of 1,000 things",
        megabytes=46.8,
        licence="BSD 3-Clause; the photographs of ImageNet are for research only",
        cite="He, Zhang, Ren and Sun 2016, Deep residual learning for image recognition",
        address="https://huggingface.co/timm/resnet18.tv_in1k",
    ),
    DataSet(
        name="photographs",
        what="photographs in folders, one for each class: cats and dogs, or your own",
        megabytes=0,
        licence="that of your photographs; the well-known cats and dogs are for research only",
        cite="Elson, Douceur, Howell and Saul 2007, Asirra, for the well-known cats and dogs",
        own=True,
    ),
)


def catalog() -> list[dict[str, Any]]:
    """Every data set as plain data, with `present` and `where` it is on this machine."""
    return [asdict(one) | _place(one) for one in DATA_SETS]


def fetch(name: str, progress: Progress = tell.progress) -> str:
    """Have the data set on this machine; says where it is. Raises DataError.

    progress: told (what, bytes done, bytes in total) while it is downloaded.
    """
    known = {one.name: one for one in DATA_SETS}
    if name not in known:
        raise DataError(f"There is no data set {name!r}; there are {', '.join(known)}.")
    if known[name].megabytes or known[name].own:
        import_module(f"fathom.data.{name}").fetch(progress)
    return str(_place(known[name])["where"])


def _place(one: DataSet) -> dict[str, Any]:
    if not (one.megabytes or one.own):
        return {"present": True, "where": "in the package"}
    found: Path | None = import_module(f"fathom.data.{one.name}").find()
    return {"present": found is not None, "where": str(found or "")}
