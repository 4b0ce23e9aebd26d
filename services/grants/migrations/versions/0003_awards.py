"""Organisations shared and in full; awards with their payments; the ledger."""

from alembic import op
from sqlalchemy import text

from services.grants.organisations.names import keys
from services.kit.ddl import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
ACTING = "(select nullif(current_setting('app.organisation', true), ''))"

# What two agencies had recorded under one number becomes one lasting record and one
# that says so.
ORGANISATIONS = """
drop policy own_rows on organisation;
alter table organisation no force row level security;
alter table organisation
    drop constraint organisation_agency_registration_number_key,
    add column language text,
    add column registered_in text check (registered_in in (
        'kosovo_businesses', 'kosovo_ngos', 'serbia_businesses', 'other'
    )),
    add column bare_number text,
    add column same_as uuid references organisation (id) check (same_as <> id);
update organisation set
    bare_number = regexp_replace(upper(registration_number), '\\W|_', '', 'g'),
    registered_in = case kind when 'business' then 'kosovo_businesses'
                         when 'cso' then 'kosovo_ngos' else 'other' end
    where registration_number is not null;
update organisation set same_as = lasting.id
    from (select registered_in, bare_number, min(id::text)::uuid as id
          from organisation where registered_in is not null
          group by registered_in, bare_number) as lasting
    where organisation.registered_in = lasting.registered_in
        and organisation.bare_number = lasting.bare_number
        and organisation.id <> lasting.id;
alter table organisation
    add check ((registered_in is null) = (registration_number is null)),
    add check ((registered_in is null) = (bare_number is null));
create unique index organisation_number_key on organisation (registered_in, bare_number)
    where same_as is null;
create index organisation_kind_idx on organisation (kind, id);
create index organisation_municipality_idx on organisation (municipality, id);
create index organisation_same_as_idx on organisation (same_as);
create table organisation_name (
    id uuid primary key,
    organisation uuid not null references organisation (id),
    agency text not null,
    text text not null check (length(text) between 1 and 200),
    language text,
    unique (organisation, text)
);
insert into organisation_name (id, organisation, agency, text)
    select gen_random_uuid(), id, agency, name from organisation;
create table organisation_key (
    key text not null,
    organisation uuid not null references organisation (id),
    agency text not null,
    primary key (key, organisation, agency)
);
create index organisation_key_organisation_idx on organisation_key (organisation);
"""

STANDING = """
create table verification (
    id uuid primary key,
    organisation uuid not null references organisation (id),
    agency text not null,
    status text not null check (
        status in ('pending', 'verified', 'refused', 'revoked')
    ),
    method text not null,
    until timestamptz,
    begun_at timestamptz not null,
    begun_by text not null,
    decided_at timestamptz,
    decided_by text,
    check (status <> 'verified' or until is not null),
    check ((status = 'pending') = (decided_at is null))
);
create index verification_organisation_idx on verification (organisation, id);
create table flag (
    id uuid primary key,
    organisation uuid not null references organisation (id),
    agency text not null,
    readers text[] not null check (agency = any (readers)),
    concern text not null,
    reference text,
    raised_at timestamptz not null,
    raised_by text not null,
    lifted_at timestamptz,
    lifted_by text
);
create index flag_organisation_idx on flag (organisation, id);
create table declaration (
    organisation uuid primary key references organisation (id),
    agency text not null,
    communities bytea not null,
    declared_at timestamptz not null,
    declared_by text not null
);
"""

