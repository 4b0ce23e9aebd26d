import json
import stat
from pathlib import Path

import pytest

from tests.console.conftest import IMPORTS, KEY, REFUSED, Door, Run, import_
from tests.employment.neighbours import nobody_there

SHEET = """source_id,given,family,birth
U-1,Mërgim,Prekazi,1990-05-01
U-2,Refused,Вељовић,32.13.1990
U-3,Ljubica,Вељовић,32.13.1990
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(SHEET, encoding="utf-8-sig")
    return file


def test_a_token_is_printed_and_nothing_else(run: Run) -> None:
    result = run("token")
    assert (result.exit_code, result.output) == (0, "token-1\n")


def test_a_wrong_secret_is_told_in_one_sentence_that_does_not_repeat_it(
    run: Run,
) -> None:
    result = run("token", URAMOST_SECRET="open-barley")
    assert result.exit_code == 1
    assert result.output == "The gateway does not know this client with this secret.\n"


def test_without_a_secret_it_is_asked_for(run: Run, door: Door) -> None:
    result = run("token", URAMOST_SECRET="")
    assert result.exit_code == 1
    assert "Secret" in result.stderr
    assert door.tokens == 0


def test_a_gateway_that_is_not_there_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.client.DELAYS", (0.0, 0.0))
    address = nobody_there()
    result = run("token", URAMOST_GATEWAY=address)
    assert result.exit_code == 1
    assert result.output == f"The gateway at {address} cannot be reached.\n"


@pytest.mark.parametrize("address", ["uramost.example", "ftp://uramost.example"])
def test_an_address_that_is_none_is_told(run: Run, address: str) -> None:
    result = run("token", URAMOST_GATEWAY=address)
    assert result.exit_code == 1
    assert "is not an address of a gateway" in result.output


def test_somebody_elses_server_is_not_taken_for_a_gateway(run: Run, door: Door) -> None:
    door.scripted["/audit/checkpoints"] = [(200, b"<html>")]
    result = run("audit", "checkpoints", "--service", "gateway")
    assert result.exit_code == 1
    assert "is not a gateway of Uramost" in result.output


def test_an_import_is_followed_counted_and_its_refused_rows_set_aside(
    run: Run, door: Door, sheet: Path
) -> None:
    door.steps = [
        import_(rows=2),
        import_("linked", rows=3, recorded=1),
        import_("linked", rows=3, recorded=2),
        import_("accepted", rows=3, recorded=2, refused=1),
    ]
    result = run("registrations", "import", sheet)
    assert result.exit_code == 3
    said = " ".join(result.stdout.replace("│", " ").split())
    assert "rows 3 recorded 2 unchanged 0 refused 1 duplicates 0" in said
    aside = sheet.with_name("people.refused.csv")
    assert aside.read_text() == REFUSED
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert door.asked[0] == ("POST", IMPORTS, "\ufeff" + SHEET)
    assert door.kind == "text/csv"


def test_a_file_is_sent_with_its_kind_charset_and_mapping(
    run: Run, door: Door, tmp_path: Path
) -> None:
    door.steps = [import_("accepted")] * 2
    file = tmp_path / "people.JSONL"
    file.write_text("{}")
    options = ("--mapping", "monthly", "--charset", "utf-16")
    assert run("registrations", "import", file, *options).exit_code == 0
    assert door.asked[0][1] == f"{IMPORTS}?mapping=monthly"
    assert door.kind == "application/jsonl; charset=utf-16"


def test_nobodys_name_is_printed(run: Run, door: Door, sheet: Path) -> None:
    door.steps = [import_("accepted", rows=3, recorded=2, refused=1)]
    result = run("registrations", "import", sheet)
    for personal in ("Mërgim", "Prekazi", "Вељовић", "Ljubica", "1990", "U-1"):
        assert personal not in result.output


def test_the_refused_rows_go_where_they_are_told_but_not_over_the_input(
    run: Run, door: Door, sheet: Path, tmp_path: Path
) -> None:
    door.steps = [import_("accepted", refused=1)]
    aside = tmp_path / "aside.csv"
    assert run("registrations", "import", sheet, "--refused", aside).exit_code == 3
    assert aside.exists()
    result = run("registrations", "import", sheet, "--refused", sheet)
    assert result.exit_code == 1
    assert sheet.read_text(encoding="utf-8-sig") == SHEET


def test_a_file_that_is_refused_ends_with_its_reason(
    run: Run, door: Door, sheet: Path
) -> None:
    door.steps = [import_("refused", reason="Not known: column 3.", columns=["Kodi"])]
    result = run("registrations", "import", sheet)
    assert result.exit_code == 1
    assert "Not known: column 3. “Kodi”" in result.output


def test_an_import_that_is_held_waits_unless_it_is_to_be_released(
    run: Run, door: Door, sheet: Path
) -> None:
    held = import_("held", rows=4, duplicates=3)
    door.steps = [held]
    result = run("registrations", "import", sheet)
    assert result.exit_code == 1
    assert "3 of 4 rows are duplicates" in result.output
    door.steps = [held, held, import_("accepted", rows=4, recorded=4)]
    assert run("registrations", "import", sheet, "--release").exit_code == 0
    assert ("POST", f"{IMPORTS}/{KEY}/release", "") in door.asked


@pytest.mark.parametrize(
    ("name", "why"),
    [("people.pdf", "is none of the files"), ("no.csv", "cannot be read")],
)
def test_a_file_that_cannot_be_sent_is_one_sentence(
    run: Run, tmp_path: Path, name: str, why: str
) -> None:
    result = run("registrations", "import", tmp_path / name)
    assert result.exit_code == 1
    assert why in result.output


def test_what_passes_is_tried_again_from_the_beginning(
    run: Run, door: Door, sheet: Path
) -> None:
    door.scripted[IMPORTS] = [(503, {}), (429, {})]
    door.steps = [import_("accepted")]
    assert run("registrations", "import", sheet).exit_code == 0
    sent = [said for method, path, said in door.asked if method == "POST"]
    assert sent == ["\ufeff" + SHEET] * 3


def test_after_three_tries_the_import_ends_with_the_gateways_sentence(
    run: Run, door: Door, sheet: Path
) -> None:
    door.scripted[IMPORTS] = [(503, {"title": "A part does not answer."})] * 3
    result = run("registrations", "import", sheet)
    assert result.exit_code == 1
    assert "declined (503): A part does not answer." in result.output
    assert not sheet.with_name("people.refused.csv").exists()


def test_what_is_declined_is_not_tried_again(run: Run, door: Door, sheet: Path) -> None:
    door.scripted[IMPORTS] = [(403, {"title": "The roles do not carry this."})]
    result = run("registrations", "import", sheet)
    assert result.exit_code == 1
    assert "The roles do not carry this." in result.output
    assert len(door.asked) == 1


def test_a_token_is_replaced_before_it_ends(run: Run, door: Door, sheet: Path) -> None:
    door.lifetime = 30  # less than the margin: each request needs a new one
    door.steps = [import_("linked")] * 4 + [import_("accepted")]
    assert run("registrations", "import", sheet).exit_code == 0
    assert door.tokens == 4  # for the file, and for each time that it is followed
    door.lifetime, door.tokens, door.steps = 900, 0, [import_("accepted")]
    assert run("registrations", "import", sheet).exit_code == 0
    assert door.tokens == 1


def test_imports_are_listed_released_cancelled_and_fetched(
    run: Run, door: Door, tmp_path: Path
) -> None:
    door.scripted[IMPORTS] = [(200, {"items": [import_("held", rows=7)], "next": None})]
    listed = run("imports", "list").stdout
    assert "held" in listed
    assert KEY in listed
    for act, path in (("release", "release"), ("cancel", "cancellation")):
        assert run("imports", act, KEY).exit_code == 0
        assert door.asked[-1] == ("POST", f"{IMPORTS}/{KEY}/{path}", "")
    to = tmp_path / "refused.csv"
    assert run("imports", "refused", KEY, to).exit_code == 0
    assert to.read_text() == REFUSED


def test_a_mapping_is_saved_from_pairs(run: Run, door: Door) -> None:
    columns = {"Kodi": "source_id", "A=B": "ignore"}
    path = f"{IMPORTS}/mappings"
    door.scripted[path] = [(200, {"name": "monthly", "columns": columns})]
    said = run("imports", "map", "monthly", "Kodi=source_id", "A=B=ignore").stdout
    assert "2 columns" in said
    assert door.asked == [("PUT", path, {"name": "monthly", "columns": columns})]
    assert run("imports", "map", "monthly", "Kodi").exit_code == 1


def test_rekeying_goes_on_until_nothing_is_left(run: Run, door: Door) -> None:
    path = "/beneficiaries/linkage/rekey"
    steps = [(200, 450), (200, 250), (50, 0)]
    door.scripted[path] = [
        (200, {"moved": moved, "found": 1, "left": left}) for moved, left in steps
    ]
    result = run("linkage", "rekey")
    assert result.exit_code == 0
    assert "450 registrations were moved" in result.stdout
    assert len(door.asked) == 3


def test_rekeying_that_moves_nothing_does_not_go_on_for_ever(
    run: Run, door: Door
) -> None:
    stuck = (200, {"moved": 0, "found": 0, "left": 9})
    door.scripted["/beneficiaries/linkage/rekey"] = [stuck]
    result = run("linkage", "rekey")
    assert result.exit_code == 1
    assert "9 are left" in result.output


def checkpoint(position: int, end: str = "ab") -> dict[str, object]:
    at = "2026-03-01T10:00:00Z"
    return {"position": position, "at": at, "hash": end * 32, "signed": "a.b.c"}


def test_the_witness_keeps_checkpoints_and_adds_the_new(
    run: Run, door: Door, tmp_path: Path
) -> None:
    path, kept = "/grants/audit/checkpoints", tmp_path / "grants.jsonl"
    first = [checkpoint(2), checkpoint(1)]
    door.scripted[path] = [(200, first), (200, [checkpoint(5), *first])]
    command = ("audit", "checkpoints", "--service", "grants", "--to", kept)
    assert "2 checkpoints were added" in run(*command).stdout
    assert "1 checkpoints were added" in run(*command).stdout
    lines = kept.read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        checkpoint(position) for position in (1, 2, 5)
    ]


@pytest.mark.parametrize(
    "later", [[], [checkpoint(1)], [checkpoint(3), checkpoint(2, "cd")]]
)
def test_the_witness_notices_an_audit_that_was_cut_short_or_changed(
    run: Run, door: Door, tmp_path: Path, later: list[dict[str, object]]
) -> None:
    kept = tmp_path / "kept.jsonl"
    door.scripted["/audit/checkpoints"] = [
        (200, [checkpoint(2), checkpoint(1)]),
        (200, later),
    ]
    command = ("audit", "checkpoints", "--service", "gateway", "--to", kept)
    assert run(*command).exit_code == 0
    before = kept.read_text()
    result = run(*command)
    assert result.exit_code == 1
    assert "contradicts what was kept" in result.output
    assert kept.read_text() == before


def test_the_help_names_every_command(run: Run) -> None:
    told = run("--help").stdout
    groups = ("token", "registrations", "imports", "linkage", "audit")
    assert all(name in told for name in groups)
    assert "URAMOST_SECRET" in run("token", "--help").stdout
