"""The databases and their roles: one owner who migrates, one process who owns nothing.

An owner has its database and everything in it; the process role gets what the
migrations grant, and no role may so much as connect to the database of another, unless
it is a guest there.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping

import asyncpg

DATABASES = ("gateway", "beneficiaries", "grants", "employment", "programme", "keys")
# A guest is a process at another's database, with no more than it is granted there.
GUESTS = {"courier": "gateway"}
ROLES = (
    *(role for name in DATABASES for role in (f"{name}_owner", name)),
    *GUESTS,
)
# A window owns the functions that see across agencies; its maker may hand it some.
WINDOWS = {
    "linkage_window": "beneficiaries_owner",
    "grants_window": "grants_owner",
}
ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
PROVISIONING = 0x7072_6F76  # an advisory lock: two at once would disturb each other
SUFFIX = re.compile(r"[a-z0-9_]{0,40}")


async def provision(
    superuser: str, passwords: Mapping[str, str], *, suffix: str = ""
) -> None:
    """Create what is missing and set right what is there; passwords by role.

    A suffix names other databases (`grants_ab12`); the roles are the same ones.
    """
    if not SUFFIX.fullmatch(suffix):
        sentence = "A suffix has small letters, digits and underscores only."
        raise ValueError(sentence)
    connection = await asyncpg.connect(superuser)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", PROVISIONING)
        await _roles(connection, passwords)
        for database in DATABASES:
            await _database(connection, database, database + suffix)
            await _schema(superuser, database + suffix)
    finally:
        await connection.close()


async def _roles(connection: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    there = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
    for role in {*ROLES, *WINDOWS} - there:
        await connection.execute(f"CREATE ROLE {role}")
    for role in ROLES:
        verifier = scram(passwords[role])
        await connection.execute(
            f"ALTER ROLE {role} LOGIN {ATTRIBUTES} PASSWORD '{verifier}'"
        )
    for window, owner in WINDOWS.items():
        await connection.execute(
            f"ALTER ROLE {window} NOLOGIN {ATTRIBUTES} PASSWORD NULL"
        )
        # The owner may hand a function to the window, and never acts with its rights.
        await connection.execute(
            f"GRANT {window} TO {owner} WITH SET TRUE, INHERIT FALSE, ADMIN FALSE"
        )


async def _database(connection: asyncpg.Connection, database: str, name: str) -> None:
    there = "SELECT FROM pg_database WHERE datname = $1"
    if await connection.fetchrow(there, name) is None:
        # From template0, with the embedded server's collation: any server sorts alike.
        await connection.execute(
            f"CREATE DATABASE {name} OWNER {database}_owner TEMPLATE template0"
            " ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        )
    for statement in closing(database, name):
        await connection.execute(statement)


def closing(database: str, name: str) -> Iterator[str]:
    """Close a database to all but its own roles; copying a template repeats this."""
    yield f"ALTER DATABASE {name} OWNER TO {database}_owner"
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"
    guests = (guest for guest, host in GUESTS.items() if host == database)
    roles = ", ".join((database, f"{database}_owner", *guests))
    yield f"GRANT CONNECT ON DATABASE {name} TO {roles}"


async def _schema(superuser: str, name: str) -> None:
    # PostgreSQL gives `public` to the database's owner, who may therefore create.
    connection = await asyncpg.connect(superuser, database=name)
    try:
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    finally:
        await connection.close()


def scram(password: str) -> str:
    """Hash a password as the server would, so that no statement ever carries it."""
    salt, rounds = secrets.token_bytes(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    client = hmac.digest(salted, b"Client Key", "sha256")
    parts = (
        salt,
        hashlib.sha256(client).digest(),
        hmac.digest(salted, b"Server Key", "sha256"),
    )
    shown, stored, server = (base64.b64encode(part).decode() for part in parts)
    return f"SCRAM-SHA-256${rounds}:{shown}${stored}:{server}"
