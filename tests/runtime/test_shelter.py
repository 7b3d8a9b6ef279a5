"""What a child prints is read to its end, and one that was closed leaves nothing behind."""

import asyncio

from fathom.runtime.shelter import Outlet


def test_a_stream_is_read_to_its_end():
    async def play():
        out = Outlet(100)
        stdout, stderr = out.open()
        reading = asyncio.create_task(out.read("stdout"))
        await asyncio.sleep(0)
        stdout.send(b"one")
        stderr.send(b"two")
        found = [await reading, out.waiting("stderr"), out.waiting("stderr")]
        stdout.close()
        found.append(await out.read("stdout"))
        stderr.close()
        out.close()
        return found

    assert asyncio.run(play()) == [b"one", b"two", b"", b""]


def test_more_than_its_limit_is_the_end():
    async def play():
        out = Outlet(5)
        stdout, stderr = out.open()
        stdout.send(b"x" * 9)
        found = [await out.read("stdout"), out.too_much.is_set(), await out.read("stdout")]
        for end in (out, stdout, stderr):
            end.close()
        return found

    assert asyncio.run(play()) == [b"xxxxx", True, b""]


def test_closing_ends_a_read_and_the_next_socket_of_that_number_is_heard():
    async def play():
        for _ in range(3):  # the system gives the numbers of the closed ones again
            out = Outlet(100)
            stdout, stderr = out.open()
            abandoned = asyncio.create_task(out.read("stdout"))
            await asyncio.sleep(0)
            out.close()
            stdout.close()
            stderr.close()
            assert await asyncio.wait_for(abandoned, 5) == b""

            out = Outlet(100)
            stdout, stderr = out.open()
            reading = asyncio.create_task(out.read("stdout"))
            await asyncio.sleep(0)
            stdout.send(b"heard")
            assert await asyncio.wait_for(reading, 5) == b"heard"
            out.close()
            stdout.close()
            stderr.close()

    asyncio.run(play())
