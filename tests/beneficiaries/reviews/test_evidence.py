"""What a reviewer is shown of a pair: levels always, values as they were agreed."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from docs.generate import ROOT
from services.beneficiaries.linkage import model
from services.beneficiaries.reviews.waterfall import Told, waterfall
from services.beneficiaries.reviews.words import (
    LABELS,
    NAMED,
    Language,
    number,
    say,
    spoken,
)
from services.kit.agreements import Agreed, Level, Shared
from services.kit.purposes import Purpose
from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import TWINS, Json, found, somebody, waiting
from tests.databases import Fresh, ask

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = Told(
    prior=-17.0,
    levels=[
        ("given", "near", -2.2),
        ("family", "same", 6.9),
        ("birth", "same", 14.7),
        ("sex", "same", 1.0),
        ("place", "differs", -1.4),
        ("address", "the house number agrees", 3.1),
    ],
    vetoes=["twin"],
    cutoffs=(2.5, 4.0),
)
LETS = {
    name: Agreed(name, Level.FIELDS, frozenset({Shared.NAMES, Shared.BIRTH}))
    for name in ("unicef", "who")
}
RECORDED: dict[str, Any] = {"communities": {"declared": ["ashkali"]}}


@pytest.fixture
async def across(
    north: Agency, south: Agency, desk: Agency, databases: dict[str, Fresh]
) -> Json:
    here = await north.record(**somebody(1) | RECORDED)
    there = await south.record(**somebody(2) | RECORDED)
    await found(databases["beneficiaries"], north, here, there, evidence=TWINS)
    [review] = await waiting(desk)
    return review | {"unicef": here["id"], "who": there["id"]}


async def evidence(agency: Agency, review: Json) -> Json:
    answer = await agency.get(f"/reviews/{review['id']}/evidence")
    assert answer.status_code == 200, answer.text
    assert "ashkali" not in answer.text
    shown: Json = answer.json()
    return shown


async def opened(databases: dict[str, Fresh]) -> object:
    opening = "select details->>'count' from audit_entry where act = 'review:open'"
    return await ask(databases["beneficiaries"].superuser, opening)


async def test_the_levels_add_up_to_the_weight(desk: Agency, across: Json) -> None:
    shown = await evidence(desk, across)
    weights = [level["weight"] for level in shown["levels"]]
    assert shown["levels"][-1]["total"] == pytest.approx(shown["weight"])
    assert shown["prior"] + sum(weights) == pytest.approx(shown["weight"])
    assert shown["weight"] == pytest.approx(across["weight"], abs=0.02)
    assert shown["vetoes"] == ["twin"]


async def test_an_agency_sees_both_sides_of_its_own_pair_and_that_is_on_record(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    one, other = [
        await north.record(**somebody(n) | RECORDED | {"place": "zvecan"})
        for n in (1, 2)
    ]
    await found(databases["beneficiaries"], north, one, other, evidence=TWINS)
    [review] = await waiting(north)
    sides = (await evidence(north, review))["sides"]
    assert [side["agency"] for side in sides] == ["unicef"] * 2
    names = {side["registration"]: side["fields"]["names"]["given"] for side in sides}
    expected = {one["id"]: somebody(1), other["id"]: somebody(2)}
    assert names == {key: who["names"]["given"] for key, who in expected.items()}
    assert {side["fields"]["place"] for side in sides} == {"zvecan"}
    assert await opened(databases) == "2"


async def test_without_an_agreement_the_desk_sees_levels_and_no_values(
    desk: Agency, across: Json, databases: dict[str, Fresh]
) -> None:
    purposeless = desk.by("officer", *LETS.values())
    elsewhere = desk.by("officer", *LETS.values(), purpose=Purpose.ASSISTANCE)
    only_who = Agreed("who", Level.WHO)
    less = desk.by("officer", only_who, purpose=Purpose.LINKAGE)
    for reader in (desk, purposeless, elsewhere, less):
        sides = (await evidence(reader, across))["sides"]
        assert [side["fields"] for side in sides] == [None, None]
    assert await opened(databases) is None


async def test_the_desk_sees_of_each_side_what_its_agency_agreed_to(
    desk: Agency, across: Json, databases: dict[str, Fresh]
) -> None:
    reader = desk.by("officer", LETS["who"], purpose=Purpose.LINKAGE)
    shown = await evidence(reader, across)
    sides = {side["agency"]: side for side in shown["sides"]}
    assert sides["unicef"]["fields"] is None
    told = {k: v for k, v in sides["who"]["fields"].items() if v is not None}
    assert told.keys() == {"names", "birth"}
    assert told["names"]["given"] == somebody(2)["names"]["given"]
    assert sides["who"]["registration"] == across["who"]
    assert await opened(databases) == "1"


async def test_the_picture_is_drawn_in_the_reader_s_language_and_names_nobody(
    desk: Agency, across: Json
) -> None:
    path = f"/reviews/{across['id']}/waterfall"
    answer = await desk.get(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    picture = ET.fromstring(answer.text)  # noqa: S314 -- our own, just drawn
    described = picture.findtext(f"{SVG}desc") or ""
    assert "given name: near \N{MINUS SIGN}2.0" in described
    assert "perhaps twins" in described
    for number_ in (1, 2):
        for name in somebody(number_)["names"].values():
            assert name not in answer.text


def test_the_picture_tells_nothing_by_colour_alone() -> None:
    drawn = waterfall(EXAMPLE, Language.ENGLISH)
    picture = ET.fromstring(drawn)  # noqa: S314 -- our own, just drawn
    texts = [one.text or "" for one in picture.iter(f"{SVG}text")]
    marked = [text for text in texts if text[:1] in "▲▼■"]
    assert len(marked) == len(EXAMPLE.levels) + 2
    assert [text[0] for text in marked[1:-1]] == [
        "▲" if weight > 0 else "▼" for *_, weight in EXAMPLE.levels
    ]
    assert picture.get("aria-labelledby") == "title desc"
    assert picture.get("role") == "img"


def test_the_picture_in_the_guide_is_the_one_that_is_drawn() -> None:
    shown = (ROOT / "docs/waterfall.svg").read_text()
    assert shown == waterfall(EXAMPLE, Language.ENGLISH) + "\n"


def test_whatever_the_model_says_has_words_in_three_languages() -> None:
    labels = {level.label for levels in model.COMPARISONS.values() for level in levels}
    named = {*model.COMPARISONS, *(veto.name for veto in model.VETOES)}
    assert labels <= LABELS.keys()
    assert named <= NAMED.keys()
    assert say("birth", Language.ALBANIAN) == "datëlindja"
    assert say("differs", Language.SERBIAN) == "razlikuje se"
    assert say("unheard of", Language.SERBIAN) == "unheard of"
    assert number(-1.25, Language.ALBANIAN) == "\N{MINUS SIGN}1,2"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("sq", "sq"),
        ("sr-Latn-RS, en;q=0.5", "sr"),
        ("de, en;q=0.3, sq;q=0.9", "sq"),
        ("sq;q=0, fr", "en"),
        ("sr;q=many", "en"),
    ],
)
def test_the_language_is_the_one_best_liked_of_three(
    accepted: str | None, language: str
) -> None:
    assert spoken(accepted) == language
