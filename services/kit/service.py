"""What makes a FastAPI application one of our services."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.routing import APIRoute
from starlette.types import Lifespan

from services.kit import audit
from services.kit.callers import passport_for
from services.kit.checkpoints import router as checkpoints
from services.kit.database import LOST, Database
from services.kit.http import (
    Bounded,
    Guarded,
    Problem,
    answer_refusals,
    describe,
    refuse_unknown_filters,
)
from services.kit.settings import Settings
from services.kit.telemetry import SILENT, App, Traced
from services.kit.tokens import Remembered, Signer, Verifier

log = logging.getLogger("uramost")
LARGEST_BODY = 4 * 1024 * 1024
Parts = dict[str, Callable[[], Awaitable[bool]]]


def create(
    name: str,
    settings: Settings,
    passport_key: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan[FastAPI],
) -> FastAPI:
    """Assemble a service: its routes, its refusals, its caller, its health."""
    app = FastAPI(
        title=name.capitalize(),
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=SILENT,
        dependencies=[Depends(refuse_unknown_filters)],
        generate_unique_id_function=partial(operation_id, name),
    )
    app.state.name = name
    app.state.passports = Remembered(Verifier.of(passport_key, passport_for(name)))
    app.state.signer = Signer.of(settings.audit_key)
    app.state.parts = {}
    for router in (*routers, checkpoints):
        app.include_router(router)
    _add_health(app)
    answer_refusals(app)
    app.add_middleware(Bounded, most=LARGEST_BODY)
    _document_problems(app)
    return app


def standing(app: FastAPI) -> App:
    """Wrap a service as its process runs it: traced, and guarded within the trace."""
    return Traced(Guarded(app))


def operation_id(service: str, route: APIRoute) -> str:
    """Call an operation by its service and handler: stable in every client."""
    return f"{service}_{route.name}"


def _document_problems(app: FastAPI) -> None:
    """Add to the OpenAPI document the schema that the refusals refer to."""
    document = app.openapi()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _add_health(app: FastAPI) -> None:
    @app.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "up"}

    @app.get("/health/ready", include_in_schema=False)
    async def ready(response: Response) -> dict[str, Any]:
        parts = {part: await answers() for part, answers in app.state.parts.items()}
        response.status_code = 200 if all(parts.values()) else 503
        return {"status": "up" if all(parts.values()) else "down", "parts": parts}


@asynccontextmanager
async def running(app: FastAPI, settings: Settings) -> AsyncIterator[Database]:
    """Connect the service to its database and keep its audit sealed meanwhile."""
    async with Database.connect(settings.database) as database:
        app.state.database = database
        app.state.parts["database"] = database.answers
        sealer = asyncio.create_task(
            keep_sealed(database.pool, app.state.signer, app.state.name)
        )
        yield database
        sealer.cancel()


async def keep_sealed(
    pool: asyncpg.Pool, signer: Signer, name: str, every: float = 1.0
) -> None:
    """Seal the audit every second; an outage is waited for, not died of."""
    while True:
        try:
            while await audit.seal(pool, signer, name) == audit.ONCE:
                continue
        except (*LOST, asyncpg.PostgresError) as outage:
            log.warning("The audit of %s waits: %s", name, describe(outage))
        await asyncio.sleep(every)
