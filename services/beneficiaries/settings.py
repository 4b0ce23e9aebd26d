"""What the beneficiaries process is told."""

from base64 import b64decode
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.feed import Days
from services.kit.settings import DatabaseUrl, MasterKey


class Settings(settings.Settings):
    """The key database and the master key are this service's alone."""

    model_config = SettingsConfigDict(env_prefix="BENEFICIARIES_")

    port: int = 8001
    keys: DatabaseUrl
    master_key: MasterKey
    passport_key: str
    searches_a_minute: Annotated[int, Field(gt=0)] = 60
    repeats_an_hour: Annotated[int, Field(gt=0)] = 30
    weights: Path | None = None
    import_bytes: Annotated[int, Field(gt=0)] = 512 * 1024 * 1024
    import_days: Annotated[int, Field(gt=0, le=90)] = 14
    feed_days: Days = 90

    @property
    def master(self) -> bytes:
        """The key from which all others derive; losing it loses everything sealed."""
        return b64decode(self.master_key)
