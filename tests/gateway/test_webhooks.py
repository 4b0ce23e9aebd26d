"""Webhooks: what the long poll tells is posted, signed, in order, until it is taken."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from standardwebhooks import Webhook as Signing

from gateway.courier import store
from gateway.courier.store import Webhook
from tests.databases import Freshly
from tests.gateway.receiving import (
    CHALLENGE,
    Office,
    Receiver,
    arrived,
    opened,
    soon,
    working,
)
from tests.gateway.upstream import serving

CLOSING = (
    "update client set organisation = gen_random_uuid()",
    "update client set disabled_at = now()",
)
UNDER_WAY = 0.4  # seconds after which whatever begins at once has begun


@pytest.fixture
async def office(
    fresh: Freshly, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr("gateway.courier.delivery.FIRST", 0.01)
    monkeypatch.setattr("gateway.courier.door.AGAIN", 0.01)
    monkeypatch.setattr("gateway.courier.rounds.EVERY", 0.02)
    async with opened(fresh) as office:
        yield office


async def test_a_receiver_is_posted_what_the_long_poll_tells_and_nothing_else(
    office: Office,
) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        before = await office.happens(2)
        await office.happens(3, audience="south")
        key, secret = await office.subscribed(f"{url}/in?key=prekazi")
        await arrived(receiver, 2)
        later = await office.happens(2)
        await arrived(receiver, 4)
        shown = await office.becomes(key, delivered=4, state="active", failure=None)
    assert [event["subject"] for event in receiver.taken] == before + later
    assert receiver.taken == await office.polled()
    assert receiver.verified(secret)[1:] == receiver.taken
    heads = [headers for headers, _ in receiver.seen[1:]]
    assert [one["webhook-id"] for one in heads] == [e["id"] for e in receiver.taken]
    assert {one["content-type"] for one in heads} == {"application/cloudevents+json"}
    assert shown["last_event"] == receiver.taken[-1]["id"]
    assert shown["succeeded_at"] is not None


async def test_nothing_is_posted_before_the_challenge_is_given_back(
    office: Office,
) -> None:
    receiver = Receiver(proves=False)
    await office.happens(2)
    async with serving(receiver) as url, working(office.house):
        key, _ = await office.subscribed(url)
        await office.becomes(key, state="pending", failure="unproven", delivered=0)
        assert set(receiver.kinds()) == {CHALLENGE}
        receiver.proves = True
        await arrived(receiver, 2)
    assert receiver.taken == await office.polled()


async def test_an_event_is_tried_until_it_is_taken_and_the_next_ones_wait(
    office: Office,
) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        key, _ = await office.subscribed(url)
        await office.becomes(key, state="active")
        receiver.answers = [500, 503, 302, 404, 200, 500]
        receiver.headers = [(b"location", b"http://127.0.0.1:1/elsewhere")]
        subjects = await office.happens(2)
        await arrived(receiver, 2)
        shown = await office.becomes(key, delivered=2, failing_since=None)
    assert [event["subject"] for event in receiver.taken] == subjects
    assert len(receiver.seen) == 1 + 5 + 2
    assert (shown["failure"], shown["next_try_at"]) == ("fault", None)


async def test_a_hindrance_of_ours_soon_after_the_challenge_does_not_end_the_serving(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who began with a webhook that was pending begins anew with one that is active."""
    hindered, delivered = iter([True]), store.delivered

    async def once_away(pool: asyncpg.Pool, webhook: Webhook, event: UUID) -> None:
        if next(hindered, False):
            raise ConnectionResetError
        await delivered(pool, webhook, event)

    monkeypatch.setattr(store, "delivered", once_away)
    monkeypatch.setattr("gateway.courier.rounds.AGAIN", 0.01)
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        subjects = await office.happens(2)
        key, _ = await office.subscribed(url)
        await office.becomes(key, delivered=2, state="active")
    assert [event["subject"] for event in receiver.taken] == subjects[:1] + subjects


async def test_what_is_tried_again_is_read_again(office: Office) -> None:
    """A client that lost its role meanwhile hears no more of what it once could."""
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        key, _ = await office.subscribed(url)
        await office.becomes(key, state="active")
        receiver.answers = [500] * 1000
        await office.happens()
        await office.becomes(key, failure="fault")
        await office.house.owner.execute("update client set roles = '{registrar}'")
        await ended(office, key, "not-permitted")
    assert receiver.taken == []


