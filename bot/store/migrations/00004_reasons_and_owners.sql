-- +goose Up

-- Why a slot is in its state, as bot.Reason in JSON; empty where why alone tells, in English.
ALTER TABLE slots ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- Whose a message is.
CREATE INDEX parts_by_message ON parts (message) WHERE message <> '';
