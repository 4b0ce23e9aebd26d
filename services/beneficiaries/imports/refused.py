"""The refused rows of an import, as a file that can be corrected and sent again."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.beneficiaries.imports import actions, batches
from services.beneficiaries.imports.cells import guarded
from services.beneficiaries.imports.depot import Depot, Kept, unpacked
from services.beneficiaries.imports.models import headers_place, refusal_place
from services.beneficiaries.imports.rules import Destroyed, NotNow
from services.beneficiaries.permissions import Beneficiaries
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.sealing import DataKey

router = APIRouter(
    prefix="/imports",
    tags=["imports"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
Importer = Annotated[Caller, holding(Beneficiaries.IMPORT_REGISTRATIONS)]
MARK: Final = b"\xef\xbb\xbf"  # by it a spreadsheet knows that this is UTF-8
CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get(
    "/{key}/refused",
    response_class=StreamingResponse,
    responses=refusing(NotFound, NotNow, Destroyed) | CSV,
)
async def fetch_refused(
    key: UUID,
    importer: Importer,
    request: RequestId,
    depot: Kept,
    connection: Statements,
) -> StreamingResponse:
    """Fetch the refused rows as CSV: line, reasons, and the cells, to be corrected.

    An hour after the import has ended and they were fetched they are destroyed.
    """
    row = await actions.fetch(connection, importer, request, key)
    data_key = await depot.key(key, Destroyed)
    headers = unpacked(data_key, headers_place(key), row["headers"])
    lines = refused_lines(depot, importer, key, data_key, headers)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8")


async def refused_lines(
    depot: Depot, caller: Caller, key: UUID, data_key: DataKey, headers: Sequence[str]
) -> AsyncIterator[bytes]:
    """Open refused rows a little at a time; none of their cells is a formula."""
    yield MARK + written([("line", "reasons", *map(guarded, headers))])
    after = UUID(int=0)
    while True:
        async with depot.database.statements(caller.agency) as connection:
            found = await batches.refusals(connection, caller, key, after)
        if not found:
            return
        for one in found:
            rows = unpacked(data_key, refusal_place(one["id"]), one["sealed"])
            yield written(
                (line, " | ".join(reasons), *map(guarded, cells))
                for line, reasons, cells in rows
            )
        after = found[-1]["id"]


def written(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
