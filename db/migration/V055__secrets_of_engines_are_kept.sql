-- Secrets that engines need, encrypted, by the name of the variable in which they are given to them.
create table inference_secret (
    name        text primary key check (name in ('HF_TOKEN')),
    encrypted   bytea not null,
    changed_at  timestamptz not null,
    changed_by  text not null
);
