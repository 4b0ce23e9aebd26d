"""Claims, second opinions, and links under agreements."""

from collections.abc import Iterator

from services.kit.ddl import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
DESK = "registry-desk"
MATERIAL = 5  # bits: as much as if thirty-two times likelier than what was judged

# A review's own evidence is what was found after the pair had been judged. One pair may
# wait with its agency and with the desk at once: neither queue tells of the other.
REVIEWS = """
alter table review
    add column claimed_by text,
    add column claimed_until timestamptz,
    add column second_opinion boolean not null default false,
    add column disputed boolean not null default false,
    add column evidence jsonb,
    add check ((claimed_by is null) = (claimed_until is null));
drop index review_open_key;
create unique index review_open_key on review (low, high, audience)
    where closed_at is null;
create index review_age_idx on review (audience, id) where closed_at is null;
alter table judgement
    add column supersedes uuid references judgement (id),
    add column restores uuid references judgement (id);
create table opinion (
    id uuid primary key,
    review uuid not null references review (id),
    audience text not null,
    verdict text not null check (verdict in ('same', 'different', 'unsure')),
    reason text not null,
    given_by text not null,
    given_at timestamptz not null default clock_timestamp(),
    replaced_at timestamptz
);
create unique index opinion_standing_key on opinion (review, given_by)
    where replaced_at is null;
create index membership_agency_idx on membership (agency, registration);
"""

SECURITY = f"""
alter table opinion enable row level security;
alter table opinion force row level security;
create policy heard_rows on opinion to beneficiaries
    using (audience = {MINE}) with check (audience = {MINE});
create policy seen_rows on opinion to linkage_window using (true);
create policy seen_rows on registration_version to linkage_window using (true);
grant select on opinion, registration_version to linkage_window;
grant select, insert, update on opinion to beneficiaries;
"""

JUDGE = f"""
create or replace function linkage.judge(
    ids uuid[], lows uuid[], highs uuid[], verdicts text[], weights real[],
    evidences jsonb[]
) returns setof uuid
language sql security definer set search_path = pg_catalog, public as $$
    with found as (
        select n.*, case when l.agency = h.agency then l.agency else '{DESK}' end
            as audience
        from unnest(ids, lows, highs, verdicts, weights, evidences)
            as n (id, low, high, verdict, weight, evidence)
        join public.registration l on l.id = n.low
        join public.registration h on h.id = n.high
        where {MINE} in (l.agency, h.agency)
    ), judged as (
        insert into public.judgement
            (id, low, high, audience, verdict, made_by, weight, evidence)
        select id, low, high, audience, verdict, 'matcher', weight, evidence from found
        on conflict (low, high) where superseded_at is null do nothing
        returning id, low, high, audience, verdict, weight
    ), queued as (
        insert into public.review (id, low, high, audience, kind, weight)
        select id, low, high, audience, 'pair', weight from judged
        where verdict = 'unsure'
        on conflict do nothing
    ), asked_again as (
        -- What a reviewer found is remembered: it stands, and is asked again only where
        -- the matcher would now link by much more than what the reviewer saw.
        insert into public.review (id, low, high, audience, kind, weight, evidence)
        select n.id, n.low, n.high, n.audience, 'pair', n.weight, n.evidence
        from found n
        join public.judgement j on j.low = n.low and j.high = n.high
        where j.superseded_at is null and j.made_by <> 'matcher' and j.verdict <> 'same'
          and n.verdict = 'same' and n.weight >= j.weight + {MATERIAL}
        on conflict do nothing
    )
    select id from judged
$$;
"""

# Review rows come before judgement rows, as whoever judges takes them.
RETRACT = """
create or replace function linkage.retract(registrations uuid[], everything boolean)
returns setof uuid
language sql security definer set search_path = pg_catalog, public as $$
    update public.review r
    set closed_at = now(), closed_as = 'retracted',
        claimed_by = null, claimed_until = null
    from linkage.mine(registrations) as own (id)
    where r.closed_at is null and own.id in (r.low, r.high)
      and (everything or not exists (
        select from public.judgement j
        where j.low = r.low and j.high = r.high and j.superseded_at is null
          and j.made_by <> 'matcher'
      ));
    update public.judgement j set superseded_at = now()
    from linkage.mine(registrations) as own (id)
    where j.superseded_at is null and (everything or j.made_by = 'matcher')
      and own.id in (j.low, j.high)
    returning case when j.low = own.id then j.high else j.low end
$$;
"""

