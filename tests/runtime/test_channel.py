"""The pipe between the server and a child, when the child ends in the middle of a conversation."""

import asyncio
import socket

import pytest

from fathom.runtime.channel import LENGTH, MOST, Link

LAST = [b"one", b"the last words"]


def test_what_a_child_sent_before_its_end_is_read_though_nothing_can_be_sent_to_it():
    async def play():
        ours, theirs = socket.socketpair()
        link = await Link.over(ours, MOST)
        link.send({"type": "unread"})  # closing with this in the queue resets the connection
        for data in LAST:
            theirs.sendall(LENGTH.pack(len(data)) + data)
        theirs.close()
        for _ in range(5):  # nobody is there: the writing half breaks
            link.send({"type": "ack"})
            await asyncio.sleep(0.01)
        heard = [await link.receive() for _ in range(3)]
        link.close()
        return heard

    assert asyncio.run(play()) == [*LAST, None]


def test_a_child_hears_that_the_server_has_hung_up():
    async def play():
        ours, theirs = socket.socketpair()
        link = await Link.over(ours, MOST)
        link.close()
        await asyncio.sleep(0.01)
        theirs.settimeout(5)
        with theirs:
            return theirs.recv(10)

    assert asyncio.run(play()) == b""


@pytest.mark.parametrize("size", [10, 11])
def test_a_message_that_is_too_long_ends_the_link(size):
    async def play():
        ours, theirs = socket.socketpair()
        link = await Link.over(ours, 10)
        with theirs:
            theirs.sendall(LENGTH.pack(size) + b"x" * size)
            heard = await link.receive()
        link.close()
        return heard

    assert asyncio.run(play()) == (b"x" * 10 if size == 10 else None)
