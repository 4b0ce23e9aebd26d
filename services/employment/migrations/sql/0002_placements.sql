-- What belongs to a placement, and who looks for one.
create table retention_check (
    id uuid primary key,
    agency text not null,
    placement uuid not null,
    months integer not null check (months in (3, 6)),
    due_on date not null,
    result text, verifier text, method text, verified_on date,
    recorded_at timestamptz, recorded_by text,
    foreign key (agency, placement) references placement (agency, id),
    unique (placement, months),
    check (num_nulls(result, verifier, method, verified_on, recorded_by) in (0, 5))
);
create index retention_check_due_idx on retention_check (agency, due_on)
    where result is null;
create table subsidy (
    id uuid primary key,
    agency text not null,
    placement uuid not null,
    award uuid not null,
    amount numeric not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    paid_on date not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, placement) references placement (agency, id)
);
create index subsidy_award_idx on subsidy (agency, award);
create index subsidy_placement_idx on subsidy (agency, placement);
create table introduction (
    id uuid primary key,
    agency text not null,
    placement uuid not null,
    introduced_at timestamptz not null default clock_timestamp(),
    introduced_by text not null,
    foreign key (agency, placement) references placement (agency, id)
);
create index introduction_placement_idx on introduction (placement);
create table seeker (
    id uuid primary key,
    agency text not null,
    registration uuid not null,
    person uuid not null,
    occupations text[] not null,
    skills text[] not null,
    municipalities text[] not null,
    available_from date not null,
    weekly_hours integer not null check (weekly_hours between 1 and 60),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, registration)
);
create index seeker_person_idx on seeker (person);
