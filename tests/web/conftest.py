"""The application with planted experiments, in processes of their own without torch."""

import pytest
from starlette.testclient import TestClient

from fathom.runtime.runner import LocalRunner
from fathom.web.app import build

TOKEN = "a-long-token"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FATHOM_ZOO", "tests.runtime.planted")
        patch.setenv("FATHOM_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("FATHOM_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("FATHOM_LESSONS", str(tmp_path_factory.mktemp("lessons")))
        app = build(LocalRunner(fork=False), TOKEN)
        with TestClient(app, base_url="http://127.0.0.1:8540") as made:
            made.get(f"/?token={TOKEN}")
            yield made
