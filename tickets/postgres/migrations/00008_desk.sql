-- +goose Up
-- How a unit works, who may dispatch directly, and whom a change of the desk concerns.
ALTER TABLE unit
    ADD COLUMN IF NOT EXISTS disabled    boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS approval    boolean NOT NULL DEFAULT false, -- its leader approves replies before they are reported
    ADD COLUMN IF NOT EXISTS sign_return boolean NOT NULL DEFAULT false; -- its leader signs returns

-- Permissions an account holds beside those of its roles.
ALTER TABLE account ADD COLUMN IF NOT EXISTS rights text[] NOT NULL DEFAULT '{}';

-- Units that have or had a part in the ticket: only they and the hotline are told of its changes.
ALTER TABLE desk_event ADD COLUMN IF NOT EXISTS units text[] NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE desk_event DROP COLUMN IF EXISTS units;
ALTER TABLE account DROP COLUMN IF EXISTS rights;
ALTER TABLE unit DROP COLUMN IF EXISTS sign_return, DROP COLUMN IF EXISTS approval, DROP COLUMN IF EXISTS disabled;
