"""Sectors as the OECD's aid statistics number them (DAC, five digits)."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.grants.plans.rules import Sector


class Purpose(NamedTuple):
    """A purpose code with its name."""

    code: str
    name: str


PURPOSES: Final[Mapping[Sector, Purpose]] = {
    Sector.PEACEBUILDING: Purpose(
        "15220", "Civilian peace-building, conflict prevention and resolution"
    ),
    Sector.CIVIL_SOCIETY: Purpose(
        "15150", "Democratic participation and civil society"
    ),
    Sector.LOCAL_GOVERNMENT: Purpose("15185", "Local government administration"),
    Sector.HUMAN_RIGHTS: Purpose("15160", "Human rights"),
    Sector.WOMEN: Purpose("15170", "Women's rights organisations and movements"),
    Sector.YOUTH: Purpose("11231", "Basic life skills for youth"),
    Sector.CULTURE: Purpose("16061", "Culture"),
    Sector.EDUCATION: Purpose(
        "11110", "Education policy and administrative management"
    ),
    Sector.HEALTH: Purpose("12220", "Basic health care"),
    Sector.SOCIAL_PROTECTION: Purpose("16010", "Social protection"),
    Sector.EMPLOYMENT: Purpose("16020", "Employment creation"),
    Sector.SMALL_BUSINESS: Purpose(
        "32130", "Small and medium-sized enterprises (SME) development"
    ),
    Sector.AGRICULTURE: Purpose("31120", "Agricultural development"),
    Sector.ENVIRONMENT: Purpose(
        "41010", "Environmental policy and administrative management"
    ),
    Sector.WATER: Purpose("14030", "Basic drinking water supply and basic sanitation"),
    Sector.TRANSPORT: Purpose("21020", "Road transport"),
}
