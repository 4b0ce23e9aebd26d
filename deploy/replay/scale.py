"""How much of the programme is played: all of it, or as large a part as is wished."""

from dataclasses import asdict, dataclass
from typing import Final, Self

# The trainings of officials: the measure counts all trainings, the documents' 13 are
# those of teachers alone.
FOR_OFFICIALS: Final = ("management", "monitoring_and_evaluation", "fundraising")


@dataclass(frozen=True)
class Scale:
    """How many there are of everything that the programme's documents count."""

    people: int = 102_000
    short_term: int = 915
    long_term: int = 46
    trainings: int = 13
    teachers: int = 300
    officials: int = 60
    activities: int = 25
    links: int = 10
    rounds: tuple[int, ...] = (10, 10, 9)

    @classmethod
    def of(cls, people: int) -> Self:
        """Play for so many people; of all else a like part, but at least a little."""
        share = people / cls.people
        if share >= 1:
            return cls(people=people)
        return cls(
            people=people,
            rounds=LEAST.rounds,
            **{
                name: min(most, max(asdict(LEAST)[name], round(most * share)))
                for name, most in asdict(cls()).items()
                if name not in {"people", "rounds"}
            },
        )

    @property
    def grants(self) -> int:
        return sum(self.rounds)

    def truth(self) -> dict[str, int]:
        """Say what each measure of the programme comes to, if nothing is miscounted."""
        return {
            "people_reached": self.people,
            "grants_awarded": self.grants,
            "economic_plans_adopted": 3,
            "action_plans_adopted": 3,
            "short_term_placements": self.short_term,
            "long_term_placements": self.long_term,
            "teacher_trainings_held": self.trainings,
            "teachers_trained": self.teachers,
            "officials_trained": self.officials,
            "enterprise_activities": self.activities,
            "business_links": self.links,
            "businesses_linked": 2 * self.links,
        }


WHOLE: Final = Scale()
LEAST_PEOPLE: Final = 300
LEAST: Final = Scale(
    people=0,
    short_term=18,
    long_term=4,
    trainings=2,
    teachers=8,
    officials=4,
    activities=3,
    links=2,
    rounds=(4,),
)
