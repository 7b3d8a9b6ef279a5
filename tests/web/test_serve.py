"""A port that is taken is not the end, and the end is quiet."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette

from fathom.errors import FathomError
from fathom.web.serve import Server, bind, key, serve


@pytest.fixture
def taken():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


def test_the_next_free_port_is_taken(taken):
    with bind("127.0.0.1", taken, search=True) as found:
        assert taken < found.getsockname()[1] < taken + 20


def test_a_port_that_was_asked_for_is_taken_or_refused_with_a_sentence(taken):
    with pytest.raises(FathomError, match=f"The port {taken} is taken, perhaps by another Fathom"):
        bind("127.0.0.1", taken, search=False)


def test_ports_and_addresses_that_do_not_exist_are_named():
    with pytest.raises(FathomError, match="The port 70000 does not exist"):
        bind("127.0.0.1", 70000, search=False)
    with pytest.raises(FathomError, match=r"cannot listen on 192\.0\.2\.1"):
        bind("192.0.2.1", 8540, search=True)


def test_the_key_is_kept_where_only_its_owner_can_read_it(tmp_path, monkeypatch):
    monkeypatch.delenv("FATHOM_TOKEN", raising=False)
    monkeypatch.setenv("FATHOM_HOME", str(tmp_path / "new"))
    first = key()
    assert len(first) >= 20
    assert key() == first
    assert (tmp_path / "new" / "token").stat().st_mode & 0o077 == 0


def test_where_no_progress_can_be_kept_the_server_says_so_before_it_starts(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FATHOM_HOME", str(tmp_path / "file" / "below"))
    with pytest.raises(FathomError, match=r"Progress cannot be kept in .*FATHOM_HOME"):
        serve(0, browser=False)


def test_at_a_second_ctrl_c_what_was_opened_is_closed_and_nothing_is_printed(capfd):
    closed = []

    @asynccontextmanager
    async def lifespan(app):
        yield
        closed.append(app)

    app = Starlette(lifespan=lifespan)
    server = Server(uvicorn.Config(app, port=0, log_level="warning"), "", browser=False)

    async def pressed_twice():
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        server.should_exit = server.force_exit = True
        await serving

    asyncio.run(pressed_twice())
    assert closed == [app]
    assert capfd.readouterr().err == ""
