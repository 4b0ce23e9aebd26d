"""How a process of ours starts: wholly, or not at all and with one clear sentence."""

import asyncio
import gc
import logging
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import asyncpg
import uvicorn

from services.kit.schema import NotMigrated
from services.kit.settings import NotConfigured, Standing
from services.kit.telemetry import App, export_traces
from services.kit.tokens import NotAKey

Told = TypeVar("Told", bound=Standing)
OBJECTS = 10_000  # made and not yet freed, before the young ones are looked through


class PortInUse(Exception):  # noqa: N818 -- read as a sentence when a process stops
    """The port that the process was told to listen on is taken."""


def start(
    name: str,
    load: Callable[[], Told],
    prepare: Callable[[Told], Coroutine[Any, Any, None]],
    create: Callable[[Told], App],
) -> None:
    """Load settings, check what the process stands on, then serve until stopped."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = load()
        asyncio.run(prepare(settings))
        listening = listen(settings.host, settings.port)
        app = create(settings)
    except (NotConfigured, NotMigrated, NotAKey, PortInUse) as reason:
        sys.exit(f"{name} did not start. {reason}")
    except (OSError, asyncpg.PostgresError, TimeoutError) as reason:
        sentence = f"Its database cannot be reached ({type(reason).__name__})."
        sys.exit(f"{name} did not start. {sentence}")
    export_traces(name)
    serve(app, listening)


def listen(host: str, port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as cause:
        listening.close()
        sentence = f"Port {port} on {host} is in use; free it or choose another."
        raise PortInUse(sentence) from cause
    return listening


def serve(app: App, listening: socket.socket) -> None:
    """Run uvicorn without its access log: a URL is none of a log's business."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    spare_the_collector()
    uvicorn.Server(config).run(sockets=[listening])


def spare_the_collector() -> None:
    """Keep what is loaded out of garbage collection, and collect less often.

    To look through all of FastAPI's objects stalled every request for 200 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)
