"""The pipe between the server and a child: a length, then that many bytes.

The child's end is blocking, with a thread that reads commands into an inbox: looking into
an empty inbox costs the training loop 50 nanoseconds, a system call would cost 1,000.
The thread also notices when the other side is gone, and then ends the process, whatever
it is doing: no run outlives its server.
"""

import asyncio
import json
import os
import socket
import struct
import threading
from collections import deque
from typing import Any, Protocol

LENGTH = struct.Struct("<I")
MOST = 1 << 30  # bytes of one message from a child of ours
Command = dict[str, Any]


class Inbox:
    """Commands that arrived, in order. `waiting` is cheap to ask."""

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._arrived = threading.Condition()

    @property
    def waiting(self) -> bool:
        """Whether a command is there."""
        return bool(self._commands)

    def put(self, command: Command) -> None:
        """Add a command; called by the reading thread."""
        with self._arrived:
            self._commands.append(command)
            self._arrived.notify()

    def take(self, seconds: float | None) -> Command | None:
        """The next command; waits for it so long (None: for ever)."""
        with self._arrived:
            if not self._commands:
                self._arrived.wait(seconds)
            return self._commands.popleft() if self._commands else None


class Channel:
    """The child's end: blocking writes, and an inbox filled by a thread."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._lock = threading.Lock()
        self.inbox = Inbox()

    def send(self, data: bytes) -> None:
        """Send one message, whole; ends the process if nobody is there to read it."""
        rest = memoryview(LENGTH.pack(len(data)) + data)
        with self._lock:
            try:
                while rest:
                    rest = rest[os.write(self._write, rest) :]
            except OSError:
                os._exit(0)

    def receive(self) -> Command:
        """Wait for one command without the thread: the first one, that says what to do."""
        return self._parse(self._exactly(LENGTH.unpack(self._exactly(LENGTH.size))[0]))

    def listen(self) -> None:
        """Start the thread. From now on use the inbox."""
        threading.Thread(target=self._listen, name="commands", daemon=True).start()

    def _listen(self) -> None:
        while True:
            self.inbox.put(self.receive())

    def _parse(self, data: bytes) -> Command:
        command: Command = json.loads(data)
        return command

    def _exactly(self, count: int) -> bytes:
        parts = b""
        while len(parts) < count:
            try:
                part = os.read(self._read, count - len(parts))
            except OSError:
                part = b""
            if not part:
                os._exit(0)  # the server is gone
            parts += part
        return parts


class Writer(Protocol):
    """What a link needs of a transport, or of a stream."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""

    def close(self) -> None:
        """Send nothing more."""


class LastWords(asyncio.StreamReaderProtocol):
    """A reader that gives all that had arrived, even if the other side has broken off."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, and not an error: that would hide what is still to be read."""
        super().connection_lost(None)


class Link:
    """The server's end of the same pipe. A message longer than `most` bytes ends it."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: Writer,
        most: int = MOST,
        also: Writer | None = None,
    ) -> None:
        self._reader, self._writer, self._most, self._also = reader, writer, most, also

    @classmethod
    async def over(cls, ours: socket.socket, most: int) -> "Link":
        """A link over our end of a pair of sockets on which nothing has been sent yet.

        Reading and writing are two transports: asyncio closes one that cannot be written to,
        and with it would go what a child has sent just before its end.
        """
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        writer, _ = await loop.create_connection(asyncio.Protocol, sock=ours.dup())
        writer.pause_reading()
        listener, _ = await loop.create_connection(lambda: LastWords(reader), sock=ours)
        return cls(reader, writer, most, listener)

    def send(self, command: Command) -> None:
        """Send a command; one to a child that is gone is dropped, its end is seen in `receive`."""
        self.send_bytes(json.dumps(command).encode())

    def send_bytes(self, data: bytes) -> None:
        """Send a message that is bytes already."""
        if not self._writer.is_closing():
            self._writer.write(LENGTH.pack(len(data)) + data)

    async def receive(self) -> bytes | None:
        """The next message; None when the child is gone."""
        try:
            (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
            if length > self._most:
                self.close()
                return None
            return await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def close(self) -> None:
        """Hang up: the child ends itself."""
        self._writer.close()
        if self._also:
            self._also.close()
