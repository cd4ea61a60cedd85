-- +goose Up
-- Tallies by half months, in groups of k: of each sum there is what is shown,
-- and what waits (w_) until those who wait are at least k. The tallies that there
-- were are made again from the responses, in the order in which they came:
-- `sipas migrate up` does so after this, and no server starts before.
-- In the keys the agency comes before the question: boards are made of sums by agency,
-- and of the service points of one.
ALTER TABLE responses ADD COLUMN campaign_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;

DROP TABLE month_changes;
DROP TABLE tally_choice;
DROP TABLE tally_scale;
DROP TABLE tally_people;

CREATE TABLE tally_people (
    half_month       INTEGER NOT NULL, -- its first day: 20251101, 20251115
    version_id       BIGINT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL DEFAULT 0,
    channel          TEXT NOT NULL,  -- '' of a unit
    service_point_id BIGINT NOT NULL DEFAULT 0, -- 0 or -1 of a unit: see internal/store/closing.go
    campaign_id      BIGINT NOT NULL DEFAULT 0, -- 0: none
    mark             INTEGER NOT NULL DEFAULT 0, -- 0: counted; -1: taken out of what is shown
    responses        INTEGER NOT NULL DEFAULT 0,
    people           INTEGER NOT NULL DEFAULT 0,
    all_satisfied    INTEGER NOT NULL DEFAULT 0,
    share_sum        BIGINT NOT NULL DEFAULT 0,
    share_sq_sum     BIGINT NOT NULL DEFAULT 0,
    points_people    INTEGER NOT NULL DEFAULT 0,
    points           BIGINT NOT NULL DEFAULT 0,
    max_points       BIGINT NOT NULL DEFAULT 0,
    w_responses      INTEGER NOT NULL DEFAULT 0,
    w_people         INTEGER NOT NULL DEFAULT 0,
    w_all_satisfied  INTEGER NOT NULL DEFAULT 0,
    w_share_sum      BIGINT NOT NULL DEFAULT 0,
    w_share_sq_sum   BIGINT NOT NULL DEFAULT 0,
    w_points_people  INTEGER NOT NULL DEFAULT 0,
    w_points         BIGINT NOT NULL DEFAULT 0,
    w_max_points     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark)
) WITHOUT ROWID;
CREATE INDEX tally_people_units ON tally_people (half_month) WHERE service_point_id <= 0;

CREATE TABLE tally_scale (
    half_month       INTEGER NOT NULL, -- its first day: 20251101, 20251115
    version_id       BIGINT NOT NULL,
    item             INTEGER NOT NULL DEFAULT 0,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL DEFAULT 0,
    channel          TEXT NOT NULL,  -- '' of a unit
    service_point_id BIGINT NOT NULL DEFAULT 0, -- 0 or -1 of a unit: see internal/store/closing.go
    campaign_id      BIGINT NOT NULL DEFAULT 0, -- 0: none
    mark             INTEGER NOT NULL DEFAULT 0, -- 0: counted; -1: taken out of what is shown
    n0               INTEGER NOT NULL DEFAULT 0,
    n1               INTEGER NOT NULL DEFAULT 0,
    n2               INTEGER NOT NULL DEFAULT 0,
    n3               INTEGER NOT NULL DEFAULT 0,
    n4               INTEGER NOT NULL DEFAULT 0,
    n5               INTEGER NOT NULL DEFAULT 0,
    w_n0             INTEGER NOT NULL DEFAULT 0,
    w_n1             INTEGER NOT NULL DEFAULT 0,
    w_n2             INTEGER NOT NULL DEFAULT 0,
    w_n3             INTEGER NOT NULL DEFAULT 0,
    w_n4             INTEGER NOT NULL DEFAULT 0,
    w_n5             INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark)
) WITHOUT ROWID;
CREATE INDEX tally_scale_units ON tally_scale (half_month) WHERE service_point_id <= 0;

CREATE TABLE tally_choice (
    half_month       INTEGER NOT NULL, -- its first day: 20251101, 20251115
    version_id       BIGINT NOT NULL,
    question         TEXT NOT NULL,
    choice           TEXT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL DEFAULT 0,
    channel          TEXT NOT NULL,  -- '' of a unit
    service_point_id BIGINT NOT NULL DEFAULT 0, -- 0 or -1 of a unit: see internal/store/closing.go
    campaign_id      BIGINT NOT NULL DEFAULT 0, -- 0: none
    mark             INTEGER NOT NULL DEFAULT 0, -- 0: counted; -1: taken out of what is shown
    n                INTEGER NOT NULL DEFAULT 0,
    w_n              INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark)
) WITHOUT ROWID;
CREATE INDEX tally_choice_units ON tally_choice (half_month) WHERE service_point_id <= 0;

