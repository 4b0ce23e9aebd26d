"""What the employment process is told."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings


class Settings(settings.Settings):
    """Employment asks beneficiaries, with passports that the gateway exchanges."""

    model_config = SettingsConfigDict(env_prefix="EMPLOYMENT_")

    port: int = 8003
    passport_key: str
    gateway: AnyHttpUrl
    beneficiaries: AnyHttpUrl
    exchange_secret: SecretStr
