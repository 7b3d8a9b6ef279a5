"""The application with planted experiments, in processes of their own without torch."""

from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from fathom.runtime.runner import LocalRunner
from fathom.web import pages
from fathom.web.app import build

TOKEN = "a-long-token"
COURSE = """minutes = 5
lessons = ["01-one"]
[[plan]]
name = "01-one"
title = "One"
minutes = 5
"""
DOT = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@contextmanager
def serving(tmp_path_factory, **parts):
    """The application, its course in a folder of its own; parts: of `build`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FATHOM_ZOO", "tests.runtime.planted")
        patch.setenv("FATHOM_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("FATHOM_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("FATHOM_LESSONS", str(tmp_path_factory.mktemp("lessons")))
        app = build(LocalRunner(fork=False), TOKEN, **parts)
        with TestClient(app, base_url="http://127.0.0.1:8540") as made:
            made.get(f"/?token={TOKEN}")
            yield made


def lay(client, files):
    """Write files of its course, whose folder is given back; files: the text by the path."""
    folder = client.app.state.study.folder
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def post(client, address, headers=None, key=None, **fields):
    """Send a form with the key of its pages, or another."""
    fields["key"] = client.app.state.study.form_key if key is None else key
    return client.post(address, data=fields, headers=headers or {})


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory) as made:
        yield made


@pytest.fixture
def built(monkeypatch):
    """The pages as they are when the front end has been built."""
    monkeypatch.setitem(pages.environment.globals, "static", lambda name: f"/static/{name}")


@pytest.fixture
def fresh(client, built):
    """Nothing is answered, and the front end has been built."""
    assert post(client, "/progress/reset", sure="1").status_code == 200
