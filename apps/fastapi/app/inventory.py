"""The items of the inventory and the store that holds them.

They are kept in memory: each pod has its own, starts with the same few, and forgets the rest when it ends.
"""

from collections.abc import Iterable
from itertools import count
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Tag = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,30}$")]


class ItemIn(BaseModel):
    """What a client says of an item."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Oscilloscope", "quantity": 2, "location": "Shelf B2", "tags": ["measuring"]}
            ]
        },
    )

    name: Name = Field(description="Unique in the inventory; upper and lower case count as the same.")
    quantity: int = Field(default=1, ge=0, le=1_000_000)
    location: Name | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=10)


class Item(ItemIn):
    """An item with the number it was given."""

    id: int = Field(ge=1)


class NameTaken(Exception):
    """Another item has that name."""

    def __init__(self, holder: Item) -> None:
        super().__init__(f"item {holder.id} is already called {holder.name!r}")


class Inventory:
    def __init__(self, items: Iterable[ItemIn] = ()) -> None:
        self._items: dict[int, Item] = {}
        self._ids = count(1)
        for item in items:
            self.add(item)

    def search(self, text: str | None = None, tag: str | None = None) -> list[Item]:
        """Items in the order of their numbers, those with `text` in the name and `tag` among the tags."""
        wanted = (text or "").casefold()
        return [
            item
            for item in self._items.values()
            if wanted in item.name.casefold() and (tag is None or tag.lower() in item.tags)
        ]

    def get(self, item_id: int) -> Item | None:
        return self._items.get(item_id)

    def add(self, new: ItemIn) -> Item:
        self._refuse_taken(new.name)
        item = Item(id=next(self._ids), **new.model_dump())
        self._items[item.id] = item
        return item

    def replace(self, item_id: int, new: ItemIn) -> Item | None:
        if item_id not in self._items:
            return None
        self._refuse_taken(new.name, except_id=item_id)
        self._items[item_id] = Item(id=item_id, **new.model_dump())
        return self._items[item_id]

    def remove(self, item_id: int) -> bool:
        return self._items.pop(item_id, None) is not None

    def _refuse_taken(self, name: str, except_id: int | None = None) -> None:
        for item in self._items.values():
            if item.id != except_id and item.name.casefold() == name.casefold():
                raise NameTaken(item)


def furnished() -> Inventory:
    """An inventory with a few things in it, so that the first request shows something."""
    return Inventory(
        [
            ItemIn(name="Raspberry Pi 5", quantity=12, location="Shelf A1", tags=["computer"]),
            ItemIn(name="Network switch, 8 ports", quantity=3, location="Shelf A2", tags=["network"]),
            ItemIn(name="Patch cable, 2 m", quantity=60, location="Drawer 4", tags=["network", "cable"]),
            ItemIn(name="USB serial adapter", quantity=15, location="Drawer 1", tags=["cable"]),
            ItemIn(name="Multimeter", quantity=5, location="Shelf B1", tags=["measuring"]),
        ]
    )
