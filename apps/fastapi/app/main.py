"""The application: `uvicorn app.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import __doc__ as description
from . import health, items, lab
from .inventory import furnished
from .settings import Settings
from .telemetry import observe


class ServedBy:
    """Puts the pod and the version on every response, errors too, so that a client can count who answered."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Served-By"] = self.settings.hostname
                headers["X-App-Version"] = self.settings.version
            await send(message)

        await self.app(scope, receive, send_signed if scope["type"] == "http" else send)


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.ready = True
        yield
        app.state.ready = False

    # Swagger UI and ReDoc come from the application itself: a lab may have no internet.
    app: FastAPI = FastAPIOffline(
        title=settings.title,
        version=settings.version,
        description=description,
        lifespan=lifespan,
        static_url="/docs/static",
    )
    app.state.settings = settings
    app.state.inventory = furnished()
    app.state.ready = False
    app.add_middleware(ServedBy, settings=settings)
    app.include_router(items.router)
    app.include_router(lab.router)
    app.include_router(health.router)

    @app.get("/", include_in_schema=False)
    async def root(request: Request) -> RedirectResponse:
        return RedirectResponse(request.scope.get("root_path", "") + "/docs")

    return app


app = create_app()
observe(app)
