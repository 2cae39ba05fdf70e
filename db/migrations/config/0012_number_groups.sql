-- Number groups, black and white lists, and the devices that use them.
CREATE TABLE number_groups (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  entries TEXT NOT NULL,
  file TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

CREATE TABLE number_lists (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  entries TEXT NOT NULL,
  file TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE ingress_gateways ADD COLUMN caller_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN caller_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN caller_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE ingress_gateways ADD COLUMN caller_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN callee_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN callee_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN callee_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE ingress_gateways ADD COLUMN callee_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN caller_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN caller_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN caller_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE egress_gateways ADD COLUMN caller_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN callee_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN callee_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN callee_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE egress_gateways ADD COLUMN callee_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN caller_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE phones ADD COLUMN caller_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN caller_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN caller_list TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN callee_groups_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE phones ADD COLUMN callee_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN callee_list_policy TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN callee_list TEXT NOT NULL DEFAULT '[]';
