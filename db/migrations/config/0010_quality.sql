-- Whether the quality of a gateway is counted.
ALTER TABLE ingress_gateways ADD COLUMN calculate_route_quality TEXT NOT NULL DEFAULT 'system';
ALTER TABLE egress_gateways ADD COLUMN calculate_route_quality TEXT NOT NULL DEFAULT 'system';
