"""What is measured, of a real server as its environment asks for it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    port, metrics = _free_port(), _free_port()
    env = os.environ | {"UVICORN_PORT": str(port), "METRICS_PORT": str(metrics)}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app.main:app"], env=env, cwd=Path(__file__).parents[1]
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                break
        except httpx2.TransportError:
            pass
        assert process.poll() is None, "the server ended before it was ready"
        assert time.monotonic() < deadline, "the server was not ready after 20 s"
        time.sleep(0.05)
    yield port, metrics
    process.kill()
    process.wait()


def test_requests_are_counted_on_a_port_of_their_own(ports: tuple[int, int]) -> None:
    port, metrics = ports
    httpx2.get(f"http://127.0.0.1:{port}/status/418")
    assert httpx2.get(f"http://127.0.0.1:{port}/metrics").status_code == 404
    text = httpx2.get(f"http://127.0.0.1:{metrics}/metrics").text
    counts = [line for line in text.splitlines() if line.startswith("http_server_request_duration_seconds_count{")]
    assert any('418"' in line for line in counts)
    assert not any("readyz" in line for line in counts)
