"""Plays the programme's grants: 29 awards in three rounds, and every state there is.

Nothing is done here but what the gateway's operations let somebody do: each consortium
is signed by its members, each award decided by officers, each tranche paid by finance.
"""

import asyncio

from deploy.replay import programme
from deploy.replay.money import pay_out, reconcile
from deploy.replay.parties import Cast
from deploy.replay.preparing import Office, adopt_plans, enrol, hold_forum
from deploy.replay.programme import NORTH, SOUTH, organisations
from deploy.replay.rounds import Pair, run_round
from deploy.replay.scale import WHOLE
from gateway.policy import Role


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


async def replay(cast: Cast, rounds: tuple[int, ...] = WHOLE.rounds) -> Office:
    """Play every round, with what comes before it and after it."""
    office = await office_of(cast)
    south, north = organisations(SOUTH), organisations(NORTH)
    await asyncio.gather(*(enrol(office, cast, one) for one in (*south, *north)))
    await adopt_plans(office)
    await hold_forum(office)
    left = programme.amounts(sum(rounds))
    for number, count in enumerate(rounds):
        amounts, left = left[:count], left[count:]
        others = north[number:] + north[:number]
        told = zip(south, others, amounts, strict=False)
        pairs = [Pair(*one) for one in told]
        await run_round(office, number, pairs, (*south[count:], *others[count:]))
    await reconcile(office)
    await pay_out(office)
    return office
