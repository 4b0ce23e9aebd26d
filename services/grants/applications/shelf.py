"""Where documents lie: a folder, or any S3-compatible store; sealed either way.

The store sees ids and ciphertext. Whether a document belongs to somebody, and who may
read it, the database knows.
"""

from dataclasses import dataclass, field
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Request
from obstore.store import LocalStore, ObjectStore, S3Store

from services.grants.settings import Access
from services.kit.sealing import Key, Place, derive


@dataclass(frozen=True, slots=True)
class Shelf:
    """Two methods: put and get. Bytes are whole in memory, a body's limit at most."""

    store: ObjectStore
    master: bytes = field(repr=False)

    @classmethod
    def at(cls, url: str, access: Access | None, master: bytes) -> Self:
        """Open the store that a URL names: `file:///folder` or `s3://bucket/prefix`."""
        store = (
            LocalStore.from_url(url, mkdir=True) if access is None else s3(url, access)
        )
        return cls(store, derive(master, "documents"))

    async def put(self, document: UUID, content: bytes) -> None:
        sealed = self._key(document).encrypt(content, _bound(document))
        await self.store.put_async(str(document), sealed)

    async def get(self, document: UUID) -> bytes:
        found = await self.store.get_async(str(document))
        sealed = bytes(await found.bytes_async())
        return self._key(document).decrypt(sealed, _bound(document))

    def _key(self, document: UUID) -> Key:
        return Key.of(derive(self.master, str(document)))


def s3(url: str, access: Access) -> S3Store:
    """Reach a bucket as told, and by nothing that lies about in the environment."""
    endpoint = str(access.endpoint).rstrip("/")
    return S3Store.from_url(
        url,
        endpoint=endpoint,
        region=access.region,
        access_key_id=access.access_key_id,
        secret_access_key=access.secret_access_key.get_secret_value(),
        client_options={"allow_http": endpoint.startswith("http://")},
    )


def _bound(document: UUID) -> bytes:
    return Place("document", "content", document).bound()


async def shelf(request: Request) -> Shelf:
    found: Shelf = request.app.state.shelf
    return found


Shelved = Annotated[Shelf, Depends(shelf)]
