-- Which numbers gateways take, and prefixes by share.
ALTER TABLE ingress_gateways ADD COLUMN caller_length_mask BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN callee_length_mask BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN caller_prefixes_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN caller_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN callee_prefixes_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN callee_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN caller_length_mask BIGINT NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN callee_length_mask BIGINT NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN caller_prefixes_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN caller_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN callee_prefixes_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN callee_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN proportional_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN forward_prefixes_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN forward_prefixes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN pairs_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN pairs TEXT NOT NULL DEFAULT '[]';
