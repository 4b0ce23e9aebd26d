"""The secrets of the processes: made once, each process's in a folder of its own.

`python -m deploy.secrets FOLDER` makes those that the Compose file names, or, where
they are there, writes again what follows from them.
"""

import os
import secrets
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from deploy.databases import DATABASES, GUESTS, ROLES

Address = Callable[[str, str, str], str]  # of a database, for a role, its password
SUPERUSER = "postgres"
COMPOSE_HOST = "postgres"  # the server's name in the Compose file's network
PROCESS_URLS = {
    "gateway/gateway_database": "gateway",
    "beneficiaries/beneficiaries_database": "beneficiaries",
    "beneficiaries/beneficiaries_keys": "keys",
    "grants/grants_database": "grants",
    "employment/employment_database": "employment",
    "programme/programme_database": "programme",
    "courier/courier_database": "courier",
}


class KeyFileMissing(Exception):  # noqa: N818 -- reads as the sentence it is
    """A key is lost, and what it sealed or signed with it."""


def private_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return encoded.decode("ascii")


def public_half(private: str) -> str:
    key = load_pem_private_key(private.encode("ascii"), None).public_key()
    encoded = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode("ascii")


def master_key() -> str:
    return b64encode(secrets.token_bytes(32)).decode("ascii")


# What nothing else tells: lose one of these and something is lost.
KEPT: Mapping[str, Callable[[], str]] = {
    "gateway/gateway_token_key": private_key,
    "gateway/gateway_passport_key": private_key,
    "gateway/gateway_audit_key": private_key,
    "gateway/gateway_employment_secret": secrets.token_urlsafe,
    "gateway/gateway_programme_secret": secrets.token_urlsafe,
    "gateway/gateway_courier_secret": secrets.token_urlsafe,
    "gateway/gateway_webhook_key": master_key,
    "beneficiaries/beneficiaries_master_key": master_key,
    "beneficiaries/beneficiaries_audit_key": private_key,
    "grants/grants_master_key": master_key,
    "grants/grants_audit_key": private_key,
    "employment/employment_audit_key": private_key,
    "programme/programme_audit_key": private_key,
    **{f"roles/{role}": secrets.token_urlsafe for role in (SUPERUSER, *ROLES)},
}


def make(folder: Path, mode: int = 0o600) -> None:
    """Make all of them beside their place and move them there: all, or none."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    for name, maker in KEPT.items():
        write(fresh / name, maker(), mode)
    fresh.rename(folder)


def require_whole(folder: Path) -> None:
    """Refuse to go on without a key: with another one, nothing could be read."""
    for name in KEPT:
        if not (folder / name).is_file():
            sentence = (
                f"The key file {folder / name} is missing and cannot be made again;"
                " put it back from your copy."
            )
            raise KeyFileMissing(sentence)


def password(folder: Path, role: str) -> str:
    return (folder / "roles" / role).read_text(encoding="ascii")


def passwords(folder: Path) -> dict[str, str]:
    return {role: password(folder, role) for role in ROLES}


def derive(folder: Path, address: Address, mode: int = 0o600) -> None:
    """Write what follows from the kept ones: public halves, and where databases are."""

    def url(database: str, role: str) -> str:
        return address(database, role, password(folder, role))

    gateway = folder / "gateway"
    public = public_half((gateway / "gateway_passport_key").read_text("ascii"))
    shared = {
        "employment/employment_exchange_secret": "gateway_employment_secret",
        "programme/programme_exchange_secret": "gateway_programme_secret",
        "courier/courier_exchange_secret": "gateway_courier_secret",
        "courier/courier_webhook_key": "gateway_webhook_key",
    }
    derived = {
        **{f"{name}/{name}_passport_key": public for name in DATABASES[1:5]},
        **{name: (gateway / own).read_text("ascii") for name, own in shared.items()},
        **{name: url(GUESTS.get(r, r), r) for name, r in PROCESS_URLS.items()},
        **{f"migrate/{d}_owner_database": url(d, f"{d}_owner") for d in DATABASES},
        "migrate/superuser_database": url(SUPERUSER, SUPERUSER),
    }
    for name, text in derived.items():
        write(folder / name, text, mode)


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file whole; nobody ever reads half of it, or reads it unasked."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(text)
    fresh.chmod(mode)
    fresh.replace(path)


def compose_address(database: str, role: str, password: str) -> str:
    account = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{account}@{COMPOSE_HOST}/{database}"


def main() -> None:
    if len(sys.argv) != 2:  # noqa: PLR2004 -- the command and its one argument
        sys.exit("Usage: python -m deploy.secrets FOLDER")
    folder = Path(sys.argv[1])
    # Compose mounts a file as it is, and the process in the container is somebody
    # else: files that all may read, in a folder that only its owner may enter.
    try:
        if not folder.exists():
            make(folder, 0o444)
        require_whole(folder)
        derive(folder, compose_address, 0o444)
    except KeyFileMissing as reason:
        sys.exit(str(reason))
    sys.stdout.write(f"The secrets are in {folder}: keep a copy, elsewhere.\n")


if __name__ == "__main__":
    main()