# Who awards does not disburse, and who releases does not either: the rows refuse it.
AWARDS = """
create unique index application_agency_call_key on application (id, agency, call, lead);
create table award (
    id uuid primary key,
    agency text not null,
    application uuid not null unique,
    call uuid not null,
    lead uuid not null,
    status text not null check (status in ('active', 'suspended', 'closed')),
    amount numeric not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    decided_at timestamptz not null,
    decided_by text not null,
    closed_at timestamptz check ((closed_at is null) = (status <> 'closed')),
    unique (id, agency),
    unique (id, decided_by),
    foreign key (application, agency, call, lead)
        references application (id, agency, call, lead)
);
create index award_agency_idx on award (agency, id);
create index award_call_idx on award (call, id);
create index award_lead_idx on award (lead, id);
create table tranche (
    id uuid primary key,
    agency text not null,
    award uuid not null,
    number integer not null check (number > 0),
    amount numeric not null check (amount > 0),
    due_on date not null,
    advance boolean not null,
    status text not null check (
        status in ('planned', 'released', 'disbursed', 'cancelled')
    ),
    awarded_by text not null,
    released_at timestamptz,
    released_by text,
    disbursed_at timestamptz,
    disbursed_by text check (disbursed_by not in (awarded_by, released_by)),
    unique (award, number),
    foreign key (award, agency) references award (id, agency),
    foreign key (award, awarded_by) references award (id, decided_by),
    check (status in ('planned', 'cancelled') or released_by is not null),
    check (status <> 'disbursed' or disbursed_by is not null)
);
create table amendment (
    id uuid primary key,
    agency text not null,
    award uuid not null,
    number integer not null check (number > 0),
    status text not null check (
        status in ('proposed', 'signed', 'in_force', 'refused', 'withdrawn')
    ),
    before jsonb not null,
    after jsonb not null,
    reason text not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    proposed_at timestamptz not null,
    proposed_by text not null,
    answered_at timestamptz,
    answered_by text,
    answered_through text,
    decided_at timestamptz,
    decided_by text,
    unique (award, number),
    foreign key (award, agency) references award (id, agency)
);
create unique index one_amendment_at_a_time on amendment (award)
    where status in ('proposed', 'signed');
create table report (
    id uuid primary key,
    agency text not null,
    award uuid not null,
    status text not null check (status in ('submitted', 'accepted', 'returned')),
    final boolean not null,
    from_day date not null,
    to_day date not null check (to_day >= from_day),
    spent numeric not null check (spent >= 0),
    summary text not null,
    submitted_at timestamptz not null,
    submitted_by text not null,
    decided_at timestamptz,
    decided_by text,
    reason text,
    foreign key (award, agency) references award (id, agency)
);
create index report_award_idx on report (award, id);
create unique index one_report_at_a_time on report (award) where status = 'submitted';
create unique index one_final_report on report (award)
    where final and status = 'accepted';
"""

# A line and its account are in the journal's currency and of its agency, by reference.
# Amounts are found as whole ten-thousandths: numeric's own equality is not leakproof,
# so row-level security would read every line first.
LEDGER = """
create table ledger_account (
    id uuid primary key,
    agency text not null,
    call uuid not null,
    award uuid,
    kind text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    balance numeric not null default 0,
    constraint nothing_below_zero check (balance >= 0 or kind = 'funds'),
    check (case when award is null then kind in ('funds', 'available')
           else kind in ('committed', 'payable', 'advanced', 'spent', 'returned') end),
    foreign key (agency, call) references call (agency, id),
    foreign key (award, agency) references award (id, agency),
    unique nulls not distinct (agency, call, award, kind),
    unique (agency, id, kind, currency)
);
create index ledger_account_award_idx on ledger_account (award);
create index ledger_account_currency_idx on ledger_account (agency, currency, kind);
create table journal (
    id uuid primary key,
    agency text not null,
    call uuid not null,
    award uuid,
    act text not null,
    currency text not null,
    about uuid,
    reference text,
    reverses uuid constraint journal_reverses_key unique references journal (id),
    posted_at timestamptz not null,
    posted_by text not null,
    txid xid8 not null default pg_current_xact_id(),
    unique (agency, id, currency),
    check ((act = 'reversal') = (reverses is not null))
);
create index journal_agency_idx on journal (agency, id);
create index journal_call_idx on journal (call, id);
create index journal_award_idx on journal (award, id);
create index journal_act_idx on journal (agency, act, id);
create index journal_reference_idx on journal (agency, reference);
create table journal_line (
    id bigint generated always as identity primary key,
    agency text not null,
    journal uuid not null,
    account uuid not null,
    kind text not null,
    currency text not null,
    amount numeric not null check (amount <> 0),
    ten_thousandths bigint not null generated always as (amount * 10000) stored,
    check (ten_thousandths = amount * 10000),
    foreign key (agency, journal, currency) references journal (agency, id, currency),
    foreign key (agency, account, kind, currency)
        references ledger_account (agency, id, kind, currency)
);
create index journal_line_journal_idx on journal_line (journal);
create index journal_line_account_idx on journal_line (account, id);
create index journal_line_amount_idx on journal_line (agency, ten_thousandths);
create table reconciliation (
    id uuid primary key,
    agency text not null,
    call uuid,
    currency text not null,
    measure text not null,
    recorded numeric not null,
    statements jsonb not null,
    reconciled_at timestamptz not null,
    reconciled_by text not null
);
create index reconciliation_agency_idx on reconciliation (agency, id);
"""

