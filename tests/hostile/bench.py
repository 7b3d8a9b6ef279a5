"""A keeper in a thread of its own, things worth stealing, and another learner's process."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import wsgiref
from pathlib import Path

from fathom.runtime.sandbox import Limits
from fathom.runtime.shelter import Shelter

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "memory": 64 << 20, "cpu": 1.0, "wall": 4.0, "processes": 16,
    "disk": 4 << 20, "files": 200, "output": 1 << 18,
}  # fmt: skip
HIDDEN = str(Path(wsgiref.__file__).parent)  # for these tests the lessons are said to lie there
SIBLING = "import time\nwhile True:\n    print('alive', flush=True)\n    time.sleep(.05)"
ENVIRONMENT = {"FATHOM_TOKEN": "hush-hush", "FATHOM_LESSONS": HIDDEN}  # of the server


class Ordinary(Shelter):
    """A keeper that an ordinary user started."""

    def command(self, descriptor):
        script = str(Path(__file__).with_name("as_ordinary.py"))
        return [sys.executable, script, *super().command(descriptor)]

    def environment(self):
        return super().environment() | {"PYTHONPATH": str(ROOT)}


class Bench:
    """A shelter in a thread of its own, things worth stealing, and a sibling."""

    def __init__(self, shelter, folder):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.shelter = shelter
        self.secret = folder / "secret.txt"
        self.secret.write_text("hush-hush")
        self.secret.chmod(0o644)
        self.victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        self.database = socket.create_server(("127.0.0.1", 0))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.name = f"\0fathom-{os.getpid()}-{id(self)}"
        self.abstract.bind(self.name)
        self.abstract.listen()
        self.service = socket.socket(socket.AF_UNIX)
        self.service.bind(str(folder / "service.sock"))
        self.service.listen()
        (folder / "service.sock").chmod(0o777)
        self.call(self.shelter.warm())
        self.sibling = self.call(self.start(SIBLING))

    async def start(self, source, **limits):
        guest = await self.shelter.admit(
            "script", Limits(**{**SMALL, "wall": 600.0, "cpu": 600.0, "output": 1 << 30, **limits})
        )
        guest.link.send({"source": source})
        return guest

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def names(self):
        return (
            f"SECRET, PORT, ABSTRACT = {str(self.secret)!r}, {self.database.getsockname()[1]}, "
            f"{self.name!r}\nVICTIM, SERVER, BUSY = {self.victim.pid}, {os.getpid()}, "
            f"{self.sibling.pid}\nSERVICE, HIDDEN = {self.service.getsockname()!r}, {HIDDEN!r}\n"
        )

    def script(self, code, **limits):
        return self.shelter.run(self.names() + code, Limits(**{**SMALL, **limits}))

    def run(self, code, **limits):
        return self.call(self.script(code, **limits))

    def sibling_lives(self):
        self.sibling.out.given = 0
        self.sibling.out.waiting("stdout")
        return b"alive" in self.call(asyncio.wait_for(self.sibling.out.read("stdout"), 30))

    def close(self):
        self.sibling.close()
        self.call(self.shelter.close())
        self.victim.kill()
        self.victim.wait()
        self.database.close()
        self.abstract.close()
        self.service.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