async def ended(office: Office, key: str, reason: str) -> None:
    """Wait until it is deactivated; who lost the role cannot look any more."""
    ask = "select reason from webhook where id = $1"

    async def said() -> bool:
        return bool(await office.above.fetchval(ask, key) == reason)

    await soon(said)
    entries = [e for e in await office.house.entries() if str(e["target"]) == key]
    assert (entries[-1]["act"], entries[-1]["actor"]) == (
        "webhook:deactivate",
        "courier",
    )
    assert entries[-1]["details"] == {"reason": reason}


async def test_who_is_no_client_any_more_or_another_s_is_posted_nothing(
    office: Office,
) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        for change in CLOSING:
            key, _ = await office.subscribed(url)
            await office.becomes(key, state="active")
            await asyncio.sleep(UNDER_WAY)  # a poll, which was let through
            await office.house.owner.execute(change)
            [subject] = await office.happens()
            await ended(office, key, "client-closed")
            assert subject not in {event["subject"] for event in receiver.taken}
            await office.house.owner.execute("update client set organisation = null")


async def test_a_receiver_that_is_gone_is_left_and_resumed_where_it_was(
    office: Office,
) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        key, _ = await office.subscribed(url)
        first = await office.happens()
        await arrived(receiver, 1)
        receiver.answers = [410]
        missed = await office.happens(2)
        await office.becomes(key, state="deactivated", reason="gone")
        resumed = await office.post(f"/webhooks/{key}/challenge")
        assert resumed.json()["state"] == "pending"
        await arrived(receiver, 3)
    assert [event["subject"] for event in receiver.taken] == first + missed
    assert receiver.kinds().count(CHALLENGE) == 2


async def test_who_fails_for_days_is_deactivated(office: Office) -> None:
    key, _ = await office.subscribed("http://127.0.0.1:1/nobody")
    async with working(office.house):
        shown = await office.becomes(key, failure="unreachable", state="pending")
        assert shown["next_try_at"] is not None
        long_ago = "update webhook set failing_since = now() - interval '8 days'"
        await office.above.execute(long_ago)
        await office.becomes(key, state="deactivated", reason="failing")


async def test_a_rotated_secret_signs_along_for_a_day(office: Office) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house):
        key, old = await office.subscribed(url)
        await office.becomes(key, state="active")
        answer = await office.post(f"/webhooks/{key}/secret")
        new = answer.json()["secret"]
        await office.happens()
        await arrived(receiver, 1)
        headers, body = receiver.seen[-1]
        assert [Signing(s).verify(body, headers) for s in (old, new)]
        await office.above.execute("update webhook set former_until = now()")
        await office.post(f"/webhooks/{key}/challenge")  # begun anew
        await office.becomes(key, state="active")
        headers, body = receiver.seen[-1]
        assert headers["webhook-signature"].count("v1,") == 1
        assert Signing(new).verify(body, headers)


async def test_a_deactivated_one_is_posted_nothing_more(office: Office) -> None:
    """Another one, which begins behind the cursor it is given, hears it meanwhile."""
    receiver, other = Receiver(), Receiver()
    async with serving(receiver) as url, serving(other) as url2, working(office.house):
        key, _ = await office.subscribed(url)
        await office.happens(2)
        await arrived(receiver, 2)
        answers = [await office.post(f"/webhooks/{key}/deactivation") for _ in "ab"]
        assert [answer.status_code for answer in answers] == [200, 409]
        assert answers[0].json()["reason"] == "asked"
        await asyncio.sleep(0.1)  # some rounds of the courier
        await office.subscribed(url2, cursor=await office.cursor())
        later = await office.happens()
        await arrived(other, 1)
    assert len(receiver.taken) == 2
    assert [event["subject"] for event in other.taken] == later


async def test_of_two_couriers_one_waits_for_the_other(office: Office) -> None:
    receiver = Receiver()
    async with serving(receiver) as url, working(office.house) as first:
        key, _ = await office.subscribed(url)
        await office.becomes(key, state="active")
        async with working(office.house) as second:
            await asyncio.sleep(UNDER_WAY)  # its rounds, if it went any
            await office.happens(5)
            await arrived(receiver, 5)
            await office.becomes(key, delivered=5)
            assert await first.at_work()
            assert await second.at_work()
    assert len(receiver.seen) == 6