CREATE TABLE tally_number (
    half_month       INTEGER NOT NULL, -- its first day: 20251101, 20251115
    version_id       BIGINT NOT NULL,
    question         TEXT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL DEFAULT 0,
    channel          TEXT NOT NULL,  -- '' of a unit
    service_point_id BIGINT NOT NULL DEFAULT 0, -- 0 or -1 of a unit: see internal/store/closing.go
    campaign_id      BIGINT NOT NULL DEFAULT 0, -- 0: none
    mark             INTEGER NOT NULL DEFAULT 0, -- 0: counted; -1: taken out of what is shown
    n                INTEGER NOT NULL DEFAULT 0,
    total            BIGINT NOT NULL DEFAULT 0,
    squares          BIGINT NOT NULL DEFAULT 0,
    w_n              INTEGER NOT NULL DEFAULT 0,
    w_total          BIGINT NOT NULL DEFAULT 0,
    w_squares        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark)
) WITHOUT ROWID;
CREATE INDEX tally_number_units ON tally_number (half_month) WHERE service_point_id <= 0;

-- How often the tallies of a half month were written, and how often what is shown of
-- them has changed, by the agency's id modulo 16: what was read of the agencies of a
-- slot is as it would be read now as long as their changes are the same.
CREATE TABLE half_month_changes (
    half_month INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    writes     BIGINT NOT NULL DEFAULT 0,
    changes    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (half_month, slot)
);

-- The half months that are over and have nothing waiting any more: it waits in the
-- next one, or at a larger unit where the end was a cut-off day. Where more was written
-- since, answers came late, and it is to be looked at again.
CREATE TABLE half_months_over (
    half_month INTEGER PRIMARY KEY,
    writes     BIGINT NOT NULL
);

-- What boards are made of, of half months that are over: sums of the tallies after so
-- many changes, by what they were read for. All of it can be made again.
CREATE TABLE sheets (
    reading    TEXT NOT NULL,
    half_month INTEGER NOT NULL,
    changes    BIGINT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (reading, half_month)
);

-- One row: whether the tallies are those of the responses. 0: they are to be made.
CREATE TABLE tallies_made (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    made INTEGER NOT NULL
);
INSERT INTO tallies_made (id, made) SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM responses) THEN 0 ELSE 1 END;

-- +goose Down
-- Half months become months again, what waits with what was shown.
ALTER TABLE tally_people RENAME TO halves_people;
CREATE TABLE tally_people (
    month            INTEGER NOT NULL, -- 202511
    version_id       BIGINT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    responses        BIGINT NOT NULL,
    people           BIGINT NOT NULL, -- with at least one valid scale answer
    all_satisfied    BIGINT NOT NULL,
    share_sum        BIGINT NOT NULL, -- in units of 1/55440
    share_sq_sum     BIGINT NOT NULL,
    points_people    BIGINT NOT NULL, -- with at least one answer of the 2-1-0 form
    points           BIGINT NOT NULL,
    max_points       BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_people_agency ON tally_people (agency_id, month);
INSERT INTO tally_people SELECT half_month / 100, version_id, field_key, agency_id, channel, service_point_id,
    SUM(responses + w_responses), SUM(people + w_people), SUM(all_satisfied + w_all_satisfied), SUM(share_sum + w_share_sum), SUM(share_sq_sum + w_share_sq_sum), SUM(points_people + w_points_people), SUM(points + w_points), SUM(max_points + w_max_points)
    FROM halves_people WHERE mark <= 0 GROUP BY half_month / 100, version_id, field_key, agency_id, channel, service_point_id;
DROP TABLE halves_people;
ALTER TABLE tally_scale RENAME TO halves_scale;
CREATE TABLE tally_scale (
    month            INTEGER NOT NULL,
    version_id       BIGINT NOT NULL,
    item             INTEGER NOT NULL, -- position in responses.scale
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    n0               BIGINT NOT NULL,
    n1               BIGINT NOT NULL,
    n2               BIGINT NOT NULL,
    n3               BIGINT NOT NULL,
    n4               BIGINT NOT NULL,
    n5               BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, item, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_scale_agency ON tally_scale (agency_id, month);
INSERT INTO tally_scale SELECT half_month / 100, version_id, item, field_key, agency_id, channel, service_point_id,
    SUM(n0 + w_n0), SUM(n1 + w_n1), SUM(n2 + w_n2), SUM(n3 + w_n3), SUM(n4 + w_n4), SUM(n5 + w_n5)
    FROM halves_scale WHERE mark <= 0 GROUP BY half_month / 100, version_id, item, field_key, agency_id, channel, service_point_id;
DROP TABLE halves_scale;
ALTER TABLE tally_choice RENAME TO halves_choice;
CREATE TABLE tally_choice (
    month            INTEGER NOT NULL,
    version_id       BIGINT NOT NULL,
    question         TEXT NOT NULL,
    choice           TEXT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    n                BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, question, choice, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_choice_agency ON tally_choice (agency_id, month);
INSERT INTO tally_choice SELECT half_month / 100, version_id, question, choice, field_key, agency_id, channel, service_point_id,
    SUM(n + w_n)
    FROM halves_choice WHERE mark <= 0 GROUP BY half_month / 100, version_id, question, choice, field_key, agency_id, channel, service_point_id;
DROP TABLE halves_choice;
DROP TABLE tally_number;
DROP TABLE tallies_made;
DROP TABLE sheets;
DROP TABLE half_months_over;
DROP TABLE half_month_changes;
CREATE TABLE month_changes (
    month   INTEGER NOT NULL,
    slot    INTEGER NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (month, slot)
);
ALTER TABLE responses DROP COLUMN mark;
ALTER TABLE responses DROP COLUMN campaign_id;
