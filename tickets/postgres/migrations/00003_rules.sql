-- +goose Up
-- The city's own rules: policy, calendar, dispatch catalogue, triage.

-- Raised by each change, so that servers know when to read again.
CREATE TABLE rules_version (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO rules_version (version) VALUES (1);

CREATE FUNCTION raise_rules_version() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN UPDATE rules_version SET version = version + 1; RETURN NULL; END';

CREATE TABLE policy (
    n       int PRIMARY KEY, -- version; the highest is in force
    name    text NOT NULL,
    content text NOT NULL,   -- the file, YAML
    note    text NOT NULL,
    by      text NOT NULL,
    by_name text NOT NULL,
    at      timestamptz NOT NULL
);

-- Notices entered by hand, in place of the shipped year.
CREATE TABLE calendar_year (
    year     int PRIMARY KEY,
    notice   text NOT NULL,
    holidays jsonb NOT NULL, -- name → days
    workdays jsonb NOT NULL,
    by       text NOT NULL,
    by_name  text NOT NULL,
    at       timestamptz NOT NULL
);

CREATE TABLE catalogue_version (
    n       int PRIMARY KEY,
    at      timestamptz NOT NULL,
    by      text NOT NULL,
    by_name text NOT NULL,
    note    text NOT NULL,
    added   int NOT NULL,
    removed int NOT NULL,
    entries int NOT NULL
);

-- An entry is of every version from added to before removed.
CREATE TABLE catalogue_entry (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    class    text NOT NULL,
    area     text NOT NULL, -- empty: everywhere
    lead     text NOT NULL,
    assists  text[] NOT NULL,
    from_day date NOT NULL,
    to_day   date,
    note     text NOT NULL,
    added    int NOT NULL REFERENCES catalogue_version (n),
    removed  int REFERENCES catalogue_version (n)
);
CREATE INDEX catalogue_entry_current ON catalogue_entry (class, area, from_day) WHERE removed IS NULL;

CREATE TABLE triage_rule (
    id   text PRIMARY KEY,
    rank int NOT NULL, -- order in which they are tried
    body jsonb NOT NULL,
    by   text NOT NULL,
    at   timestamptz NOT NULL
);

-- Runs that move deadlines after a change.
CREATE TABLE recompute_run (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause        text NOT NULL,
    by           text NOT NULL,
    by_name      text NOT NULL,
    at           timestamptz NOT NULL,
    old_rules    jsonb NOT NULL,
    new_rules    jsonb NOT NULL,
    after_ticket text NOT NULL DEFAULT '', -- all up to this one are done
    total        int NOT NULL DEFAULT 0,
    done         int NOT NULL DEFAULT 0,
    moved        int NOT NULL DEFAULT 0,
    failed       int NOT NULL DEFAULT 0,
    server       text NOT NULL DEFAULT '', -- who works at it
    beat_at      timestamptz,              -- and when it last said so
    finished_at  timestamptz
);
CREATE INDEX recompute_run_open ON recompute_run (id) WHERE finished_at IS NULL;

CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON policy
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();
CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON calendar_year
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();
CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON catalogue_version
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();
CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON triage_rule
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();
CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON class
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();
CREATE TRIGGER raise_rules_version AFTER INSERT OR UPDATE OR DELETE ON area
    FOR EACH STATEMENT EXECUTE FUNCTION raise_rules_version();

-- +goose Down
DROP TABLE recompute_run, triage_rule, catalogue_entry, catalogue_version, calendar_year, policy;
DROP TRIGGER raise_rules_version ON class;
DROP TRIGGER raise_rules_version ON area;
DROP FUNCTION raise_rules_version;
DROP TABLE rules_version;
