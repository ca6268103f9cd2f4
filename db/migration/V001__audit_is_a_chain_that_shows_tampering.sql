-- Who did what, when. Every entry carries the hash of the one before; the chain row holds both ends, so that removals show too.
create table audit_entry (
    seq           bigint primary key check (seq > 0),
    at            timestamptz not null,
    who           text not null check (who <> ''),
    role          text check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
    what          text not null check (what <> ''),
    target        text not null,
    detail        text not null,
    previous_hash bytea not null check (octet_length(previous_hash) = 32),
    hash          bytea not null check (octet_length(hash) = 32)
);

create index audit_entry_at on audit_entry (at);

-- One row. The anchor is the entry that was pruned last: the chain is checked from there. The seal covers both ends.
create table audit_chain (
    single      boolean primary key default true check (single),
    head_seq    bigint not null check (head_seq >= 0),
    head_hash   bytea not null check (octet_length(head_hash) = 32),
    anchor_seq  bigint not null check (anchor_seq >= 0 and anchor_seq <= head_seq),
    anchor_hash bytea not null check (octet_length(anchor_hash) = 32),
    anchor_at   timestamptz,
    seal        bytea not null check (octet_length(seal) = 32)
);
