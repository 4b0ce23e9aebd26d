"""Starts the employment process."""

from pathlib import Path

from services.employment.app import NAME, create_app
from services.employment.settings import Settings
from services.kit import process, schema

HERE = Path(__file__).parent


async def prepare(settings: Settings) -> None:
    await schema.check(str(settings.database), HERE / "migrations")


if __name__ == "__main__":
    process.start(NAME, Settings.load, prepare, create_app)
