"""What the programme process is told."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings


class Settings(settings.Settings):
    """The programme keeps figures of everybody together, and of nobody.

    It counts from what the services tell it, with passports that the gateway gives.
    """

    model_config = SettingsConfigDict(env_prefix="PROGRAMME_")

    port: int = 8005
    passport_key: str
    gateway: AnyHttpUrl
    beneficiaries: AnyHttpUrl
    grants: AnyHttpUrl
    employment: AnyHttpUrl
    exchange_secret: SecretStr
