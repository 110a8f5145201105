-- +goose Up

-- What the managers of a chat decided, as JSON.
CREATE TABLE chat_settings (
    chat     TEXT PRIMARY KEY,
    settings TEXT NOT NULL
);

-- Chats that nothing is sent to of our own accord, because the platform refused it.
CREATE TABLE suspended_chats (
    chat         TEXT PRIMARY KEY,
    reason       TEXT NOT NULL,
    suspended_at BIGINT NOT NULL
);

-- The last update of each Telegram bot before which all are done.
CREATE TABLE telegram_offsets (
    bot          BIGINT PRIMARY KEY,
    update_id    BIGINT NOT NULL,
    committed_at BIGINT NOT NULL
);

-- The latest updates that were handled, one by one.
CREATE TABLE telegram_updates (
    bot        BIGINT NOT NULL,
    update_id  BIGINT NOT NULL,
    handled_at BIGINT NOT NULL,
    PRIMARY KEY (bot, update_id)
);

-- Short texts found again by a key: actions of buttons, file ids, registrations.
CREATE TABLE kept (
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    content TEXT NOT NULL,
    put_at  BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
