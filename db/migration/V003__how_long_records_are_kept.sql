-- What an admin set; a kind without a row is kept as long as its module says. Also what the last purge did.
create table retention (
    key        text primary key,
    kept_days  integer check (kept_days between 1 and 36500),
    purged_at  timestamptz,
    purged     bigint not null default 0 check (purged >= 0)
);
