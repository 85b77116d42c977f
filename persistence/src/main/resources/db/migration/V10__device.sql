-- Who may connect: one row for each identity that was added or has come. The bare name has an empty device. Collation "C": an
-- identity is a literal, so no locale of the server may call two of them equal, and pages come in the order of the bytes.
create table device (
  id bigint generated always as identity primary key,
  name text collate "C" not null check (length(name) between 1 and 128),
  device text collate "C" not null check (length(device) <= 128),
  status text not null check (status in ('pending', 'approved', 'disabled')),
  labels jsonb not null default '{}',
  created_at timestamptz not null default now(),
  first_seen timestamptz,
  last_seen timestamptz,
  last_address text,
  last_client text,
  last_version integer,
  unique (name, device)
);

-- What is asked at every start and after every lost connection: who is shut out.
create index device_disabled on device (name, device) where status = 'disabled';

-- Keys, sealed by the hub: what stands here opens nothing without the master key of that id. A slot each, so that no more than two
-- of a kind are valid at once; the higher id is the newer one.
create table device_key (
  id bigint generated always as identity primary key,
  device_id bigint not null references device on delete cascade,
  key_id text not null check (length(key_id) between 1 and 64),
  kind text not null check (kind in ('hmac', 'password')),
  slot smallint not null check (slot in (1, 2)),
  master_key text not null check (length(master_key) between 1 and 64),
  nonce bytea not null check (length(nonce) = 12),
  sealed bytea not null check (length(sealed) between 16 and 4096),
  created_at timestamptz not null default now(),
  unique (device_id, kind, slot),
  unique (device_id, key_id)
);

-- Every node that remembers something of a device is told to forget it, whoever made the change: a hub, or a person with psql. When
-- a device was last seen changes no answer, so it is told to nobody.
create function device_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform pg_notify('peerhub_device', old.name || case old.device when '' then '' else '/' || old.device end);
  end if;
  if tg_op <> 'DELETE' then
    perform pg_notify('peerhub_device', new.name || case new.device when '' then '' else '/' || new.device end);
  end if;
  return null;
end $$;

create trigger device_changed after insert or delete or update of name, device, status, labels on device
  for each row execute function device_changed();

create function device_key_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('peerhub_device', name || case device when '' then '' else '/' || device end)
    from peerhub.device
    where tg_op <> 'DELETE' and id = new.device_id or tg_op <> 'INSERT' and id = old.device_id;
  return null;
end $$;

create trigger device_key_changed after insert or update or delete on device_key
  for each row execute function device_key_changed();
