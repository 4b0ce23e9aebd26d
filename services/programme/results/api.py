"""Results: read them, as a table, and as a picture of each indicator."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller, holding
from services.kit.database import Transaction
from services.kit.http import refusing
from services.kit.pages import Page, Paged, following
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.programme.counts import store as counts
from services.programme.drawing import PICTURE, draw
from services.programme.indicators import store as indicators
from services.programme.indicators.models import Indicator
from services.programme.languages import spoken
from services.programme.permissions import Programme
from services.programme.results import charts
from services.programme.results.table import table
from services.programme.results.views import ResultView, results_of

router = APIRouter(
    tags=["results"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Reader = Annotated[Caller, holding(Programme.READ_RESULTS)]
AcceptLanguage = Annotated[str | None, Header()]
CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A table.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


async def _of(
    session: AsyncSession, reader: Caller, *shown: Indicator
) -> list[ResultView]:
    facts = await indicators.in_force(session, reader, [one.id for one in shown])
    return results_of(shown, facts, await counts.counted(session, reader))


@router.get("/results")
async def list_results(
    reader: Reader, page: Paged, session: Transaction
) -> Page[ResultView]:
    """Read what was entered and counted of each indicator, side by side."""
    found = await indicators.page(session, reader, page.after(), page.fetched)
    shown = await _of(session, reader, *found[: page.limit])
    return Page(items=shown, next=following(found, page.limit))


@router.get("/results/table", response_class=Response, responses=CSV)
async def export_results(
    reader: Reader, session: Transaction, accept_language: AcceptLanguage = None
) -> Response:
    """Read all results as CSV, a row for each figure, with where it comes from."""
    found = await indicators.page(session, reader, None, None)
    written = table(await _of(session, reader, *found), spoken(accept_language))
    return Response(written, media_type="text/csv; charset=utf-8")


@router.get(
    "/indicators/{key}/result", responses=refusing(NotFound), response_model=ResultView
)
async def read_result(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read what was entered and counted of one indicator."""
    indicator = await indicators.find(session, reader, key)
    return (await _of(session, reader, indicator))[0]


@router.get(
    "/indicators/{key}/chart",
    response_class=Response,
    responses=PICTURE | refusing(NotFound),
)
async def draw_result(
    key: UUID,
    reader: Reader,
    session: Transaction,
    accept_language: AcceptLanguage = None,
) -> Response:
    """Draw baseline, target and actual, in Albanian, Serbian or English."""
    indicator = await indicators.find(session, reader, key)
    (result,) = await _of(session, reader, indicator)
    language = spoken(accept_language)
    told = list(charts.bars(result, language))
    picture = draw(charts.title(result, language), told, language)
    return Response(picture, media_type="image/svg+xml")
