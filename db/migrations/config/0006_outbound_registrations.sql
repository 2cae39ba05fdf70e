-- Platforms the switch registers at, and what egress gateways are called over and challenged with.
CREATE TABLE outbound_registrations (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  enabled INTEGER NOT NULL,
  server TEXT NOT NULL,
  sip_proxy TEXT NOT NULL,
  signal_port INTEGER NOT NULL,
  transport TEXT NOT NULL,
  user TEXT NOT NULL,
  host TEXT NOT NULL,
  auth_user TEXT NOT NULL,
  password TEXT NOT NULL,
  contact_user TEXT NOT NULL,
  ingress_gateway BIGINT REFERENCES ingress_gateways (id),
  capacity INTEGER NOT NULL,
  user_agent TEXT NOT NULL,
  local_ip TEXT NOT NULL,
  local_port INTEGER NOT NULL,
  expire INTEGER NOT NULL,
  retry_delay INTEGER NOT NULL,
  keep_alive INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE egress_gateways ADD COLUMN register_type TEXT NOT NULL DEFAULT 'static';
ALTER TABLE egress_gateways ADD COLUMN outbound_registration BIGINT
  REFERENCES outbound_registrations (id);
ALTER TABLE egress_gateways ADD COLUMN auth_user TEXT NOT NULL DEFAULT '';
ALTER TABLE egress_gateways ADD COLUMN auth_password TEXT NOT NULL DEFAULT '';
