"""Prepares a server that is named: its roles, its databases, their tables.

`python -m deploy.provision` runs once before the processes of a new version start; run
again, it finds the work done.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError

from deploy.databases import provision
from deploy.migrate import MIGRATIONS, NotMigrated, Owners, migrate
from deploy.server import ServerNotUsable, usable


class Urls(Owners):
    """Beside the owners': the superuser's, and each process's own, with passwords."""

    superuser_database: SecretStr
    gateway_database: SecretStr
    beneficiaries_database: SecretStr
    beneficiaries_keys: SecretStr
    grants_database: SecretStr
    employment_database: SecretStr
    programme_database: SecretStr
    courier_database: SecretStr

    def passwords(self) -> dict[str, str]:
        """Give the passwords by role; a role is created with what its URL says."""
        return dict(self._accounts())

    def _accounts(self) -> Iterator[tuple[str, str]]:
        for name in type(self).model_fields:
            parts = urlsplit(getattr(self, name).get_secret_value())
            yield unquote(parts.username or ""), unquote(parts.password or "")


async def prepare(urls: Urls) -> None:
    with usable():
        await provision(urls.superuser_database.get_secret_value(), urls.passwords())
    for database in MIGRATIONS:
        await migrate(database, urls.url(database))


def main() -> None:
    try:
        urls = Urls(_secrets_dir=os.environ.get("URAMOST_SECRETS"))
        asyncio.run(prepare(urls))
    except ValidationError as failure:
        missing = ", ".join(str(error["loc"][0]).upper() for error in failure.errors())
        sys.exit(f"These settings are not set: {missing}.")
    except (NotMigrated, ServerNotUsable) as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
