"""What is measured, of a real server as its environment asks for it."""

from collections.abc import Iterator

import httpx2
import pytest
from conftest import free_port, serving


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    port, metrics = free_port(), free_port()
    with serving(port, METRICS_PORT=str(metrics)):
        yield port, metrics


def test_requests_are_counted_on_a_port_of_their_own(ports: tuple[int, int]) -> None:
    port, metrics = ports
    httpx2.get(f"http://127.0.0.1:{port}/status/418")
    assert httpx2.get(f"http://127.0.0.1:{port}/metrics").status_code == 404
    text = httpx2.get(f"http://127.0.0.1:{metrics}/metrics").text
    counts = [line for line in text.splitlines() if line.startswith("http_server_request_duration_seconds_count{")]
    assert any('418"' in line for line in counts)
    assert not any("readyz" in line for line in counts)
