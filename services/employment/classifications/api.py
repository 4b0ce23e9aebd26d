"""Occupations, sectors and the words of closed lists, in three languages."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.employment.classifications.rules import ISIC, OCCUPATIONS, found
from services.employment.classifications.words import WORDS, Words
from services.employment.permissions import Employment
from services.kit.callers import Caller, holding
from services.kit.http import View, refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["classifications"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Reader = Annotated[Caller, holding(Employment.READ_CLASSIFICATIONS)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class GroupView(View):
    """A group of a classification; a title is null where nobody has translated it.

    Albanian and Serbian titles are working translations, and no official ones.
    """

    code: str
    en: str
    sq: str | None
    sr: str | None


class SectorQuery(BaseModel):
    """Words in any of the three languages and their spellings, whole or begun."""

    model_config = ConfigDict(extra="forbid")

    words: Text = ""


class OccupationQuery(SectorQuery):
    """The same, within a major, sub-major or minor group if its code is given."""

    within: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")] = ""


@router.get("/occupations", response_model=list[GroupView])
async def list_occupations(
    _reader: Reader, asked: Annotated[OccupationQuery, Query()]
) -> object:
    """Find unit groups of ISCO-08 by their words, at most fifty."""
    within = (one for one in OCCUPATIONS if one.code.startswith(asked.within))
    return found(within, asked.words)


@router.get("/sectors", response_model=list[GroupView])
async def list_sectors(
    _reader: Reader, asked: Annotated[SectorQuery, Query()]
) -> object:
    """Find sections and divisions of ISIC Rev. 4 by their words; all without any."""
    return found(ISIC.values(), asked.words, most=len(ISIC))


@router.get("/words")
async def list_words(_reader: Reader) -> Words:
    """Give the closed lists of this service, each word as people read it."""
    return WORDS