# A journal is written whole by one transaction and adds up to nothing when it commits.
# A balance is moved by lines and by nothing else; what was entered stays for good.
BALANCING = """
create function balance_journal() returns trigger language plpgsql
set search_path = public, pg_temp as $$
declare
    entered uuid;
    adds_up boolean;
begin
    entered := case tg_table_name when 'journal' then to_jsonb(new) ->> 'id'
               else to_jsonb(new) ->> 'journal' end;
    select count(*) > 1 and sum(amount) = 0 into adds_up
        from journal_line where journal = entered;
    if not adds_up or not exists (
        select from journal where id = entered and txid = pg_current_xact_id()
    ) then
        raise exception 'a journal adds up to nothing, and is written at once'
            using errcode = 'check_violation', constraint = 'journal_balances';
    end if;
    return null;
end $$;
create constraint trigger journal_balances after insert on journal
    deferrable initially deferred for each row execute function balance_journal();
create constraint trigger journal_balances after insert on journal_line
    deferrable initially deferred for each row execute function balance_journal();

create function move_balance() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    update ledger_account set balance = balance + new.amount where id = new.account;
    return null;
end $$;
create trigger line_moves_balance after insert on journal_line
    for each row execute function move_balance();

create function keep_entered() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'ledger_account'
        and pg_trigger_depth() > 1 then
        return new;
    end if;
    raise exception 'the ledger is only ever added to'
        using errcode = 'insufficient_privilege';
end $$;
"""
LEDGERS = ("ledger_account", "journal", "journal_line", "reconciliation")
KEEPING = "".join(
    f"""
    create trigger stays_as_entered before update or delete on {table}
        for each row execute function keep_entered();
    create trigger stays_as_a_whole before truncate on {table}
        for each statement execute function keep_entered();
    """
    for table in LEDGERS
)

MAY_READ = "(readers && (select me()))"
OPENED = (
    "(organisation::text = any (string_to_array("
    "(select current_setting('app.opening', true)), ',')))"
)
THEIRS = "(exists (select from application a where a.id = award.application))"


def following(table: str) -> str:
    """Let whoever sees an award see what hangs on it."""
    return f"(exists (select from award a where a.id = {table}.award))"


SEEN = {  # who reads a row
    "organisation": "true",
    "organisation_name": "true",
    "organisation_key": "true",
    "verification": f"(agency = {MINE} or status = 'verified')",
    "flag": MAY_READ,
    "declaration": f"(organisation::text = {ACTING} or {OPENED})",
    "award": THEIRS,
    **{table: following(table) for table in ("tranche", "amendment", "report")},
    **dict.fromkeys(LEDGERS, f"(agency = {MINE})"),
}

OWN = f"(agency = {MINE})"
WRITTEN = dict.fromkeys(SEEN, OWN) | {  # and who writes it
    "declaration": f"(organisation::text = {ACTING} and agency = {MINE})",
    "amendment": following("amendment"),
    "report": following("report"),
}


def row_security() -> str:
    return "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy seen on {table} for select to grants using ({SEEN[table]});
        create policy written on {table} for insert to grants with check ({writing});
        create policy changed on {table} for update to grants using ({writing});
        create policy removed on {table} for delete to grants using ({writing});
        """
        for table, writing in WRITTEN.items()
    )


GRANTS = """
grant update (name, language, kind, registered_in, registration_number, bare_number,
              municipality, same_as) on organisation to grants;
grant select, insert, delete on organisation_name, organisation_key to grants;
grant select, insert on verification, flag, declaration, award, tranche, amendment,
    report, journal, journal_line, reconciliation to grants;
grant select, insert (id, agency, call, award, kind, currency), update (balance)
    on ledger_account to grants;
grant update (status, until, decided_at, decided_by) on verification to grants;
grant update (readers, lifted_at, lifted_by) on flag to grants;
grant update (agency, communities, declared_at, declared_by) on declaration to grants;
grant update (status, amount, ends_on, closed_at) on award to grants;
grant update (status, released_at, released_by, disbursed_at, disbursed_by)
    on tranche to grants;
grant update (status, answered_at, answered_by, answered_through, decided_at,
              decided_by) on amendment to grants;
grant update (status, final, from_day, to_day, spent, summary, submitted_at,
              submitted_by, decided_at, decided_by, reason) on report to grants;
"""


KEY = text("insert into organisation_key values (:key, :organisation, :agency)")


def find_by_name() -> None:
    """Give the organisations that are there the keys by which names are found."""
    bind = op.get_bind()
    for row in bind.execute(text("select id, agency, name from organisation")).all():
        for key in sorted(keys([row.name])):
            told = {"key": key, "organisation": row.id, "agency": row.agency}
            bind.execute(KEY, told)


def upgrade() -> None:
    run(ORGANISATIONS)
    find_by_name()
    for part in (STANDING, AWARDS, LEDGER, BALANCING, KEEPING):
        run(part)
    run(row_security())
    run(GRANTS)
