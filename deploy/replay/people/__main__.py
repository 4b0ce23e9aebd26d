"""Writes the offices' files: `python -m deploy.replay.people FOLDER [PEOPLE]`."""

import sys
from pathlib import Path

from deploy.replay.people.files import make
from deploy.replay.scale import WHOLE


def main() -> None:
    if len(sys.argv) not in {2, 3}:
        sys.exit("Usage: python -m deploy.replay.people FOLDER [PEOPLE]")
    folder, *people = sys.argv[1:]
    plan = make(Path(folder), int(people[0]) if people else WHOLE.people)
    sys.stdout.write(f"{sum(plan.rows.values())} rows of {plan.people} people.\n")


if __name__ == "__main__":
    main()
