-- Models that are not in the console's own list, what is deployed where, which deployments run together, and who answers for whom.
-- A place is 'guest:LAB/VMID' or 'host:LAB/NODE'. Shapes, pins and profiles are read and written as whole records.
create table inference_model (
    id          text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    name        text not null check (length(name) between 1 and 100),
    family      text not null,
    purpose     text not null check (purpose in ('CHAT', 'CODE', 'EMBEDDING')),
    licence     text,
    gated       boolean not null,
    shape       jsonb not null,
    declared    boolean not null default false,
    changed_at  timestamptz not null,
    changed_by  text not null
);

create table inference_model_files (
    model       text not null references inference_model (id) on delete cascade,
    name        text not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,30}$'),
    weights     text not null,
    bytes       bigint not null check (bytes > 0),
    source      text not null,
    primary key (model, name)
);

create table inference_deployment (
    id               text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,40}$'),
    model            text not null,
    files            text not null,
    engine           text not null check (engine in ('VLLM', 'LLAMA_CPP', 'OLLAMA')),
    place            text not null check (place ~ '^(guest|host):[0-9a-f-]{36}/.+$'),
    gpus             jsonb not null,
    image            text not null,
    port             int not null check (port between 1 and 65535),
    served_name      text not null,
    model_directory  text not null,
    profile          jsonb not null,
    declared         boolean not null default false,
    revision         bigint not null default 1,
    changed_at       timestamptz not null,
    changed_by       text not null,
    unique (place, port)
);

create table inference_mode (
    id          text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,40}$'),
    title       text not null,
    place       text not null,
    desired     boolean not null default false,
    declared    boolean not null default false
);
create unique index one_desired_mode_a_place on inference_mode (place) where desired;

create table inference_mode_member (
    mode        text not null references inference_mode (id) on delete cascade,
    deployment  text not null references inference_deployment (id),
    primary key (mode, deployment)
);

create table inference_route (
    name        text primary key check (name ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}$'),
    main        text not null references inference_deployment (id),
    fallback    text references inference_deployment (id),
    declared    boolean not null default false,
    check (main <> fallback)
);

-- Macs: how much memory CPU and GPU share, until somebody measures it.
create table inference_unified_machine (
    place            text primary key,
    chip             text not null,
    ram_mib          int not null check (ram_mib > 0),
    wired_limit_mib  int not null default 0 check (wired_limit_mib >= 0)
);
