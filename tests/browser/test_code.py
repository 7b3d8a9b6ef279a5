"""Code of a lesson in Chromium: written, run, stopped; shown as a notebook shows it."""

import pytest

from tests.browser.conftest import Server

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
