-- +goose Up
-- Badges that officials had: who scans one that was lost is told so, and nobody gets it again.
CREATE TABLE replaced_badges (
    badge       TEXT PRIMARY KEY,
    official_id BIGINT NOT NULL REFERENCES officials (id),
    replaced_at BIGINT NOT NULL -- microseconds since 1970, UTC
);
-- Who serves at which counter, and when. Days are civil; last_day is one of them, '' has no end.
CREATE TABLE shifts (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    official_id      BIGINT NOT NULL REFERENCES officials (id),
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    first_day        TEXT NOT NULL,
    last_day         TEXT NOT NULL,
    weekdays         BIGINT NOT NULL, -- a bit each: Monday 1 to Sunday 64
    from_minute      BIGINT NOT NULL, -- of the day
    to_minute        BIGINT NOT NULL, -- the first one after it
    UNIQUE (official_id, service_point_id, first_day, from_minute)
);
CREATE INDEX shifts_of_point ON shifts (service_point_id);
-- Who serves at a counter as its queue system has said, until it says otherwise or the day ends.
CREATE TABLE serving (
    service_point_id BIGINT PRIMARY KEY REFERENCES service_points (id),
    official_id      BIGINT NOT NULL REFERENCES officials (id),
    day              TEXT NOT NULL
);
-- Raised by every change of the two, so that instances know which to read again.
CREATE TABLE duty (shifts BIGINT NOT NULL, serving BIGINT NOT NULL);
INSERT INTO duty (shifts, serving) VALUES (1, 1);

-- +goose Down
DROP TABLE duty;
DROP TABLE serving;
DROP TABLE shifts;
DROP TABLE replaced_badges;
