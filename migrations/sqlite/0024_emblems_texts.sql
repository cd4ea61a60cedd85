-- +goose Up
-- The province's emblem, and the one before it, to which one may go back.
CREATE TABLE emblems (
    place   TEXT PRIMARY KEY CHECK (place IN ('now', 'before')),
    hash    TEXT NOT NULL, -- SHA-256 of the PNG
    width   BIGINT NOT NULL, -- pixels
    height  BIGINT NOT NULL,
    content TEXT NOT NULL -- the PNG as base64: backups hold texts
);

-- Texts go after their time, by the civil day of their answer.
ALTER TABLE response_texts ADD COLUMN day TEXT NOT NULL DEFAULT '';
UPDATE response_texts SET day = (SELECT r.day FROM responses r WHERE r.service_point_id = response_texts.service_point_id AND r.id = response_texts.response_id);
CREATE INDEX response_texts_day ON response_texts (day);
-- What is kept already was promised to stay: an upgrade begins no removal.
INSERT INTO settings (name, value) SELECT 'text-months', '0' WHERE EXISTS (SELECT 1 FROM response_texts);

-- +goose Down
DELETE FROM settings WHERE name = 'text-months';
DROP INDEX response_texts_day;
ALTER TABLE response_texts DROP COLUMN day;
DROP TABLE emblems;
