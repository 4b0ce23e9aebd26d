-- Trainings, who was there, and who has a certificate.
create table training (
    id uuid primary key,
    agency text not null,
    title text not null check (length(title) between 1 and 200),
    subject text not null,
    municipality text, programme text,
    required_percent integer not null check (required_percent between 1 and 100),
    trainers jsonb not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, id)
);
create table training_session (
    id uuid primary key,
    agency text not null,
    training uuid not null,
    held_on date not null,
    hours integer not null check (hours between 1 and 12),
    topic text,
    foreign key (agency, training) references training (agency, id),
    unique (agency, training, id)
);
create table participant (
    id uuid primary key,
    agency text not null,
    training uuid not null,
    kind text not null,
    registration uuid, person uuid,
    institution text, function text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, training) references training (agency, id),
    unique (agency, id),
    unique (agency, training, id),
    unique (agency, training, registration),
    check ((kind = 'person') = (registration is not null)),
    check ((registration is null) = (person is null)),
    check ((registration is null) = (institution is not null))
);
create index participant_person_idx on participant (person);
create table attendance (
    session uuid,
    participant uuid,
    training uuid not null,
    agency text not null,
    primary key (session, participant),
    foreign key (agency, training, session)
        references training_session (agency, training, id),
    foreign key (agency, training, participant)
        references participant (agency, training, id)
);
create index attendance_participant_idx on attendance (agency, participant);
create table certificate (
    id uuid primary key,
    agency text not null,
    number uuid not null unique,
    participant uuid not null,
    title text not null, subject text not null, completed_on date not null,
    issued_at timestamptz not null default clock_timestamp(),
    issued_by text not null,
    revoked_at timestamptz, revoked_for text,
    foreign key (agency, participant) references participant (agency, id),
    check (num_nulls(revoked_at, revoked_for) in (0, 2))
);
create unique index certificate_in_force_idx on certificate (participant)
    where revoked_at is null;
