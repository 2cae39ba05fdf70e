-- Pools of callers, the number transform table, areas and number sections.
CREATE TABLE number_transforms (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  account BIGINT REFERENCES accounts (id),
  ingress_caller TEXT NOT NULL,
  egress_callee TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

CREATE TABLE areas (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  mobile_prefixes TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

CREATE TABLE number_sections (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  range TEXT NOT NULL,
  area BIGINT REFERENCES areas (id),
  class TEXT NOT NULL,
  changed_to TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE ingress_gateways ADD COLUMN caller_class_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN caller_class_city INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN caller_class_mobile INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN caller_class_other INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN callee_class_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN callee_class_city INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN callee_class_mobile INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN callee_class_other INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ingress_gateways ADD COLUMN mobile_area_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN mobile_areas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN number_transform INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN transform_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN forward_pool_enable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN forward_pool_mode TEXT NOT NULL DEFAULT 'poll';
ALTER TABLE ingress_gateways ADD COLUMN forward_pool_group BIGINT REFERENCES number_groups (id);
ALTER TABLE ingress_gateways ADD COLUMN mobile_prefix_mode TEXT NOT NULL DEFAULT 'off';
ALTER TABLE ingress_gateways ADD COLUMN mobile_prefix_areas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN same_city_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE ingress_gateways ADD COLUMN same_city_codes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ingress_gateways ADD COLUMN callee_restrict TEXT NOT NULL DEFAULT 'none';
ALTER TABLE egress_gateways ADD COLUMN caller_class_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN caller_class_city INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN caller_class_mobile INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN caller_class_other INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN callee_class_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN callee_class_city INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN callee_class_mobile INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN callee_class_other INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN mobile_area_mode TEXT NOT NULL DEFAULT 'deny';
ALTER TABLE egress_gateways ADD COLUMN mobile_areas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN number_transform INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN transform_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN forward_pool_enable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN forward_pool_mode TEXT NOT NULL DEFAULT 'poll';
ALTER TABLE egress_gateways ADD COLUMN forward_pool_group BIGINT REFERENCES number_groups (id);
ALTER TABLE egress_gateways ADD COLUMN mobile_prefix_mode TEXT NOT NULL DEFAULT 'off';
ALTER TABLE egress_gateways ADD COLUMN mobile_prefix_areas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN caller_pool_enable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN caller_pool_group BIGINT REFERENCES number_groups (id);
ALTER TABLE egress_gateways ADD COLUMN caller_pool_lines BIGINT NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN caller_pool_mode TEXT NOT NULL DEFAULT 'poll';
ALTER TABLE egress_gateways ADD COLUMN caller_pool_multiplex INTEGER NOT NULL DEFAULT 1;
ALTER TABLE phones ADD COLUMN mobile_prefix_mode TEXT NOT NULL DEFAULT 'off';
ALTER TABLE phones ADD COLUMN mobile_prefix_areas TEXT NOT NULL DEFAULT '[]';
