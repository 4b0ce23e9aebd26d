"""Training, evaluation, samples for review, and the standing report of quality."""

import asyncio
import json
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from pydantic import Field, ValidationError

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.rules import DESK
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.quality import evaluating, reporting, sampling, training
from services.beneficiaries.quality.evaluating import Labelled
from services.beneficiaries.quality.rules import NothingToTrainOn, NotTrained
from services.beneficiaries.quality.weights import Share, written
from services.beneficiaries.registry.rules import Content
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Database, Statements
from services.kit.http import Body, View, refusing
from services.kit.refusals import (
    Invalid,
    NotPermitted,
    TooLarge,
    Unauthenticated,
    pointer,
)

MOST_ROWS = 5_000  # of a labelled file; all are compared while the caller waits
TOLD_WRONG = 20  # rows that are named; who has so many looks at the file

router = APIRouter(
    prefix="/linkage",
    tags=["quality"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
Trainer = Annotated[Caller, holding(Beneficiaries.TRAIN_LINKAGE)]
Evaluator = Annotated[Caller, holding(Beneficiaries.EVALUATE_LINKAGE)]
Reader = Annotated[Caller, holding(Beneficiaries.READ_QUALITY)]


async def matcher(request: Request) -> Matcher:
    found: Matcher = request.app.state.registrar.matcher
    return found


Matching = Annotated[Matcher, Depends(matcher)]


class NumbersView(View):
    """The numbers of a level; what was never observed is kept as it was."""

    m: float
    u: float
    m_kept: bool = False
    u_kept: bool = False


class LevelView(View):
    """One level of one comparison: its numbers in force, and those proposed."""

    comparison: str
    label: str
    before: NumbersView
    proposed: NumbersView


class TrainingView(View):
    """A proposal, beside what is in force, and as the file that adopts it."""

    registrations: int
    pairs: int
    levels: list[LevelView]
    weights: str


class EvaluationBody(Body):
    """Rows in the form of a registration, with `person`, and `agency` where known."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=2, max_length=MOST_ROWS)]


class QualityNumbers(View):
    """Of all pairs, each between 0 and 1; F1 is their harmonic mean."""

    precision: float
    recall: float
    f1: float


class PartView(View):
    """How pairs do that touch one script or one agency."""

    name: str
    true_pairs: int
    links: QualityNumbers
    links_and_queue: QualityNumbers


class EvaluationView(View):
    """The linkage held against a labelled file, blocking losses counted."""

    registrations: int
    true_pairs: int
    candidates: int
    true_candidates: int
    links: QualityNumbers
    links_and_queue: QualityNumbers
    queue: float
    best_cutoff: float
    best: QualityNumbers
    scripts: list[PartView]
    agencies: list[PartView]


class SampleBody(Body):
    """How many links, and how many pairs just under the cut-off, are to be reviewed."""

    most: Annotated[int, Field(ge=1, le=200)] = 30


class SampleView(View):
    """How many pairs wait for reviewers by it, of links and of those below."""

    linked: int
    below: int


class RateView(View):
    """In whole percent, with its 95 % interval."""

    rate: int
    low: int
    high: int


class GroupView(View):
    """Null is too few to be told, which none looks like as well."""

    name: str
    precision: RateView | None
    recall: RateView | None
    linked_worse: bool


class QualityView(View):
    """What reviews say of the matcher: how many links are right, how many are found."""

    day: date
    precision: RateView | None
    recall: RateView | None
    scripts: list[GroupView]
    agencies: list[GroupView]
    communities: list[GroupView]


@router.post("/training", responses=refusing(NothingToTrainOn, NotTrained))
async def train(
    trainer: Trainer, asked: RequestId, matching: Matching, request: Request
) -> TrainingView:
    """Train the model on the registry's own data, and propose; nothing is adopted."""
    database: Database = request.app.state.database
    trained = await training.train(matching, database, trainer, asked)
    return TrainingView(
        registrations=trained.registrations,
        pairs=trained.pairs,
        levels=[
            LevelView(
                comparison=name,
                label=level.label,
                before=NumbersView(m=level.m, u=level.u),
                proposed=numbers(*trained.proposal[name][level.label]),
            )
            for name, levels in model.COMPARISONS.items()
            for level in levels
        ],
        weights=written(trained.proposal),
    )


def numbers(m: Share, u: Share) -> NumbersView:
    return NumbersView(m=m.share, u=u.share, m_kept=m.kept, u_kept=u.kept)


@router.post("/evaluation", responses=refusing(TooLarge))
async def evaluate(body: EvaluationBody, _: Evaluator) -> EvaluationView:
    """Measure the linkage on a labelled file; nothing of it is recorded."""
    rows = [labelled(row) for row in body.rows]
    wrong = [
        {"pointer": f"/body/rows/{number}{where}", "reason": why}
        for number, row in enumerate(rows)
        if isinstance(row, Wrong)
        for where, why in row.reasons
    ]
    if wrong:
        raise Invalid(*wrong[:TOLD_WRONG])
    read = [row for row in rows if isinstance(row, Labelled)]
    today = datetime.now(UTC).date()
    found = await asyncio.to_thread(evaluating.evaluate, read, today)
    return EvaluationView.model_validate(found)


class Wrong(NamedTuple):
    """Why a row cannot be read: fields and reasons, never a value."""

    reasons: tuple[tuple[str, str], ...]


def labelled(row: dict[str, Any]) -> Labelled | Wrong:
    registered = {
        name: it for name, it in row.items() if name not in {"person", "agency"}
    }
    person, agency = row.get("person"), row.get("agency")
    if not isinstance(person, str) or not person:
        return Wrong((("/person", "Who it truly is has to be told."),))
    if agency is not None and not isinstance(agency, str):
        return Wrong((("/agency", "An agency is named by a text."),))
    try:
        content = Content.model_validate_json(json.dumps(registered))
    except ValidationError as cause:
        return Wrong(tuple((pointer(one["loc"]), one["msg"]) for one in cause.errors()))
    return Labelled(content, person, agency)


@router.post("/samples", status_code=HTTPStatus.CREATED)
async def draw_samples(
    body: SampleBody,
    trainer: Trainer,
    request: RequestId,
    matching: Matching,
    connection: Statements,
) -> SampleView:
    """Put a random sample of links, and of near misses, before the reviewers."""
    drawn = await sampling.sample(matching, connection, trainer, request, body.most)
    return SampleView.model_validate(drawn)


@router.get("/quality")
async def read_quality(
    reader: Reader, request: RequestId, matching: Matching, connection: Statements
) -> QualityView:
    """Read the standing report; of agencies, your own unless you are the desk."""
    told = await reporting.report(matching.keyring, connection, reader, request)
    view = QualityView.model_validate(told)
    if reader.agency != DESK:
        view.agencies = [one for one in view.agencies if one.name == reader.agency]
    return view
