"""The benchmarks measure what they say: plain loops that are the experiments, sane figures.

No speed is asserted: that is what `make bench` is for.
"""

import ast
import math
from dataclasses import replace

import pytest
import torch

from benchmarks import PARTS, __main__ as command, bare, ledger, machine, pictures, recipes, report
from benchmarks.figures import Figure, Measured, number, percentile
from fathom.zoo import cifar10, mlp

CONDITIONS = {
    "date": "2026-01-02 03:04",
    "seconds": 5,
    "processor": "a processor",
    "cores": 2,
    "system": "Linux x86_64",
    "python": "3.11.0",
    "torch": "2.6.0",
    "load": 0.1,
    "steal": 0.0,
}


def weights(loop):
    """Those of the network in a sleeping generator."""
    return [one.detach().clone() for one in loop.gi_frame.f_locals["net"].parameters()]


def test_a_caption_needs_no_new_proof_and_a_promise_or_a_line_of_code_does():
    file = '"""Title.\n\nWatch:   {}\nPromise: loss <= {}\nSource:  me\n"""\nx = {}\n'

    def tested(*said):
        text = file.format(*said)
        return ledger.tested(text, ast.parse(text))

    first = tested("this", 1, 2)
    assert tested("that", 1, 2) == first
    assert first not in (tested("this", 3, 2), tested("this", 1, 3))


@pytest.mark.parametrize(
    ("module", "knobs"),
    [(mlp, {}), (cifar10, {"threads": 1, "data": "digits"})],
    ids=["mlp", "cifar10"],
)
def test_without_watching_an_experiment_ends_at_the_same_weights(module, knobs):
    """Stopped and continued, too; and nothing is left of what is only seen."""
    frames = module.run(module.Config(seed=3, **knobs))
    for _ in range(31):
        next(frames)
    unwatched = bare.Bare(module.__name__.rpartition(".")[2], seed=3, **knobs)
    unwatched.train(10)
    unwatched.train(20)
    assert next(unwatched.loop) is None
    next(frames)
    for one, other in zip(weights(frames), weights(unwatched.loop), strict=True):
        assert torch.equal(one, other)
    assert "views" not in unwatched.loop.gi_frame.f_locals


def test_a_picture_is_transformed_as_the_experiment_prepares_it(monkeypatch, tmp_path):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    pictures._random(tmp_path, 12)
    data = recipes.data.load()
    single = recipes.Single(data.images.numpy(), data.labels.tolist())
    image, label = single[7]
    torch.testing.assert_close(image, cifar10.prepare(data.images[7:8])[0])
    assert label == data.labels[7]


@pytest.mark.parametrize(
    "change",
    [
        {"loader": True},
        {"channels_last": True},
        {"optimizer": "adam"},
        {"optimizer": "fused", "channels_last": True, "bfloat16": True, "batch": 8},
    ],
    ids=str,
)
def test_every_rung_of_the_ladder_learns(monkeypatch, tmp_path, change):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    monkeypatch.setattr(recipes, "WORKERS", 0)
    pictures._random(tmp_path, 12)
    trainer = recipes.Trainer(replace(recipes.Recipe(loader=False, threads=1), **change))
    before = trainer.net[0].weight.detach().clone()
    trainer.train(16)  # beyond one epoch of 60 pictures
    assert not torch.equal(before, trainer.net[0].weight)
    assert math.isfinite(trainer.running_loss)
    assert 0 <= trainer.test() <= 1


def test_a_goal_is_met_or_missed_or_none():
    assert Figure("ratio", 0.98, goal=">= 0.97").verdict == "met"
    assert Figure("ratio", 0.96, goal=">= 0.97").verdict == "missed"
    assert Figure("time", 151, "ms", "<= 150").verdict == "missed"
    assert Figure("time", math.nan, "ms", "<= 150").verdict == "missed"
    assert Figure("time", 151, "ms").verdict == ""


def test_the_95th_of_100_is_the_95th():
    assert percentile(range(100, 0, -1), 0.95) == 95
    assert percentile([3.0], 0.95) == 3.0


def test_numbers_have_as_many_digits_as_mean_something():
    assert [number(value) for value in (0.9712, 12.34, 512.3, 20_512.0, math.nan)] == [
        "0.971",
        "12.3",
        "512",
        "20,512",
        "not measured",
    ]


def test_the_clock_of_another_process_runs_while_it_works():
    before = machine.clock_of(machine.os.getpid())
    if math.isnan(before):
        pytest.skip("this system does not tell the CPU time of other processes")
    sum(range(300_000))
    assert machine.clock_of(machine.os.getpid()) > before


def test_a_busy_machine_is_said():
    assert machine.warning(CONDITIONS) == ""
    assert "a load average of 3.00" in machine.warning(CONDITIONS | {"load": 3.0})
    assert "12 % of the time stolen" in machine.warning(CONDITIONS | {"steal": 0.12})


