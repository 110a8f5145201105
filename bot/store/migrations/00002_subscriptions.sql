-- +goose Up

-- Stand-in until the table of subscriptions is merged: what the ledger refers to.
CREATE TABLE subscriptions (
    id       TEXT PRIMARY KEY,
    "cursor" BIGINT NOT NULL
);
