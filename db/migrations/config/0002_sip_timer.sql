-- The session timer of a gateway (RFC 4028): on unless switched off.
ALTER TABLE ingress_gateways ADD COLUMN sip_timer INTEGER NOT NULL DEFAULT 1;
ALTER TABLE egress_gateways ADD COLUMN sip_timer INTEGER NOT NULL DEFAULT 1;
