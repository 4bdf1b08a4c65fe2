"""The inventory over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, status
from pydantic import BaseModel

from .inventory import Inventory, Item, ItemIn, NameTaken

router = APIRouter(prefix="/items", tags=["inventory"])


class Problem(BaseModel):
    detail: str


class Page(BaseModel):
    """A part of a list; `next` and `previous` are references that hold from outside, prefix included."""

    items: list[Item]
    total: int
    limit: int
    offset: int
    next: str | None
    previous: str | None


def _inventory(request: Request) -> Inventory:
    inventory: Inventory = request.app.state.inventory
    return inventory


Store = Annotated[Inventory, Depends(_inventory)]
ItemId = Annotated[int, Path(ge=1)]
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    status.HTTP_404_NOT_FOUND: {"model": Problem, "description": "No such item"}
}
CONFLICT: dict[int | str, dict[str, Any]] = {
    status.HTTP_409_CONFLICT: {"model": Problem, "description": "The name is taken"}
}


def _found(item: Item | None, item_id: int) -> Item:
    if item is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"there is no item {item_id}")
    return item


def _path(request: Request, route: str, **params: object) -> str:
    # A reference without scheme and host holds whatever name and port the client came by (RFC 9110, 10.2.2).
    return request.url_for(route, **params).path


@router.get("", summary="List and search")
async def list_items(
    request: Request,
    response: Response,
    store: Store,
    q: Annotated[str | None, Query(max_length=80, description="part of the name")] = None,
    tag: Annotated[str | None, Query(max_length=31)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Page:
    found = store.search(q, tag)

    def reference(to: int) -> str:
        query = request.url.include_query_params(limit=limit, offset=to).query
        return f"{_path(request, 'list_items')}?{query}"

    following = reference(offset + limit) if offset + limit < len(found) else None
    preceding = reference(max(0, offset - limit)) if offset > 0 else None
    links = [f'<{to}>; rel="{rel}"' for rel, to in (("next", following), ("prev", preceding)) if to]
    if links:
        response.headers["Link"] = ", ".join(links)
    return Page(
        items=found[offset : offset + limit],
        total=len(found),
        limit=limit,
        offset=offset,
        next=following,
        previous=preceding,
    )


@router.post("", status_code=status.HTTP_201_CREATED, responses=CONFLICT, summary="Add")
async def create_item(request: Request, response: Response, store: Store, new: ItemIn) -> Item:
    try:
        item = store.add(new)
    except NameTaken as taken:
        raise HTTPException(status.HTTP_409_CONFLICT, str(taken)) from taken
    response.headers["Location"] = _path(request, "get_item", item_id=item.id)
    return item


@router.get("/{item_id}", responses=NOT_FOUND, summary="Get one")
async def get_item(store: Store, item_id: ItemId) -> Item:
    return _found(store.get(item_id), item_id)


@router.put("/{item_id}", responses={**NOT_FOUND, **CONFLICT}, summary="Replace one")
async def replace_item(store: Store, item_id: ItemId, new: ItemIn) -> Item:
    try:
        return _found(store.replace(item_id, new), item_id)
    except NameTaken as taken:
        raise HTTPException(status.HTTP_409_CONFLICT, str(taken)) from taken


@router.delete(
    "/{item_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND, summary="Remove one"
)
async def delete_item(store: Store, item_id: ItemId) -> None:
    if not store.remove(item_id):
        _found(None, item_id)
