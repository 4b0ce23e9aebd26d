"""Invented people, for the laws that hold for everybody."""

from typing import Any

from hypothesis import strategies as st

from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.particulars import (
    BirthDate,
    Document,
    DocumentKind,
    Names,
    Particulars,
    Sex,
)
from services.beneficiaries.places import PLACES

NAMES = (
    *("Agim", "Fatmir", "Fatmire", "Мирјана", "Mirjana", "Đorđe", "Gjorgje", "Ayşe"),
    *(
        "Ana-Marija",
        "Sylejman",
        "Süleyman",
        "Miri",
        "Hoxha",
        "Хоџа",
        "Vučić",
        "Krasniqi",
    ),
    *(
        "Berisha-Gashi",
        "Јовановић",
        "Kelmendi",
        "Hodžić",
        "Öztürk",
        "A",
        "Ir",
        "Xhemal",
    ),
)
DATES = (
    *("1990-05-01", "1990-01-05", "1990-05-02", "1990-01-01", "1985-05-01", "1990"),
    *("1991", "1990-05", "unreadable", ""),
)
NUMBERS = ("1002003007", "1002003008", "1002030007", "1999999999", "77")

HOME: dict[str, Any] = {
    "place": "zvecan",
    "phones": ["044123456"],
    "address": "Lisi 7",
    "father": "Hasan",
}
OTHER_NAMES = ("father", "former_family")

names = st.sampled_from(NAMES)
births = st.sampled_from(DATES).map(BirthDate.written) | st.just(
    BirthDate.model_validate({"value": "1989", "precision": "estimated"})
)
papers = st.builds(
    Document,
    kind=st.sampled_from(DocumentKind),
    number=st.sampled_from(NUMBERS),
    country=st.sampled_from(["XK", "RS", None]),
)
particulars = st.builds(
    Particulars,
    names=st.builds(
        Names,
        given=names,
        family=names | st.none(),
        father=names | st.none(),
        former_family=names | st.none(),
    ),
    sex=st.sampled_from(Sex),
    birth=births,
    place=st.sampled_from([*list(PLACES)[:3], None]),
    address=st.sampled_from(["Rr. Lisi 7", "Ул. Храстова 7", "Lisi nr 8", None]),
    phones=st.lists(
        st.sampled_from(["044123456", "044123457", "+381641234567"]), max_size=2
    ).map(tuple),
    documents=st.lists(papers, max_size=2).map(tuple),
)
traits = particulars.map(traits_of)


def somebody(given: str = "Agim", family: str = "Hoxha", **fields: Any) -> Traits:  # noqa: ANN401 -- any field of the form
    """A man of 1990 with the fields that a test is about; `on` is when he came."""
    on = fields.pop("on", None)
    names = {"given": given, "family": family}
    names |= {key: fields.pop(key) for key in OTHER_NAMES if key in fields}
    birth = BirthDate.written(fields.pop("birth", "1990-05-17"))
    recorded = {"names": names, "birth": birth, "sex": "male", **fields}
    return traits_of(Particulars.model_validate(recorded), on)


def paper(number: str, kind: str = "personal_number") -> dict[str, Any]:
    return {"documents": [{"kind": kind, "number": number, "country": "XK"}]}
