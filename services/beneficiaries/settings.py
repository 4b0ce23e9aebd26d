"""What the beneficiaries process is told."""

from base64 import b64decode
from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.sealing import KEY_BYTES
from services.kit.settings import DatabaseUrl


def _whole(encoded: str) -> str:
    if len(b64decode(encoded, validate=True)) != KEY_BYTES:
        raise ValueError(KEY_BYTES)
    return encoded


class Settings(settings.Settings):
    """The key database and the master key are this service's alone."""

    model_config = SettingsConfigDict(env_prefix="BENEFICIARIES_")

    port: int = 8001
    keys: DatabaseUrl
    master_key: Annotated[str, AfterValidator(_whole)]
    passport_key: str

    @property
    def master(self) -> bytes:
        """The key from which all others derive; losing it loses everything sealed."""
        return b64decode(self.master_key)
