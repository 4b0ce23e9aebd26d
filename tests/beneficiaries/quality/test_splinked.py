"""One declaration, two engines: Splink's weight of a pair is ours."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.frequencies import AVERAGE, ENOUGH, Frequencies
from services.beneficiaries.linkage.scoring import compare
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.quality import splinked
from tests.beneficiaries.linkage.people import somebody, traits

EQUAL = 1e-9
Pairs = list[tuple[Traits, Traits]]
pairs = st.lists(st.tuples(traits, traits), min_size=1, max_size=60)


def known(names: Pairs) -> Frequencies:
    """Count names as a registry of many Agims and few others would."""
    everybody = [one for pair in names for one in pair]
    return Frequencies.of([*everybody, *[somebody()] * (5 * ENOUGH)])


def apart(found: Pairs, frequencies: Frequencies) -> float:
    theirs = splinked.weights(found, frequencies)
    ours = (compare(*pair, frequencies).weight for pair in found)
    return max(abs(one - other) for one, other in zip(theirs, ours, strict=True))


@settings(max_examples=8, deadline=None)
@given(pairs)
def test_splink_weighs_every_pair_as_the_registry_does(found: Pairs) -> None:
    assert apart(found, AVERAGE) < EQUAL


@settings(max_examples=8, deadline=None)
@given(pairs)
def test_it_does_so_where_names_are_weighed_by_how_common_they_are(
    found: Pairs,
) -> None:
    assert apart(found, known(found)) < EQUAL


def test_a_rare_name_weighs_more_and_no_more_than_the_rarest_may() -> None:
    here = [(somebody("Agim"), somebody("Agim")), (somebody("Ayşe"), somebody("Ayşe"))]
    frequencies = known(here)
    common, rare = splinked.weights(here, frequencies)
    assert rare - common > 8
    assert apart(here, frequencies) < EQUAL


def test_splink_works_in_memory_and_can_write_to_no_disk() -> None:
    connection = splinked.in_memory()
    places = "select database_name, path from duckdb_databases() where not internal"
    assert connection.execute(places).fetchall() == [("memory", None)]
    spilled = "select current_setting('temp_directory')"
    assert connection.execute(spilled).fetchone() == ("",)


def test_every_level_is_declared_to_splink_with_its_numbers() -> None:
    written = splinked.declared().create_settings_dict("duckdb")
    assert {
        comparison["output_column_name"]: [
            (level["label_for_charts"], level["m_probability"], level["u_probability"])
            for level in comparison["comparison_levels"][1:]
        ]
        for comparison in written["comparisons"]
    } == {
        name: [(level.label, level.m, level.u) for level in levels]
        for name, levels in model.COMPARISONS.items()
    }
