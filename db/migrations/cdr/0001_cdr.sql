-- Call detail records. One column per row of kCdrFields (src/core/cdr/cdr_fields.cc), in that order,
-- after `record`, which counts them in the order they were recorded. Times are ms since 1970 UTC;
-- NULL = did not happen. Only what every look-up needs is indexed: each index costs every call.
CREATE TABLE cdr (
  record INTEGER PRIMARY KEY,
  flow_no BIGINT NOT NULL UNIQUE,
  flow_no_first BIGINT,
  caller TEXT,
  caller_in TEXT,
  caller_out TEXT,
  callee TEXT,
  callee_in TEXT,
  callee_out TEXT,
  caller_gateway TEXT,
  callee_gateway TEXT,
  caller_ip TEXT,
  callee_ip TEXT,
  caller_rtp_ip TEXT,
  callee_rtp_ip TEXT,
  caller_codec TEXT,
  callee_codec TEXT,
  caller_product TEXT,
  callee_product TEXT,
  caller_type TEXT,
  callee_type TEXT,
  start BIGINT,
  stop BIGINT,
  progress_time BIGINT,
  ring_time BIGINT,
  answer_time BIGINT,
  detect_time BIGINT,
  last_alive_time BIGINT,
  hold_time BIGINT,
  hold_time_ms BIGINT,
  connect_duration BIGINT,
  caller_pdd BIGINT,
  callee_pdd BIGINT,
  account BIGINT,
  account_name TEXT,
  end_side TEXT,
  end_reason TEXT,
  end_number INTEGER,
  sip_status INTEGER,
  q850_cause INTEGER,
  sip_reason_header TEXT,
  billing_mode INTEGER,
  node_call_id BIGINT,
  caller_call_id TEXT,
  callee_call_id TEXT,
  config_snapshot BIGINT,
  attempts TEXT
);

CREATE INDEX cdr_start ON cdr (start);

-- How far the journal is loaded; moved in the same transaction as the records.
CREATE TABLE journal_position (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  identity BIGINT NOT NULL,
  file BIGINT NOT NULL,
  byte_offset BIGINT NOT NULL,
  next_sequence BIGINT NOT NULL
);

-- Journal records that this version of the program cannot read, kept until one that can.
CREATE TABLE unread_record (
  sequence BIGINT NOT NULL,
  reason TEXT NOT NULL,
  bytes BLOB NOT NULL
);
