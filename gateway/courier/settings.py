"""What the courier is told: its database, where the door is, what opens a webhook."""

from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.settings import MasterKey


class Settings(settings.Standing):
    """The courier's settings; no key that signs a token is among them.

    `local_webhooks` lets it post to this machine, for development and tests alone.
    """

    model_config = SettingsConfigDict(env_prefix="COURIER_")

    port: int = 8006
    gateway: AnyHttpUrl
    exchange_secret: SecretStr
    webhook_key: MasterKey
    local_webhooks: bool = False
    patience_days: Annotated[int, Field(ge=1, le=60)] = 7  # with a receiver that fails
