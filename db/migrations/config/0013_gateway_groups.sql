-- Gateways that share lines, and which egress gateways a caller may use.
CREATE TABLE gateway_groups (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  lock_type TEXT NOT NULL,
  capacity BIGINT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE ingress_gateways ADD COLUMN groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN egress_groups_mode TEXT NOT NULL DEFAULT 'allow';
ALTER TABLE ingress_gateways ADD COLUMN egress_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN egress_gateways_mode TEXT NOT NULL DEFAULT 'allow';
ALTER TABLE ingress_gateways ADD COLUMN egress_gateways TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN egress_groups_mode TEXT NOT NULL DEFAULT 'allow';
ALTER TABLE phones ADD COLUMN egress_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN egress_gateways_mode TEXT NOT NULL DEFAULT 'allow';
ALTER TABLE phones ADD COLUMN egress_gateways TEXT NOT NULL DEFAULT '[]';
