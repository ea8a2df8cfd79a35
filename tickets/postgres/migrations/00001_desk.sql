-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The house: units, people, seats, what calls can be about.
CREATE TABLE unit (
    id       text PRIMARY KEY,
    parent   text REFERENCES unit (id),
    name     text NOT NULL,
    kind     text NOT NULL,
    phone    text NOT NULL DEFAULT '',
    duties   text NOT NULL DEFAULT '',
    initials text NOT NULL DEFAULT ''
);

CREATE TABLE account (
    name          text PRIMARY KEY,
    person_name   text NOT NULL,
    unit          text REFERENCES unit (id),
    password_hash text NOT NULL,
    failures      int NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    disabled      boolean NOT NULL DEFAULT false,
    mobile_sealed text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL,
    last_sign_in  timestamptz
);

CREATE TABLE role_grant (
    account    text NOT NULL REFERENCES account (name),
    role       text NOT NULL,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (account, role)
);

CREATE TABLE api_token (
    id         uuid PRIMARY KEY,
    account    text NOT NULL REFERENCES account (name),
    label      text NOT NULL,
    digest     bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    used_at    timestamptz
);

CREATE TABLE skill (
    id   text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL
);

CREATE TABLE seat (
    id          text PRIMARY KEY,
    account     text UNIQUE REFERENCES account (name),
    grp         text NOT NULL DEFAULT '',
    queues      text[] NOT NULL DEFAULT '{}',
    auto_answer boolean NOT NULL DEFAULT false,
    wrap_up_s   int NOT NULL DEFAULT 30,
    disabled    boolean NOT NULL DEFAULT false,
    phone_sealed text NOT NULL DEFAULT '' -- password of the SIP phone
);

CREATE TABLE seat_skill (
    seat  text NOT NULL REFERENCES seat (id),
    skill text NOT NULL REFERENCES skill (id),
    level int NOT NULL CHECK (level BETWEEN 1 AND 10),
    PRIMARY KEY (seat, skill)
);

CREATE TABLE queue (
    id       text PRIMARY KEY,
    name     text NOT NULL,
    settings jsonb NOT NULL,
    disabled boolean NOT NULL DEFAULT false
);

CREATE TABLE line (
    called   text PRIMARY KEY,
    label    text NOT NULL,
    menu     text NOT NULL DEFAULT '',
    queue    text NOT NULL REFERENCES queue (id),
    disabled boolean NOT NULL DEFAULT false
);

CREATE TABLE class (
    id       text PRIMARY KEY,
    parent   text REFERENCES class (id),
    name     text NOT NULL,
    initials text NOT NULL,
    words    text NOT NULL DEFAULT '',
    ord      int NOT NULL DEFAULT 0,
    disabled boolean NOT NULL DEFAULT false
);

CREATE TABLE area (
    code   text PRIMARY KEY,
    parent text REFERENCES area (code),
    name   text NOT NULL,
    ord    int NOT NULL DEFAULT 0
);

CREATE TABLE contact (
    id     text PRIMARY KEY,
    label  text NOT NULL,
    kind   text NOT NULL,
    number text NOT NULL,
    ord    int NOT NULL DEFAULT 0
);

-- Citizens, found by the blind index of their number.
CREATE TABLE citizen (
    idx           text PRIMARY KEY,
    number_sealed text NOT NULL,
    name_sealed   text NOT NULL DEFAULT '',
    gender        text NOT NULL DEFAULT '',
    kind          text NOT NULL DEFAULT 'person',
    company       text NOT NULL DEFAULT '',
    tags          text[] NOT NULL DEFAULT '{}',
    regular       boolean NOT NULL DEFAULT false,
    first_seen    timestamptz NOT NULL,
    last_seen     timestamptz NOT NULL
);

CREATE TABLE blacklist (
    idx           text PRIMARY KEY,
    number_sealed text NOT NULL,
    reason        text NOT NULL,
    approver      text NOT NULL,
    at            timestamptz NOT NULL,
    until         timestamptz NOT NULL
);

-- Tickets.
CREATE TABLE ticket_day (
    day  date PRIMARY KEY,
    last int NOT NULL
);

