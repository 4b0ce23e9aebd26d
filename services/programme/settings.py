"""What the programme process is told."""

from pydantic_settings import SettingsConfigDict

from services.kit import settings


class Settings(settings.Settings):
    """The programme keeps figures of everybody together, and of nobody."""

    model_config = SettingsConfigDict(env_prefix="PROGRAMME_")

    port: int = 8005
    passport_key: str
