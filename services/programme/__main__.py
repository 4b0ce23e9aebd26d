"""Starts the programme process."""

from pathlib import Path

from services.kit import process, schema
from services.kit.service import standing
from services.kit.telemetry import App
from services.programme.app import NAME, create_app
from services.programme.settings import Settings

HERE = Path(__file__).parent


async def prepare(settings: Settings) -> None:
    await schema.check(str(settings.database), HERE / "migrations")


def create(settings: Settings) -> App:
    return standing(create_app(settings))


if __name__ == "__main__":
    process.start(NAME, Settings.load, prepare, create)
