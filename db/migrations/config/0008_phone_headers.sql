-- Headers, identities and codecs of phones, and the socket a static one is called from.
ALTER TABLE phones ADD COLUMN local_ip TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN local_port INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN sip_privacy_support INTEGER NOT NULL DEFAULT 1;
ALTER TABLE phones ADD COLUMN sip_privacy TEXT NOT NULL DEFAULT 'pass';
ALTER TABLE phones ADD COLUMN sip_ppi TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN sip_pai TEXT NOT NULL DEFAULT 'none';
ALTER TABLE phones ADD COLUMN allow_publish TEXT NOT NULL DEFAULT 'system';
ALTER TABLE phones ADD COLUMN remote_ring TEXT NOT NULL DEFAULT 'pass';
ALTER TABLE phones ADD COLUMN extra_headers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE phones ADD COLUMN sip_codec_assign INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN sip_codecs TEXT NOT NULL DEFAULT '[]';
