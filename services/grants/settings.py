"""What the grants process is told."""

from base64 import b64decode
from typing import Annotated

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.feed import Days
from services.kit.settings import MasterKey


class Access(BaseModel):
    """How an S3-compatible store is reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: AnyHttpUrl
    region: str
    access_key_id: str
    secret_access_key: SecretStr


class Settings(settings.Settings):
    """The master key seals communities that organisations declare, and documents.

    `documents` is the URL of where the latter lie: `file:///folder`, `s3://bucket`;
    for a bucket `documents_access` says, as JSON, where it is and with which keys.
    """

    model_config = SettingsConfigDict(env_prefix="GRANTS_")

    port: int = 8002
    master_key: MasterKey
    passport_key: str
    feed_days: Days = 90
    documents: Annotated[str, Field(pattern=r"^(file:///|s3://).+")]
    documents_access: Annotated[Access | None, Field(validate_default=True)] = None

    @field_validator("documents_access")
    @classmethod
    def _a_bucket_has_one(
        cls, access: Access | None, info: ValidationInfo
    ) -> Access | None:
        if info.data.get("documents", "").startswith("s3:") != (access is not None):
            raise ValueError(info.field_name)
        return access

    @property
    def master(self) -> bytes:
        """The key from which the organisations' keys derive; losing it loses them."""
        return b64decode(self.master_key)
