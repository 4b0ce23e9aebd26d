from hashlib import sha256
from pathlib import Path

import pytest
from httpx import Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as HTTPAnswer
from starlette.routing import Route

from services.grants.applications.media import (
    BEGINNINGS,
    MediaType,
    NotThatType,
    looks_like,
)
from services.grants.applications.shelf import Shelf
from services.grants.settings import Access
from services.kit.ids import new_id
from services.kit.sealing import CannotOpen
from tests.databases import Fresh, ask
from tests.employment.neighbours import serving
from tests.grants.world import Organisation, Two, World, problem

PDF = b"%PDF-1.7\n" + b"Kanarinjo " * 40


async def handed_in(
    path: str,
    by: Organisation,
    content: bytes = PDF,
    media_type: str = "application/pdf",
    kind: str = "budget",
) -> Response:
    headers = by.headers | {"content-type": media_type}
    return await by.client.post(
        f"{path}/documents", params={"kind": kind}, content=content, headers=headers
    )


def on_the_shelf(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


@pytest.fixture
async def path(world: World, two: Two) -> str:
    consortium = await world.consortium(*two)
    return f"/applications/{await world.draft(await world.call(), consortium, two[0])}"


async def test_a_document_is_signed_with_the_text_and_read_on_the_record(
    world: World,
    two: Two,
    path: str,
    database: Fresh,
) -> None:
    before = (await two[0].done(f"{path}/circulation"))["digest"]
    body = (await handed_in(path, two[0])).json()
    assert body["sha256"] == sha256(PDF).hexdigest()
    assert body["size"] == len(PDF)
    assert (await two[0].read(f"{path}/text"))["digest"] != before
    await world.signed(path.rpartition("/")[2], *two)
    await two[0].done(f"{path}/submission")
    fetched = await world.officer().get(f"/documents/{body['id']}")
    assert fetched.content == PDF
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"] == "attachment"
    read = "select count(*) from audit_entry where act = 'document:read'"
    assert await ask(database.superuser, read) == 1
    hidden = await world.officer("who").get(f"/documents/{body['id']}")
    assert hidden.status_code == 404
    late = await handed_in(path, two[0])
    assert problem(late) == "application-not-ready"


async def test_the_latest_of_a_kind_counts_and_lies_sealed(
    two: Two,
    path: str,
    tmp_path: Path,
) -> None:
    for content in (PDF, PDF + b"more"):
        await handed_in(path, two[0], content)
    await handed_in(path, two[0], kind="statute")
    listed = await two[0].read(f"{path}/documents")
    assert [(one["kind"], one["size"]) for one in listed] == [
        ("budget", len(PDF) + 4),
        ("statute", len(PDF)),
    ]
    kept = on_the_shelf(tmp_path)
    assert len(kept) == 3
    assert not any(b"Kanarinjo" in sealed for sealed in kept)


async def test_what_is_too_long_or_no_document_is_refused(
    two: Two,
    path: str,
    tmp_path: Path,
) -> None:
    lead, member = two
    wrong = await handed_in(path, lead, b"MZ" + PDF)
    assert (wrong.status_code, problem(wrong)) == (415, "not-that-type")
    assert (await handed_in(path, lead, PDF, "text/html")).status_code == 415
    long = await handed_in(path, lead, PDF + bytes(4 * 1024 * 1024))
    assert long.status_code == 413
    assert (await handed_in(path, lead, kind="photograph")).status_code == 422
    assert (await handed_in(path, member)).status_code == 404
    assert on_the_shelf(tmp_path) == []


@pytest.mark.parametrize("media_type", MediaType)
def test_a_document_is_what_its_first_bytes_say(media_type: MediaType) -> None:
    beginning = BEGINNINGS[media_type]
    assert looks_like(media_type, beginning + b"...") is media_type
    with pytest.raises(NotThatType):
        looks_like(media_type, b"<html>" + beginning)
    with pytest.raises(NotThatType):
        looks_like(media_type, b"")


async def test_an_s3_compatible_store_keeps_them_as_well() -> None:
    """Spoken to by its own protocol: signed requests, under a bucket and a prefix."""
    kept: dict[str, bytes] = {}

    async def objects(request: Request) -> HTTPAnswer:
        if not request.headers["authorization"].startswith("AWS4-HMAC-SHA256"):
            return HTTPAnswer(status_code=403)
        if request.method == "PUT":
            kept[request.url.path] = await request.body()
        headers = {"etag": '"1"', "last-modified": "Mon, 05 Jan 2026 08:00:00 GMT"}
        return HTTPAnswer(kept[request.url.path], headers=headers)

    routes = [Route("/{path:path}", objects, methods=["PUT", "GET"])]
    async with serving(Starlette(routes=routes)) as url:
        access = Access.model_validate(
            {
                "endpoint": url,
                "region": "eu",
                "access_key_id": "uramost",
                "secret_access_key": "x",
            }
        )
        shelf = Shelf.at("s3://grants/documents", access, bytes(32))
        document = new_id()
        await shelf.put(document, PDF)
        assert await shelf.get(document) == PDF
    [(path, sealed)] = kept.items()
    assert path == f"/grants/documents/{document}"
    assert b"Kanarinjo" not in sealed


async def test_a_document_that_was_exchanged_on_the_shelf_does_not_open(
    tmp_path: Path,
) -> None:
    shelf = Shelf.at(tmp_path.as_uri(), None, bytes(32))
    one, other = new_id(), new_id()
    for document in (one, other):
        await shelf.put(document, PDF)
    (tmp_path / str(one)).replace(tmp_path / str(other))
    with pytest.raises(CannotOpen):
        await shelf.get(other)
