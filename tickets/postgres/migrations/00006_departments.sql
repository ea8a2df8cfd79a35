-- +goose Up
ALTER TABLE unit
    ADD COLUMN district text NOT NULL DEFAULT '',
    ADD COLUMN info     jsonb NOT NULL DEFAULT '{}', -- 联络员, 分管领导, address
    ADD COLUMN rota     jsonb NOT NULL DEFAULT '{}'; -- duty phone

ALTER TABLE account
    ADD COLUMN question        text NOT NULL DEFAULT '', -- 取回密码
    ADD COLUMN answer_hash     text NOT NULL DEFAULT '',
    ADD COLUMN answer_failures int NOT NULL DEFAULT 0,
    ADD COLUMN answer_locked   timestamptz,
    ADD COLUMN password_at     timestamptz, -- sessions begun before it have ended
    ADD COLUMN deleted_at      timestamptz; -- soft

-- 公告. An edit is a new version and has to be read again.
CREATE TABLE announcement (
    id           uuid PRIMARY KEY,
    version      int NOT NULL,
    title        text NOT NULL,
    text         text NOT NULL,
    audience     text NOT NULL, -- all, hotline, units, chosen
    units        text[] NOT NULL DEFAULT '{}',
    roles        text[] NOT NULL DEFAULT '{}',
    from_at      timestamptz NOT NULL,
    to_at        timestamptz,
    must_confirm boolean NOT NULL,
    by           text NOT NULL,
    by_name      text NOT NULL,
    at           timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX announcement_from ON announcement (from_at DESC, id DESC);

CREATE TABLE announcement_read (
    announcement uuid NOT NULL REFERENCES announcement (id),
    version      int NOT NULL,
    account      text NOT NULL REFERENCES account (name),
    at           timestamptz NOT NULL,
    PRIMARY KEY (announcement, version, account)
);

-- +goose Down
DROP TABLE announcement_read, announcement;
ALTER TABLE account DROP COLUMN question, DROP COLUMN answer_hash, DROP COLUMN answer_failures, DROP COLUMN answer_locked,
    DROP COLUMN password_at, DROP COLUMN deleted_at;
ALTER TABLE unit DROP COLUMN district, DROP COLUMN info, DROP COLUMN rota;
