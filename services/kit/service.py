"""What makes a FastAPI application one of our services."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.routing import APIRoute
from starlette.types import Lifespan

from services.kit import audit
from services.kit.beside import again_and_again, beside
from services.kit.callers import passport_for
from services.kit.checkpoints import router as checkpoints
from services.kit.database import Database, answer_outages
from services.kit.http import (
    Bounded,
    Guarded,
    Problem,
    answer_refusals,
    refuse_unknown_filters,
)
from services.kit.settings import Settings
from services.kit.telemetry import SILENT, App, Traced
from services.kit.tokens import Remembered, Signer, Verifier

SCHEMA = "#/components/schemas/{model}"
EVERY = 1.0  # seconds between rounds of the sealer
LARGEST_BODY = 4 * 1024 * 1024
Parts = dict[str, Callable[[], Awaitable[bool]]]


class Described(FastAPI):
    """A service that describes itself when it is asked to: it costs half a second."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            _describe_problems(document)
            _describe_streams(document)
        return super().openapi()


def create(
    name: str,
    settings: Settings,
    passport_key: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan[FastAPI],
) -> FastAPI:
    """Assemble a service: its routes, its refusals, its caller, its health."""
    app = Described(
        title=name.capitalize(),
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=SILENT,
        generate_unique_id_function=partial(operation_id, name),
    )
    app.state.name = name
    app.state.passports = Remembered(Verifier.of(passport_key, passport_for(name)))
    app.state.signer = Signer.of(settings.audit_key)
    app.state.parts = {}
    app.state.behind = {}
    for router in (*routers, checkpoints):
        app.include_router(router, dependencies=[Depends(refuse_unknown_filters)])
    add_health(app)
    answer_refusals(app)
    answer_outages(app)
    app.add_middleware(Bounded, most=LARGEST_BODY)
    return app


def standing(app: FastAPI) -> App:
    """Wrap a service as its process runs it: traced, and guarded within the trace."""
    return Traced(Guarded(app))


def operation_id(service: str, route: APIRoute) -> str:
    """Call an operation by its service and handler: stable in every client."""
    return f"{service}_{route.name}"


def _describe_problems(document: dict[str, Any]) -> None:
    """Add the schemas that the refusals refer to."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=SCHEMA)
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _describe_streams(document: dict[str, Any]) -> None:
    """Say of a stream of events that it is text.

    FastAPI describes its items by `itemSchema`, which is a word of OpenAPI 3.2 only.
    """
    for path in document["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if content.pop("itemSchema", None) is not None:
                        content["schema"] = {"type": "string"}


def add_health(app: FastAPI) -> None:
    """Let the process be probed: that it lives, and what it stands on."""

    @app.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "up"}

    @app.get("/health/ready", include_in_schema=False)
    async def ready(response: Response) -> dict[str, Any]:
        parts = {part: await answers() for part, answers in app.state.parts.items()}
        response.status_code = 200 if all(parts.values()) else 503
        status = "up" if all(parts.values()) else "down"
        behind = {feed: seconds() for feed, seconds in app.state.behind.items()}
        told = {"behind": behind} if behind else {}
        return {"status": status, "parts": parts} | told


@asynccontextmanager
async def running(app: FastAPI, settings: Settings) -> AsyncIterator[Database]:
    """Connect the service to its database and keep its audit sealed meanwhile."""
    async with Database.connect(settings.database) as database:
        app.state.database = database
        app.state.parts["database"] = database.answers
        sealing = Sealing()
        app.state.parts["audit"] = sealing.works
        signer, name = app.state.signer, app.state.name
        async with beside(keep_sealed(database.pool, signer, name, sealing)):
            yield database


@dataclass
class Sealing:
    """Whether the last round of the sealer did what it should; readiness asks."""

    good: bool = True

    async def works(self) -> bool:
        return self.good


async def keep_sealed(
    pool: asyncpg.Pool, signer: Signer, name: str, sealing: Sealing
) -> None:
    """Seal the audit every second; whatever hinders it is told, and tried again."""

    async def sealed() -> None:
        try:
            while await audit.seal(pool, signer, name) == audit.ONCE:
                continue
        except Exception:
            sealing.good = False
            raise
        sealing.good = True

    await again_and_again(sealed, EVERY, f"The audit of {name} is not sealed")
