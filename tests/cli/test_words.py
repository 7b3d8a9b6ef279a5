"""What the command line understands, and what it says to what it does not."""

import base64
import re
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from typer.main import get_command
from typer.testing import CliRunner

import fathom
from fathom.cli import app, execute_words
from fathom.cli.knobs import given
from fathom.cli.output import FAILED, GOOD, WRONG_INPUT
from fathom.errors import KnobError, UnknownExperiment
from fathom.lab.config import MOST_PICTURE, Knob
from fathom.lab.experiment import Experiment, promise
from tests.cli.conftest import lines
from tests.conftest import ROOT

# ---- what there is


def commands(command=None, path="fathom"):
    """Every command by its full name."""
    command = command or get_command(app)
    inner = getattr(command, "commands", {})
    found = {path: command}
    for name, one in inner.items():
        found |= commands(one, f"{path} {name}")
    return found


@pytest.mark.parametrize("path", sorted(set(commands()) - {"fathom"}))
def test_every_command_has_help_and_a_section_in_the_docs(path):
    shown = CliRunner().invoke(app, [*path.split()[1:], "--help"])
    assert shown.exit_code == 0
    assert commands()[path].help.splitlines()[0] in " ".join(shown.output.split())
    documented = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {path}\n\n(.*?)(?=^## |\Z)", documented, re.M | re.S)
    assert section
    for option in re.findall(r"--[a-z-]+", shown.output):
        assert option == "--help" or option in documented or option == "--browser", option


def test_the_docs_describe_no_command_that_is_not_there():
    documented = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (fathom.*)$", documented, re.M)) == set(commands()) - {"fathom"}


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_docs_that_type_a_command_say_how_a_terminal_finds_it(path):
    text = path.read_text(encoding="utf-8")
    typed = re.search(r"^\$ fathom ", text, re.MULTILINE)
    assert not typed or ".venv/bin/activate" in text


def test_help_and_version_load_neither_numpy_nor_torch():
    code = (
        "import sys, fathom.cli\n"
        "assert fathom.cli.execute_words(['--help']) == 0\n"
        "assert fathom.cli.execute_words(['--version']) == 0\n"
        "sys.exit(bool({'numpy', 'torch', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"Fathom {fathom.__version__}" in done.stdout


def test_no_knob_has_the_name_of_an_option_of_run():
    options = {
        word.lstrip("-").replace("-", "_")
        for one in commands()["fathom run"].params
        for word in one.opts
    }
    zoo = ROOT / "fathom" / "zoo"
    declared = {
        name
        for file in zoo.glob("*.py")
        for name in re.findall(
            r"^    (\w+): [^=]+ = (?:knob|choice|switch|text|clicked)\(",
            file.read_text(encoding="utf-8"),
            re.M,
        )
    }
    assert {"lr", "steps", "augment"} <= declared
    assert declared & options == set()


def test_list_names_experiments_in_their_order_and_says_what_is_broken(run):
    code, out, err = run("list")
    names = [line.split()[0] for line in out.splitlines()]
    assert (code, names) == (
        GOOD,
        ["steady", "breaks", "diverges", "stubborn", "dies", "lacks", "still"],
    )
    assert "unreadable cannot be loaded: unreadable.py, line 3" in err
    _, out, _ = run("list", "--json")
    assert lines(out)[0]["knobs"]["steps"] == 10


# ---- knobs as words

KNOBS = {
    "lr": Knob("lr", "number", 0.1, "", low=-1.0, high=1.0),
    "weight_decay": Knob("weight_decay", "number", 0.0, "", low=0.0, high=1.0),
    "augment": Knob("augment", "switch", False, ""),
    "data": Knob("data", "choice", "far", "", options=("far", "near")),
    "drawn": Knob("drawn", "points", (), "", low=-1.0, high=1.0),
    "photo": Knob("photo", "picture", "", ""),
}
TOY = Experiment("toy", "", "", (promise("loss <= 1"),), "", 0.0, KNOBS, "", {}, "")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ([], {}),
        (["--lr", "0.5"], {"lr": 0.5}),
        (["--lr=0.5"], {"lr": 0.5}),
        (["--lr", "-0.5"], {"lr": -0.5}),
        (["--weight-decay", "1"], {"weight_decay": 1.0}),
        (["--weight_decay=1"], {"weight_decay": 1.0}),
        (["--augment"], {"augment": True}),
        (["--augment", "off", "--lr", "0"], {"augment": False, "lr": 0.0}),
        (["--augment", "--lr", "0"], {"augment": True, "lr": 0.0}),
        (["--no-augment"], {"augment": False}),
        (["--drawn", "-0.5,0.5,1 0,0,0"], {"drawn": ((-0.5, 0.5, 1), (0.0, 0.0, 0))}),
        (["--lr", "0.5", "--lr", "0.25"], {"lr": 0.25}),
    ],
)
def test_knobs_are_read_from_words(words, values):
    assert given(TOY, words) == values


