"""An invented population: people as several agencies write them, in three ways.

Each line is one person: Albanian, Serbian Latin and Serbian Cyrillic spelling, sex,
birth date, municipality, and who has registered them in which spelling.
"""

from collections.abc import Iterator
from typing import Any

ALBANIAN, LATIN, CYRILLIC = "sq", "sr", "cy"
PEOPLE = """
Mërgim Hoxhaj/Mergim Hodžaj/Мергим Хоџај m 1987-04-12 mitrovica-south unicef:sq unfpa:cy
Vlora Shalë/Vljora Šalja/Вљора Шаља f 1992-11-03 mitrovica-south unicef:sq undp:sr
Lubica Veloviq/Ljubica Veljović/Љубица Вељовић f 1979-02-27 zvecan unfpa:cy who:sr
Zhivko Jakshiq/Živko Jakšić/Живко Јакшић m 1968-08-15 leposavic undp:cy unv:sq
Besart Gashaj/Besart Gašaj/Бесарт Гашај m 2001-06-30 vushtrri unicef:sq unv:sr
Teuta Krasniqaj/Teuta Krasnićaj/Теута Краснићај f 1995-01-19 skenderaj unfpa:sq
Dragana Stojkoviq/Dragana Stojković/Драгана Стојковић f 1984-09-09 mitrovica-north who:cy ohchr:sr
Xhevahire Bunjaku/Dževahire Bunjaku/Џевахире Буњаку f 1973-12-01 mitrovica-south who:sq undp:cy
Nenad Gjokiq/Nenad Đokić/Ненад Ђокић m 1990-03-22 zubin-potok undp:sr ohchr:sq
Qëndrim Mehmetaj/Ćendrim Mehmetaj/Ћендрим Мехметај m 1998-07-07 vushtrri unv:sq
Arta Selimaj/Arta Seljimaj/Арта Сељимај f 2003-05-25 skenderaj unicef:sq unfpa:sr
Bojan Rakiq/Bojan Rakić/Бојан Ракић m 1977-10-10 mitrovica-north undp:cy
Fatime Bajramaj/Fatime Bajramaj/Фатиме Бајрамај f 1961-04-04 mitrovica-south who:sq ohchr:cy
Fatmir Zejnullahaj/Fatmir Zejnulahaj/Фатмир Зејнулахај m 1982-02-14 vushtrri undp:sq
Milica Petkoviq/Milica Petković/Милица Петковић f 1999-12-31 zvecan unicef:cy unv:sr
Ilir Dërvishaj/Iljir Dervišaj/Иљир Дервишај m 1989-08-08 mitrovica-south unfpa:sq unv:cy
Sanja Nikçeviq/Sanja Nikčević/Сања Никчевић f 1986-06-16 leposavic ohchr:cy
Emine Kurtishaj/Emine Kurtišaj/Емине Куртишај f 1970-01-05 vushtrri who:sq unfpa:sr
Edin Hamidoviq/Edin Hamidović/Един Хамидовић m 1994-09-28 mitrovica-north unv:sr undp:sq
Selma Xhaferoviq/Selma Džaferović/Селма Џаферовић f 1997-03-03 mitrovica-north unfpa:sr who:cy
Jeton Ahmetaj/Jeton Ahmetaj/Јетон Ахметај m 2000-10-20 obiliq undp:sq
Shkurte Osmanaj/Škurte Osmanaj/Шкурте Османај f 1965-05-05 skenderaj who:sq
Radovan Miliq/Radovan Milić/Радован Милић m 1958-11-11 zubin-potok ohchr:cy who:sr
Burim Thaqaj/Burim Tačaj/Бурим Тачај m 1993-07-17 gjilan unv:sq
Leposava Gjuriq/Leposava Đurić/Лепосава Ђурић f 1949-02-02 gracanica who:cy ohchr:sq
Drilon Berishaj/Driljon Berišaj/Дриљон Беришај m 2005-09-01 pristina unicef:sq undp:sr
Njomza Ukaj/Njomza Ukaj/Њомза Укај f 2004-04-24 ferizaj unicef:sq
Kujtim Sylaj/Kujtim Suljaj/Кујтим Суљај m 1972-08-29 mitrovica-south ohchr:sq unfpa:cy
Jasmina Qosiq/Jasmina Ćosić/Јасмина Ћосић f 1988-12-12 mitrovica-north unv:cy unicef:sr
Vjollca Pllanaj/Vjolca Planaj/Вјолца Планај f 1983-03-30 podujeva undp:sq unfpa:sr
Aleksandar Zhivkoviq/Aleksandar Živković/Александар Живковић m 1991-05-15 leposavic undp:cy ohchr:sr
Enver Rexhepaj/Enver Redžepaj/Енвер Реџепај m 1976-06-06 peja who:sq
Hatixhe Salihaj/Hatidže Salihaj/Хатиџе Салихај f 1959-10-26 mamusha who:sq unfpa:cy
Blerta Gjinaj/Bljerta Đinaj/Бљерта Ђинај f 2002-01-11 gjakova unicef:sq unv:sr
"""  # noqa: E501 -- a person is a line

SEXES = {"f": "female", "m": "male"}


def rows(agency: str) -> list[dict[str, Any]]:
    """Write out what one agency has registered, as its import would send it."""
    return [row for who, row in _registrations() if who == agency]


def _registrations() -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(PEOPLE.strip().splitlines(), 1):
        head, sex, birth, place, *registered = _fields(line)
        spellings = dict(zip((ALBANIAN, LATIN, CYRILLIC), head.split("/"), strict=True))
        for nth, registration in enumerate(registered):
            agency, _, spelling = registration.partition(":")
            row = {
                "source_id": f"{agency}-{number:04d}",
                "names": _names(spellings[spelling]),
                "sex": SEXES[sex],
                "birth": {"value": birth, "precision": "day"},
                "place": place,
                "phones": [f"+3834488{number:04d}"] if number % 3 else [],
                # The second agency has not always seen a document.
                "documents": [] if nth and number % 2 else [_document(number)],
            }
            yield agency, row


def _fields(line: str) -> list[str]:
    """Split a line; only the spellings have spaces in them."""
    words = line.split()
    rest = next(at for at, word in enumerate(words) if word in SEXES)
    return [" ".join(words[:rest]), *words[rest:]]


def _names(written: str) -> dict[str, str]:
    given, _, family = written.partition(" ")
    return {"given": given, "family": family}


def _document(number: int) -> dict[str, str]:
    return {"kind": "personal_number", "number": f"19{number:08d}", "country": "XK"}
