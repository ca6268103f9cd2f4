-- What an admin connected. Secrets are encrypted by the console before they come here; a removed lab keeps its row for the history.
create table lab (
    id                uuid primary key,
    name              text not null check (length(name) between 1 and 60),
    paused            boolean not null default false,
    declared          boolean not null default false,
    token_id          text,
    token_secret      bytea,
    trust             text check (trust in ('pinned', 'authority', 'public')),
    authority         text,
    key_public        text not null,
    key_private       bytea not null,
    next_key_public   text,
    next_key_private  bytea,
    connected_at      timestamptz not null,
    connected_by      text not null,
    revision          bigint not null default 1,
    removed_at        timestamptz,
    check ((token_id is null) = (token_secret is null)),
    check ((token_id is null) = (trust is null)),
    check ((trust = 'authority') = (authority is not null)),
    check ((next_key_public is null) = (next_key_private is null))
);
create unique index lab_name_once on lab (lower(name)) where removed_at is null;

create table lab_endpoint (
    lab_id       uuid not null references lab (id),
    position     int not null,
    url          text not null,
    fingerprint  text check (fingerprint ~ '^[0-9a-f]{64}$'),
    primary key (lab_id, position),
    unique (lab_id, url)
);

create table lab_host (
    lab_id       uuid not null references lab (id),
    node         text not null,
    address      text not null,
    port         int not null check (port between 1 and 65535),
    user_name    text not null,
    key_public   text,
    key_private  bytea,
    host_key     text not null check (host_key ~ '^SHA256:[A-Za-z0-9+/]{43}$'),
    jump         text,
    primary key (lab_id, node),
    foreign key (lab_id, jump) references lab_host (lab_id, node) deferrable initially deferred,
    check (jump <> node),
    check ((key_public is null) = (key_private is null))
);
