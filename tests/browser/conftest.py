"""A real server and a real browser."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, ROOT

# a picture later, or a while, should the tab draw none
DRAWN = """() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 1000);
})"""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


# What `make test` opens in a browser, some two minutes of it; `make browse` runs everything.
EVERY_TIME = (
    "test_a_network_learns_on_the_start_page_by_itself",
    "test_the_learning_rate_is_turned_while_it_runs_and_the_loss_reacts",
    "test_the_address_holds_the_run_and_opens_as_the_same_frames",
    "test_a_run_that_is_taken_back_shows_the_same_frames",
    "test_a_killed_worker_is_explained_and_the_run_started_again",
    "test_a_figure_waits_for_the_prediction_and_then_runs",
    "test_code_runs_its_errors_are_explained_and_the_answer_is_kept",
    "test_axe_finds_no_serious_violation[/-light]",
    "test_axe_finds_no_serious_violation[/lesson/01-regression-dark]",
    "test_a_phone_never_scrolls_sideways[/lab/mlp-en]",
)


@pytest.hookimpl(tryfirst=True)  # before slow ones are left out
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == Path(__file__).parent and item.name not in EVERY_TIME:
            item.add_marker(pytest.mark.slow)


class Server:
    """`fathom serve` in a process of its own."""

    def __init__(self, folder, port=0, **settings):
        self.folder, self.settings = folder, settings
        self.start(port)

    def start(self, port):
        kept = {"FATHOM_CACHE": self.folder / "cache", "FATHOM_HOME": self.folder / "state"}
        offline = {"FATHOM_DATA": self.folder / "data", "FATHOM_OFFLINE": 1}
        wanted = {name: str(value) for name, value in (kept | offline | self.settings).items()}
        command = [sys.executable, "-m", "fathom.cli", "serve", "--no-browser", "--port", str(port)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | wanted,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""
        while not (found := re.search(r"(http://127\.0\.0\.1:(\d+))/\?token=(\S+)", self.printed)):
            line = self.process.stdout.readline()
            assert line, f"the server ended: {self.printed}"
            self.printed += line
        self.address, self.port, self.token = found[1], int(found[2]), found[3]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def close(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        finally:
            self.kill()

    def everything(self):
        """All processes that it started, and those that they started."""
        found = waiting = children(self.process.pid)
        while waiting:
            waiting = [grandchild for child in waiting for grandchild in children(child)]
            found = found + waiting
        return found

    def workers(self):
        """Processes of runs: children of the warm process that is a child of the server."""
        return [run for child in children(self.process.pid) for run in children(child)]


def children(pid):
    """The processes that this one started and that are still there."""
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(one) for one in thread.read_text().split()]
        except OSError:
            continue  # the thread has just ended
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("server"), FATHOM_CORES=4)
    yield made
    made.close()


@pytest.fixture(scope="module")  # its event loop would be in the way of other tests
def browser(chromium):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


class Tab:
    """One tab, and what a person does in it."""

    def __init__(self, page, server):
        self.page, self.server = page, server
        self.troubles = []
        self.requests = []
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message):
        if message.type == "error" and "WebSocket" not in message.text:
            self.troubles.append(f"{message.text} {message.location.get('url', '')}")

    def open(self, path):
        sign = "&" if "?" in path else "?"
        self.page.goto(f"{self.server.address}{path}{sign}token={self.server.token}")
        loading = self.page.locator("[data-loading]")
        self.until(lambda: not loading.count(), "PyTorch is there, and the page has come again")
        return self

    @property
    def lab(self):
        return self.page.locator("fathom-lab").first

    @property
    def state(self):
        return self.lab.get_attribute("data-state")

    @property
    def step(self):
        return int(self.lab.get_attribute("data-step") or -1)

    def until(self, right, what):
        """Wait until something is so; the page is asked again and again."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if right():
                return
            self.page.wait_for_timeout(50)
        at = f"; {self.state} at {self.step}" if self.lab.count() else ""
        raise AssertionError(f"not within {PATIENCE:.0f} s: {what}{at}")

    def until_state(self, *states):
        self.until(lambda: self.state in states, f"state {states}")
        self.page.evaluate(DRAWN)  # the sentence about it comes with the next drawing

    def until_step(self, step):
        self.until(lambda: self.step >= step, f"step {step}")

    def press(self, name):
        self.lab.get_by_role("button", name=name, exact=True).click()

    def knob(self, name):
        return self.lab.locator(f"input[name='{name}']").first

    def turn(self, name, value):
        self.knob(name).fill(value)
        self.knob(name).press("Enter")

    def said(self):
        return self.lab.inner_text()

    def pictures(self):
        """Every picture as it is painted."""
        return self.page.evaluate(
            "[...document.querySelectorAll('fathom-lab canvas')].map(one => one.toDataURL())"
        )


@pytest.fixture
def tabs(browser, server):
    """Makes tabs; afterwards no script may have failed and nothing may have come from outside."""
    made = []

    @contextmanager
    def opening(other_server=None, **context):
        inside = browser.new_context(viewport={"width": 1280, "height": 900}, **context)
        tab = Tab(inside.new_page(), other_server or server)
        made.append(tab)
        try:
            yield tab
        finally:
            if tab.lab.count() and tab.state in ("running", "queued", "paused"):
                tab.page.evaluate("document.querySelector('fathom-lab').stop()")
                tab.page.wait_for_timeout(100)
            inside.close()

    yield opening
    for tab in made:
        assert tab.troubles == []
        outside = [
            url
            for url in tab.requests
            if not url.startswith((tab.server.address, "data:", "blob:"))
        ]
        assert outside == []
