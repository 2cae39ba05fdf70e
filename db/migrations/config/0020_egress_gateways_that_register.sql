-- Egress gateways that register here.
ALTER TABLE egress_gateways ADD COLUMN password TEXT NOT NULL DEFAULT '';
