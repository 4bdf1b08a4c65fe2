"""Endpoints that show what happens between a client and a pod: balancing, canaries, proxies, timeouts."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from .settings import Settings

router = APIRouter(tags=["lab"])

#: Shown as present but not by value: an echo must not help to steal them.
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})


class Client(BaseModel):
    host: str
    port: int


class WhoAmI(BaseModel):
    """Which pod answered, and the request as the application sees it after every proxy in between."""

    title: str
    version: str
    hostname: str
    pod: str | None
    namespace: str | None
    node: str | None
    method: str
    scheme: str
    host: str
    root_path: str
    path: str
    url: str
    client: Client | None
    headers: dict[str, str]


@router.get("/whoami", summary="Which pod answered, and what did it see?")
async def whoami(request: Request) -> WhoAmI:
    settings: Settings = request.app.state.settings
    return WhoAmI(
        title=settings.title,
        version=settings.version,
        hostname=settings.hostname,
        pod=settings.pod,
        namespace=settings.namespace,
        node=settings.node,
        method=request.method,
        scheme=request.url.scheme,
        host=request.headers.get("host", ""),
        root_path=request.scope.get("root_path", ""),
        path=request.url.path,
        url=str(request.url),
        client=Client(host=request.client.host, port=request.client.port) if request.client else None,
        headers={
            name: "(present)" if name in CREDENTIALS else ", ".join(request.headers.getlist(name))
            for name in sorted(set(request.headers.keys()))
        },
    )


class Delayed(BaseModel):
    seconds: float
    hostname: str


@router.get("/delay/{seconds}", summary="Answer after a while")
async def delay(request: Request, seconds: Annotated[float, Path(ge=0, le=30)]) -> Delayed:
    await asyncio.sleep(seconds)
    return Delayed(seconds=seconds, hostname=request.app.state.settings.hostname)


@router.get("/status/{code}", summary="Answer with a status of choice", response_class=Response)
async def answer_status(code: Annotated[int, Path(ge=200, le=599)]) -> Response:
    return Response(status_code=code)
