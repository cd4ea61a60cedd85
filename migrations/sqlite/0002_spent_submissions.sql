-- +goose Up
-- Submissions that were taken out: nothing but the id, so that sending one
-- again does not bring it back.
CREATE TABLE spent_submissions (
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    id               TEXT NOT NULL,
    PRIMARY KEY (service_point_id, id)
) WITHOUT ROWID;

-- Where the server tries whether it can write. It is always empty, or has one row.
CREATE TABLE readiness (
    name   TEXT PRIMARY KEY,
    filler BLOB NOT NULL
);

-- Texts are written one behind the other and stay where they are. Sorted by key,
-- they were moved whenever a page was full, and what stayed behind in the old
-- page was not overwritten when a text was removed.
ALTER TABLE response_texts RENAME TO response_texts_sorted;
CREATE TABLE response_texts (
    service_point_id BIGINT NOT NULL,
    response_id      TEXT NOT NULL,
    question         TEXT NOT NULL,
    text             TEXT NOT NULL,
    PRIMARY KEY (service_point_id, response_id, question),
    FOREIGN KEY (service_point_id, response_id) REFERENCES responses (service_point_id, id)
);
INSERT INTO response_texts SELECT service_point_id, response_id, question, text FROM response_texts_sorted;
DROP TABLE response_texts_sorted;

-- +goose Down
ALTER TABLE response_texts RENAME TO response_texts_in_order;
CREATE TABLE response_texts (
    service_point_id BIGINT NOT NULL,
    response_id      TEXT NOT NULL,
    question         TEXT NOT NULL,
    text             TEXT NOT NULL,
    PRIMARY KEY (service_point_id, response_id, question),
    FOREIGN KEY (service_point_id, response_id) REFERENCES responses (service_point_id, id)
) WITHOUT ROWID;
INSERT INTO response_texts SELECT service_point_id, response_id, question, text FROM response_texts_in_order;
DROP TABLE response_texts_in_order;
DROP TABLE readiness;
DROP TABLE spent_submissions;
