"""What the gateway is told: its keys, its public address, where the services are."""

from pydantic import AnyHttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from services.kit import settings
from services.kit.settings import MasterKey


class Settings(settings.Settings):
    """The gateway's settings; three private keys, so that no token passes for another.

    `employment_secret`, `programme_secret` and `courier_secret` are what these three
    show at the exchange.
    `webhook_key` seals where webhooks go and what signs them.
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
    programme_secret: SecretStr
    courier_secret: SecretStr
    webhook_key: MasterKey
    local_webhooks: bool = False

    @property
    def services(self) -> dict[str, str]:
        return {
            "beneficiaries": str(self.beneficiaries),
            "grants": str(self.grants),
            "employment": str(self.employment),
            "programme": str(self.programme),
        }
