-- When a finished renumbering is undone, names stand for the old layout again. The move must then show again, so the layout that was
-- accepted before the run is kept with the run's number, and put back.

create table renumbering_layout_before (
    lab         uuid        not null,
    node        text        not null,
    run         bigint      not null,  -- the last run that made another layout the accepted one
    boot_id     text        not null,
    seen_at     timestamptz not null,
    report      text        not null,
    accepted_at timestamptz not null,
    accepted_by text        not null,
    primary key (lab, node)
);
