"""Code of a lesson in Chromium: written, run, stopped; shown as a notebook shows it."""

import time
from pathlib import Path

import pytest

from tests.browser.conftest import Server
from tests.conftest import PATIENCE

pytestmark = pytest.mark.browser
LESSON = "/lesson/00-before"
TABLE = "import pandas as pd\npd.DataFrame({'hours': [1, 2], 'mark': [3.5, 4.0]})"
PICTURE = "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9]);"
ERROR = "def half(n):\n    return n / 0\n\nhalf(3)"


class Cell:
    """Code of the lesson that can be changed."""

    def __init__(self, tab, name):
        self.tab, self.place = tab, tab.page.locator(f"#c-{name}")
        self.code = self.place.locator(".cm-content")
        self.outputs = self.place.locator(".outputs")
        self.button = self.place.locator("[data-do=run]")
        self.place.scroll_into_view_if_needed()
        self.code.wait_for()

    def write(self, text):
        self.code.click()
        self.tab.page.keyboard.press("Control+a")
        self.tab.page.keyboard.press("Delete")
        self.tab.page.keyboard.insert_text(text)

    def run(self, text=None):
        if text:
            self.write(text)
        self.button.click()
        return self.outputs


def test_what_code_makes_is_shown_as_in_a_notebook(tabs):
    with tabs() as tab:
        tab.open(LESSON)
        cell = Cell(tab, "rain")
        table = cell.run(TABLE).locator(".table table")
        table.wait_for()
        assert table.locator("tr").all_inner_texts() == ["\thours\tmark", "0\t1\t3.5", "1\t2\t4.0"]
        picture = cell.run(PICTURE).locator("img")
        picture.wait_for()
        assert picture.evaluate("one => one.naturalWidth") > 300
        problem = cell.run(ERROR).locator(".problem")
        problem.wait_for()
        assert "Line 2: ZeroDivisionError" in problem.inner_text()
        assert "look at what the divisor is" in problem.locator(".meaning").inner_text()
        problem.locator("summary").click()
        way = problem.locator("pre").inner_text().splitlines()
        assert way == ["line 4", "    half(3)", "line 2 in half", "    return n / 0"]


def test_text_comes_while_a_loop_runs_and_the_loop_can_be_stopped(tabs):
    with tabs() as tab:
        tab.open(LESSON)
        cell = Cell(tab, "rain")
        outputs = cell.run("kept = 5\nprint('early')\nwhile True:\n    pass")
        outputs.get_by_text("early").wait_for()
        assert cell.button.inner_text() == "Stop"
        cell.button.click()
        outputs.locator(".problem").wait_for()
        assert "KeyboardInterrupt" in outputs.inner_text()
        assert cell.button.inner_text() == "Run"
        cell.run("kept + 1").get_by_text("6").wait_for()


def test_an_idle_kernel_is_put_away_and_comes_back_by_the_cells_above(tabs, tmp_path):
    own = Server(tmp_path, FATHOM_IDLE=6)
    try:
        with tabs(own) as tab:
            tab.open(LESSON)
            above, below = Cell(tab, "rain"), Cell(tab, "wettest")
            above.run("a = 20\nprint('made')").get_by_text("made").wait_for()
            below.run("a + 1").get_by_text("21").wait_for()
            below.outputs.get_by_text("put away after a while without use").wait_for()
            above.outputs.get_by_text("made").wait_for()  # what was shown is not lost
            below.outputs.get_by_role("button", name="Run the code above again").click()
            below.run("a + 2").get_by_text("22").wait_for()
    finally:
        own.close()


SLOW = "import time\nfor n in range(8):\n    print('step', n)\n    time.sleep(0.3)\nkept = 5"
PRINTED = "".join(f"step {n} " for n in range(8)).split()


def test_a_page_that_comes_back_shows_what_ran_while_it_was_away(tabs, tmp_path):
    own = Server(tmp_path)
    try:
        with tabs(own) as tab:
            tab.open(LESSON)
            cell = Cell(tab, "rain")
            cell.run(SLOW).get_by_text("step 0").wait_for()
            tab.page.reload()
            cell, below = Cell(tab, "rain"), Cell(tab, "wettest")
            cell.outputs.get_by_text("step 7").wait_for()
            assert cell.outputs.inner_text().split() == PRINTED
            with tabs(own) as second:
                second.open(LESSON)
                shared = Cell(second, "wettest")
                shared.run("kept + 1").get_by_text("6").wait_for()
                below.outputs.get_by_text("6").wait_for()
                assert "open in 2 tabs" in below.place.locator(".cell-state").inner_text()
    finally:
        own.close()


def test_a_killed_server_leaves_no_process_and_the_page_recovers(tabs, tmp_path):
    own = Server(tmp_path)
    try:
        with tabs(own) as tab:
            tab.open(LESSON)
            cell, below = Cell(tab, "rain"), Cell(tab, "wettest")
            cell.run("kept = 5\nprint('in')\nwhile True:\n    pass").get_by_text("in").wait_for()
            running = own.everything()
            own.kill()
            gone(running)
            cell.outputs.get_by_text("The connection was lost while this ran").wait_for()
            own.start(own.port)
            cell.outputs.get_by_text("The kernel was started anew").wait_for()
            cell.run("kept = 6").wait_for(state="attached")
            below.run("kept + 1").get_by_text("7").wait_for()
            # what the browser says of asking a server that is not there
            tab.troubles[:] = [one for one in tab.troubles if "ERR_CONNECTION" not in one]
    finally:
        own.close()


def gone(pids):
    """Wait until none of these processes is there."""
    deadline = time.monotonic() + PATIENCE
    while alive := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still there: {alive}"
        time.sleep(0.05)
