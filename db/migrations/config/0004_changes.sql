-- Every change as a whole: who, when, from where, how and why. Its number is that of the
-- configuration it made. What it changed is in change_fields, and, in a form that can be taken
-- back, in parameter_history and entity_history.
ALTER TABLE changes RENAME TO change_fields;

CREATE TABLE changes (
  number BIGINT PRIMARY KEY NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  address TEXT NOT NULL,
  origin TEXT NOT NULL,
  comment TEXT NOT NULL
);
INSERT INTO changes (number, changed_at, changed_by, address, origin, comment)
  SELECT directory_number, MIN(changed_at), MIN(changed_by), MIN(address), '', ''
  FROM change_fields GROUP BY directory_number;

ALTER TABLE change_fields DROP COLUMN changed_at;
ALTER TABLE change_fields DROP COLUMN changed_by;
ALTER TABLE change_fields DROP COLUMN address;
CREATE INDEX change_fields_by_number ON change_fields (directory_number);

-- `undoes` is the number of the change that was taken back.
ALTER TABLE parameter_history DROP COLUMN changed_at;
ALTER TABLE parameter_history DROP COLUMN changed_by;
ALTER TABLE parameter_history ADD COLUMN undoes BIGINT;
CREATE INDEX parameter_history_by_number ON parameter_history (directory_number);

-- Records are JSON; NULL before the entity was made and after it was removed.
CREATE TABLE entity_history (
  id BIGINT PRIMARY KEY NOT NULL,
  resource TEXT NOT NULL,
  entity BIGINT NOT NULL,
  before_record TEXT,
  after_record TEXT,
  version BIGINT NOT NULL,
  directory_number BIGINT NOT NULL,
  undoes BIGINT
);
CREATE INDEX entity_history_by_number ON entity_history (directory_number);
CREATE INDEX entity_history_by_entity ON entity_history (resource, entity, id);

-- Who set a value and when is in the changes.
ALTER TABLE parameters DROP COLUMN set_at;
ALTER TABLE parameters DROP COLUMN set_by;
