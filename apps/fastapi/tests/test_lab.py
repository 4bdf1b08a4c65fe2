import time

from fastapi.testclient import TestClient

from app.main import create_app


def test_whoami_tells_pod_and_version_but_no_credentials(client: TestClient) -> None:
    headers = [("Authorization", "Bearer s3cret"), ("Cookie", "a=s3cret"), ("X-Twice", "1"), ("X-Twice", "2")]
    answer = client.get("/whoami", headers=headers)
    me = answer.json()
    assert (me["title"], me["version"], me["hostname"], me["node"]) == ("Shed", "v2", "pod-a", "n1")
    assert me["headers"]["x-twice"] == "1, 2"
    assert me["headers"]["authorization"] == "(present)"
    assert "s3cret" not in answer.text


def test_every_response_is_signed(client: TestClient) -> None:
    for path in ("/healthz", "/nowhere", "/status/500", "/docs/static/swagger-ui.css"):
        answer = client.get(path)
        assert (answer.headers["x-served-by"], answer.headers["x-app-version"]) == ("pod-a", "v2")


def test_status_and_delay(client: TestClient) -> None:
    assert client.get("/status/418").status_code == 418
    assert client.get("/status/99").status_code == 422
    start = time.monotonic()
    assert client.get("/delay/0.2").json() == {"seconds": 0.2, "hostname": "pod-a"}
    assert time.monotonic() - start >= 0.2
    assert client.get("/delay/31").status_code == 422


def test_ready_only_between_start_and_stop() -> None:
    app = create_app()
    assert TestClient(app).get("/readyz").status_code == 503
    with TestClient(app) as client:
        assert client.get("/readyz").json() == {"status": "ok"}
    stopped = TestClient(app).get("/readyz")
    assert (stopped.status_code, stopped.json()) == (503, {"status": "unavailable"})


def test_docs_need_nothing_from_elsewhere(client: TestClient) -> None:
    for page in ("/docs", "/redoc"):
        assert "https://" not in client.get(page).text
    assert "SwaggerUIBundle" in client.get("/docs/static/swagger-ui-bundle.js").text
    assert client.get("/", follow_redirects=False).headers["location"] == "/docs"
    info = client.get("/openapi.json").json()["info"]
    assert (info["title"], info["version"]) == ("Shed", "v2")
