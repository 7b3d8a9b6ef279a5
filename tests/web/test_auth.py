"""Only who has the token comes in, and only under a name of this server."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from fathom.web.auth import LOCAL, POLICY, Guard

TOKEN = "a-long-token"
SOCKET = "ws://127.0.0.1:8540/ws"


async def page(request):
    return PlainTextResponse(f"inside {request.url.path}?{request.url.query}")


async def socket(websocket):
    await websocket.accept()
    await websocket.send_text("inside")
    await websocket.close()


def app(hosts=LOCAL):
    routes = [Route("/{path:path}", page), WebSocketRoute("/ws", socket)]
    return Guard(Starlette(routes=routes), TOKEN, hosts)


@pytest.fixture
def client():
    with TestClient(app(), base_url="http://127.0.0.1:8540", follow_redirects=False) as made:
        yield made


def come_in(client):
    assert client.get(f"/?token={TOKEN}").status_code == 303


def test_without_the_token_the_page_says_where_it_is(client):
    answer = client.get("/lab/mlp")
    assert answer.status_code == 403
    assert "Open the address that the server printed in the terminal." in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "a-long-toke", "ä"])
def test_a_wrong_token_does_not_open(client, token):
    assert client.get("/", params={"token": token}).status_code == 403


def test_the_token_moves_from_the_address_into_a_cookie_that_scripts_cannot_read(client):
    answer = client.get(f"/lab/mlp?lr=0.1&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/lab/mlp?lr=0.1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/lab/mlp?lr=0.1").text == "inside /lab/mlp?lr=0.1"


def test_a_cookie_of_another_port_does_not_open(client):
    client.cookies.set("fathom-9999", TOKEN)
    assert client.get("/").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.x:8540"])
def test_a_name_that_is_not_ours_is_refused(client, host):
    come_in(client)
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8540", "127.0.0.1:8540", "[::1]:8540"])
def test_the_local_names_are_ours(client, host):
    answer = client.get("/static/main.js", headers={"host": host})
    assert answer.status_code == 200


def test_another_site_in_the_same_browser_is_refused(client):
    come_in(client)
    assert client.get("/", headers={"origin": "https://evil.example"}).status_code == 400
    assert client.get("/", headers={"origin": "http://127.0.0.1:8540"}).status_code == 200
    for origin in ("https://evil.example", "http://localhost:1234", "null"):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(SOCKET, headers={"origin": origin}),
        ):
            pass


def test_a_socket_needs_the_token_too(client):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET):
        pass
    come_in(client)
    with client.websocket_connect(SOCKET) as connected:
        assert connected.receive_text() == "inside"


def test_a_server_for_others_takes_addresses_but_no_foreign_names():
    base = "http://192.0.2.7:8540"
    with TestClient(app((*LOCAL, "*")), base_url=base, follow_redirects=False) as client:
        come_in(client)
        assert client.get("/").status_code == 200
        assert client.get("/", headers={"host": "rebound.example"}).status_code == 400


def test_every_answer_says_what_the_browser_may_do(client):
    headers = client.get("/static/x").headers
    assert headers["content-security-policy"] == POLICY
    assert "'unsafe" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"  # "no-referrer" breaks forms
    assert headers["permissions-policy"].startswith("camera=(self), microphone=()")
