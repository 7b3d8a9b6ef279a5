"""A real server in a process of its own, and the page's side of its WebSocket."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks import ROOT
from benchmarks.slices import plain_environment
from fathom.lab import wire

TOKEN = "of-the-benchmarks"
PATIENCE = 300.0  # seconds for a message on a busy machine
TYPE = re.compile(rb'"type": ?"(\w+)"')
GLANCE = 4096  # bytes that hold the beginnings of the messages that come together
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Server:
    """`fathom serve` on a free port, with a cache of its own; a context manager."""

    def __init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        environment = plain_environment() | {
            "FATHOM_TOKEN": TOKEN,
            "FATHOM_CACHE": self._scratch.name,
            "FATHOM_HOST": "127.0.0.1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fathom.cli", "serve", "--no-browser", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        self.pid = self._process.pid
        self.port = self._listening()

    def _listening(self) -> int:
        for line in self._process.stdout or ():
            if found := ADDRESS.search(line):
                return int(found[1])
        raise RuntimeError(f"The server ended with exit code {self._process.wait()}.")

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of what lets a browser in."""
        return f"fathom-{self.port}", TOKEN

    async def page(self) -> "Page":
        """The socket of a figure."""
        name, value = self.cookie
        socket = await connect(
            f"ws://127.0.0.1:{self.port}/ws",
            additional_headers={"Cookie": f"{name}={value}"},
            compression=None,
            max_size=None,
            proxy=None,
        )
        return Page(socket)

    async def warm(self) -> None:
        """Have it load torch and run something once, as it has when somebody looks around."""
        async with await self.page() as page:
            await page.start()
            await page.until("frame")
            await page.stop()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._scratch.cleanup()


class Page:
    """One figure of a page that draws at once and says so; a context manager."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.leads = True  # the run waits for its word that a frame was drawn
        self._waiting: deque[tuple[float, wire.Message]] = deque()

    async def __aenter__(self) -> "Page":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def say(self, kind: str, **rest: Any) -> float:
        """Send a command; says when."""
        at = time.perf_counter()
        await self.socket.send(json.dumps({"type": kind, **rest}))
        return at

    async def start(self, pace: float | None = None, **knobs: Any) -> float:
        """Start `mlp`; says when."""
        return await self.say("start", experiment="mlp", knobs=knobs, pace=pace)

    async def hear(self) -> tuple[float, wire.Message]:
        """The next message, and when it came; a frame is acknowledged."""
        while not self._waiting:
            async with asyncio.timeout(PATIENCE):  # not wait_for, which may swallow a cancellation
                data = await self.socket.recv()
            at = time.perf_counter()
            self._waiting += [(at, one) for one in wire.messages(as_bytes(data))]
        at, message = self._waiting.popleft()
        if message["type"] == "lead":
            self.leads = message["on"]
        elif message["type"] == "frame" and self.leads:
            await self.say("ack")
        elif message["type"] == "state" and message["state"] == "failed":
            raise RuntimeError(f"The run has failed: {message['why']}")
        return at, message

    async def glance(self) -> list[str]:
        """The types of what comes next, of which no more is read: fifty viewers fit on a core."""
        data = as_bytes(await self.socket.recv())
        kinds = [kind.decode() for kind in TYPE.findall(data, 0, GLANCE)]
        if "lead" in kinds:
            for message in wire.messages(data):
                self.leads = bool(message.get("on", self.leads))
        if "frame" in kinds and self.leads:
            await self.say("ack")
        return kinds

    async def until(self, kind: str, after: int = -1) -> tuple[float, wire.Message]:
        """The next such message of a step after this one, and when it came."""
        while True:
            at, message = await self.hear()
            if message["type"] == kind and message.get("step", 0) > after:
                return at, message

    async def stop(self) -> None:
        """End the run, and wait for its end."""
        await self.say("stop")
        while True:
            _, message = await self.hear()
            if message["type"] == "state" and message["state"] in ("stopped", "finished"):
                return


def as_bytes(data: str | bytes) -> bytes:
    """What a socket received."""
    return data if isinstance(data, bytes) else data.encode()