RED, WHITE = (200, 30, 40), (255, 255, 255)


def decoded(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return Image.open(BytesIO(data)).convert("RGB")


def test_the_file_of_a_picture_becomes_a_small_one(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (900, 1600, 3), np.uint8)
    for name, image in {
        "red.png": Image.new("RGB", (50, 40), RED),
        "noise.png": Image.fromarray(noise),
        "fine noise.png": Image.fromarray(noise[:64, :64]),
        "glass.png": Image.new("RGBA", (90, 90), (0, 0, 0, 0)),
        "grey.webp": Image.new("L", (10, 300), 128),
    }.items():
        image.save(tmp_path / name)
        text = given(TOY, ["--photo", str(tmp_path / name)])["photo"]
        assert len(text) <= MOST_PICTURE
        assert decoded(text).size == (64, 64)
        assert given(TOY, [f"--photo={text}"]) == {"photo": text}  # as a command that is repeated
        middle = decoded(text).getpixel((32, 32))
        known = {"red.png": RED, "glass.png": WHITE, "grey.webp": (128, 128, 128)}
        assert np.abs(np.subtract(middle, known.get(name, middle))).max() <= 6
    assert given(TOY, ["--photo", ""]) == {"photo": ""}


def test_a_picture_from_a_telephone_is_held_upright(tmp_path):
    lying = Image.new("RGB", (80, 40), WHITE)
    lying.paste(RED, (0, 0, 40, 40))
    rotated = Image.Exif()
    rotated[0x0112] = 6  # it is to be turned by a quarter, clockwise: what was left is on top
    lying.save(tmp_path / "p.jpg", exif=rotated, quality=95)
    seen = decoded(given(TOY, ["--photo", str(tmp_path / "p.jpg")])["photo"])
    assert np.abs(np.subtract(seen.getpixel((32, 8)), RED)).max() <= 12
    assert np.abs(np.subtract(seen.getpixel((32, 56)), WHITE)).max() <= 12


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "words.jpg").write_text("no picture")
    Image.new("RGB", (300, 300), RED).save(tmp_path / "whole.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:200])
    for name, sentence in {
        "none.jpg": r"^photo: there is no file .*none.jpg\.$",
        "words.jpg": r"^photo: .*words.jpg is no picture that can be read; give a JPEG, .*\.$",
        "half.png": r"^photo: the picture .*half.png cannot be read \(.*\)\.$",
        ".": r"^photo: the picture .* cannot be read \(Is a directory\)\.$",
    }.items():
        with pytest.raises(KnobError, match=sentence):
            given(TOY, ["--photo", str(tmp_path / name)])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--l", "1"], "toy has no knob 'l'. Did you mean lr? `fathom run toy --help`"),
        (["--wieght-decay", "1"], "Did you mean weight_decay?"),
        (["--lr", "3"], "lr cannot be '3': it must be a number from -1 to 1."),
        (["--lr"], "--lr needs a value: a number from -1 to 1."),
        (["--lr", "--augment"], "--lr needs a value"),
        (["--augment", "maybe"], "augment cannot be 'maybe': it must be on or off."),
        (["--no-augment=on"], "--no-augment takes no value: it is the same as --augment off."),
        (["--no-lr"], "toy has no knob 'no_lr'."),
        (["0.5"], "'0.5' belongs to no knob"),
        (["--data", "nere"], "'nere': it must be one of far, near. Did you mean near?"),
        (["--data", "Far"], "Did you mean far?"),
        (["--lr", "0,1"], "it must be a number from -1 to 1. Did you mean 0.1?"),
        (["near"], "'near' belongs to no knob: write --data near."),
        (["-lr", "0.1"], "'-lr' belongs to no knob: write --lr and its value."),
        (["lr=0.1"], "'lr=0.1' belongs to no knob: write --lr 0.1."),
    ],
)
def test_a_wrong_knob_is_one_sentence(words, sentence):
    with pytest.raises(KnobError, match=re.escape(sentence)):
        given(TOY, words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "stedy"), "There is no experiment 'stedy'. Did you mean steady?"),
        (("run", "steady", "--stesp", "3"), "Did you mean steps?"),
        (("run", "steady", "--steps", "0"), "steps cannot be '0': it must be a whole number from"),
        (("run", "steady", "--pace", "-1"), "'--pace'"),
        (("run", "steady", "--record", "/no/where/x"), "there is no folder /no/where"),
        (("run", "steady", "--png", "."), "it is a folder"),
        (("serv",), "No such command 'serv'"),
        (("serve", "--port", "a"), "it must be a whole number. `fathom serve --help`"),
        (("replay", "missing.fathom"), "The recording missing.fathom cannot be read: No such file"),
        (("replay",), "Missing argument 'FILE'"),
        (("data", "fetch", "cifra10"), "There is no data set 'cifra10'. Did you mean cifar10?"),
        (("data", "fetch"), "Say which data sets"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(run, words, sentence):
    code, out, err = run(*words)
    assert (code, out) == (WRONG_INPUT, "")
    assert err.startswith("Error: ")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["help"], GOOD, "Commands:"),
        (["help", "run"], GOOD, "fathom run NAME"),
        (["version"], GOOD, "Fathom "),
        (["frobnicate"], WRONG_INPUT, "'frobnicate'. `fathom --help` says what there is."),
        (["new"], WRONG_INPUT, "`fathom new lesson` or `fathom new exercise` or `fathom new expe"),
        (["new", "cnn"], WRONG_INPUT, "There is `fathom new lesson` or"),
        (["serve", "--port", "99999"], WRONG_INPUT, "it must be at most 65535."),
    ],
)
def test_what_nobody_knows_leads_to_what_there_is(capsys, words, code, said):
    assert execute_words(words) == code
    out, err = capsys.readouterr()
    assert said in (out if code == GOOD else err)
    assert "Usage" not in err
    assert "Input should" not in err


def test_an_unexpected_error_says_where_its_traceback_is(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setattr("fathom.cli.catalogue.show", lambda _: 1 / 0)
    assert execute_words(["list"]) == FAILED
    said = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in said
    assert "Traceback" not in said
    assert "Traceback" in (tmp_path / "errors.log").read_text()
    assert str(tmp_path / "errors.log") in said.replace("\n", "")


def test_a_wrong_setting_is_wrong_input(run, environment):
    code, _, err = run("run", "steady", env=environment | {"FATHOM_CORES": "many"})
    assert (code, err.startswith("Error: The setting FATHOM_CORES is 'many'")) == (2, True)


def test_an_unknown_experiment_is_found_before_anything_is_started():
    from fathom.cli.knobs import choose

    with pytest.raises(UnknownExperiment, match=r"There is no experiment 'b'\. `fathom list`"):
        choose({"toy": TOY}, {}, "b")
