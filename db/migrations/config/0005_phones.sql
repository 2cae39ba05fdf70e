-- Phones, and ingress gateways that register. Passwords are sealed (src/shell/store/secret_box.h).
ALTER TABLE ingress_gateways ADD COLUMN register_type TEXT NOT NULL DEFAULT 'static';
ALTER TABLE ingress_gateways ADD COLUMN password TEXT NOT NULL DEFAULT '';
ALTER TABLE ingress_gateways ADD COLUMN sip_authentication_method TEXT NOT NULL DEFAULT 'ip';

CREATE TABLE phones (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  account BIGINT REFERENCES accounts (id),
  lock_type TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  line_call_in INTEGER NOT NULL,
  line_call_out INTEGER NOT NULL,
  register_type TEXT NOT NULL,
  remote_ips TEXT NOT NULL,
  signal_port INTEGER NOT NULL,
  transport TEXT NOT NULL,
  sip_authentication_method TEXT NOT NULL,
  request_address TEXT NOT NULL,
  response_address TEXT NOT NULL,
  sip_timer INTEGER NOT NULL,
  sip_100rel INTEGER NOT NULL,
  user_phone TEXT NOT NULL,
  local_domain TEXT NOT NULL,
  pass_headers TEXT NOT NULL,
  display_number TEXT NOT NULL,
  max_call_duration_lower INTEGER NOT NULL,
  max_call_duration_upper INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);
