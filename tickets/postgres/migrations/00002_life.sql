-- +goose Up
-- The work order's whole life: what units do with a ticket, what is asked and decided, and what
-- is told to whom.
ALTER TABLE ticket
    ADD COLUMN stage_at     timestamptz, -- when the hotline's own stage began
    ADD COLUMN stage_due_at timestamptz, -- and its limit
    ADD COLUMN place        int NOT NULL DEFAULT 0, -- higher is handed out first
    ADD COLUMN hard         boolean NOT NULL DEFAULT false,
    ADD COLUMN portfolio    text NOT NULL DEFAULT '', -- account of the city leader in charge
    ADD COLUMN parts        jsonb NOT NULL DEFAULT '{}'; -- part of the ticket → beginning of its digest, to name what was changed

CREATE INDEX ticket_stage ON ticket (state, stage_due_at, place DESC, id)
    WHERE state IN ('received', 'supplement', 'to_dispatch', 'under_review', 'to_follow_up', 'suspended', 'deliberation');
CREATE INDEX ticket_due ON ticket (due_at, id) WHERE state IN ('dispatched', 'suspended');
CREATE INDEX ticket_held ON ticket (owner, state)
    WHERE owner <> '' AND state IN ('received', 'supplement', 'to_dispatch', 'under_review', 'to_follow_up');
CREATE INDEX ticket_master ON ticket (master) WHERE master <> '';
CREATE INDEX ticket_portfolio ON ticket (portfolio, created_at DESC) WHERE portfolio <> '';
CREATE INDEX ticket_closed ON ticket (class, closed_at DESC) WHERE state IN ('closed', 'archived');

-- One unit's part in a ticket.
CREATE TABLE ticket_leg (
    ticket          uuid NOT NULL REFERENCES ticket (id),
    n               int NOT NULL,
    unit            text NOT NULL,
    role            text NOT NULL,
    parent          int NOT NULL,
    level           int NOT NULL,
    state           text NOT NULL,
    round           int NOT NULL,
    clerk           text NOT NULL,
    sent_at         timestamptz,
    first_viewed_at timestamptz,
    signed_at       timestamptz,
    sign_due_at     timestamptz,
    due_at          timestamptz,
    began_at        timestamptz,
    suspended_at    timestamptz,
    replied_at      timestamptz,
    ended_at        timestamptz,
    signed_late     boolean NOT NULL,
    replied_late    boolean NOT NULL,
    excluded        boolean NOT NULL, -- not in the unit's rates
    body            jsonb NOT NULL,   -- fields that nobody searches by
    PRIMARY KEY (ticket, n)
);
CREATE INDEX ticket_leg_open ON ticket_leg (unit, due_at, n, ticket)
    WHERE state IN ('to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader');
CREATE INDEX ticket_leg_due ON ticket_leg (due_at, n, ticket)
    WHERE state IN ('to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader') AND parent = 0;
CREATE INDEX ticket_leg_replied ON ticket_leg (unit, replied_at, n, ticket) WHERE state = 'replied';
CREATE INDEX ticket_leg_done ON ticket_leg (unit, replied_at, n, ticket) WHERE state IN ('replied', 'archived');
CREATE INDEX ticket_leg_sent ON ticket_leg (unit, sent_at DESC);
CREATE INDEX ticket_leg_unit_due ON ticket_leg (unit, due_at) INCLUDE (state, replied_at, replied_late, excluded);

-- What waits for another's decision.
CREATE TABLE ticket_request (
    ticket        uuid NOT NULL REFERENCES ticket (id),
    n             int NOT NULL,
    kind          text NOT NULL,
    state         text NOT NULL,
    leg           int NOT NULL,
    asked_unit    text NOT NULL,
    asked_at      timestamptz,
    decide_due_at timestamptz,
    decided_at    timestamptz,
    body          jsonb NOT NULL,
    PRIMARY KEY (ticket, n)
);
CREATE INDEX ticket_request_open ON ticket_request (kind, decide_due_at, n, ticket) WHERE state = 'open';
CREATE INDEX ticket_request_unit ON ticket_request (asked_unit, kind, asked_at);
CREATE INDEX ticket_request_granted ON ticket_request (kind, decided_at) WHERE state = 'granted';

CREATE TABLE ticket_supervision (
    ticket    uuid NOT NULL REFERENCES ticket (id),
    n         int NOT NULL,
    kind      text NOT NULL,
    state     text NOT NULL,
    unit      text NOT NULL,
    due_at    timestamptz,
    filed_at  timestamptz,
    issued_at timestamptz,
    closed_at timestamptz,
    body      jsonb NOT NULL,
    PRIMARY KEY (ticket, n)
);
CREATE INDEX ticket_supervision_open ON ticket_supervision (due_at, n, ticket)
    WHERE state IN ('filed', 'issued', 'return_asked', 'to_review', 'done');
