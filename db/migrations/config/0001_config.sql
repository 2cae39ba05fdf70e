-- The configuration. One column per field of the rows in src/core/directory/entity_table.cc, in
-- their order, after what every entity has. Enumerations are words, switches 0 or 1, lists JSON,
-- references ids (NULL = none). Times are ms since 1970 UTC.
CREATE TABLE accounts (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  lock_type TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

CREATE TABLE ingress_gateways (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  account BIGINT REFERENCES accounts (id),
  lock_type TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  max_call_rate INTEGER NOT NULL,
  max_call_rate_unit TEXT NOT NULL,
  priority INTEGER NOT NULL,
  remote_ips TEXT NOT NULL,
  local_port_match TEXT NOT NULL,
  local_domain_match TEXT NOT NULL,
  callee_source TEXT NOT NULL,
  caller_source TEXT NOT NULL,
  request_address TEXT NOT NULL,
  response_address TEXT NOT NULL,
  sip_100rel INTEGER NOT NULL,
  pass_headers TEXT NOT NULL,
  timeout_call_proceeding INTEGER NOT NULL,
  max_call_duration_lower INTEGER NOT NULL,
  max_call_duration_upper INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

CREATE TABLE egress_gateways (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  lock_type TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  max_call_rate INTEGER NOT NULL,
  max_call_rate_unit TEXT NOT NULL,
  priority INTEGER NOT NULL,
  remote_ips TEXT NOT NULL,
  signal_port INTEGER NOT NULL,
  transport TEXT NOT NULL,
  local_ip TEXT NOT NULL,
  local_port INTEGER NOT NULL,
  prefix TEXT NOT NULL,
  prefix_style TEXT NOT NULL,
  sip_100rel INTEGER NOT NULL,
  user_phone TEXT NOT NULL,
  local_domain TEXT NOT NULL,
  pass_headers TEXT NOT NULL,
  timeout_invite INTEGER NOT NULL,
  timeout_trying INTEGER NOT NULL,
  timeout_session_progress INTEGER NOT NULL,
  timeout_session_progress_sdp INTEGER NOT NULL,
  timeout_ringing INTEGER NOT NULL,
  switch_allow_ring TEXT NOT NULL,
  switch_allow_sdp TEXT NOT NULL,
  switch_allow_busy TEXT NOT NULL,
  switch_allow_error_code TEXT NOT NULL,
  switch_until_connect TEXT NOT NULL,
  stop_sip_codes TEXT NOT NULL,
  max_call_duration_lower INTEGER NOT NULL,
  max_call_duration_upper INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

-- What was set; the others have their defaults.
CREATE TABLE parameters (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  set_by TEXT NOT NULL
);

-- NULL stands for the default.
CREATE TABLE parameter_history (
  id BIGINT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  before_value TEXT,
  after_value TEXT,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  directory_number BIGINT NOT NULL
);
CREATE INDEX parameter_history_by_name ON parameter_history (name, id);

-- Who changed which field of what, and when.
CREATE TABLE changes (
  id BIGINT PRIMARY KEY NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  address TEXT NOT NULL,
  object TEXT NOT NULL,
  field TEXT NOT NULL,
  before_value TEXT NOT NULL,
  after_value TEXT NOT NULL,
  directory_number BIGINT NOT NULL
);

-- The last number given: of the directory, and of ids by table. Ids are not given twice.
CREATE TABLE counters (
  name TEXT PRIMARY KEY NOT NULL,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('directory_number', 0);
