-- Which life of an address a row is of: whoever was given up is struck out by those that go on, and not its successor there.
alter table cluster_node add column uid bigint not null default 0;

-- Who may go on when nodes lose sight of each other: one row for each thing there is one of.
create table lease (
  name text primary key,
  owner text not null,
  taken_at timestamptz not null default clock_timestamp()
);
