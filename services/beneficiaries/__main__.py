"""Starts the beneficiaries process."""

from pathlib import Path

from services.beneficiaries.app import NAME, create_app
from services.beneficiaries.quality import weights
from services.beneficiaries.settings import Settings
from services.kit import process, schema
from services.kit.service import standing
from services.kit.telemetry import App

HERE = Path(__file__).parent


async def prepare(settings: Settings) -> None:
    weights.adopt(settings.weights)
    await schema.check(settings.database, HERE / "migrations")
    await schema.check(settings.keys, HERE / "protection/migrations")


def create(settings: Settings) -> App:
    return standing(create_app(settings))


if __name__ == "__main__":
    process.start(NAME, Settings.load, prepare, create)
