"""What the gateway is told: its keys, its public address, where the services are."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings


class Settings(settings.Settings):
    """The gateway's settings; three private keys, so that no token passes for another.

    `employment_secret` is what the employment service shows to exchange a passport.
    """

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    port: int = 8000
    token_key: str
    passport_key: str
    issuer: str
    beneficiaries: AnyHttpUrl
    grants: AnyHttpUrl
    employment: AnyHttpUrl
    programme: AnyHttpUrl
    employment_secret: SecretStr

    @property
    def services(self) -> dict[str, str]:
        return {
            "beneficiaries": str(self.beneficiaries),
            "grants": str(self.grants),
            "employment": str(self.employment),
            "programme": str(self.programme),
        }
