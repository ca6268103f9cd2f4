-- Which master key encrypts what lies here. The key itself is never in the database.
create table master_key (
    single     boolean primary key default true check (single),
    id         text not null check (id ~ '^[0-9a-f]{16}$'),
    created_at timestamptz not null
);
