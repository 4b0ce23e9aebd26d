"""Starts the gateway: `python -m gateway`."""

from pathlib import Path
from typing import Final

from gateway.app import create_app
from gateway.settings import Settings
from services.kit import schema
from services.kit.http import Guarded
from services.kit.process import start

MIGRATIONS: Final = Path(__file__).parent / "migrations"


async def prepare(settings: Settings) -> None:
    await schema.check(str(settings.database), MIGRATIONS)


def create(settings: Settings) -> Guarded:
    return Guarded(create_app(settings))


if __name__ == "__main__":
    start("gateway", Settings.load, prepare, create)
