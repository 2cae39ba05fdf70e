-- Whose leg was found dead.
ALTER TABLE cdr ADD COLUMN dead_side TEXT;