CREATE TABLE ticket (
    id            uuid PRIMARY KEY,
    number        text UNIQUE,
    state         text NOT NULL,
    version       int NOT NULL,
    round         int NOT NULL DEFAULT 0,
    type          text NOT NULL DEFAULT '',
    urgency       text NOT NULL,
    source        text NOT NULL,
    secret        boolean NOT NULL DEFAULT false,
    class         text NOT NULL DEFAULT '',
    unit          text NOT NULL DEFAULT '',
    writer        text NOT NULL DEFAULT '',
    owner         text NOT NULL DEFAULT '',
    title         text NOT NULL DEFAULT '',
    content       text NOT NULL DEFAULT '',
    answer        text NOT NULL DEFAULT '',
    result        text NOT NULL DEFAULT '',
    master        text NOT NULL DEFAULT '',
    due_at        timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    submitted_at  timestamptz,
    closed_at     timestamptz,
    caller_idx    text NOT NULL DEFAULT '', -- of the number called from
    contact_idx   text NOT NULL DEFAULT '', -- of the contact number
    last4_idx     text NOT NULL DEFAULT '',
    body          jsonb NOT NULL, -- fields that nobody searches by
    sealed        jsonb NOT NULL, -- personal fields, each encrypted
    code_digest   bytea,          -- of the query code
    bigrams       text[] NOT NULL DEFAULT '{}',
    steps         int NOT NULL,   -- length of the flow chain
    head          bytea NOT NULL, -- last element of the flow chain
    seal          bytea NOT NULL  -- HMAC of this row
);
CREATE INDEX ticket_created ON ticket (created_at DESC, id DESC);
CREATE INDEX ticket_state ON ticket (state, created_at DESC);
CREATE INDEX ticket_owner ON ticket (owner, updated_at DESC) WHERE owner <> '';
CREATE INDEX ticket_unit ON ticket (unit, created_at DESC) WHERE unit <> '';
CREATE INDEX ticket_class ON ticket (class, created_at DESC);
CREATE INDEX ticket_caller ON ticket (caller_idx, created_at DESC) WHERE caller_idx <> '';
CREATE INDEX ticket_contact ON ticket (contact_idx, created_at DESC) WHERE contact_idx <> '';
CREATE INDEX ticket_bigrams ON ticket USING gin (bigrams);
CREATE INDEX ticket_trgm ON ticket USING gin ((title || ' ' || content) gin_trgm_ops);

CREATE TABLE ticket_call (
    ticket uuid NOT NULL REFERENCES ticket (id),
    call   uuid NOT NULL,
    role   text NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (ticket, call, role)
);
CREATE INDEX ticket_call_call ON ticket_call (call);

-- Append-only: each step holds the digest of the ticket as it was then and is chained to the
-- step before.
CREATE TABLE ticket_flow (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket      uuid NOT NULL,
    seq         int NOT NULL,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    actor_name  text NOT NULL,
    unit        text NOT NULL,
    event       text NOT NULL,
    from_state  text NOT NULL,
    to_state    text NOT NULL,
    opinion     text NOT NULL,
    data        text NOT NULL,
    version     int NOT NULL,
    snapshot    text NOT NULL, -- the ticket at this step; personal fields as digests
    link        bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (ticket, seq)
);

