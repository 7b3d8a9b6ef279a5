"""What a newcomer does in the page, done in Chromium."""

import os
import re
import signal

import pytest

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def test_a_network_learns_on_the_start_page_by_itself(tabs):
    with tabs() as tab:
        tab.open("/")
        assert "token" not in tab.page.url
        tab.until_state("running")
        tab.until_step(5)
        tab.until(lambda: tab.page.locator("fathom-lab canvas").count(), "a picture")
        assert tab.page.locator("a[href='/lesson/01-regression']").count() == 1
        tab.open("/lab")
        assert tab.page.locator("a[href='/lab/cifar10']").count() == 1


def test_pause_step_play_and_start_again(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(10)
        tab.press("Pause")
        tab.until_state("paused")
        tab.page.wait_for_timeout(500)
        at = tab.step
        tab.page.wait_for_timeout(500)
        assert tab.step == at
        tab.press("Step")
        tab.until(lambda: tab.step == at + 1, "one step")
        tab.press("Play")
        tab.until_step(at + 20)
        tab.page.keyboard.press("r")
        tab.until(lambda: 0 <= tab.step < at, "a new start")


def test_the_keyboard_does_what_the_buttons_do(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(3)
        tab.page.keyboard.press("Space")
        tab.until_state("paused")
        tab.page.wait_for_timeout(500)
        at = tab.step
        tab.page.keyboard.press(".")
        tab.until(lambda: tab.step == at + 1, "one step")
        tab.page.keyboard.press("Space")
        tab.until_state("running")


def test_the_learning_rate_is_turned_while_it_runs_and_the_loss_reacts(tabs):
    with tabs() as tab:
        tab.open("/lab/linear_regression?steps=5000")
        tab.until_step(10)
        tab.turn("lr", "0.9")
        tab.until_state("failed")
        assert "the learning rate 0.9 is too large. Turn lr down and start again." in tab.said()
        assert ".lr.0.9" in tab.page.url
        tab.turn("lr", "0.01")
        tab.until_state("running")
        tab.until_step(5)


def test_a_knob_out_of_range_gets_a_sentence_and_the_run_goes_on(tabs):
    with tabs() as tab:
        tab.open("/lab/linear_regression?steps=5000")
        tab.until_step(3)
        tab.turn("lr", "1e6")
        tab.until(lambda: "lr cannot be" in tab.said(), "the sentence")
        assert tab.knob("lr").input_value() == "1e6"
        at = tab.step
        tab.until_step(at + 5)


def test_the_address_holds_the_run_and_opens_as_the_same_frames(tabs):
    with tabs() as tab, tabs() as other:
        tab.open("/lab/linear_regression?steps=120&seed=7&pace=2")  # a minute to turn it in
        tab.until_step(2)
        tab.turn("lr", "0.015")
        tab.until(lambda: ".lr.0.015" in tab.page.url, "the turn in the address")
        tab.lab.get_by_text("full speed").click()
        tab.until_state("finished")
        other.open(tab.page.url.removeprefix(tab.server.address))
        other.until_state("finished")
        other.until_step(120)
        for one in (tab, other):
            one.page.mouse.move(5, 5)
        other.until(lambda: curves(tab) == curves(other), "the same curves")
        other.until(lambda: tab.pictures() == other.pictures(), "the same frames")
        assert len(set(tab.pictures())) > 1


def curves(tab):
    """Every line and number of the time line."""
    return tab.lab.locator(".strip svg").inner_html()


def test_a_reload_comes_back_to_the_same_run(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(60)
        tab.page.reload()
        tab.until(lambda: tab.step >= 60, "the same run")
        tab.until_state("running")


def test_back_returns_to_the_knobs_of_before(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(3)
        tab.turn("width", "4")
        tab.until(lambda: "width=4" in tab.page.url, "the new knob in the address")
        tab.page.go_back()
        tab.until(lambda: "width" not in tab.page.url, "the old address")
        assert tab.knob("width").input_value() != "4"
        tab.until_step(3)


def test_two_tabs_have_two_runs(tabs):
    with tabs() as tab, tabs() as other:
        tab.open("/lab/mlp?steps=20000")
        other.open("/lab/mlp?steps=20000")
        tab.until_step(5)
        other.until_step(5)
        tab.press("Pause")
        tab.until_state("paused")
        at = other.step
        other.until_step(at + 5)


def test_a_killed_worker_is_explained_and_the_run_started_again(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(5)
        for worker in tab.server.workers():
            os.kill(worker, signal.SIGKILL)
        tab.until_state("failed")
        assert "was killed, perhaps because memory ran out" in tab.said()
        tab.press("Play again")
        tab.until_state("running")
        tab.until_step(5)


def test_a_killed_server_is_noticed_and_the_page_recovers(tabs, tmp_path):
    own = Server(tmp_path)
    try:
        with tabs(own) as tab:
            tab.open("/lab/linear_regression?steps=5000&lr=0.02")
            tab.until_step(3)
            tab.page.wait_for_load_state("networkidle")  # or a script is cut off, and told
            workers = own.workers()
            assert workers
            own.kill()
            tab.until(lambda: "connection to the server was lost" in tab.said(), "the sentence")
            tab.until(lambda: not any(alive(one) for one in workers), "no orphans")
            own.start(own.port)
            tab.until(lambda: "this run is gone" in tab.said(), "what happened")
            tab.press("Play again")
            tab.until_state("running")
            tab.until_step(3)
            assert tab.knob("lr").input_value() == "0.02"
    finally:
        own.kill()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_that_waits_says_its_place_and_can_be_cancelled(tabs, tmp_path):
    own = Server(tmp_path, FATHOM_CORES=1)
    try:
        with tabs(own) as first, tabs(own) as second:
            first.open("/lab/linear_regression?steps=5000")
            first.until_step(3)
            second.open("/lab/linear_regression?steps=5000")
            second.until(lambda: "next in the queue" in second.said(), "the place")
            second.press("Leave the queue")
            second.until_state("stopped")
    finally:
        own.close()


def test_data_that_is_missing_comes_with_a_button_that_works(tabs):
    with tabs() as tab:
        tab.open("/lab/cifar10")
        tab.until_state("failed")
        tab.press("Use data shapes instead")
        tab.until_state("running", "finished")
        tab.until_step(5)
        assert "data=shapes" in tab.page.url


def test_every_click_into_a_running_picture_is_a_point(tabs):
    """Also one that comes between a frame and its drawing."""
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(3)
        picture = tab.page.locator("fathom-lab .panel-field canvas").first
        for clicks in range(1, 9):
            picture.click(position={"x": 80 + 20 * clicks, "y": 120})
            assert len(tab.knob("points").input_value().split()) == clicks


def test_a_curve_reaches_from_the_first_step_to_the_last(tabs):
    with tabs() as tab:
        tab.open("/lab/linear_regression?steps=2000&pace=0")
        tab.until_state("finished")
        strip = tab.page.locator("fathom-lab .strip").first
        strip.scroll_into_view_if_needed()
        axis = strip.evaluate(
            """one => [...one.querySelectorAll('.axis')].map(line => ({
                from: line.x1.baseVal.value, to: line.x2.baseVal.value}))[0]"""
        )
        for share, least, most in ((0.94, 1860, 1900), (0.5, 980, 1020)):
            x = axis["from"] + share * (axis["to"] - axis["from"])
            strip.hover(position={"x": x, "y": 60})
            said = strip.locator(".pointed").text_content()
            step = int("".join(re.search(r"step ([\d\s]+):", said)[1].split()))
            assert least <= step <= most


def drag(tab, step):
    """What dragging the playhead to a step and letting it go does."""
    tab.page.evaluate(
        """step => {
            const scrub = document.querySelector('fathom-lab .scrub');
            scrub.value = step;
            scrub.dispatchEvent(new Event('change'));
        }""",
        step,
    )


def test_a_run_that_is_taken_back_shows_the_same_frames(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000&width=6&seed=3")
        tab.until_step(30)
        tab.press("Pause")
        tab.until_state("paused")
        tab.until(lambda: tab.step == shown(tab), "the frame of the step it stands at")
        at, seen = tab.step, tab.pictures()
        tab.lab.locator("input[name=count]").fill("25")
        tab.press("Step")
        tab.until(lambda: tab.step == at + 25, "25 steps on")
        assert tab.pictures() != seen
        drag(tab, at)
        tab.until(lambda: tab.step == at and tab.state == "paused", "the step of before")
        tab.until(lambda: tab.pictures() == seen, "the same frames")
        tab.turn("lr", "0.1")
        tab.until(lambda: f"turns={at}.lr.0.1" in tab.page.url, "the turn in the address")
        tab.press("Step")
        tab.until(lambda: tab.step == at + 25, "another future")
        assert "before" in tab.page.locator(".strip svg").text_content()
        tab.press("Rewind")
        tab.until(lambda: tab.step == 0 and tab.state == "paused", "the beginning")
        assert tab.knob("lr").input_value() == "0.02"


def shown(tab):
    """The step that stands beside the controls."""
    return int("".join(tab.lab.locator(".where b").text_content().split()))


def test_before_the_first_step_a_knob_that_restarts_shows_what_it_does(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000&paused=1")
        tab.until_state("paused")
        tab.until_step(0)
        before = tab.pictures()
        tab.turn("width", "4")
        tab.until(lambda: "width=4" in tab.page.url, "the knob in the address")
        tab.until(lambda: len(tab.pictures()) and tab.pictures() != before, "another network")
        assert tab.state == "paused"
        assert tab.step == 0


def test_dark_and_light_are_chosen_once_for_all_pages(tabs):
    with tabs(color_scheme="light") as tab:
        tab.open("/lab/linear_regression?steps=5000")
        tab.until_step(1)
        root = tab.page.locator("html")
        with tab.page.expect_response(lambda answer: "/theme/dark" in answer.url):
            tab.page.get_by_role("link", name="Dark").click()
        assert root.get_attribute("data-theme") == "dark"
        tab.open("/lab")
        assert root.get_attribute("data-theme") == "dark"
        tab.page.get_by_role("link", name="Light").click()
        tab.until(lambda: root.get_attribute("data-theme") == "light", "light again")


def test_a_chart_of_logarithms_names_its_axis_and_offers_no_second_logarithm(tabs):
    with tabs() as tab:
        tab.open("/lab/optimizers?paused")
        for view, named, switches in (("losses", True, 0), ("accuracies", False, 1)):
            panel = tab.page.locator(f"[data-view='{view}']")
            panel.locator(".u-over").wait_for()
            left = panel.evaluate("one => one.querySelector('.u-over').offsetLeft")
            assert (left > 46) == named  # beside short numbers only the name of the axis needs more
            assert panel.get_by_text("log", exact=True).count() == switches


def test_every_knob_leads_to_its_line(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(1)
        links = tab.page.locator("fathom-lab a[href^='#line-']")
        assert links.count() >= 10
        for at in range(links.count()):
            line = tab.page.locator(links.nth(at).get_attribute("href"))
            name = links.nth(at).get_attribute("aria-label").split(":")[0]
            assert line.inner_text().strip().startswith(f"{name}:")
