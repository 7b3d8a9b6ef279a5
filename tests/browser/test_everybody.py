"""The pages are for everybody: without JavaScript, on a phone, with a screen reader, at night."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
LESSONS = [f"/lesson/{file.parent.name}" for file in sorted(ROOT.glob("lessons/en/*/lesson.md"))]
PAGES = ("/", "/lab/linear_regression", "/lab/mlp", "/lab/cifar10?data=digits", "/nowhere")
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def settle(tab, path):
    tab.open(path)
    if path in LESSONS:  # its figures wait for a prediction
        tab.page.wait_for_load_state("networkidle")
    elif tab.lab.count():
        tab.until_step(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, *LESSONS])
def test_axe_finds_no_serious_violation(tabs, path, scheme):
    if not Path(AXE).exists():
        pytest.skip("axe-core is not there: `python hatch_build.py types` installs it")
    with tabs(color_scheme=scheme) as tab:
        settle(tab, path)
        tab.page.evaluate(AXE.read_text("utf-8"))
        found = tab.page.evaluate("axe.run()")["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        told = [(one["id"], one["nodes"][0]["html"][:200]) for one in serious]
        assert told == [], json.dumps(told, indent=1)
        if path == "/nowhere":
            tab.troubles.clear()  # the browser reports the 404 that was asked for


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", [*PAGES, *LESSONS])
def test_a_phone_never_scrolls_sideways(tabs, path, language):
    with tabs(color_scheme="light", locale=language) as tab:
        tab.page.set_viewport_size({"width": 390, "height": 844})
        settle(tab, path)
        assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 390
        if path == "/nowhere":
            tab.troubles.clear()


def test_on_a_phone_pictures_stand_in_the_order_of_the_views(tabs):
    """Wide, they fill two columns; then the second layer stood above the first."""
    with tabs() as tab:
        tab.page.set_viewport_size({"width": 390, "height": 844})
        tab.open("/lab/linear_stack?paused")
        tab.until(lambda: tab.lab.locator("[data-view='product'] canvas").count(), "the pictures")
        height = "one => [one.getBoundingClientRect().top, one.dataset.view]"
        panels = tab.lab.locator("[data-view]").evaluate_all(f"all => all.map({height})")
        names = [name for _, name in sorted(panels)]
        assert names == ["border", "matrix_1", "matrix_2", "matrix_3", "product"]
        below = tab.lab.locator(".strip").bounding_box()
        assert below is not None
        assert below["y"] > max(top for top, _ in panels)


def test_without_javascript_the_page_is_read_and_the_form_sets_the_knobs(tabs):
    with tabs(java_script_enabled=False) as tab:
        tab.open("/lab/linear_regression")
        for said in ("Watch", "lr", "import torch", "gap"):
            assert said.lower() in tab.page.locator("body").text_content().lower()
        tab.page.locator("[name='lr']").fill("0.01")
        tab.page.locator("fathom-lab form button").click()
        assert "lr=0.01" in tab.page.url
        assert tab.page.locator("[name='lr']").input_value() == "0.01"


def test_who_wants_less_motion_starts_the_run_themselves(tabs):
    with tabs(reduced_motion="reduce") as tab:
        tab.open("/lab/mlp")
        tab.until_state("paused")
        tab.press("Play")
        tab.until_step(3)


def test_a_live_region_says_what_the_figure_shows(tabs):
    with tabs() as tab:
        tab.open("/lab/mlp?steps=20000")
        tab.until_step(30)
        region = tab.page.locator("fathom-lab p[role='status']")
        tab.until(lambda: "accuracy" in region.inner_text(), "the numbers in words")
        images = tab.page.locator("fathom-lab [role='img']")
        labels = [images.nth(at).get_attribute("aria-label") for at in range(images.count())]
        assert labels
        assert all(labels)


def test_nobody_comes_in_without_the_key(browser, server):
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(server.address)
    assert answer is not None
    assert answer.status == 403
    assert "Open the address that the server printed" in page.content()
    context.close()
