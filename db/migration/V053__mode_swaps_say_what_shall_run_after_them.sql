-- Which mode a run leads to and comes from. Written with the run, in one transaction; what the end of a run means for the desired mode is
-- taken from here, also by a console that was not there when it ended. 'settled' is the end that has been taken into account.
create table inference_mode_swap (
    run          bigint primary key,
    place        text not null,
    before_mode  text,
    after_mode   text not null,
    by_console   boolean not null,
    settled      text
);
create index mode_swaps_of_a_place on inference_mode_swap (place, run desc);