CREATE INDEX ticket_supervision_unit ON ticket_supervision (unit, due_at, n, ticket)
    WHERE state IN ('filed', 'issued', 'return_asked', 'to_review', 'done');

CREATE TABLE ticket_card (
    ticket     uuid NOT NULL REFERENCES ticket (id),
    n          int NOT NULL,
    kind       text NOT NULL,
    leg        int NOT NULL,
    unit       text NOT NULL,
    issued_at  timestamptz,
    revoked_at timestamptz,
    body       jsonb NOT NULL,
    PRIMARY KEY (ticket, n)
);
CREATE INDEX ticket_card_unit ON ticket_card (unit, issued_at, n, ticket);

-- Tries to follow up.
CREATE TABLE ticket_visit (
    ticket    uuid NOT NULL REFERENCES ticket (id),
    n         int NOT NULL,
    round     int NOT NULL,
    at        timestamptz,
    reached   boolean NOT NULL,
    contacted boolean NOT NULL,
    solved    text NOT NULL,
    result    int NOT NULL,
    body      jsonb NOT NULL,
    PRIMARY KEY (ticket, n)
);
CREATE INDEX ticket_visit_at ON ticket_visit (at);

CREATE TABLE ticket_file (
    id       uuid PRIMARY KEY,
    ticket   uuid NOT NULL REFERENCES ticket (id),
    leg      int NOT NULL, -- whose it is; 0: the ticket's
    unit     text NOT NULL,
    name     text NOT NULL,
    type     text NOT NULL, -- media type, found by content
    size     bigint NOT NULL,
    sha256   text NOT NULL,
    blob_key text NOT NULL,
    by       text NOT NULL,
    by_name  text NOT NULL,
    at       timestamptz NOT NULL,
    public   boolean NOT NULL -- the citizen may have it
);
CREATE INDEX ticket_file_ticket ON ticket_file (ticket, at, id);

-- Who stands in for a unit's leader for a while.
CREATE TABLE deputy (
    id        uuid PRIMARY KEY,
    unit      text NOT NULL REFERENCES unit (id),
    account   text NOT NULL REFERENCES account (name),
    from_at   timestamptz NOT NULL,
    to_at     timestamptz NOT NULL,
    by        text NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX deputy_unit ON deputy (unit, to_at DESC);

-- What somebody has to be told, written with the step that it follows from. Exactly one column
-- of the recipient is set.
CREATE TABLE notice (
    id         uuid PRIMARY KEY,
    key        text NOT NULL UNIQUE, -- ticket:version:place:recipient; a message keeps it on its way
    ticket     uuid REFERENCES ticket (id),
    step       int NOT NULL DEFAULT 0, -- 0: of no step
    kind       text NOT NULL,
    citizen    boolean NOT NULL DEFAULT false,
    account    text NOT NULL DEFAULT '',
    role       text NOT NULL DEFAULT '',
    unit       text NOT NULL DEFAULT '', -- its clerks
    leaders    text NOT NULL DEFAULT '', -- unit whose leaders are told
    duty       text NOT NULL DEFAULT '', -- unit whose duty phone rings
    vars       jsonb NOT NULL DEFAULT '{}',
    at         timestamptz NOT NULL,
    not_before timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'waiting', -- waiting, sending, sent, failed, dropped
    tries      int NOT NULL DEFAULT 0,
    last_error text NOT NULL DEFAULT '',
    sent_at    timestamptz,
    read_at    timestamptz
);
CREATE INDEX notice_waiting ON notice (state, not_before) WHERE state IN ('waiting', 'sending', 'failed');
CREATE INDEX notice_ticket ON notice (ticket, at);
CREATE INDEX notice_account ON notice (account, at DESC) WHERE account <> '';
CREATE INDEX notice_unit ON notice (unit, at DESC) WHERE unit <> '';
CREATE INDEX notice_leaders ON notice (leaders, at DESC) WHERE leaders <> '';
CREATE INDEX notice_role ON notice (role, at DESC) WHERE role <> '';

-- A step keeps the digest of the ticket as it was, no longer the whole: the chain was made over
-- the digest.
UPDATE ticket_flow SET snapshot = encode(sha256(convert_to(snapshot, 'UTF8')), 'hex');

-- +goose Down
DROP TABLE notice, deputy, ticket_file, ticket_visit, ticket_card, ticket_supervision, ticket_request, ticket_leg;
DROP INDEX ticket_stage, ticket_due, ticket_held, ticket_master, ticket_portfolio, ticket_closed;
ALTER TABLE ticket DROP COLUMN stage_at, DROP COLUMN stage_due_at, DROP COLUMN place, DROP COLUMN hard, DROP COLUMN portfolio,
    DROP COLUMN parts;
