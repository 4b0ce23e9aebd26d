"""What the employment process is told."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.feed import Days


class Settings(settings.Settings):
    """Employment asks beneficiaries and grants, with passports that are exchanged."""

    model_config = SettingsConfigDict(env_prefix="EMPLOYMENT_")

    port: int = 8003
    passport_key: str
    gateway: AnyHttpUrl
    beneficiaries: AnyHttpUrl
    grants: AnyHttpUrl
    exchange_secret: SecretStr
    feed_days: Days = 90