# An agency's review is answered by what its own registrations say, never by a link
# through another agency's: else its queue would tell of that link.
SETTLE = """
create function linkage.joined(low uuid, high uuid, audience text) returns boolean
language sql stable set search_path = pg_catalog, public as $$
    select case when l.agency = audience then l.own = h.own else l.person = h.person end
    from public.membership l, public.membership h
    where l.registration = low and h.registration = high
$$;
create function linkage.settle(
    registrations uuid[], components uuid[], persons uuid[], owns uuid[],
    contests boolean[], ids uuid[], lows uuid[], highs uuid[], audiences text[]
) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update public.membership m
    set component = n.component, person = n.person, own = n.own,
        contested = n.contested
    from unnest(registrations, components, persons, owns, contests)
        as n (registration, component, person, own, contested)
    where m.registration = n.registration
      and (m.component, m.person, m.own, m.contested)
          is distinct from (n.component, n.person, n.own, n.contested);
    -- Most who are recorded wait in no review.
    if exists (
        select from public.review r
        where r.low = any(registrations) or r.high = any(registrations)
    ) then
    -- What waits is answered when other links join its ends, unless somebody has given
    -- an opinion; what the matcher could not tell is asked again when they part.
    update public.review r
    set closed_at = now(), closed_as = 'linked',
        claimed_by = null, claimed_until = null
    where r.kind = 'pair' and r.closed_at is null
      and (r.low = any(registrations) or r.high = any(registrations))
      and linkage.joined(r.low, r.high, r.audience)
      and not exists (
        select from public.opinion o where o.review = r.id and o.replaced_at is null
      );
    update public.review r set closed_at = null, closed_as = null
    from (
        select distinct on (w.low, w.high, w.audience) w.id from public.review w
        join public.judgement j on j.low = w.low and j.high = w.high
        where w.kind = 'pair' and w.closed_as = 'linked' and j.superseded_at is null
          and j.verdict = 'unsure' and j.made_by = 'matcher'
          and (w.low = any(registrations) or w.high = any(registrations))
          and not linkage.joined(w.low, w.high, w.audience)
          and not exists (
            select from public.review o where o.closed_at is null
              and (o.low, o.high, o.audience) = (w.low, w.high, w.audience)
          )
        order by w.low, w.high, w.audience, w.id desc
    ) as last
    where r.id = last.id;
    update public.review r
    set closed_at = now(), closed_as = 'resolved',
        claimed_by = null, claimed_until = null
    where r.kind = 'contradiction' and r.closed_at is null
      and r.low = any(registrations) and r.high = any(registrations)
      and not exists (
        select from unnest(lows, highs, audiences) as c (low, high, audience)
        where (c.low, c.high, c.audience) = (r.low, r.high, r.audience)
      );
    end if;
    insert into public.review (id, low, high, audience, kind, weight)
    select n.id, n.low, n.high, n.audience, 'contradiction', 0
    from unnest(ids, lows, highs, audiences) as n (id, low, high, audience)
    on conflict do nothing;
end
$$;
"""

# `ask` opens a review of what is in force again; `stale` tells whether either end has
# been corrected since; `sides` gives what a review is about, sealed, and the values
# only of the owners that are named or of the caller itself.
REVIEWING = f"""
create function linkage.ask(review uuid, about uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into public.review
        (id, low, high, audience, kind, weight, closed_at, closed_as)
    select review, j.low, j.high, j.audience, 'pair', j.weight,
           case when joined then now() end, case when joined then 'linked' end
    from public.judgement j
    cross join lateral linkage.joined(j.low, j.high, j.audience) as joined
    where j.id = about and j.audience = {MINE} and j.superseded_at is null
    on conflict do nothing
$$;
create function linkage.stale(about uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
    select exists (
        select from public.judgement j
        join public.registration_version v on v.registration in (j.low, j.high)
        where j.id = about and j.audience = {MINE} and v.recorded_at > j.made_at
    )
$$;
create function linkage.sides(about uuid, owners text[])
returns table (registration uuid, agency text, version uuid, personal bytea)
language sql stable security definer set search_path = pg_catalog, public as $$
    select r.id, r.agency, v.id,
           case when r.agency = {MINE} or r.agency = any(owners) then v.personal end
    from public.review w
    join public.registration r on r.id in (w.low, w.high)
    join public.registration_version v
      on v.registration = r.id and v.number = r.version
    where w.id = about and w.audience = {MINE}
    order by r.id
$$;
"""

# Links of the caller's own registrations with those of the owners that are named, a
# page of its own at a time; the values only of the owners that let them be opened.
LINKS = f"""
create function linkage.links(
    owners text[], opened text[], about uuid, after uuid, most integer
) returns table (
    registration uuid, other uuid, agency text, version uuid, personal bytea
)
language sql stable security definer set search_path = pg_catalog, public as $$
    select mine.registration, o.registration, o.agency, v.id, v.personal
    from (
        select m.registration, m.person from public.membership m
        where m.agency = {MINE}
          and (about is null or m.registration = about)
          and (after is null or m.registration > after)
          and exists (
            select from public.membership o
            where o.person = m.person and o.agency = any(owners)
              and o.agency <> m.agency
          )
        order by m.registration limit most
    ) as mine
    join public.membership o on o.person = mine.person and o.agency = any(owners)
        and o.agency <> {MINE}
    left join (
        public.registration r join public.registration_version v
          on v.registration = r.id and v.number = r.version
    ) on r.id = o.registration and o.agency = any(opened)
    order by mine.registration, o.agency, o.registration
$$;
"""

NEW = (
    "settle(uuid[], uuid[], uuid[], uuid[], boolean[], uuid[], uuid[], uuid[], text[])",
    "ask(uuid, uuid)",
    "stale(uuid)",
    "sides(uuid, text[])",
    "links(text[], text[], uuid, uuid, integer)",
)


def rights() -> Iterator[str]:
    yield "revoke all on function linkage.joined(uuid, uuid, text) from public"
    yield from (
        f"""
        revoke all on function linkage.{function} from public;
        grant execute on function linkage.{function} to beneficiaries;
        """
        for function in NEW
    )


def upgrade() -> None:
    run(REVIEWS)
    run(SECURITY)
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    run("drop function linkage.assign; drop function linkage.contradict")
    for part in (JUDGE, RETRACT, SETTLE, REVIEWING, LINKS, *rights()):
        run(part)
    run("reset role; revoke create on schema linkage from linkage_window")
