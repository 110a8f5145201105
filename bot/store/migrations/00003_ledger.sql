-- +goose Up

-- Digests that are or were due, one for each subscription and local date. The place is
-- where the parts go, also when the subscription has gone elsewhere since.
CREATE TABLE slots (
    subscription TEXT   NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    date         TEXT   NOT NULL, -- 2026-05-08
    chat         TEXT   NOT NULL,
    channel      TEXT   NOT NULL,
    due          BIGINT NOT NULL,
    state        TEXT   NOT NULL, -- of bot.SlotState
    why          TEXT   NOT NULL,
    done         BIGINT NOT NULL, -- 0 until then
    tries        BIGINT NOT NULL, -- that came to nothing
    wake         BIGINT NOT NULL, -- when somebody is to see to a slot that is due
    holder       TEXT   NOT NULL, -- who works on it; empty: nobody
    held_until   BIGINT NOT NULL,
    record       TEXT   NOT NULL, -- what is kept when it is closed, in JSON; empty until the parts are frozen
    PRIMARY KEY (subscription, date)
);
CREATE INDEX slots_to_wake ON slots (wake) WHERE state = 'due';
CREATE INDEX slots_by_due ON slots (due);

-- The messages of a slot, as they are sent. The content goes when the slot is closed.
CREATE TABLE parts (
    subscription TEXT   NOT NULL,
    date         TEXT   NOT NULL,
    number       BIGINT NOT NULL, -- from 0
    content      BYTEA  NOT NULL,
    begun        BIGINT NOT NULL, -- when it was about to be sent; 0: it was not
    message      TEXT   NOT NULL, -- the id that the platform gave it; empty: it did not
    lost         BIGINT NOT NULL, -- 1: nobody will know whether it was sent
    PRIMARY KEY (subscription, date, number),
    FOREIGN KEY (subscription, date) REFERENCES slots (subscription, date) ON DELETE CASCADE
);

-- Documents that a subscription was shown, with the latest revision of each.
CREATE TABLE shown (
    subscription TEXT   NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    document     TEXT   NOT NULL,
    revision     BIGINT NOT NULL,
    shown_at     BIGINT NOT NULL,
    PRIMARY KEY (subscription, document)
);

-- Moments that are remembered by a name.
CREATE TABLE marks (
    name TEXT   PRIMARY KEY,
    at   BIGINT NOT NULL
);
