-- What becomes of a 3xx of an egress gateway.
ALTER TABLE egress_gateways ADD COLUMN redirect_mode TEXT NOT NULL DEFAULT 'system';
-- Calls of which the external redirect server is asked.
ALTER TABLE ingress_gateways ADD COLUMN external_redirect INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN external_redirect INTEGER NOT NULL DEFAULT 0;
-- What egress gateways are told of forwarding and ported numbers.
ALTER TABLE egress_gateways ADD COLUMN forward_signal TEXT NOT NULL DEFAULT 'diversion';
ALTER TABLE egress_gateways ADD COLUMN send_rn INTEGER NOT NULL DEFAULT 0;
-- Ported numbers.
ALTER TABLE ingress_gateways ADD COLUMN lrn_enable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN lrn_eat_prefix_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingress_gateways ADD COLUMN lrn_failure_action TEXT NOT NULL DEFAULT 'reject';
ALTER TABLE ingress_gateways ADD COLUMN lrn_interstate_billing_prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE ingress_gateways ADD COLUMN lrn_undetermined_billing_prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN lrn_enable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN lrn_eat_prefix_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN lrn_failure_action TEXT NOT NULL DEFAULT 'reject';
ALTER TABLE phones ADD COLUMN lrn_interstate_billing_prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN lrn_undetermined_billing_prefix TEXT NOT NULL DEFAULT '';
