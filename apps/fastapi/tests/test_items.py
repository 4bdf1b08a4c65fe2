from typing import Any

import pytest
from fastapi.testclient import TestClient


def test_created_item_is_found_where_the_location_says(client: TestClient) -> None:
    made = client.post("/items", json={"name": "  Drill ", "tags": ["Power-Tool"]})
    assert made.status_code == 201
    assert made.json() == {"id": 6, "name": "Drill", "quantity": 1, "location": None, "tags": ["power-tool"]}
    assert made.headers["location"] == "/items/6"
    assert client.get(made.headers["location"]).json() == made.json()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "a", "quantity": -1}, "quantity"),
        ({"name": "a", "quantity": "many"}, "quantity"),
        ({"name": "a", "tags": ["two words"]}, "tags"),
        ({"name": "a", "colour": "red"}, "colour"),
    ],
)
def test_wrong_item_is_refused_by_field(client: TestClient, body: dict[str, Any], field: str) -> None:
    answer = client.post("/items", json=body)
    assert answer.status_code == 422
    assert [error["loc"][1] for error in answer.json()["detail"]] == [field]
    assert client.get("/items").json()["total"] == 5


def test_a_name_is_given_once_whatever_its_case(client: TestClient) -> None:
    taken = client.post("/items", json={"name": "MULTIMETER"})
    assert taken.status_code == 409
    assert taken.json() == {"detail": "item 5 is already called 'Multimeter'"}
    assert client.put("/items/1", json={"name": "Multimeter"}).status_code == 409
    assert client.put("/items/5", json={"name": "multimeter"}).status_code == 200


def test_replace_and_delete(client: TestClient) -> None:
    changed = client.put("/items/2", json={"name": "Switch", "quantity": 4})
    assert changed.json() == {"id": 2, "name": "Switch", "quantity": 4, "location": None, "tags": []}
    removed = client.delete("/items/2")
    assert (removed.status_code, removed.content) == (204, b"")
    for method in ("GET", "DELETE", "PUT"):
        gone = client.request(method, "/items/2", json={"name": "Switch"} if method == "PUT" else None)
        assert gone.status_code == 404
        assert gone.json() == {"detail": "there is no item 2"}


def test_pages_lead_from_the_first_to_the_last_and_back(client: TestClient) -> None:
    seen, url = [], "/items?limit=2"
    while url:
        page = client.get(url).json()
        seen.append([item["id"] for item in page["items"]])
        last, url = url, page["next"]
    assert seen == [[1, 2], [3, 4], [5]]
    answer = client.get(last)
    assert answer.headers["link"] == '</items?limit=2&offset=2>; rel="prev"'
    assert client.get(answer.json()["previous"]).json()["items"][0]["id"] == 3


def test_search_by_name_and_tag_keeps_its_terms_from_page_to_page(client: TestClient) -> None:
    page = client.get("/items", params={"tag": "NETWORK", "limit": 1}).json()
    assert page["total"] == 2
    assert [i["name"] for i in client.get(page["next"]).json()["items"]] == ["Patch cable, 2 m"]
    assert [i["id"] for i in client.get("/items", params={"q": "METER"}).json()["items"]] == [5]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "limit=x"])
def test_page_outside_its_bounds_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/items?{query}").status_code == 422
