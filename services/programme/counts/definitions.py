"""How each measure is counted, in words: a count is never shown without them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.programme.counts.rules import Measure
from services.programme.texts import Words


@dataclass(frozen=True, slots=True)
class Definition:
    """Whose events are counted, which of them, and what that comes to."""

    source: str
    events: tuple[str, ...]
    words: Words


def _said(source: str, events: str, sq: str, sr: str, en: str) -> Definition:
    return Definition(source, tuple(events.split()), Words(sq=sq, sr=sr, en=en))


DEFINITIONS: Final[Mapping[Measure, Definition]] = {
    Measure.PEOPLE_REACHED: _said(
        "beneficiaries",
        "registration.recorded registration.withdrawn registration.erased"
        " person.merged person.split",
        "Persona me të paktën një regjistrim në fuqi; kush është regjistruar më shumë"
        " herë dhe është njohur si i njëjti person numërohet një herë.",
        "Osobe sa bar jednom važećom registracijom; ko je registrovan više puta i"
        " prepoznat kao ista osoba broji se jednom.",
        "Persons with at least one registration in force; who is registered several"
        " times and found to be one person counts once.",
    ),
    Measure.GRANTS_AWARDED: _said(
        "grants",
        "award.active award.suspended award.closed",
        "Grante të dhëna, çfarëdo që ndodhi me to më pas.",
        "Dodeljeni grantovi, šta god da je s njima kasnije bilo.",
        "Awards made, whatever became of them since.",
    ),
    Measure.ECONOMIC_PLANS_ADOPTED: _said(
        "grants",
        "plan.adopted",
        "Plane komunale të zhvillimit ekonomik që janë miratuar.",
        "Opštinski planovi ekonomskog razvoja koji su usvojeni.",
        "Municipal economic development plans that have been adopted.",
    ),
    Measure.ACTION_PLANS_ADOPTED: _said(
        "grants",
        "plan.adopted",
        "Plane veprimi të komuniteteve që janë miratuar.",
        "Akcioni planovi zajednica koji su usvojeni.",
        "Community action plans that have been adopted.",
    ),
    Measure.SHORT_TERM_PLACEMENTS: _said(
        "employment",
        "placement.recorded placement.stepped placement.dated",
        "Punësime për më pak se gjashtë muaj që kanë filluar.",
        "Zaposlenja kraća od šest meseci koja su počela.",
        "Placements of less than six months that have started.",
    ),
    Measure.LONG_TERM_PLACEMENTS: _said(
        "employment",
        "placement.recorded placement.stepped placement.dated",
        "Punësime për gjashtë muaj ose më shumë, ose pa afat, që kanë filluar.",
        "Zaposlenja od šest meseci ili duža, ili na neodređeno, koja su počela.",
        "Placements of six months or more, or without an end, that have started.",
    ),
    Measure.TEACHER_TRAININGS_HELD: _said(
        "employment",
        "training.held",
        "Trajnime të mbajtura, në të cilat mori pjesë të paktën një mësimdhënës.",
        "Održane obuke na kojima je bio bar jedan nastavnik.",
        "Trainings that were held, with at least one teacher present.",
    ),
    Measure.TEACHERS_TRAINED: _said(
        "employment",
        "training.held",
        "Mësimdhënës të pranishëm në trajnime të mbajtura; kush ishte në dy"
        " trajnime numërohet dy herë.",
        "Nastavnici prisutni na održanim obukama; ko je bio na dve obuke broji se"
        " dvaput.",
        "Teachers who attended trainings; who attended two counts twice.",
    ),
    Measure.OFFICIALS_TRAINED: _said(
        "employment",
        "training.held",
        "Zyrtarë komunalë të pranishëm në trajnime të mbajtura; kush ishte në dy"
        " trajnime numërohet dy herë.",
        "Opštinski službenici prisutni na održanim obukama; ko je bio na dve obuke"
        " broji se dvaput.",
        "Municipal officials who attended trainings; who attended two counts twice.",
    ),
    Measure.ENTERPRISE_ACTIVITIES: _said(
        "employment",
        "activity.stepped",
        "Aktivitete për ndërmarrje që janë në vazhdim ose të përfunduara.",
        "Aktivnosti za preduzeća koje su u toku ili završene.",
        "Enterprise activities that are running or completed.",
    ),
    Measure.BUSINESS_LINKS: _said(
        "employment",
        "link.recorded",
        "Lidhje të regjistruara ndërmjet bizneseve.",
        "Zabeležene veze između preduzeća.",
        "Links between businesses that were recorded.",
    ),
    Measure.BUSINESSES_LINKED: _said(
        "employment",
        "link.recorded",
        "Biznese që janë në të paktën një lidhje.",
        "Preduzeća koja su u bar jednoj vezi.",
        "Businesses that are in at least one link.",
    ),
}
