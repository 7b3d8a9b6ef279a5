"""The SMS Spam Collection: 5,574 text messages in English, sorted by people.

Looked for in the folder FATHOM_DATA, then in the cache; else downloaded once and verified.
T. A. Almeida, J. M. Gomez Hidalgo, Contributions to the study of SMS spam filtering, 2011.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from fathom.data.original import Original, Progress
from fathom.lab import tell

if TYPE_CHECKING:
    from fathom.data.messages import Message

PACKED = "SMSSpamCollection"  # in the archive
OTHER = "sms.tsv"  # as people keep it
KINDS = {"ham": False, "spam": True}
ORIGINAL = Original(
    title="The SMS Spam Collection",
    folder="sms_spam",
    address="https://archive.ics.uci.edu/ml/machine-learning-databases/00228/smsspamcollection.zip",
    archive="smsspamcollection.zip",
    size=203_415,
    known="sha256:1587ea43e58e82b14ff1f5425c88e17f8496bfcdb67a583dbff9eefaf9963ce3",
    members=(PACKED,),
    holds=PACKED,
    instead={"data": "made"},
)


def load() -> "list[Message]":
    """All of them in the order of the file; who wrote them is not known. Raises DataError."""
    from fathom.data.messages import Message  # here: listing the data sets must not load torch

    file = find() or fetch()
    try:
        lines = file.read_text("utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ORIGINAL.damaged(file, str(error)) from error
    found = []
    for number, line in enumerate(lines, 1):
        kind, tab, text = line.partition("\t")
        if not tab or kind not in KINDS:
            raise ORIGINAL.damaged(file, f"line {number} does not start with ham or spam and a tab")
        found.append(Message(text, KINDS[kind]))
    return found


def find() -> Path | None:
    """The file with the messages on this machine, or None."""
    return ORIGINAL.find(OTHER)


def fetch(progress: Progress = tell.progress) -> Path:
    """The file with the messages: found, unpacked or downloaded. Raises DataError."""
    return find() or ORIGINAL.fetch(progress)
