-- Dial plans of devices: texts (src/core/number/dial_plan.h).
ALTER TABLE ingress_gateways ADD COLUMN plan_caller_out TEXT NOT NULL DEFAULT '';
ALTER TABLE ingress_gateways ADD COLUMN plan_callee_out TEXT NOT NULL DEFAULT '';
ALTER TABLE egress_gateways ADD COLUMN plan_caller_in TEXT NOT NULL DEFAULT '';
ALTER TABLE egress_gateways ADD COLUMN plan_callee_in TEXT NOT NULL DEFAULT '';
ALTER TABLE egress_gateways ADD COLUMN plan_identity TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN plan_callee_out TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN plan_caller_in TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN plan_callee_in TEXT NOT NULL DEFAULT '';
