-- What was planned, what was done, what came back. Machines write these rows by the thousand: plain tables, no entities.
create table run (
    id               bigint generated always as identity primary key,
    -- tells this run from one with the same number of another console: names of what it leaves on machines
    mark             text        not null,
    runbook          text        not null,
    version          integer     not null,
    title            text        not null,
    target           text        not null,
    plan             jsonb       not null,
    outline          jsonb       not null,
    state            text        not null check (state in
        ('RUNNING', 'NEEDS_APPROVAL', 'STOPPED', 'UNDOING', 'UNDO_STOPPED', 'DONE', 'UNDONE', 'LEFT')),
    operator         text        not null,
    operator_role    text        not null,
    reason           text        not null,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    -- raised each time an executor takes the run: a write with an older epoch is refused
    epoch            bigint      not null default 0,
    executor         text,
    cancel_asked_by  text,
    guest_keys       jsonb       not null default '{}',
    message          text        not null default '',
    bindings         jsonb       not null default '{}',
    expected_seconds bigint      not null default 0,
    steps            integer     not null,
    log_lines        integer     not null default 0,
    check ((finished_at is null) = (state not in ('DONE', 'UNDONE', 'LEFT')))
);
create index run_newest on run (created_at desc);
create index run_open on run (state) where state not in ('DONE', 'UNDONE', 'LEFT');

-- One row an effect: part 0 is the step's own command, 1 and more are its undos.
create table run_act (
    run           bigint      not null references run on delete cascade,
    step          integer     not null check (step > 0),
    part          integer     not null check (part >= 0),
    key           text        not null,
    phase         text        not null check (phase in
        ('NEW', 'SENDING', 'SENT', 'CONFIRMING', 'DONE', 'ALREADY', 'SKIPPED', 'FAILED')),
    -- where it goes on after a failure
    resume        text        not null default 'NEW',
    attempt       integer     not null default 0,
    failures      integer     not null default 0,
    polls         integer     not null default 0,
    approved      boolean     not null default false,
    touched       boolean     not null default false,
    began_at      timestamptz,
    intent_at     timestamptz,
    sent_at       timestamptz,
    confirm_since timestamptz,
    finished_at   timestamptz,
    not_before    timestamptz,
    upid          text,
    log_at        bigint      not null default 0,
    note          text        not null default '',
    primary key (run, step, part)
);
create index run_act_durations on run_act (key, finished_at desc) where phase = 'DONE' and part = 0;

create table run_evidence (
    id          bigint generated always as identity primary key,
    run         bigint      not null references run on delete cascade,
    step        integer     not null,
    part        text        not null,
    attempt     integer     not null,
    times       integer     not null default 1,
    machine     text        not null,
    command     text        not null,
    sent_at     timestamptz not null,
    answered_at timestamptz,
    status      integer,
    answer      text        not null default '',
    error       text        not null default '',
    judgement   text        not null default '',
    upid        text
);
create index run_evidence_of on run_evidence (run, id);
create index run_evidence_tasks on run_evidence (sent_at) where upid is not null;

create table run_log (
    number bigint generated always as identity primary key,
    run    bigint      not null references run on delete cascade,
    at     timestamptz not null,
    step   integer     not null,
    source text        not null,
    text   text        not null
);
create index run_log_of on run_log (run, number);

-- One holder a name: two runs never meet on one thing.
create table run_lock (
    name  text        primary key,
    run   bigint      not null references run on delete cascade,
    since timestamptz not null
);
create index run_lock_of on run_lock (run);

-- Encrypted with the master key; gone when the run has ended.
create table run_secret (
    run       bigint not null references run on delete cascade,
    name      text   not null,
    encrypted bytea  not null,
    primary key (run, name)
);
