-- +goose Up

-- Why a slot is in its state, as bot.Reason in JSON; empty where why alone tells, in English.
ALTER TABLE slots ADD COLUMN reason TEXT NOT NULL DEFAULT '';
