-- +goose Up

-- What whoever fills the library keeps for itself from one time to the next, by its name.
CREATE TABLE notes (
    name    TEXT PRIMARY KEY,
    content TEXT NOT NULL
);
