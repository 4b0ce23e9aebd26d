"""Settings: frozen, from the environment or a file per secret; no secret a default."""

import os
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.sealing import KEY_BYTES


class NotConfigured(Exception):  # noqa: N818 -- read as a sentence when a process stops
    """A process lacks a setting, or has one that cannot be right."""


def _postgres(url: str) -> str:
    if urlsplit(url).scheme != "postgresql" or not urlsplit(url).path.strip("/"):
        raise ValueError(url.partition(":")[0])
    return url


def _whole(encoded: str) -> str:
    if len(b64decode(encoded, validate=True)) != KEY_BYTES:
        raise ValueError(KEY_BYTES)
    return encoded


MasterKey = Annotated[str, AfterValidator(_whole)]
# A server on a socket has no host in its URL, which pydantic's own type refuses.
DatabaseUrl = Annotated[str, AfterValidator(_postgres)]


class Standing(BaseSettings):
    """What every process is told: where it listens, and its database."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int
    database: DatabaseUrl

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show where it listens, and nothing that may be secret."""
        yield "host", self.host
        yield "port", self.port

    @classmethod
    def load(cls, **given: Any) -> Self:  # noqa: ANN401 -- any setting, for tests and tools
        """Read environment and secret files; name every setting that is missing."""
        folder = os.environ.get("URAMOST_SECRETS")
        if folder and not Path(folder).is_dir():
            sentence = "URAMOST_SECRETS names no folder of secrets."
            raise NotConfigured(sentence)
        try:
            return cls(_secrets_dir=Path(folder) if folder else None, **given)
        except ValidationError as cause:
            raise NotConfigured(cls.complaint(cause)) from None

    @classmethod
    def complaint(cls, cause: ValidationError) -> str:
        """Name what is wrong, never what was given: it may be a secret."""
        prefix = cls.model_config.get("env_prefix", "")
        wrong = {f"{prefix}{error['loc'][0]}".upper() for error in cause.errors()}
        return (
            f"These settings are missing or cannot be read: {', '.join(sorted(wrong))}."
        )


class Settings(Standing):
    """What a process is told that seals its database's audit: by which key."""

    audit_key: str
