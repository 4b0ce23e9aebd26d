"""A model of an award's life: what may be done next, and where its money is then."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from bench.clients import Json

Move = tuple[str, str, Decimal]  # whence, where to, how much
SUSPENDED, ACTIVE, CLOSED = "suspended", "active", "closed"
PAPER = {"reference": "RBKO-1"}
ACCEPTED = {"status": "accepted"}
OFTEN_SUSPENDED, OFTEN_GIVEN_UP = 0.15, 0.1


class Deed(NamedTuple):
    """What is done to an award: by whom and how, and what follows by the model."""

    name: str
    by: str
    path: str
    body: Json
    moves: Sequence[Move] = ()
    tells: str | None = None
    onward: bool = True  # it goes on in its life; otherwise it stays where it is


@dataclass
class Grant:
    """One application that was ranked, and what has been done to it since.

    Its award has two tranches, an advance and the rest, of which some is sent back.
    """

    call: str
    application: str
    advance: Decimal
    rest: Decimal
    back: Decimal
    award: str = ""
    tranches: list[str] = field(default_factory=list)
    report: str = ""
    stage: int = 0
    lost: Deed | None = None  # the answer to it never came
    told: list[str] = field(default_factory=list)
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def over(self) -> bool:
        return self.told[-1:] == [CLOSED]

    def choose(self, chance: random.Random) -> Deed:
        """Say what is done next: the same again, where it is not known to be done."""
        if self.lost is not None:
            return self.lost
        if self.told[-1:] == [SUSPENDED]:
            return self._turn("resumption", ACTIVE)
        if self.stage and chance.random() < OFTEN_SUSPENDED:
            return self._turn("suspension", SUSPENDED)
        if self.stage == 1 and chance.random() < OFTEN_GIVEN_UP:
            return self._give_up()
        return self._life()[self.stage]

    def follow(self, deed: Deed) -> None:
        """Do in the model what was done in the office."""
        for whence, to, amount in deed.moves:
            self.money[whence] -= amount
            self.money[to] += amount
        self.told += [deed.tells] if deed.tells else []
        self.stage += deed.onward
        self.lost = None

    def learn(self, told: Json) -> None:
        """Keep the ids of what came to be."""
        if "tranches" in told:
            self.award = told["id"]
            self.tranches = [one["id"] for one in told["tranches"]]
        elif "spent" in told:
            self.report = told["id"]

    def balances(self) -> Mapping[str, Decimal]:
        """Say where the award's money is; what is nowhere is left out."""
        return {
            account: amount
            for account, amount in self.money.items()
            if amount and account != "available"
        }

    def _turn(self, name: str, state: str) -> Deed:
        return Deed(name, "officer", self._at(name), {}, tells=state, onward=False)

    def _give_up(self) -> Deed:
        """Close what was never paid: all of it is available again."""
        moves = (
            ("payable", "committed", self.advance),
            ("committed", "available", self.advance + self.rest),
        )
        return Deed("giving up", "officer", self._at("closing"), {}, moves, CLOSED)

    def _life(self) -> Sequence[Deed]:
        first, second = self.tranches or ("", "")
        spent = self.rest - self.back
        account = ("advanced", "spent", self.advance)
        released = ("committed", "payable", self.rest)
        return (
            self._granted(),
            self._paid(first, self.advance),
            self._reported(self.advance),
            self._accepted(account, released),
            self._paid(second, self.rest),
            self._reported(spent, final=True),
            self._accepted(("advanced", "spent", spent)),
            self._sent_back(),
            Deed("closing", "officer", self._at("closing"), {}, tells=CLOSED),
        )

    def _at(self, what: str) -> str:
        return f"/grants/awards/{self.award}/{what}"

    def _granted(self) -> Deed:
        """Grant all; the advance is released with it."""
        moves = (
            ("available", "committed", self.advance + self.rest),
            ("committed", "payable", self.advance),
        )
        path = "/grants/awards"
        return Deed("award", "officer", path, self._asked(), moves, ACTIVE)

    def _reported(self, spent: Decimal, *, final: bool = False) -> Deed:
        days = {"from_day": "2026-01-01", "to_day": "2026-06-30"}
        told = {"spent": str(spent), "summary": "Two workshops.", "final": final}
        return Deed("report", "lead", self._at("reports"), days | told)

    def _accepted(self, *moves: Move) -> Deed:
        path = f"/grants/reports/{self.report}/decision"
        return Deed("acceptance", "officer", path, ACCEPTED, moves)

    def _sent_back(self) -> Deed:
        body = PAPER | {"amount": str(self.back)}
        moves = (("advanced", "returned", self.back),)
        return Deed("return", "cashier", self._at("returns"), body, moves)

    def _paid(self, tranche: str, amount: Decimal) -> Deed:
        path = f"/grants/tranches/{tranche}/disbursement"
        moves = (("payable", "advanced", amount),)
        return Deed("payment", "cashier", path, PAPER, moves)

    def _asked(self) -> Json:
        advance = {"amount": str(self.advance), "due_on": "2026-01-31", "advance": True}
        rest = {"amount": str(self.rest), "due_on": "2026-06-30"}
        return {
            "application": self.application,
            "amount": str(self.advance + self.rest),
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "tranches": [advance, rest],
        }
