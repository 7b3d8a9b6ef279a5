"""The ledger of what was proved: what makes it stale, and what does not."""

from fathom.course.proved import Proved, fingerprint


def test_the_hash_changes_with_the_files_the_judge_and_the_data_that_is_named(tmp_path):
    judge, data = tmp_path / "judge.py", tmp_path / "data"
    data.mkdir()
    judge.write_text("judge")
    for name in ("exam", "toy"):
        (data / f"{name}.py").write_text(name)
    texts = ["from fathom.data import exam, other\nprint(exam)", "check"]

    def now():
        return fingerprint(texts, [judge], data)

    first = now()
    assert now() == first
    (data / "toy.py").write_text("not named")
    assert now() == first
    hashes = {first}
    (data / "exam.py").write_text("another table")
    hashes.add(now())
    judge.write_text("another judge")
    hashes.add(now())
    texts[1] = "another check"
    hashes.add(now())
    assert len(hashes) == 4
    assert fingerprint(["a", "b"], [], data) != fingerprint(["ab", ""], [], data)


def test_what_was_proved_is_there_the_next_time_and_what_is_gone_is_forgotten(tmp_path):
    ledger = Proved(tmp_path)
    assert not ledger.holds("en/one", "1")
    ledger.add("en/one", "1")
    ledger.add("en/two", "2")
    again = Proved(tmp_path)
    assert again.holds("en/one", "1")
    assert not again.holds("en/one", "2")
    again.keep(["en/two"])
    assert Proved(tmp_path).entries == {"en/two": "2"}


def test_a_broken_ledger_proves_nothing(tmp_path):
    (tmp_path / "proved.json").write_text("[1, 2")
    assert Proved(tmp_path).entries == {}
