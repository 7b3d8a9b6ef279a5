"""The SMS Spam Collection: found, taken out of its archive, refused; and the made messages."""

import hashlib
import io
import zipfile
from dataclasses import replace

import pytest
import torch

from fathom.data import catalog, download, messages, original, sms_spam
from fathom.data.messages import Message
from fathom.errors import DataError

TEXT = "ham\tsee you at 5\nspam\tWIN £100 now!\nham\tok, \u2028 fine\n"


def change(monkeypatch, **parts):
    """Have the data set come from elsewhere."""
    monkeypatch.setattr(sms_spam, "ORIGINAL", replace(sms_spam.ORIGINAL, **parts))


@pytest.fixture
def archive(monkeypatch):
    """The bytes of an archive as small as can be, which passes for the original."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("readme", "nothing")
        packed.writestr(sms_spam.PACKED, TEXT)
    change(monkeypatch, known=f"sha256:{hashlib.sha256(written.getvalue()).hexdigest()}")
    return written.getvalue()


@pytest.mark.parametrize("name", [sms_spam.PACKED, sms_spam.OTHER])
def test_a_file_of_the_users_is_read_line_by_line(places, name):
    (places[0] / name).write_text(TEXT, "utf-8")
    assert sms_spam.load() == [
        Message("see you at 5", spam=False),
        Message("WIN £100 now!", spam=True),
        Message("ok, \u2028 fine", spam=False),
    ]
    found = {one["name"]: one for one in catalog()}["sms_spam"]
    assert found["where"] == str(places[0] / name)


def test_an_archive_of_the_users_is_unpacked_into_the_cache(places, archive):
    own, cache = places
    (own / sms_spam.ORIGINAL.archive).write_bytes(archive)
    assert len(sms_spam.load()) == 3
    assert [one.name for one in (cache / "data" / "sms_spam").iterdir()] == [sms_spam.PACKED]
    assert [one.name for one in own.iterdir()] == [sms_spam.ORIGINAL.archive]


def test_a_download_is_asked_for_with_its_checksum_and_kept(places, archive, monkeypatch):
    asked = []

    def answer(address, file, known, size, progress):
        asked.append((address, known))
        file.parent.mkdir(parents=True)
        file.write_bytes(archive)
        progress(size, size)

    monkeypatch.setattr(original, "download", answer)
    title, size = sms_spam.ORIGINAL.title, sms_spam.ORIGINAL.size
    heard = []
    sms_spam.fetch(lambda *said: heard.append(said))
    assert len(sms_spam.load()) == 3
    assert asked == [(sms_spam.ORIGINAL.address, sms_spam.ORIGINAL.known)]
    assert heard == [(title, size, size)]


def test_a_server_that_is_away_is_a_sentence_and_the_made_messages_are_offered(places, monkeypatch):
    change(monkeypatch, address="http://127.0.0.1:9/sms.zip")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(DataError, match="broke off at 0 of") as caught:
        sms_spam.load()
    assert caught.value.instead == {"data": "made"}


def test_offline_nothing_is_tried(places, monkeypatch):
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    monkeypatch.setattr(original, "download", None)  # a call would fail
    with pytest.raises(DataError, match="FATHOM_OFFLINE forbids downloads") as caught:
        sms_spam.load()
    assert caught.value.instead == {"data": "made"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "line 1 does not start with ham or spam"),
        (b"ham\tfine\neggs\tno", "line 2 does not start"),
        (b"ham fine", "line 1 does not start"),
        (b"ham\t\xff\xfe", "can't decode"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(places, content, why):
    (places[0] / "sms.tsv").write_bytes(content)
    with pytest.raises(DataError, match=why) as caught:
        sms_spam.load()
    assert "sms.tsv is damaged" in str(caught.value)


def test_an_archive_that_is_not_the_original_is_refused(places, archive):
    (places[0] / sms_spam.ORIGINAL.archive).write_bytes(archive + b"more")
    with pytest.raises(DataError, match="damaged: its checksum"):
        sms_spam.load()


def test_an_archive_without_messages_is_refused(places, monkeypatch):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("readme", "nothing")
    change(monkeypatch, known=f"sha256:{hashlib.sha256(written.getvalue()).hexdigest()}")
    (places[0] / sms_spam.ORIGINAL.archive).write_bytes(written.getvalue())
    with pytest.raises(DataError, match="cannot be unpacked"):
        sms_spam.load()


def test_a_checksum_is_that_of_the_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"fathom")
    for kind in ("md5", "sha256"):
        known = hashlib.new(kind, b"fathom").hexdigest()
        assert download.checksum(tmp_path / "file", kind) == known


def test_the_real_ones_are_read(shared_data, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(shared_data))
    found = sms_spam.load()
    assert len(found) == 5026
    assert sum(one.spam for one in found) == 666
    assert not any(one.reported for one in found)


def made(count=2000, seed=0):
    return messages.load(count, torch.Generator().manual_seed(seed))


def test_the_seed_decides_and_three_in_ten_are_spam():
    assert made(50) == made(50) != made(50, seed=1)
    assert sum(one.spam for one in made()) / 2000 == pytest.approx(messages.SHARE, abs=0.04)


def test_every_gap_of_every_message_is_filled_and_no_address_could_be_real():
    for one in made():
        assert "{" not in one.text
        assert "www." not in one.text.lower() or ".example" in one.text.lower()


def test_friends_shout_too_and_spam_may_be_quiet():
    loud, quiet = ([one for one in made() if ("!" in one.text) == how] for how in (True, False))
    for some in (loud, quiet):
        assert sum(one.spam for one in some) > 80
        assert sum(not one.spam for one in some) > 80


def test_authors_of_spam_were_reported_more_often_but_not_always():
    for spam, share in enumerate(messages.REPORTED):
        known = [one.reported for one in made() if one.spam == bool(spam)]
        assert sum(known) / len(known) == pytest.approx(share, abs=0.05)
