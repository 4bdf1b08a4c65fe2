"""Liveness and readiness, for the kubelet and for load balancers."""

from typing import Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok", "unavailable"]


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Health:
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="May it be sent traffic?",
    responses={503: {"model": Health, "description": "Starting or stopping"}},
)
async def readyz(request: Request, response: Response) -> Health:
    if request.app.state.ready:
        return Health(status="ok")
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Health(status="unavailable")
