-- +goose Up

-- The knowledge base. An article's row repeats of its current version what lists look for.
CREATE TABLE knowledge_category (
    id     text PRIMARY KEY,
    parent text REFERENCES knowledge_category (id),
    name   text NOT NULL,
    ord    int NOT NULL DEFAULT 0
);

CREATE TABLE knowledge_article (
    id         uuid PRIMARY KEY,
    unit       text NOT NULL DEFAULT '', -- whose matter it is; empty: the hotline's own
    demo       boolean NOT NULL DEFAULT false,
    rev        int NOT NULL,
    state      text NOT NULL, -- of the version people read, or of the newest where they read none
    head_n     int NOT NULL,  -- newest version
    head_state text NOT NULL,
    title      text NOT NULL,
    category   text NOT NULL,
    class      text NOT NULL,
    guide      boolean NOT NULL,
    valid_from timestamptz,
    valid_to   timestamptz,
    updated_at timestamptz NOT NULL,
    reads      int NOT NULL DEFAULT 0,
    inserts    int NOT NULL DEFAULT 0,
    body       text NOT NULL, -- of the current version, for searches
    codes      int[] NOT NULL -- pairs of letters of title, tags and body
);
CREATE INDEX knowledge_article_updated ON knowledge_article (updated_at DESC, id DESC);
CREATE INDEX knowledge_article_category ON knowledge_article (category, updated_at DESC);
CREATE INDEX knowledge_article_unit ON knowledge_article (unit, updated_at DESC);
CREATE INDEX knowledge_article_codes ON knowledge_article USING gin (codes);

CREATE TABLE knowledge_version (
    article       uuid NOT NULL REFERENCES knowledge_article (id),
    n             int NOT NULL,
    state         text NOT NULL,
    content       jsonb NOT NULL,
    author        text NOT NULL,
    author_name   text NOT NULL,
    edited_at     timestamptz NOT NULL,
    submitted_at  timestamptz,
    reviewer      text NOT NULL DEFAULT '',
    reviewer_name text NOT NULL DEFAULT '',
    decided_at    timestamptz,
    opinion       text NOT NULL DEFAULT '',
    PRIMARY KEY (article, n)
);

-- 纠错: what readers found wrong.
CREATE TABLE knowledge_report (
    id           uuid PRIMARY KEY,
    article      uuid NOT NULL REFERENCES knowledge_article (id),
    version      int NOT NULL,
    text         text NOT NULL,
    quote        text NOT NULL DEFAULT '',
    by_account   text NOT NULL,
    by_name      text NOT NULL,
    at           timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'open', -- open, fixed, refused
    answer       text NOT NULL DEFAULT '',
    handled_by   text NOT NULL DEFAULT '',
    handled_name text NOT NULL DEFAULT '',
    handled_at   timestamptz
);
CREATE INDEX knowledge_report_state ON knowledge_report (state, at DESC, id DESC);
CREATE INDEX knowledge_report_article ON knowledge_report (article);

-- What a search for words is answered from: narrow, written only when a text changes, so that
-- a ticket's way through its states never touches the index of words. Drafts are not in it. The
-- text lies out of line: it is read only of tickets that have all the pairs of a longer word.
CREATE TABLE ticket_search (
    ticket uuid PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    at     timestamptz NOT NULL, -- when the ticket was created: the order of lists
    codes  int[] NOT NULL,       -- pairs of letters of the text, and the month
    text   text NOT NULL         -- title, content, place, answers and replies
) WITH (toast_tuple_target = 512);
ALTER TABLE ticket_search
    ALTER COLUMN codes SET STATISTICS 1000,
    ALTER COLUMN codes SET STORAGE MAIN,
    ALTER COLUMN text SET STATISTICS 0;
CREATE INDEX ticket_search_at ON ticket_search (at DESC, ticket DESC);
CREATE INDEX ticket_search_codes ON ticket_search USING gin (codes) WITH (gin_pending_list_limit = 1024);
-- The row of a ticket changes with every step of its way: it carries no index of words.
DROP INDEX ticket_bigrams, ticket_trgm;
ALTER TABLE ticket DROP COLUMN bigrams;
CREATE INDEX ticket_submitted ON ticket (submitted_at DESC) WHERE submitted_at IS NOT NULL;

CREATE TABLE saved_filter (
    id         uuid PRIMARY KEY,
    account    text NOT NULL REFERENCES account (name),
    name       text NOT NULL,
    filter     jsonb NOT NULL,
    shared     text NOT NULL DEFAULT '', -- role it is shown to as well
    created_at timestamptz NOT NULL,
    UNIQUE (account, name)
);
CREATE INDEX saved_filter_shared ON saved_filter (shared) WHERE shared <> '';

CREATE TABLE export (
    id          uuid PRIMARY KEY,
    account     text NOT NULL REFERENCES account (name),
    filter      jsonb NOT NULL,
    label       text NOT NULL, -- what was exported, in words
    state       text NOT NULL, -- waiting, running, done, failed, cancelled
    total       int NOT NULL DEFAULT 0,
    written     int NOT NULL DEFAULT 0,
    size        bigint NOT NULL DEFAULT 0,
    failure     text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    beat_at     timestamptz NOT NULL, -- last sign of life of who writes it
    finished_at timestamptz,
    swept       boolean NOT NULL DEFAULT false -- the file is gone
);
CREATE INDEX export_account ON export (account, created_at DESC);
CREATE INDEX export_state ON export (state, created_at) WHERE state IN ('waiting', 'running');
CREATE INDEX export_sweep ON export (finished_at) WHERE NOT swept;

-- +goose Down
DROP INDEX ticket_submitted;
ALTER TABLE ticket ADD COLUMN bigrams text[] NOT NULL DEFAULT '{}';
CREATE INDEX ticket_bigrams ON ticket USING gin (bigrams);
CREATE INDEX ticket_trgm ON ticket USING gin ((title || ' ' || content) gin_trgm_ops);
DROP TABLE export, saved_filter, ticket_search, knowledge_report, knowledge_version, knowledge_article, knowledge_category;
