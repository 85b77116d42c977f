-- How nodes on one database find each other. One row says which cluster there is; its id changes whenever one is founded,
-- and with it ends whoever belonged to an earlier one and has slept through that.
create table cluster (
  one boolean primary key default true check (one),
  id uuid not null,
  founded_at timestamptz not null
);

-- Nobody's cluster: whoever founds the first one has a row to lock.
insert into cluster values (true, '00000000-0000-0000-0000-000000000000', clock_timestamp());

-- Its nodes that are up. A node that leaves deletes its row; one that was killed leaves it behind, and it is no longer renewed.
create table cluster_node (
  incarnation uuid primary key,
  address text not null,
  cluster uuid not null,
  release text not null,
  since timestamptz not null default clock_timestamp(),
  renewed_at timestamptz not null default clock_timestamp(),
  renewals bigint not null default 0
) with (fillfactor = 50);
