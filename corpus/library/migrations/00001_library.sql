-- +goose Up

-- Where the record stands, in one row. Whoever changes the record locks the row first,
-- so that changes are numbered in the order in which they become visible.
CREATE TABLE library (
    one       BIGINT PRIMARY KEY CHECK (one = 1),
    changes   BIGINT NOT NULL, -- number of the last change
    numbers   BIGINT NOT NULL, -- number of the last document
    documents BIGINT NOT NULL, -- how many are current
    hash      TEXT NOT NULL,   -- of those that are current: their digests, XORed
    scheme    BIGINT NOT NULL  -- of duplicate_keys
);
INSERT INTO library (one, changes, numbers, documents, hash, scheme) VALUES (1, 0, 0, 0, '00000000000000000000000000000000', 0);

-- What is known of a document, without its text. Moments are Unix seconds, 0 is none.
CREATE TABLE documents (
    number        BIGINT PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    -- who gave it and what it is called there; identity and location are hashes of that
    -- and of its address there, since an index takes no more than 2,700 bytes
    origin_kind   TEXT NOT NULL,
    origin_name   TEXT NOT NULL,
    origin_key    TEXT NOT NULL,
    identity      TEXT NOT NULL UNIQUE,
    location      TEXT NOT NULL,
    title         TEXT NOT NULL,
    title_folded  TEXT NOT NULL, -- to search
    publisher     TEXT NOT NULL,
    author        TEXT NOT NULL,
    url           TEXT NOT NULL,
    published     TEXT NOT NULL,
    published_key BIGINT NOT NULL, -- to order and count by
    license       TEXT NOT NULL,
    language      TEXT NOT NULL,
    reported_by   TEXT NOT NULL, -- JSON, as the next three
    based_on      TEXT NOT NULL,
    actors        TEXT NOT NULL,
    topics        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    summary       TEXT NOT NULL,
    first_seen    BIGINT NOT NULL,
    fetched       BIGINT NOT NULL,
    revision      BIGINT NOT NULL, -- the current one
    revised       BIGINT NOT NULL, -- when it was first seen
    wording       TEXT NOT NULL,   -- hash of title and text, apart from trifles
    digest        TEXT NOT NULL,   -- hash of all that a citation and an index read
    withdrawn     BIGINT NOT NULL,
    withdrawn_by  TEXT NOT NULL,
    reason        TEXT NOT NULL
);
CREATE INDEX documents_origin ON documents (origin_kind, origin_name);
CREATE INDEX documents_location ON documents (location);
CREATE INDEX documents_published ON documents (published_key, id);
CREATE INDEX documents_publisher ON documents (publisher, published_key);

-- Titles and texts, all that there ever were, from 1.
CREATE TABLE revisions (
    document BIGINT NOT NULL REFERENCES documents (number),
    revision BIGINT NOT NULL,
    seen     BIGINT NOT NULL,
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (document, revision)
);

-- What happened, without gaps. documents and hash are those of the library after it.
CREATE TABLE changes (
    number    BIGINT PRIMARY KEY,
    document  BIGINT NOT NULL REFERENCES documents (number),
    revision  BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    at        BIGINT NOT NULL,
    documents BIGINT NOT NULL,
    hash      TEXT NOT NULL
);

-- By what documents with the same text find each other, and which are found; each pair
-- both ways. Of current documents alone.
CREATE TABLE duplicate_keys (
    key      BIGINT NOT NULL,
    document BIGINT NOT NULL,
    PRIMARY KEY (key, document)
);
CREATE TABLE duplicates (
    document BIGINT NOT NULL REFERENCES documents (number),
    other    BIGINT NOT NULL REFERENCES documents (number),
    PRIMARY KEY (document, other)
);

-- Feeds, and when to fetch them. A claim counts up with every process that takes the
-- feed, so that one that was too slow can tell.
CREATE TABLE feeds (
    id            TEXT PRIMARY KEY,
    address       TEXT NOT NULL,
    title         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    failures      BIGINT NOT NULL,
    last_error    TEXT NOT NULL,
    suspended     TEXT NOT NULL,
    state         TEXT NOT NULL, -- JSON of whoever schedules
    next_due      BIGINT NOT NULL,
    added         BIGINT NOT NULL,
    claim         BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL
);
CREATE INDEX feeds_due ON feeds (next_due);
