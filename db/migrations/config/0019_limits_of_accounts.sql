-- Limits of accounts; the order of routes by the wish of who calls.
ALTER TABLE accounts ADD COLUMN capacity BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN max_call_rate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN route_policy_first TEXT NOT NULL DEFAULT 'none';
ALTER TABLE ingress_gateways ADD COLUMN route_policy_second TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN route_policy_first TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN route_policy_second TEXT NOT NULL DEFAULT 'none';
