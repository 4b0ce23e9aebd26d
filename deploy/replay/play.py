"""Replays the programme's grants: 29 awards in three rounds, and every state there is.

Nothing is done here but what the gateway's operations let somebody do: each consortium
is signed by its members, each award decided by officers, each tranche paid by finance.
"""

import asyncio
from typing import Final

from deploy.replay import programme
from deploy.replay.money import pay_out, reconcile
from deploy.replay.parties import Cast
from deploy.replay.preparing import Office, adopt_plans, enrol, hold_forum
from deploy.replay.programme import NORTH, SOUTH, organisations
from deploy.replay.rounds import Pair, run_round
from gateway.policy import Role

ROUNDS: Final = (10, 10, 9)


async def office_of(cast: Cast) -> Office:
    return Office(
        officer=await cast.staff("grants-officer", Role.GRANTS_OFFICER),
        second=await cast.staff("second-officer", Role.GRANTS_OFFICER),
        finance=await cast.staff("finance-officer", Role.FINANCE_OFFICER),
        assessors=(
            await cast.staff("assessor-one", Role.ASSESSOR),
            await cast.staff("assessor-two", Role.ASSESSOR),
        ),
        tied=await cast.staff("assessor-three", Role.ASSESSOR),
    )


async def replay(cast: Cast) -> Office:
    """Replay everything, once, where there is none of it yet."""
    office = await office_of(cast)
    south, north = organisations(SOUTH), organisations(NORTH)
    await asyncio.gather(*(enrol(office, cast, one) for one in (*south, *north)))
    await adopt_plans(office)
    await hold_forum(office)
    left = programme.amounts()
    for number, count in enumerate(ROUNDS):
        amounts, left = left[:count], left[count:]
        others = north[number:] + north[:number]
        told = zip(south, others, amounts, strict=False)
        pairs = [Pair(*one) for one in told]
        await run_round(office, number, pairs, (*south[count:], *others[count:]))
    await reconcile(office)
    await pay_out(office)
    return office
