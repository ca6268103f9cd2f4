-- What exists, as it was last seen. Facts are upserted by stable identity and only differences are written; gone is marked, not
-- deleted. "unsure_since": the source lists the thing but cannot tell its state (its node is down), so the facts are from before.

create table inventory_lab (
    lab           uuid primary key,
    holder        text,                  -- the console replica that collects this lab, while lease_until lies ahead
    lease_until   timestamptz,
    epoch         bigint      not null default 0,
    revision      bigint      not null default 0, -- rises with every change of this lab's facts
    attempted_at  timestamptz,
    seen_at       timestamptz,           -- the last complete answer of the lab as a whole
    failing_since timestamptz,
    failure_code  text,
    failure       text,
    version       text,
    cluster       text,
    quorate       boolean,
    wanted_at     timestamptz,           -- somebody asked for a refresh
    watched_at    timestamptz            -- somebody looks at this lab
);

-- One row per further source of facts: the probe of a node, its status, devices, network, storage.
create table inventory_contact (
    lab           uuid        not null,
    source        text        not null,
    subject       text        not null,
    attempted_at  timestamptz not null,
    seen_at       timestamptz,
    failing_since timestamptz,
    failure_code  text,
    failure       text,
    primary key (lab, source, subject)
);

create table inventory_node (
    lab          uuid        not null,
    node         text        not null,
    platform     text,
    status       text,
    cpus         bigint,
    memory       bigint,
    root_disk    bigint,
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, node)
);

-- What a node says about itself as a machine.
create table inventory_host (
    lab          uuid        not null,
    node         text        not null,
    boot_id      text,
    pve_version  text,
    kernel       text,
    cpu_model    text,
    sockets      bigint,
    cores        bigint,
    threads      bigint,
    memory       bigint,
    board        text,
    bios         text,
    firmware     text,
    secure_boot  boolean,
    loader       text,
    cmdline      text,
    iommu        boolean,
    staged_network boolean,
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, node)
);

create table inventory_guest (
    lab          uuid        not null,
    vmid         bigint      not null check (vmid between 100 and 999999999),
    kind         text        not null check (kind in ('qemu', 'lxc')),
    name         text,
    node         text,
    status       text,
    template     boolean,
    cpus         bigint,
    memory       bigint,
    disk         bigint,
    tags         text,
    pool         text,
    locked       text,
    ha           text,
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, vmid)
);
create index on inventory_guest (lab, node) where gone_at is null;

-- The current section of a guest's configuration; passwords are never stored.
create table inventory_guest_config (
    lab        uuid        not null,
    vmid       bigint      not null,
    config     jsonb       not null,
    hostpci    jsonb,                    -- the passed devices, so that owners are found without reading all configurations
    source     text        not null,
    seen_at    timestamptz not null,
    changed_at timestamptz not null,
    primary key (lab, vmid)
);
create index on inventory_guest_config (lab) where hostpci is not null;

create table inventory_guest_nic (
    lab    uuid   not null,
    vmid   bigint not null,
    nic    text   not null,
    bridge text,
    vlan   int check (vlan between 1 and 4094),
    model  text,
    mac    text,
    primary key (lab, vmid, nic)
);
create index on inventory_guest_nic (lab, bridge, vlan);

-- Identity of a PCI function: address, ids, subsystem ids and, where there is one, serial. Another card in the same slot is another row.
create table inventory_pci (
    lab            uuid        not null,
    node           text        not null,
    address        text        not null,
    ids            text        not null,
    subsystem      text        not null,
    serial         text        not null,
    class          text,
    revision       text,
    vendor_name    text,
    device_name    text,
    subsystem_name text,
    iommu_group    bigint,               -- -1: none
    driver         text,                 -- empty: bound to none; null: not known
    numa_node      bigint,               -- -1: none told
    reset_methods  text,                 -- empty: none works; null: not known
    link_width     bigint,
    link_width_max bigint,
    link_speed_max text,
    boot_vga       boolean,
    bridge         boolean,
    parent         text,
    mediated       boolean,
    dead           boolean,
    source         text        not null,
    first_seen     timestamptz not null,
    changed_at     timestamptz not null,
    gone_at        timestamptz,
    unsure_since   timestamptz,
    primary key (lab, node, address, ids, subsystem, serial)
);
create unique index on inventory_pci (lab, node, address) where gone_at is null;

create table inventory_network (
    lab          uuid        not null,
    node         text        not null,
    iface        text        not null,
    type         text,
    active       boolean,
    autostart    boolean,
    ports        text,
    vlan_aware   boolean,
    vids         text,
    cidr         text,
    gateway      text,
    vlan         bigint,
    raw_device   text,
    mtu          text,
    comments     text,
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, node, iface)
);

-- The difference between a node's network as it runs and as it is staged for the next apply or reboot.
create table inventory_staged_network (
    lab     uuid        not null,
    node    text        not null,
    changes text        not null,
    seen_at timestamptz not null,
    primary key (lab, node)
);

create table inventory_storage (
    lab          uuid        not null,
    node         text        not null,
    storage      text        not null,
    type         text,
    content      text,
    shared       boolean,
    status       text,
    total        bigint,
    used         bigint,                 -- to one percent; the exact figure is in the samples
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, node, storage)
);

create table inventory_mapping (
    lab          uuid        not null,
    mapping      text        not null,
    description  text,
    entries      text,                   -- one property string a line
    source       text        not null,
    first_seen   timestamptz not null,
    changed_at   timestamptz not null,
    gone_at      timestamptz,
    unsure_since timestamptz,
    primary key (lab, mapping)
);

-- The last complete probe of each boot, as the host printed it.
create table inventory_probe (
    lab     uuid        not null,
    node    text        not null,
    boot_id text        not null,
    seen_at timestamptz not null,
    report  text        not null,
    primary key (lab, node, boot_id)
);

create table inventory_change (
    id      bigint generated always as identity primary key,
    lab     uuid        not null,
    node    text,
    kind    text        not null,
    subject text        not null,
    title   text        not null,
    what    text        not null,
    before  text,
    after   text,
    seen_at timestamptz not null,
    source  text        not null
);
create index on inventory_change (seen_at desc, id desc);
create index on inventory_change (lab, node, seen_at desc);
create index on inventory_change (lab, kind, subject, seen_at desc);

-- Figures that move all the time, one row per lab and interval, as parallel arrays: small, and removed a day at a time.
create table inventory_sample (
    lab            uuid        not null,
    at             timestamptz not null,
    vmids          int[]       not null,
    guest_cpu      real[]      not null, -- fraction of the guest's CPUs; null where not told
    guest_memory   bigint[]    not null,
    guest_uptime   bigint[]    not null, -- seconds
    nodes          text[]      not null,
    node_cpu       real[]      not null,
    node_memory    bigint[]    not null,
    node_disk      bigint[]    not null,
    node_uptime    bigint[]    not null,
    storages       text[]      not null, -- node/storage
    storage_used   bigint[]    not null,
    primary key (lab, at)
);
create index on inventory_sample (at);
