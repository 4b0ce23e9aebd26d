"""Starts the courier: `python -m gateway.courier`."""

from pathlib import Path
from typing import Final

from gateway.courier.app import create as assemble
from gateway.courier.settings import Settings
from services.kit import schema
from services.kit.process import start
from services.kit.telemetry import App, export_metrics

NAME: Final = "courier"
MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"


async def prepare(settings: Settings) -> None:
    await schema.check(settings.database, MIGRATIONS)


def create(settings: Settings) -> App:
    export_metrics(NAME)
    return assemble(settings)


if __name__ == "__main__":
    start(NAME, Settings.load, prepare, create)
