-- Turns between gateways of the same rank, gateways on trial, those that are spared; plans in periods.
ALTER TABLE egress_gateways ADD COLUMN period_plans_in TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN weight BIGINT NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN throttle_above BIGINT NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN trial_share BIGINT NOT NULL DEFAULT 0;
