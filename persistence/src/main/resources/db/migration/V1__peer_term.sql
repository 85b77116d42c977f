-- The terms of peers: one for each activation, never the same twice, never lower than one before.
-- An epoch is term * 2^20 + count and must stay below 2^53, so that it is exact in JavaScript: hence
-- the end at 2^33 - 1, which a thousand activations a second reach after 272 years, and no cycle.
-- cache 1: a session that cached values would hand them out after another session's higher ones.
create sequence peer_term as bigint
  minvalue 1 maxvalue 8589934591 start 1 increment 1 cache 1 no cycle;
