-- +goose Up

-- Digests that chats want: bot.Subscription, with the number of the library's change up to
-- which each has shown what is new. Lists are written with commas; an empty one is all.
CREATE TABLE subscriptions (
    id         TEXT PRIMARY KEY,
    chat       TEXT NOT NULL,
    channel    TEXT NOT NULL,
    zone       TEXT NOT NULL,
    minute     BIGINT NOT NULL, -- of the day in that zone
    days       TEXT NOT NULL, -- 0 is Sunday
    topics     TEXT NOT NULL,
    actors     TEXT NOT NULL,
    language   TEXT NOT NULL,
    quiet_days BIGINT NOT NULL, -- 1: they get a line
    paused     BIGINT NOT NULL,
    by_user    TEXT NOT NULL, -- empty: forgotten
    since      BIGINT NOT NULL,
    cursor     BIGINT NOT NULL
);

CREATE INDEX subscriptions_by_chat ON subscriptions (chat, since, id);
CREATE INDEX subscriptions_by_user ON subscriptions (by_user) WHERE by_user <> '';
