"""Make the picture of the README anew: `python -m tests.browser.picture`, where Chromium is."""

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import DRAWN, FLAGS, Server, Tab
from tests.conftest import ROOT

PICTURE = ROOT / "docs" / "images" / "lab.png"
STATE = "/lab/mlp?turns=230.lr.0.05"  # a rate that is turned on the way
ENOUGH = 520  # steps: both arms are followed, and there is some way to go


def main():
    """Open the lab, let it learn, and keep what is seen, two dots for each pixel of the page."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        server = Server(Path(folder))
        try:
            browser = p.chromium.launch(executable_path=chromium, args=list(FLAGS))
            view = {"width": 1280, "height": 1010}
            context = browser.new_context(
                viewport=view, device_scale_factor=2, color_scheme="light", locale="en"
            )
            tab = Tab(context.new_page(), server).open(STATE)
            tab.until_step(ENOUGH)
            tab.press("Pause")
            tab.until_state("paused")
            tab.page.evaluate("scrollTo(0, 0)")
            tab.page.evaluate(DRAWN)
            seen = tab.page.screenshot()
            browser.close()
        finally:
            server.close()
    image = Image.open(BytesIO(seen)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
