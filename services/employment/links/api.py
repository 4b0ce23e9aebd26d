"""Business links: record, read, list, the trade in them, and the totals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import col

from services.employment import rows
from services.employment.employers import store as employers
from services.employment.links import store
from services.employment.links.models import Link, Trade
from services.employment.links.rules import (
    AlreadyLinked,
    Content,
    NotAcross,
    NotOfThisLink,
    TradeContent,
    require_across,
)
from services.employment.permissions import Employment
from services.employment.texts import ProgrammeCode
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.outbox import Event, publish
from services.kit.pages import Page, Paged, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line

router = APIRouter(
    prefix="/business-links",
    tags=["enterprise"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_LINKS)]
Reader = Annotated[Caller, holding(Employment.READ_LINKS)]


class TradedView(View):
    """What was traded in one currency, in how many deals."""

    currency: str
    amount: Decimal
    trades: int


class LinkView(View):
    """Two of your employers, `one` and `other` in no order that means anything."""

    id: UUID
    project: str
    one: UUID
    other: UUID
    since: date
    programme: str | None
    recorded_at: datetime


class LinkWithTradeView(LinkView):
    """A link between two employers, and what they traded in each currency."""

    traded: list[TradedView]


class TradeView(View):
    """One trade over a link; the other employer is the buyer."""

    id: UUID
    link: UUID
    seller: UUID
    goods: str
    amount: Decimal
    currency: str
    traded_on: date
    recorded_at: datetime


class TotalView(View):
    """All of your own links; not by municipality, which here tells the community."""

    links: int
    projects: int
    businesses: int
    traded: list[TradedView]


class LinkQuery(PageQuery):
    """Which links are wanted."""

    project: Line | None = None
    programme: ProgrammeCode | None = None


async def traded(
    session: Transaction, reader: Caller, link: UUID | None = None
) -> list[TradedView]:
    return [
        TradedView(currency=currency, amount=amount, trades=trades)
        for currency, amount, trades in await store.traded(session, reader, link)
    ]


@router.post(
    "",
    response_model=LinkView,
    status_code=201,
    responses=refusing(NotFound, AlreadyLinked, Invalid, NotAcross),
)
async def record_link(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Link two of your employers of different municipalities."""
    low, high = content.pair
    ends = [await employers.find(session, recorder, one) for one in (low, high)]
    require_across(*(end.municipality for end in ends))
    link = Link(
        **content.model_dump(exclude={"one", "other"}),
        one=low,
        other=high,
        agency=recorder.agency,
        recorded_by=recorder.subject,
    )
    await store.add(session, link)
    entry = Entry(request, "link:record", recorder, link.id)
    connection = await driver(session)
    await record(connection, entry)
    # A business that two agencies employ with is one organisation.
    businesses = {"ends": [str(end.organisation or end.id) for end in ends]}
    await publish(connection, Event("link.recorded", link.id, data=businesses))
    return link


@router.get("")
async def list_links(
    reader: Reader, query: Annotated[LinkQuery, Query()], session: Transaction
) -> Page[LinkView]:
    """List your own business links, a page at a time."""
    found = await rows.page(session, reader, Link, query)
    return page_of(found, query.limit, LinkView.model_validate)


@router.get("/totals")
async def total_links(reader: Reader, session: Transaction) -> TotalView:
    """Count your own links, projects and businesses, and add up the trade."""
    counts = await store.counts(session, reader)
    return TotalView(
        links=counts.links,
        projects=counts.projects,
        businesses=counts.businesses,
        traded=await traded(session, reader),
    )


@router.get("/{key}", responses=refusing(NotFound))
async def read_link(
    key: UUID, reader: Reader, session: Transaction
) -> LinkWithTradeView:
    """Read one of your own business links, with what was traded in it."""
    link = await store.find(session, reader, key)
    return LinkWithTradeView(
        **LinkView.model_validate(link).model_dump(),
        traded=await traded(session, reader, link.id),
    )


@router.post(
    "/{key}/trades",
    response_model=TradeView,
    status_code=201,
    responses=refusing(NotFound, Invalid, NotOfThisLink),
)
async def record_trade(
    key: UUID,
    content: TradeContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Record what one of the two sold to the other."""
    link = await store.find(session, recorder, key)
    if content.seller not in {link.one, link.other}:
        raise NotOfThisLink
    trade = Trade(
        **content.model_dump(exclude={"amount"}),
        amount=content.written,
        agency=recorder.agency,
        link=link.id,
        recorded_by=recorder.subject,
    )
    session.add(trade)
    entry = Entry(request, "trade:record", recorder, trade.id)
    await record(await driver(session), entry)
    return trade


@router.get("/{key}/trades", responses=refusing(NotFound))
async def list_trades(
    key: UUID, reader: Reader, page: Paged, session: Transaction
) -> Page[TradeView]:
    """List the trade of one of your business links, a page at a time."""
    link = await store.find(session, reader, key)
    found = await rows.page(session, reader, Trade, page, col(Trade.link) == link.id)
    return page_of(found, page.limit, TradeView.model_validate)
