"""A learner shows the network a picture of their own."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import FLAGS

pytestmark = pytest.mark.browser

SAYS = re.compile(r"your picture as it is: \d \d+%, fooled: \d \d+%, with noise: \d \d+%")
PUT = """([kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const held = new DataTransfer();
  if (bytes.length) held.items.add(new File([bytes], "own.png", { type: "image/png" }));
  const place = document.querySelector(".own");
  const more = { bubbles: true, cancelable: true };
  place.dispatchEvent(kind === "drop"
    ? new DragEvent("drop", { dataTransfer: held, ...more })
    : new ClipboardEvent("paste", { clipboardData: held, ...more }));
}"""


@pytest.fixture(scope="module")
def browser(chromium):
    """A browser with a camera, which a page may use only where the context allows it."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        flags = [*FLAGS, "--use-fake-device-for-media-stream"]
        browser = p.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


def picture(colour=(30, 90, 200), size=(300, 200), kind="PNG"):
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def give(tab, data, name="own.png", kind="image/png"):
    file = {"name": name, "mimeType": kind, "buffer": data}
    tab.lab.locator(".own input[type=file]").set_input_files(file)


def yours(tab):
    """What is said of one's own picture; nothing without one."""
    panel = tab.lab.locator("[data-view=yours]")
    return panel.get_attribute("data-says") if panel.count() else ""


def thumbnail(tab):
    """The colour in the middle of what is shown in the knob, and its size."""
    return tab.page.evaluate("""async () => {
        const image = document.querySelector(".own img");
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.getContext("2d").drawImage(image, 0, 0);
        const at = canvas.getContext("2d").getImageData(32, 32, 1, 1).data;
        return [image.naturalWidth, image.naturalHeight, ...at.slice(0, 3)];
    }""")


def test_a_picture_is_shown_after_the_training_and_its_address_shows_it_elsewhere(tabs):
    with tabs() as tab:
        tab.open("/lab/fooling?steps=40&pace=0")
        tab.until_state("finished")
        give(tab, picture())
        tab.until(lambda: SAYS.fullmatch(yours(tab)), "an answer to the picture")
        assert (tab.state, tab.step) == ("finished", 40)  # it was not trained anew
        width, height, *colour = thumbnail(tab)
        assert (width, height) == (64, 64)
        assert max(abs(a - b) for a, b in zip(colour, (30, 90, 200), strict=True)) <= 8
        tab.until(lambda: "picture=_9j_" in tab.page.url, "the picture in the address")
        address, said = tab.page.url, yours(tab)
        assert len(address) < 4500
        with tabs() as other:
            other.open(address.removeprefix(tab.server.address))
            other.until_state("finished")
            other.until(lambda: yours(other) == said, "the same answer")
            assert thumbnail(other)[2:] == colour
        tab.lab.get_by_role("button", name="take it away").click()
        tab.until(lambda: not yours(tab), "the answer goes with the picture")
        assert "picture" not in tab.page.url
        assert (tab.state, tab.step) == ("finished", 40)


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_is_dropped_and_pasted(tabs, way):
    import base64

    with tabs() as tab:
        tab.open("/lab/fooling?steps=20&pace=0")
        tab.until_state("finished")
        tab.lab.locator(".own button").first.wait_for()
        tab.page.evaluate(PUT, [way, ""])
        bad = tab.lab.locator("[data-knob=picture] .knob-bad")
        assert "There was no picture in it" in bad.inner_text()
        tab.page.evaluate(PUT, [way, base64.b64encode(picture()).decode()])
        tab.until(lambda: SAYS.fullmatch(yours(tab)), "an answer to the picture")
        assert bad.inner_text() == ""


def test_what_is_no_picture_gets_a_sentence_and_the_old_one_stays(tabs):
    with tabs() as tab:
        tab.open("/lab/fooling?steps=20&pace=0")
        tab.until_state("finished")
        give(tab, picture())
        tab.until(lambda: yours(tab), "an answer to the picture")
        said, address = yours(tab), tab.page.url
        bad = tab.lab.locator("[data-knob=picture] .knob-bad")
        for name, kind, words in (
            ("words.txt", "text/plain", "no picture that the browser can read"),
            ("IMG_7.HEIC", "", "cannot read HEIC pictures"),
            ("half.png", "image/png", "no picture that the browser can read"),
        ):
            give(tab, b"words", name, kind)
            tab.until(lambda words=words: words in bad.inner_text(), words)
        assert (yours(tab), tab.page.url) == (said, address)


def test_the_camera_takes_one_with_the_keyboard_alone(tabs):
    with tabs(permissions=["camera"]) as tab:
        tab.open("/lab/fooling?steps=20&pace=0")
        tab.until_state("finished")
        tab.lab.get_by_role("button", name="camera").press("Enter")
        shutter = tab.page.get_by_role("button", name="take the picture")
        tab.until(shutter.is_enabled, "the camera is open")
        assert tab.page.evaluate("document.activeElement.textContent") == "take the picture"
        tab.page.keyboard.press("Enter")
        tab.until(lambda: SAYS.fullmatch(yours(tab)), "an answer to the picture")
        assert tab.page.locator("dialog").count() == 0
        assert thumbnail(tab)[:2] == [64, 64]
        assert tab.state == "finished"  # Enter was not a key of the figure


def test_a_camera_that_is_not_allowed_is_explained(tabs):
    with tabs() as tab:
        tab.open("/lab/fooling?steps=20&pace=0")
        tab.lab.get_by_role("button", name="camera").click()
        dialog = tab.page.locator("dialog")
        tab.until(lambda: "was not allowed" in dialog.inner_text(), "why there is none")
        tab.page.keyboard.press("Escape")
        tab.until(lambda: dialog.count() == 0, "the dialog is closed")
