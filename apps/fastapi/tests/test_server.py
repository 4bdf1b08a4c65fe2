"""Under the real server, as the platform starts it: a prefix stripped before it, a proxy trusted."""

import signal
import subprocess
import time
from collections.abc import Iterator

import httpx2
import pytest
from conftest import free_port, serving

PROXIED = {"Host": "lab.test:31971", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
    port = free_port()
    with (
        serving(
            port, UVICORN_ROOT_PATH="/api", FORWARDED_ALLOW_IPS="127.0.0.1", APP_VERSION="v9"
        ) as process,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=PROXIED) as client,
    ):
        yield process, client


def test_what_leads_on_holds_outside_the_prefix(
    server: tuple[subprocess.Popen[bytes], httpx2.Client],
) -> None:
    _, client = server
    assert client.get("/items/").headers["location"] == "https://lab.test:31971/api/items"
    assert client.post("/items", json={"name": "Drill"}).headers["location"] == "/api/items/6"
    assert client.get("/items?limit=2").json()["next"] == "/api/items?limit=2&offset=2"
    assert client.get("/").headers["location"] == "/api/docs"
    docs = client.get("/docs").text
    assert "url: '/api/openapi.json'" in docs
    assert 'src="/api/docs/static/swagger-ui-bundle.js"' in docs
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/api"}]


def test_forwarded_headers_are_believed_from_a_trusted_proxy(
    server: tuple[subprocess.Popen[bytes], httpx2.Client],
) -> None:
    me = server[1].get("/whoami").json()
    assert (me["scheme"], me["host"], me["root_path"]) == ("https", "lab.test:31971", "/api")
    assert (me["client"]["host"], me["version"]) == ("192.0.2.7", "v9")


def test_sigterm_ends_it_at_once_when_idle(server: tuple[subprocess.Popen[bytes], httpx2.Client]) -> None:
    process, _ = server
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    # uvicorn raises the signal again after its orderly shutdown, so that the parent learns how it ended.
    assert process.wait(timeout=5) in (0, -signal.SIGTERM)
    assert time.monotonic() - start < 2
