"""What the browser loads for /lab/mlp, how soon the page answers, and how smoothly it draws.

Chromium without a window, drawing without a graphics card, against a real server that has run
something before. JavaScript is what came over the wire with an empty cache, compressed as the
server sends it, until the first frame was drawn and everything it asks for had come. The time
until the page is interactive is that of its own mark, counted from the start of the navigation;
the median of several visits, each with an empty cache. Frames are counted where the figure
notes the step that it has drawn. Wall time, on a machine that also runs the server, the
training and the browser.
"""

import asyncio
import shutil
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, Measured
from benchmarks.server import PATIENCE, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

TITLE = "The page of mlp in a browser"
QUICK = {"visits": 1, "seconds": 2.0}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
QUIET = 1.0  # seconds without a new file after the first frame
COUNT = """
() => {
  const figure = document.querySelector("fathom-lab");
  window.drawn = [];
  new MutationObserver(() => window.drawn.push(performance.now()))
    .observe(figure, { attributeFilter: ["data-step"] });
}
"""


def browser_path() -> str | None:
    """A Chromium that is installed, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def visit(browser: "Browser", server: Server) -> "BrowserContext":
    """A browser with an empty cache that may come in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    name, value = server.cookie
    context.add_cookies([{"name": name, "value": value, "url": server.address}])
    return context


def first_load(browser: "Browser", server: Server) -> tuple[float, float]:
    """kB of JavaScript until the first frame is drawn; seconds until interactive."""
    context = visit(browser, server)
    page = context.new_page()
    scripts: list[Request] = []

    def fetched(request: "Request") -> None:
        if request.resource_type == "script":
            scripts.append(request)

    page.on("requestfinished", fetched)
    page.goto(f"{server.address}/lab/mlp")
    page.wait_for_selector("fathom-lab[data-step]", state="attached")
    page.wait_for_timeout(1000 * QUIET)
    size = sum(request.sizes()["responseBodySize"] for request in scripts)
    mark = page.evaluate("performance.getEntriesByName('interactive')[0].startTime")
    end(page)
    context.close()
    return size / 1000, mark / 1000


def frames(browser: "Browser", server: Server, query: str, seconds: float) -> float:
    """Frames drawn a second, from a second after the first one on."""
    context = visit(browser, server)
    page = context.new_page()
    page.goto(f"{server.address}/lab/mlp{query}")
    page.wait_for_selector("fathom-lab[data-step]", state="attached")
    page.wait_for_timeout(1000)
    page.evaluate(COUNT)
    page.wait_for_timeout(1000 * seconds)
    drawn: list[float] = page.evaluate("window.drawn")
    end(page)
    context.close()
    if len(drawn) < 2:
        return 0.0
    return 1000 * (len(drawn) - 1) / (drawn[-1] - drawn[0])


def end(page: "Page") -> None:
    """Stop the run, so that the next one has the machine for itself."""
    page.evaluate("document.querySelector('fathom-lab').stop()")
    deadline = time.monotonic() + PATIENCE
    while page.locator("fathom-lab").first.get_attribute("data-state") in ("running", "queued"):
        if time.monotonic() > deadline:
            raise RuntimeError("The run on the page does not stop.")
        page.wait_for_timeout(50)


def measure(visits: int = 5, seconds: float = 5.0) -> Measured:
    """So many first visits; frames for so many seconds."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return Measured(skipped="Playwright is not installed: `make bench` installs it.")
    path = browser_path()
    if path is None:
        return Measured(skipped="There is no Chromium on this machine.")
    with Server() as server:
        asyncio.run(server.warm())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            loads = [first_load(browser, server) for _ in range(visits)]
            full = frames(browser, server, "?steps=20000&pace=0", seconds)
            own = frames(browser, server, "?steps=20000", seconds)
            words = f"Chromium {browser.version}, {visits} visits."
            browser.close()
    return Measured(
        [
            Figure("JavaScript of the first load", max(one for one, _ in loads), "kB", "<= 60"),
            Figure("until interactive", statistics.median(at for _, at in loads), "s", "<= 0.7"),
            Figure("frames drawn a second, full speed", full, goal=">= 30"),
            Figure("frames drawn a second, its own pace", own, goal=">= 30"),
        ],
        [words],
    )
