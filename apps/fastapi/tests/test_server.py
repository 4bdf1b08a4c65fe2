"""Under the real server, as the platform starts it: a prefix stripped before it, a proxy trusted."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

PROXIED = {"Host": "lab.test:31971", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
    port = _free_port()
    env = os.environ | {
        "UVICORN_PORT": str(port),
        "UVICORN_ROOT_PATH": "/api",
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "APP_VERSION": "v9",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app.main:app"], env=env, cwd=Path(__file__).parents[1]
    )
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=PROXIED) as client:
        deadline = time.monotonic() + 20
        while True:
            try:
                if client.get("/readyz").status_code == 200:
                    break
            except httpx2.TransportError:
                pass
            assert process.poll() is None, "the server ended before it was ready"
            assert time.monotonic() < deadline, "the server was not ready after 20 s"
            time.sleep(0.05)
        yield process, client
    process.kill()
    process.wait()


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
