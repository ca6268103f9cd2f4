-- After a change of hardware or firmware the addresses of devices move. To tell which moved where, the last layout that was accepted
-- must outlive the boot it was seen in: probes are kept only for some boots.

create table renumbering_layout (
    lab         uuid        not null,
    node        text        not null,
    boot_id     text        not null,
    seen_at     timestamptz not null,
    report      text        not null,  -- the probe as it was printed, without secrets
    accepted_at timestamptz not null,
    accepted_by text        not null,  -- empty: the first layout that was seen, or one in which nothing had moved
    primary key (lab, node)
);
