-- Keys of routers are kept beside the secrets of engines, by the name of the router; those of the inference file follow the file.
alter table inference_secret drop constraint inference_secret_name_check;
alter table inference_secret add constraint inference_secret_name_check
    check (name = 'HF_TOKEN' or name ~ '^router:[a-z0-9][a-z0-9-]{0,40}$');
alter table inference_secret add column declared boolean not null default false;
