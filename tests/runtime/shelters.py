"""A shelter in a thread of its own, so that tests can be ordinary functions."""

import asyncio
import threading

from fathom.runtime.shelter import Shelter
from tests.conftest import PATIENCE


class Bench:
    """A keeper; it imports nothing heavy if it is not told to."""

    def __init__(self, warm="nothing"):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.shelter = Shelter(warm)
        self.call(self.shelter.warm())

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def close(self):
        self.call(self.shelter.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
