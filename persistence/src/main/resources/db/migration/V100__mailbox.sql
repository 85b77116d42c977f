-- Critical messages. One row for each identity that ever had one: the head of its journal, which fences (a write moves it
-- from the row before, or does not happen), and what has become of all its messages, so that
-- accepted = delivered + pending + expired + rejected + dead can be asked here.
create table mailbox (
  owner         text   primary key,
  head          bigint not null default 0,
  -- the lowest row that a replay or a pending message needs
  needed        bigint not null default 1,
  -- when somebody has to wake it, ms since 1970; null: never
  wake_at       bigint,
  pending       bigint not null default 0,
  pending_bytes bigint not null default 0,
  owed          bigint not null default 0,
  accepted      bigint not null default 0,
  delivered     bigint not null default 0,
  expired       bigint not null default 0,
  rejected      bigint not null default 0,
  dead          bigint not null default 0,
  -- why nobody serves it until an operator has looked; null: all is well
  quarantined   text
) with (fillfactor = 50);
create index mailbox_wake on mailbox (wake_at) where wake_at is not null;

-- What has happened, one row for each write, however many messages it carries. A row is never changed. Rows lie in a ring of
-- slots, so that old ones go by TRUNCATE of a whole slot and the hub's role needs no right to create or drop tables.
create table journal (
  slot   smallint not null,
  owner  text     not null,
  seq    bigint   not null,
  -- who wrote it: a number that each activation draws, so that an answer that was lost can be read
  writer bigint   not null,
  at     bigint   not null,
  event  bytea    not null,
  primary key (owner, seq, slot)
) partition by list (slot);

-- Where a message is, by a hash of its sender and id.
create table message (
  slot  smallint not null,
  key   bigint   not null,
  owner text     not null,
  seq   bigint   not null
) partition by list (slot);
create index message_key on message (key);

do $$ begin
  for i in 0..15 loop
    execute format('create table journal_%s partition of journal for values in (%s)', i, i);
    execute format('create table message_%s partition of message for values in (%s)', i, i);
    -- The bodies of messages compress badly, and trying costs.
    execute format('alter table journal_%s alter column event set storage external', i);
  end loop;
end $$;

-- The slot that is written now, and when each was begun.
create table journal_slot (
  slot  smallint primary key,
  roll  bigint   not null,
  since bigint   not null
);
insert into journal_slot values (0, 1, (extract(epoch from now()) * 1000)::bigint);

-- A mailbox as it was after a row; replay goes on from there.
create table snapshot (
  owner text   primary key,
  seq   bigint not null,
  state bytea  not null
);

create table dead_letter (
  owner    text     not null,
  place    bigint   not null,
  sender   text     not null,
  id       text     not null,
  fate     smallint not null,
  attempts int      not null,
  reason   text     not null,
  at       bigint   not null,
  letter   bytea    not null,
  primary key (owner, place)
);
create index dead_letter_at on dead_letter (at);
