-- +goose Up
-- What leaves by the gateway: one row a person and message, keyed so that nothing leaves twice.
CREATE TABLE message (
    id           uuid PRIMARY KEY,
    key          text NOT NULL UNIQUE,
    notice       uuid,
    ticket       uuid,
    account      text NOT NULL DEFAULT '', -- staff; empty: a citizen
    channel      text NOT NULL,
    to_sealed    text NOT NULL,
    title        text NOT NULL DEFAULT '',
    text         text NOT NULL,
    state        text NOT NULL DEFAULT 'waiting',
    tries        int NOT NULL DEFAULT 0,
    next_try     timestamptz NOT NULL,
    gateway_id   text NOT NULL DEFAULT '',
    error        text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    sent_at      timestamptz,
    delivered_at timestamptz
);
CREATE INDEX message_waiting ON message (next_try) WHERE state IN ('waiting', 'sending');
CREATE INDEX message_ticket ON message (ticket, at);
CREATE INDEX message_at ON message (at DESC, id DESC);
CREATE INDEX message_account ON message (account, at) WHERE account <> '';
CREATE INDEX message_gateway ON message (gateway_id) WHERE gateway_id <> '';

-- A notice in one person's pages.
CREATE TABLE staff_notice (
    id      uuid PRIMARY KEY,
    notice  uuid NOT NULL,
    account text NOT NULL,
    kind    text NOT NULL,
    ticket  uuid,
    title   text NOT NULL,
    text    text NOT NULL,
    at      timestamptz NOT NULL,
    read_at timestamptz,
    UNIQUE (notice, account)
);
CREATE INDEX staff_notice_account ON staff_notice (account, at DESC, id DESC);
CREATE INDEX staff_notice_unread ON staff_notice (account) WHERE read_at IS NULL;

-- Words put in place of those in the file.
CREATE TABLE message_template (
    audience text NOT NULL,
    kind     text NOT NULL,
    title    text NOT NULL,
    text     text NOT NULL,
    sms      boolean NOT NULL,
    by_name  text NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (audience, kind)
);

-- 每月短信量; 0: the city's default.
ALTER TABLE account ADD COLUMN IF NOT EXISTS sms_quota int NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN IF NOT EXISTS email text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE account DROP COLUMN IF EXISTS sms_quota, DROP COLUMN IF EXISTS email;
DROP TABLE message_template, staff_notice, message;
