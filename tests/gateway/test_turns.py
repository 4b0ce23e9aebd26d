"""A burst of one client delays that client, and hardly anybody else."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.turns import LASTING, Lasting, TooManyAtOnce, Turns
from services.kit.refusals import Unavailable


async def busy(turns: Turns, client: str, served: list[str]) -> None:
    async with turns.turn(client):
        served.append(client)
        await asyncio.sleep(0)


async def test_clients_take_turns() -> None:
    turns, served = Turns(at_once=1), list[str]()
    burst = [busy(turns, "loud", served) for _ in range(50)]
    await asyncio.gather(*burst, *(busy(turns, "calm", served) for _ in range(5)))
    assert len(served) == 55
    assert [n for n, who in enumerate(served) if who == "calm"][-1] <= 12


async def test_no_more_than_so_many_at_once() -> None:
    turns, now, most = Turns(at_once=3), 0, 0

    async def one(client: str) -> None:
        nonlocal now, most
        async with turns.turn(client):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(one(f"client-{n % 4}") for n in range(40)))
    assert most == 3


async def test_one_that_gives_up_waiting_keeps_no_turn() -> None:
    turns, served = Turns(at_once=1), list[str]()
    async with turns.turn("first"):
        waiting = [asyncio.create_task(busy(turns, "gone", served)) for _ in range(3)]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.wait_for(busy(turns, "next", served), 60)
    assert served == ["next"]


async def test_one_whose_turn_comes_as_it_leaves_gives_it_on() -> None:
    turns, served = Turns(at_once=1), list[str]()
    first = turns.turn("first")
    await first.__aenter__()
    leaving = asyncio.create_task(busy(turns, "leaving", served))
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await asyncio.wait_for(busy(turns, "next", served), 60)
    assert served == ["next"]


async def test_a_line_has_an_end() -> None:
    turns = Turns(at_once=1, longest=1)
    async with turns.turn("first"):
        waiting = asyncio.create_task(busy(turns, "one", []))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await busy(turns, "one", [])
    await waiting


async def test_of_what_lasts_a_client_has_so_many_and_another_its_own() -> None:
    lasting = Lasting()
    async with AsyncExitStack() as open_:
        for _ in range(LASTING):
            await open_.enter_async_context(lasting.turn("watching"))
        with pytest.raises(TooManyAtOnce):
            await open_.enter_async_context(lasting.turn("watching"))
        await open_.enter_async_context(lasting.turn("calm"))
    async with lasting.turn("watching"):
        """Whoever closed one may open another."""