def test_the_page_says_what_was_met_and_what_was_not(tmp_path):
    found = Measured([Figure("fast", 1.0, goal=">= 0.9"), Figure("small", 7, "kB", "<= 5")])
    page = tmp_path / "page.md"
    report.write(page, {"knob": (found, CONDITIONS), "page": (Measured(skipped="No."), CONDITIONS)})
    text = page.read_text()
    assert "1 of 2 goals were met." in text
    assert "| fast | 1 | >= 0.9 | met |  |" in text
    assert "| small | 7 kB | <= 5 | missed |  |" in text
    assert "Not measured: No." in text
    assert "Not measured on this machine: watching, click, viewers," in text
    assert max(line.count(". ") for line in text.splitlines() if not line.startswith("|")) == 0


def test_parts_that_are_not_measured_now_stay_on_the_page(tmp_path):
    page = tmp_path / "page.md"
    slow = Measured([Figure("to the frame", 80, "ms", "<= 50", "a note")], ["A sentence."])
    ratio = Measured([Figure("ratio", 0.5, goal=">= 0.9")])
    report.write(page, {"knob": (slow, CONDITIONS)})
    report.write(page, {"click": (ratio, CONDITIONS)})
    both = page.read_text()
    assert "0 of 2 goals were met." in both
    assert "| knob | to the frame | 80 ms | <= 50 | missed |" in both
    assert "| to the frame | 80 ms | <= 50 | missed | a note |" in both
    assert both.index("## From a click") < both.index("## From turning a knob")
    quick = Measured([Figure("to the frame", 20, "ms", "<= 50")])
    report.write(page, {"knob": (quick, CONDITIONS)})
    assert "1 of 2 goals were met." in page.read_text()
    assert "80 ms" not in page.read_text()
    text = page.read_text()
    report.write(page, {})
    assert page.read_text() == text


def test_a_quick_look_writes_nothing_and_one_broken_part_stops_no_other(monkeypatch, capsys):
    def measure(name, quick):
        if name == "click":
            raise RuntimeError("broken")
        return Measured([Figure("ratio", 0.5)]), CONDITIONS

    monkeypatch.setattr(command, "run", measure)
    monkeypatch.setattr(command, "write", lambda *_: pytest.fail("written"))
    assert command.main(["click", "knob", "--quick"]) == 1
    said = capsys.readouterr().out
    assert "Not measured: click." in said
    assert "From turning a knob" in said


def test_an_unknown_part_is_refused(capsys):
    with pytest.raises(SystemExit):
        command.main(["speed"])
    assert "there are watching, click" in capsys.readouterr().err


# ---- every part on a tiny size, with real processes


def measured(name, **size):
    part = pytest.importorskip(f"benchmarks.{name}")
    found = part.measure(**size)
    if found.skipped:
        pytest.skip(found.skipped)
    return {one.what: one.value for one in found.figures}


@pytest.mark.parametrize("case", range(4))
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_watching_gives_ratios(cifar, case):
    from benchmarks.watching import CASES

    found = measured("watching", pairs=2, seconds=0.3, cases=(CASES[case],))
    assert all(0.02 < value < 5 for value in found.values())
    assert CASES[case].what in found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_click_gives_milliseconds():
    found = measured("click", clicks=2, imports=1)
    assert all(1 < value < 300_000 for value in found.values())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_knob_gives_milliseconds():
    found = measured("knob", turns=3)
    assert all(0.1 < value < 60_000 for value in found.values())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_viewers_give_shares_and_rates():
    found = measured("viewers", viewers=3, seconds=1.0)
    assert 0 < found["the server with 3 viewers"] < 400
    assert 0 < found["frames a second of a viewer, median"] < 70


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_tracking_gives_shares_and_seconds(cifar):
    found = measured("tracking", turns=1, seconds=0.5, keepers=("jsonl", "recording"))
    assert set(found) == {"jsonl", "recording", "jsonl: once, to begin and to end"}
    assert all(-100 < value < 1000 for value in found.values())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_ladder_gives_a_ratio_a_rung(cifar):
    from benchmarks.cifar10_speed import ladder

    rungs = ladder(threads=2)
    ours = rungs[-3]
    assert ours.recipe == recipes.Recipe(
        batch=cifar10.Config.batch, loader=False, channels_last=True, optimizer="fused", threads=2
    )
    some = [rungs[0], rungs[1], ours]
    found = measured("cifar10_speed", pairs=1, seconds=0.3, rungs=some)
    assert all(value > 0 for value in found.values())


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_both_recipes_reach_an_accuracy(cifar):
    found = measured("cifar10_accuracy", epochs=1)
    assert 0.3 < found["the experiment"] < 1
    assert 0.05 < found["the tutorial's recipe"] < 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_fast_recipe_is_ahead_of_the_small_network_after_the_same_time(cifar):
    found = measured("cifar10_fast", epochs=2)
    assert 0.1 < found["the small network"] < found["the recipe"] < 1


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.timeout(900)
def test_the_page_is_measured(chromium):
    found = measured("page", visits=1, seconds=1.0)
    assert all(value > 0 for value in found.values())
    assert found["JavaScript of the first load"] < 5000


def test_every_part_has_a_title_and_says_how_it_is_measured():
    for name in PARTS:
        part = pytest.importorskip(f"benchmarks.{name}")
        assert part.TITLE
        assert len(part.__doc__) > 200
