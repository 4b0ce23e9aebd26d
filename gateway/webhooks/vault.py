"""Opens and seals where a webhook goes and what signs it: no column shows either."""

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from services.kit.sealing import DataKey, Personal, Place, derive

TABLE: Final = "webhook"
PREFIX: Final = "whsec_"  # as Standard Webhooks writes its secrets
LABEL: Final = "webhooks"


@dataclass(frozen=True, slots=True)
class Vault:
    """The key of all webhooks; gateway and courier hold it, and no database."""

    key: DataKey

    @classmethod
    def of(cls, master: str) -> Self:
        return cls(DataKey.of(derive(b64decode(master), LABEL)))

    def seal(self, text: str, column: str, row: UUID) -> bytes:
        return self.key.seal(text.encode(), Place(TABLE, column, row))

    def open(self, sealed: bytes, column: str, row: UUID) -> str:
        return self.key.open(Personal(sealed), Place(TABLE, column, row)).decode()


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()
