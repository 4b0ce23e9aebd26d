"""An award is amended: the agency proposes, the lead signs, then it is in force."""

from tests.grants.test_awards import awarded, problem
from tests.grants.world import Json, Speaker, World

AMENDED: Json = {
    "amount": "10000.00",
    "ends_on": "2010-08-31",
    "tranches": [{"amount": "2500.00", "due_on": "2010-01-31"}],
    "reason": "One workshop less",
}


async def test_an_amendment_is_signed_by_the_lead_and_then_in_force(
    world: World, finance: Speaker
) -> None:
    award, lead = await awarded(world)
    officer, path = world.officer(), f"/awards/{award['id']}/amendments"
    wrong = AMENDED | {"amount": "9000.00"}
    assert (await officer.post(path, wrong)).status_code == 422
    amendment = await officer.done(path, AMENDED)
    at = f"/amendments/{amendment['id']}"
    assert problem(await officer.post(path, AMENDED)) == "other-amendment"
    assert problem(await officer.post(f"{at}/enactment")) == "award-not-ready"
    digest = {"digest": amendment["digest"]}
    assert problem(await officer.post(f"{at}/signature", digest)) == "not-acting"
    other = await lead.post(f"{at}/signature", {"digest": "0" * 64})
    assert problem(other) == "other-terms"
    await lead.done(f"{at}/signature", digest)
    assert (await officer.done(f"{at}/enactment"))["status"] == "in_force"
    now = await lead.read(f"/awards/{award['id']}")
    assert (now["amount"], now["ends_on"]) == ("10000.00", "2010-08-31")
    stands = [(one["number"], one["status"]) for one in now["tranches"]]
    assert stands == [(1, "released"), (2, "cancelled"), (3, "planned")]
    [told] = await lead.read(path)
    assert told["before"]["amount"] == "12500.00"
    balance = await finance.read(f"/ledger/awards/{award['id']}")
    assert (balance["committed"], balance["payable"]) == ("2500.00", "7500.00")
