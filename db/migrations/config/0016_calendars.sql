-- Work calendars, what holds only at times, and gateways kept in reserve.
CREATE TABLE calendars (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  time_zone TEXT NOT NULL,
  weekly TEXT NOT NULL,
  dates TEXT NOT NULL,
  external_id TEXT NOT NULL,
  memo TEXT NOT NULL
);

ALTER TABLE ingress_gateways ADD COLUMN calendar BIGINT REFERENCES calendars (id);
ALTER TABLE ingress_gateways ADD COLUMN calendar_mode TEXT NOT NULL DEFAULT 'working';
ALTER TABLE egress_gateways ADD COLUMN calendar BIGINT REFERENCES calendars (id);
ALTER TABLE egress_gateways ADD COLUMN calendar_mode TEXT NOT NULL DEFAULT 'working';
ALTER TABLE phones ADD COLUMN calendar BIGINT REFERENCES calendars (id);
ALTER TABLE phones ADD COLUMN calendar_mode TEXT NOT NULL DEFAULT 'working';
ALTER TABLE egress_gateways ADD COLUMN period_capacity TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN period_priority TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN period_rules TEXT NOT NULL DEFAULT '[]';
ALTER TABLE egress_gateways ADD COLUMN protect INTEGER NOT NULL DEFAULT 0;
