-- Support for businesses, and the links between them.
create table enterprise_activity (
    id uuid primary key,
    agency text not null,
    employer uuid not null,
    kind text not null,
    title text not null check (length(title) between 1 and 200),
    starts_on date not null,
    ends_on date check (ends_on >= starts_on),
    grant_award uuid,
    grant_amount numeric check (grant_amount > 0),
    grant_currency text check (grant_currency ~ '^[A-Z]{3}$'),
    programme text,
    state text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, employer) references employer (agency, id),
    unique (agency, id),
    check (num_nulls(grant_award, grant_amount, grant_currency) in (0, 3))
);
create table business_plan (
    id uuid primary key,
    agency text not null,
    employer uuid not null,
    activity uuid,
    title text not null check (length(title) between 1 and 200),
    written_on date not null,
    state text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, employer) references employer (agency, id),
    foreign key (agency, activity) references enterprise_activity (agency, id)
);
create index business_plan_agency_idx on business_plan (agency, id);
create table business_link (
    id uuid primary key,
    agency text not null,
    project text not null check (length(project) between 1 and 200),
    one uuid not null,
    other uuid not null check (one < other),
    since date not null,
    programme text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, one) references employer (agency, id),
    foreign key (agency, other) references employer (agency, id),
    unique (agency, id),
    unique (agency, project, one, other)
);
create table trade (
    id uuid primary key,
    agency text not null,
    link uuid not null,
    seller uuid not null,
    goods text not null check (length(goods) between 1 and 200),
    amount numeric not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    traded_on date not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, link) references business_link (agency, id)
);
create index trade_link_idx on trade (agency, link);
