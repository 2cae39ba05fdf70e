-- Watching gateways: OPTIONS check, pauses they ask for, keep-alive without registration.
ALTER TABLE ingress_gateways ADD COLUMN send_retry_after TEXT NOT NULL DEFAULT 'system';
ALTER TABLE ingress_gateways ADD COLUMN keep_alive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN options_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE egress_gateways ADD COLUMN honour_retry_after TEXT NOT NULL DEFAULT 'system';
ALTER TABLE egress_gateways ADD COLUMN keep_alive INTEGER NOT NULL DEFAULT 0;