CREATE TABLE idempotency (
    account text NOT NULL,
    key     text NOT NULL,
    ticket  uuid NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Calls, built from the floor's events.
CREATE TABLE call_event (
    epoch bigint NOT NULL,
    seq   bigint NOT NULL,
    type  text NOT NULL,
    at    timestamptz NOT NULL,
    call  uuid,
    seat  text NOT NULL DEFAULT '',
    data  jsonb,
    PRIMARY KEY (epoch, seq)
);
CREATE INDEX call_event_call ON call_event (call, epoch, seq) WHERE call IS NOT NULL;

CREATE TABLE call (
    id            uuid PRIMARY KEY,
    direction     text NOT NULL DEFAULT 'inbound',
    caller_idx    text NOT NULL DEFAULT '',
    caller_sealed text NOT NULL DEFAULT '',
    called        text NOT NULL DEFAULT '',
    line          text NOT NULL DEFAULT '',
    node          text NOT NULL DEFAULT '',
    unique_id     text NOT NULL DEFAULT '',
    source        text NOT NULL DEFAULT '',
    menu          text NOT NULL DEFAULT '',
    purpose       text NOT NULL DEFAULT '',
    for_ticket    text NOT NULL DEFAULT '',
    callback_of   text NOT NULL DEFAULT '',
    started_at    timestamptz NOT NULL,
    path          jsonb NOT NULL DEFAULT '[]',
    waits         jsonb NOT NULL DEFAULT '[]',
    queue         text NOT NULL DEFAULT '',
    language      text NOT NULL DEFAULT '',
    entered_at    timestamptz,
    answered_at   timestamptz,
    waited_s      double precision NOT NULL DEFAULT 0,
    ended_at      timestamptz,
    end_side      text NOT NULL DEFAULT '',
    end_stage     text NOT NULL DEFAULT '',
    end_cause     text NOT NULL DEFAULT '',
    end_detail    text NOT NULL DEFAULT '',
    lost          boolean NOT NULL DEFAULT false,
    rating        int NOT NULL DEFAULT 0,
    note          text NOT NULL DEFAULT '',
    note_text     text NOT NULL DEFAULT ''
);
CREATE INDEX call_started ON call (started_at DESC, id DESC);
CREATE INDEX call_caller ON call (caller_idx, started_at DESC) WHERE caller_idx <> '';
CREATE INDEX call_queue ON call (queue, started_at DESC);

CREATE TABLE call_seat (
    call        uuid NOT NULL,
    n           int NOT NULL, -- order of the seats' parts in the call
    seat        text NOT NULL,
    account     text NOT NULL DEFAULT '',
    offered_at  timestamptz,
    answered_at timestamptz,
    left_at     timestamptz,
    closed_at   timestamptz, -- end of wrap-up: from now on the number is masked for this seat
    talk_s      double precision NOT NULL DEFAULT 0,
    hold_s      double precision NOT NULL DEFAULT 0,
    rang_s      double precision NOT NULL DEFAULT 0,
    why         text NOT NULL DEFAULT '',
    PRIMARY KEY (call, n)
);
CREATE INDEX call_seat_account ON call_seat (account, call);
CREATE INDEX call_seat_open ON call_seat (seat) WHERE closed_at IS NULL;

CREATE TABLE seat_event (
    epoch      bigint NOT NULL,
    seq        bigint NOT NULL,
    seat       text NOT NULL,
    account    text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    reason     text NOT NULL DEFAULT '',
    by_account text NOT NULL DEFAULT '',
    device     text NOT NULL DEFAULT '',
    PRIMARY KEY (epoch, seq)
);
CREATE INDEX seat_event_seat ON seat_event (seat, at);

CREATE TABLE recording (
    id         uuid PRIMARY KEY,
    call       uuid NOT NULL,
    kind       text NOT NULL,
    node       text NOT NULL,
    source     text NOT NULL,
    status     text NOT NULL, -- pending, sealed, failed
    expected_s double precision NOT NULL DEFAULT 0,
    blob_key   text NOT NULL DEFAULT '',
    sha256     text NOT NULL DEFAULT '',
    size       bigint NOT NULL DEFAULT 0,
    channels   int NOT NULL DEFAULT 0,
    rate       int NOT NULL DEFAULT 0,
    duration_s double precision NOT NULL DEFAULT 0,
    flaws      text[] NOT NULL DEFAULT '{}',
    failure    text NOT NULL DEFAULT '',
    since      timestamptz NOT NULL,
    sealed_at  timestamptz,
    seal       bytea,
    UNIQUE (call, kind)
);
CREATE INDEX recording_pending ON recording (since) WHERE status = 'pending';

CREATE TABLE callback (
    id            uuid PRIMARY KEY,
    kind          text NOT NULL, -- voicemail, callback, missed
    call          uuid NOT NULL,
    queue         text NOT NULL DEFAULT '',
    number_idx    text NOT NULL DEFAULT '',
    number_sealed text NOT NULL DEFAULT '',
    entered_at    timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'waiting', -- waiting, taken, done
    taken_by      text NOT NULL DEFAULT '',
    taken_at      timestamptz,
    done_at       timestamptz,
    done_by       text NOT NULL DEFAULT '',
    result        text NOT NULL DEFAULT '',
    text          text NOT NULL DEFAULT '',
    ticket        text NOT NULL DEFAULT '',
    UNIQUE (call, kind)
);
CREATE INDEX callback_state ON callback (state, entered_at);
CREATE INDEX callback_number ON callback (number_idx) WHERE state <> 'done';

-- What people did and saw.
CREATE TABLE audit (
    id     bigint PRIMARY KEY,
    at     timestamptz NOT NULL,
    actor  text NOT NULL,
    act    text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL,
    remote text NOT NULL,
    link   bytea NOT NULL
);
CREATE INDEX audit_at ON audit (at DESC);
CREATE INDEX audit_actor ON audit (actor, id DESC);

CREATE TABLE chain_head (
    name  text PRIMARY KEY,
    count bigint NOT NULL,
    head  bytea NOT NULL
);
INSERT INTO chain_head (name, count, head) VALUES ('audit', 0, '');

-- Changes for live sockets. Read in the order of transactions, below the oldest open one.
CREATE TABLE desk_event (
    xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id       bigint GENERATED ALWAYS AS IDENTITY,
    at       timestamptz NOT NULL DEFAULT now(),
    kind     text NOT NULL,
    ticket   text NOT NULL DEFAULT '',
    call     text NOT NULL DEFAULT '',
    callback text NOT NULL DEFAULT '',
    version  int NOT NULL DEFAULT 0,
    account  text NOT NULL DEFAULT '', -- whom it concerns; empty: everybody who may see it
    PRIMARY KEY (xid, id)
);
CREATE INDEX desk_event_at ON desk_event (at);

CREATE TABLE floor_epoch (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch bigint NOT NULL
);
INSERT INTO floor_epoch (epoch) VALUES (0);

CREATE TABLE progress_try (
    caller_idx text NOT NULL,
    day        date NOT NULL,
    tries      int NOT NULL,
    PRIMARY KEY (caller_idx, day)
);

CREATE TABLE marker (
    name text PRIMARY KEY,
    at   timestamptz NOT NULL,
    text text NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE marker, progress_try, floor_epoch, desk_event, chain_head, audit, callback, recording, seat_event,
    call_seat, call, call_event, idempotency, ticket_flow, ticket_call, ticket, ticket_day, blacklist, citizen, contact,
    area, class, line, queue, seat_skill, seat, skill, api_token, role_grant, account, unit;
