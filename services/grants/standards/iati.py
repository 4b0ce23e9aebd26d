"""Awards as IATI reads them (version 2.03): each is one activity.

The schema asks for the elements in one order, which is the order of this page.
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import (
    Element,
    SubElement,
    tostring,
)

from services.grants.organisations.rules import Kind
from services.grants.plans.rules import Language
from services.grants.standards.giving import title
from services.grants.standards.purposes import PURPOSES
from services.grants.standards.rules import (
    Flow,
    Grant,
    Movement,
    Publisher,
    Stage,
    identifier,
    place_name,
    reference,
    said_in,
    shares,
)

MEDIA: Final = "application/xml"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NO_CHARACTERS: Final = dict.fromkeys((0xFFFE, 0xFFFF))  # XML has no place for them
SENTENCE: Final = "Awarded after an open call to organisations that applied together."

# IATI's own codes.
MULTILATERAL, FUNDING, IMPLEMENTING = "40", "1", "4"
GENERAL, OBJECTIVES = "1", "2"
STAGES: Final[Mapping[Stage, str]] = {
    Stage.ONGOING: "2",  # implementation
    Stage.SUSPENDED: "6",
    Stage.CLOSED: "4",
}
PLANNED_START, PLANNED_END, ACTUAL_END = "1", "3", "4"
KINDS: Final[Mapping[Kind, str]] = {
    Kind.CSO: "24",  # NGO of the partner country
    Kind.BUSINESS: "72",  # private sector in the recipient country
    Kind.MUNICIPALITY: "11",
    Kind.MINISTRY: "10",
    Kind.BUSINESS_ADVISORY_CENTRE: "15",  # other public sector
}
FLOWS: Final[Mapping[Flow, str]] = {
    Flow.COMMITMENT: "2",  # outgoing
    Flow.DISBURSEMENT: "3",
    Flow.RETURN: "3",  # a disbursement below zero
}


async def document(
    publisher: Publisher, at: datetime, grants: AsyncIterable[Grant]
) -> AsyncIterator[bytes]:
    """Write a document, each activity as soon as it is read."""
    opening = (
        f'<iati-activities version="2.03" generated-datetime="{at.isoformat()}">\n'
    )
    yield f"{HEAD}{opening}".encode()
    async for grant in grants:
        yield tostring(
            activity(grant, publisher), encoding="utf-8", xml_declaration=False
        )
        yield b"\n"
    yield b"</iati-activities>\n"


def activity(grant: Grant, publisher: Publisher) -> Element:
    root = Element("iati-activity")
    root.set(LANGUAGE, Language.EN)
    root.set("default-currency", grant.currency)
    SubElement(root, "iati-identifier").text = identifier(grant, publisher)
    _named(
        root,
        "reporting-org",
        publisher.name,
        ref=publisher.reference,
        type=MULTILATERAL,
    )
    _named(root, "title", title(grant))
    _descriptions(root, grant)
    _participants(root, grant, publisher)
    SubElement(root, "activity-status", code=STAGES[grant.stage])
    for kind, day in _days(grant):
        SubElement(root, "activity-date", {"type": kind, "iso-date": day.isoformat()})
    SubElement(root, "recipient-country", code="XK")
    for place in grant.municipalities:
        _named(SubElement(root, "location"), "name", place_name(place))
    sectors = grant.sectors
    for sector, share in zip(sectors, shares(len(sectors)), strict=True):
        code = PURPOSES[sector].code
        SubElement(root, "sector", vocabulary="1", code=code, percentage=f"{share}")
    for movement in grant.movements:
        _transaction(root, movement, grant.currency, publisher)
    return root


def _descriptions(root: Element, grant: Grant) -> None:
    """Say what the grant is, and in each language that the plans are in what for."""
    _named(root, "description", SENTENCE, type=GENERAL)
    told = {language: said_in(language, grant) for language in Language}
    if any(told.values()):
        objectives = SubElement(root, "description", type=OBJECTIVES)
        for language, text in told.items():
            if text:
                _narrative(objectives, text).set(LANGUAGE, language)


def _days(grant: Grant) -> Iterator[tuple[str, date]]:
    yield PLANNED_START, grant.starts_on
    yield PLANNED_END, grant.ends_on
    if grant.closed_on is not None:
        yield ACTUAL_END, grant.closed_on


def _participants(root: Element, grant: Grant, publisher: Publisher) -> None:
    for name, told in _roles(grant, publisher):
        _named(root, "participating-org", name, **told)


def _roles(grant: Grant, publisher: Publisher) -> Iterator[tuple[str, dict[str, str]]]:
    funding = {"ref": publisher.reference, "type": MULTILATERAL, "role": FUNDING}
    yield publisher.name, funding
    for one in grant.recipients:
        told = {"ref": reference(one, publisher), "type": KINDS[one.kind]}
        yield one.name, told | {"role": IMPLEMENTING}


def _transaction(
    root: Element, movement: Movement, currency: str, publisher: Publisher
) -> None:
    """Write a movement of money; a consortium has no identifier to receive it by."""
    transaction = SubElement(root, "transaction")
    SubElement(transaction, "transaction-type", code=FLOWS[movement.flow])
    day = movement.on.isoformat()
    SubElement(transaction, "transaction-date", {"iso-date": day})
    value = SubElement(transaction, "value", {"currency": currency, "value-date": day})
    value.text = f"{movement.amount}"
    provider = {"ref": publisher.reference, "type": MULTILATERAL}
    _named(transaction, "provider-org", publisher.name, **provider)


def _named(parent: Element, tag: str, text: str, **attributes: str) -> None:
    _narrative(SubElement(parent, tag, attributes), text)


def _narrative(parent: Element, text: str) -> Element:
    narrative = SubElement(parent, "narrative")
    narrative.text = text.translate(NO_CHARACTERS)
    return narrative
