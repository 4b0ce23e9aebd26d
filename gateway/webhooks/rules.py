"""What a webhook may be and become, and to which addresses anything may be posted."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import urlsplit

from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants
from services.kit.refusals import Refusal

COURIER: Final = "courier"
WEBHOOK: Final = "urn:uramost:webhook"  # what it shows at the exchange (RFC 8693)
MOST: Final = 4  # webhooks of one client at once: as many as it may have polls open
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
UNICAST: Final = IPv6Network("2000::/3")  # what is assigned to networks, so far
NAT64: Final = IPv6Network("64:ff9b::/96")  # leads to the IPv4 address in it


class Feed(StrEnum):
    """Whose feed is posted."""

    BENEFICIARIES = "beneficiaries"
    GRANTS = "grants"
    EMPLOYMENT = "employment"


READING: Final[Mapping[Feed, str]] = {
    Feed.BENEFICIARIES: Beneficiaries.READ_FEED,
    Feed.GRANTS: Grants.READ_FEED,
    Feed.EMPLOYMENT: Employment.READ_FEED,
}


class State(StrEnum):
    """Whether its receiver has yet to prove itself, is posted to, or no longer."""

    PENDING = "pending"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


NEXT: Final = {
    State.PENDING: {State.PENDING, State.ACTIVE, State.DEACTIVATED},
    State.ACTIVE: {State.PENDING, State.DEACTIVATED},
    State.DEACTIVATED: {State.PENDING},
}


class Reason(StrEnum):
    """Why a webhook was deactivated."""

    ASKED = "asked"  # by its agency
    CLIENT_CLOSED = "client-closed"  # who subscribed is closed, or acts for others
    NOT_PERMITTED = "not-permitted"  # its roles no longer let it read the feed
    FORGOTTEN = "forgotten"  # the feed no longer keeps what comes next
    GONE = "gone"  # the receiver answered 410
    FAILING = "failing"  # for as many days as it was borne with


class Failure(StrEnum):
    """How a delivery failed: a class, and nothing that the receiver said."""

    ADDRESS = "address"  # its name leads to no address that may be posted to
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"  # its certificate
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    REFUSED = "refused"  # 4xx
    FAULT = "fault"  # 5xx, or no HTTP
    UNPROVEN = "unproven"  # the challenge was not given back


class AlreadyDeactivated(Refusal):
    """The webhook is deactivated already."""

    status = HTTPStatus.CONFLICT


class TooManyWebhooks(Refusal):
    """The client has as many webhooks as it may; deactivate one first."""

    status = HTTPStatus.CONFLICT


def require_next(state: State, following: State) -> None:
    if following not in NEXT[state]:
        raise AlreadyDeactivated


def readable(permissions: frozenset[str]) -> list[Feed]:
    """Give the feeds that these permissions read, and so the webhooks they manage."""
    return [feed for feed, permission in READING.items() if permission in permissions]


def flaw(endpoint: str, *, local: bool) -> str | None:
    """Say what is wrong with an endpoint, without repeating any of it."""
    parts = urlsplit(endpoint)
    if parts.scheme == "http" and not (local and parts.hostname in HERE):
        return "Not an address that begins with https."
    if parts.username or parts.password or parts.fragment:
        return "Not an address without a user, a password and a fragment."
    return None


def permitted(address: IPv4Address | IPv6Address, *, local: bool) -> bool:
    """Tell whether anything may be posted to an address: to public ones alone.

    Within an IPv6 address an IPv4 address may be hidden, which is then what counts.
    """
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            hidden = IPv4Address(int(address) & 0xFFFF_FFFF)
        if hidden is not None:
            return permitted(hidden, local=local)
        if address.teredo is not None:
            return False
        if not address.is_loopback and address not in UNICAST:
            return False
    if address.is_loopback:
        return local
    return address.is_global and not (address.is_multicast or address.is_reserved)


def failure_of(status: int) -> Failure | None:
    """Say of an answer's status how the delivery failed; None: it did not."""
    classes = {2: None, 3: Failure.REDIRECT, 4: Failure.REFUSED}
    return classes.get(status // 100, Failure.FAULT)
