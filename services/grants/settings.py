"""What the grants process is told."""

from pydantic_settings import SettingsConfigDict

from services.kit import settings


class Settings(settings.Settings):
    """Grants needs nothing but its database and the key that reads passports."""

    model_config = SettingsConfigDict(env_prefix="GRANTS_")

    port: int = 8002
    passport_key: str
