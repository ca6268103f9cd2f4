-- One row a minute for each engine and card that told something; what it did not tell is null. Kept as long as the retention says.
create table inference_engine_sample (
    deployment         text not null,
    at                 timestamptz not null,
    tokens_per_second  real,
    running            int,
    waiting            int,
    kv_use             real,
    first_token_p50    real,
    first_token_p95    real,
    next_token_p50     real,
    next_token_p95     real,
    primary key (deployment, at)
);
create index inference_engine_sample_age on inference_engine_sample (at);

create table inference_card_sample (
    place       text not null,
    uuid        text not null,
    at          timestamptz not null,
    memory_mib  int,
    watts       real,
    busy        real,
    celsius     real,
    primary key (place, uuid, at)
);
create index inference_card_sample_age on inference_card_sample (at);

-- How long starts took, the last twenty of each deployment: what is expected of the next one is learned from them.
create table inference_start (
    deployment  text not null,
    started_at  timestamptz not null,
    total_ms    bigint not null check (total_ms >= 0),
    phases      jsonb not null,
    primary key (deployment, started_at)
);
