"""What the pod is told by its environment."""

import os
import socket
from dataclasses import dataclass, field


def _env(name: str, default: str) -> str:
    # A variable set to nothing means the same as one not set.
    return os.environ.get(name) or default


@dataclass(frozen=True)
class Settings:
    """The application's own settings. The server's are uvicorn's `UVICORN_*` variables."""

    title: str = field(default_factory=lambda: _env("APP_TITLE", "Inventory"))
    version: str = field(default_factory=lambda: _env("APP_VERSION", "dev"))
    hostname: str = field(default_factory=socket.gethostname)
    #: In Kubernetes a pod's host name is its name, unless the pod template sets another.
    pod: str | None = field(default_factory=lambda: os.environ.get("POD_NAME") or None)
    namespace: str | None = field(default_factory=lambda: os.environ.get("POD_NAMESPACE") or None)
    node: str | None = field(default_factory=lambda: os.environ.get("NODE_NAME") or None)
