-- What a deployment was, each time it changed: rows are written with the change and never altered. A row without a record says that the
-- deployment was removed; one with a run, that this run was started to make it so. Rows outlive their deployment, so that an old one can be brought back.
create table inference_deployment_revision (
    number      bigint generated always as identity primary key,
    deployment  text not null,
    at          timestamptz not null,
    by          text not null,
    record      jsonb,
    run         bigint
);
create index revisions_of_a_deployment on inference_deployment_revision (deployment, number desc);

insert into inference_deployment_revision (deployment, at, by, record)
select d.id, d.changed_at, d.changed_by, to_jsonb(d) - 'revision' - 'changed_at' - 'changed_by'
from inference_deployment d order by d.changed_at;
