-- What stands between clients and the engines of a place, and how it is told what to forward.
create table inference_router (
    name      text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,40}$'),
    kind      text not null check (kind in ('RACKHOUSE', 'LLAMA_SWAP', 'LITELLM', 'TRAEFIK_FILE')),
    place     text not null check (place ~ '^(guest|host):[0-9a-f-]{36}/.+$'),
    port      int not null check (port between 1 and 65535),
    clients   int not null check (clients between 1 and 65535),
    file      text check (file like '/%'),
    declared  boolean not null default false,
    check ((kind = 'TRAEFIK_FILE') = (file is not null))
);
