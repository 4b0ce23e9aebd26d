"""What is recorded and judged in one history; after every request the laws hold."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from httpx import Response

from services.beneficiaries.linkage.rules import MATCHER, Verdict
from services.beneficiaries.registry.rules import pairwise
from services.beneficiaries.reviews.rules import restored
from tests.beneficiaries.conftest import registration
from tests.beneficiaries.reviews import laws
from tests.beneficiaries.reviews.pairs import REASON
from tests.beneficiaries.reviews.world import Asked, Pair, Stand, World

Json = dict[str, Any]
BARE: Json = {"documents": [], "phones": [], "address": None}
PASSPORT = {"kind": "passport", "number": "P7654321", "country": "XK"}
NUMBER = {"kind": "personal_number", "number": "1002003007", "country": "XK"}
SISTER = {"given": "Mërgime", "family": "Prekazi"}
# One man with all that is known of him, in two scripts, with a slip, with little known,
# with his sister's passport beside; she; perhaps his twin; and somebody else.
FORMS: dict[str, Json] = {
    "whole": {},
    "cyrillic": {"names": {"given": "Мергим", "family": "Прекази"}},
    "slip": {"birth": {"value": "1990-05-02", "precision": "day"}, **BARE},
    "little": {
        "names": {"given": "Mergim", "family": "Prekazi"},
        "sex": "unknown",
        "place": None,
        **BARE,
    },
    "both papers": {"documents": [NUMBER, PASSPORT]},
    "sister": {"names": SISTER, "sex": "female", **BARE, "documents": [PASSPORT]},
    "twin": {"names": {"given": "Mërgimi", "family": "Prekazi"}, **BARE},
    "stranger": {
        "names": {"given": "Агим", "family": "Шаљани"},
        "birth": {"value": "1961-11-23", "precision": "day"},
        **BARE,
    },
}
NEVER: Json = {"never_match": True}


@dataclass
class Recorded:
    """A registration as its agency sent it first."""

    agency: str
    id: UUID
    body: Json
    version: int = 1


@dataclass
class Office:
    """Everybody is called by a number, in the order of the recording."""

    now: World
    master: bytes
    recorded: list[Recorded] = field(default_factory=list)
    stand: Stand = field(init=False)
    step: int = 0
    corrected: dict[UUID, int] = field(default_factory=dict)
    found: dict[UUID, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now.begin()
        self.stand = self.now.stand()

    @property
    def numbers(self) -> dict[UUID, int]:
        return {one.id: number for number, one in enumerate(self.recorded)}

    def act(  # noqa: PLR0913 -- who asks for what, what may be answered, whom it touches
        self,
        who: tuple[str, str],
        path: str,
        body: object = None,
        *,
        verb: str = "POST",
        codes: tuple[int, ...] = (201,),
        judged: Pair | None = None,
        changed: Collection[UUID] = (),
    ) -> Response:
        """Ask for something; what is refused must have changed nothing."""
        asking = self.now.agency(*who).request(verb, path, body)
        answer = self.now.run(asking)
        assert answer.status_code in codes, answer.text
        self.look(*((judged, changed) if answer.is_success else ()))
        return answer

    def look(self, judged: Pair | None = None, changed: Collection[UUID] = ()) -> None:
        before, self.stand = self.stand, self.now.stand()
        self.step += 1
        for one in self.stand.words:
            self.found.setdefault(one, self.step)
        laws.check(before, self.stand, judged, changed)

    def record(self, agency: str, forms: list[str]) -> list[int]:
        """Record one, or a batch."""
        bodies = [registration(**FORMS[form]) for form in forms]
        who = (agency, "officer")
        if len(bodies) == 1:
            ids = [self.act(who, "/registrations", bodies[0]).json()["id"]]
        else:
            rows = {"rows": bodies}
            answer = self.act(who, "/imports/rows", rows, codes=(200,))
            ids = [one["registration"] for one in answer.json()]
        first = len(self.recorded)
        for id_, body in zip(ids, bodies, strict=True):
            self.recorded.append(Recorded(agency, UUID(id_), body))
        return list(range(first, len(self.recorded)))

    def send_again(self, number: int) -> list[int]:
        """Send what was sent; only whoever was erased is recorded by it, as another."""
        one = self.recorded[number]
        who = (one.agency, "officer")
        answer = self.act(who, "/registrations", one.body, codes=(200, 201))
        id_ = UUID(answer.json()["id"])
        if id_ in self.numbers:
            return []
        self.recorded.append(Recorded(one.agency, id_, one.body))
        return [len(self.recorded) - 1]

    def correct(self, number: int, changed: Json) -> None:
        one = self.recorded[number]
        body = registration(**changed, source_id=one.body["source_id"])
        answer = self.act(
            (one.agency, "officer"),
            f"/registrations/{one.id}",
            body,
            verb="PUT",
            codes=(200, 409),
            changed=(one.id,),
        )
        if answer.is_success and answer.json()["version"] > one.version:
            one.version = answer.json()["version"]
            self.corrected[one.id] = self.step

    def end(self, number: int, how: str) -> None:
        one = self.recorded[number]
        path = f"/registrations/{one.id}/{how}"
        self.act((one.agency, "officer"), path, codes=(204,), changed=(one.id,))

    def rekey(self, agency: str) -> None:
        """Move all of an agency's to the newest scheme."""
        own = [one.id for one in self.recorded if one.agency == agency]
        answer = self.act(
            (agency, "officer"), "/linkage/rekey", codes=(200,), changed=own
        )
        assert answer.json()["left"] == 0

    def act_on(
        self,
        asked: Asked,
        act: str,
        by: str = "ana",
        verb: str = "POST",
        codes: tuple[int, ...] = (200,),
    ) -> None:
        path = f"/reviews/{self.stand.reviews[asked]['id']}/{act}"
        self.act((asked[2], by), path, verb=verb, codes=codes)

    def judge(self, by: str, asked: Asked, verdict: Verdict) -> Json | None:
        path = f"/reviews/{self.stand.reviews[asked]['id']}/judgement"
        return self._say(by, path, asked, verdict)

    def revise(self, by: str, two: Pair, verdict: Verdict) -> Json | None:
        word = self.stand.in_force[two]
        path = f"/judgements/{word['id']}/revision"
        return self._say(by, path, (*two, word["audience"]), verdict)

    def _say(self, by: str, path: str, asked: Asked, verdict: Verdict) -> Json | None:
        """Judge, unless somebody else is at it, or an agency has judged of its own."""
        two, audience = asked[:2], asked[2]
        before, body = self.stand, {"verdict": verdict} | REASON
        answer = self.act((audience, by), path, body, codes=(201, 409), judged=two)
        if answer.is_success:
            return self._made(answer.json(), two, before)
        review = self.stand.reviews.get(asked)
        taken = review is not None and review["claimed_by"] not in {None, by}
        word = self.stand.in_force[two]
        assert taken or word["audience"] != audience, answer.text
        return None

    def undo(self, by: str, two: Pair) -> Json:
        """Undo what is in force: what it superseded is, unless it is believed no more.

        That is the matcher's finding of an end that was corrected after it.
        """
        word, before = self.stand.in_force[two], self.stand
        former = self.stand.words[word["supersedes"]]
        verdict = restored(
            Verdict(former["verdict"]), former["made_by"], stale=self.stale(former)
        )
        who, path = (word["audience"], by), f"/judgements/{word['id']}/undo"
        made = self._made(self.act(who, path, REASON, judged=two).json(), two, before)
        stands = self.stand.in_force[two]
        assert [stands[name] for name in ("verdict", "made_by", "restores")] == [
            verdict,
            former["made_by"],
            former["id"],
        ]
        return made

    def stale(self, word: asyncpg.Record) -> bool:
        ends = (word["low"], word["high"])
        return any(self.corrected.get(end, 0) > self.found[word["id"]] for end in ends)

    def _made(self, made: Json, two: Pair, before: Stand) -> Json:
        """Check what is answered to whoever judged against what stands now."""
        if made["review"] is not None:
            assert made["review"] in {str(one["id"]) for one in self.stand.waiting}
        if made["judgement"] is None:
            assert self.stand.in_force.get(two) == before.in_force.get(two)
            assert made["persons"] == []
            return made
        stands = self.stand.in_force[two]
        assert str(stands["id"]) == made["judgement"]["id"]
        laws.persons_are_named(
            self.master, stands["audience"], stands, made["persons"], before, self.stand
        )
        return made

    def see(self, agency: str) -> None:
        """Let an agency read all its own: each shows the person that is its own one."""
        path = "/registrations?limit=100"
        answer = self.act((agency, "officer"), path, verb="GET", codes=(200,))
        for one in answer.json()["items"]:
            own = self.stand.places[UUID(one["id"])].own
            assert one["person"] == str(pairwise(self.master, agency, own))


def same_word(one: asyncpg.Record, other: asyncpg.Record) -> bool:
    return all(one[name] == other[name] for name in ("verdict", "made_by"))


def believed(office: Office, word: asyncpg.Record) -> bool:
    return word["made_by"] != MATCHER or not office.stale(word)
