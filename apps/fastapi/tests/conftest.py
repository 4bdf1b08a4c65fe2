import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(title="Shed", version="v2", hostname="pod-a", pod="pod-a", namespace="lab", node="n1")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(port: int, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real server on a port, once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app.main:app"],
        env=os.environ | {"UVICORN_PORT": str(port)} | variables,
        cwd=Path(__file__).parents[1],
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
    yield process
    process.kill()
    process.wait()
