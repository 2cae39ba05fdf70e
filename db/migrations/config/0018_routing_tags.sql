-- Routing tags: rules that set them, and gateways and groups that ask for them.
CREATE TABLE routing_tag_rules (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  priority BIGINT NOT NULL,
  caller_prefixes TEXT NOT NULL,
  callee_prefixes TEXT NOT NULL,
  caller_areas TEXT NOT NULL,
  callee_areas TEXT NOT NULL,
  ingress_gateways TEXT NOT NULL,
  ingress_groups TEXT NOT NULL,
  accounts TEXT NOT NULL,
  tags TEXT NOT NULL,
  on_match TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE egress_gateways ADD COLUMN tags_required TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN tags_any TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN tags_excluded TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gateway_groups ADD COLUMN tags_required TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gateway_groups ADD COLUMN tags_any TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gateway_groups ADD COLUMN tags_excluded TEXT NOT NULL DEFAULT '[]';
