-- +goose Up
-- Who served, where that is counted: one more thing that tallies are split by (ADR 0037).
-- What there is was said of nobody, so the sums stay as they are and nothing is counted
-- again. The tables are copied in the order of their keys.
ALTER TABLE responses ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tally_people RENAME TO before_people;
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
    official_id      BIGINT NOT NULL DEFAULT 0, -- 0: nobody knows who served
    PRIMARY KEY (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, official_id, mark)
) WITHOUT ROWID;
INSERT INTO tally_people SELECT *, 0 FROM before_people;
DROP TABLE before_people;
CREATE INDEX tally_people_units ON tally_people (half_month) WHERE service_point_id <= 0;
CREATE INDEX tally_people_officials ON tally_people (official_id, half_month) WHERE official_id > 0;

ALTER TABLE tally_scale RENAME TO before_scale;
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
    official_id      BIGINT NOT NULL DEFAULT 0, -- 0: nobody knows who served
    PRIMARY KEY (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, official_id, mark)
) WITHOUT ROWID;
INSERT INTO tally_scale SELECT *, 0 FROM before_scale;
DROP TABLE before_scale;
CREATE INDEX tally_scale_units ON tally_scale (half_month) WHERE service_point_id <= 0;
CREATE INDEX tally_scale_officials ON tally_scale (official_id, half_month) WHERE official_id > 0;

ALTER TABLE tally_choice RENAME TO before_choice;
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
    official_id      BIGINT NOT NULL DEFAULT 0, -- 0: nobody knows who served
    PRIMARY KEY (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, official_id, mark)
) WITHOUT ROWID;
INSERT INTO tally_choice SELECT *, 0 FROM before_choice;
DROP TABLE before_choice;
CREATE INDEX tally_choice_units ON tally_choice (half_month) WHERE service_point_id <= 0;

ALTER TABLE tally_number RENAME TO before_number;
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
    official_id      BIGINT NOT NULL DEFAULT 0, -- 0: nobody knows who served
    PRIMARY KEY (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, official_id, mark)
) WITHOUT ROWID;
INSERT INTO tally_number SELECT *, 0 FROM before_number;
DROP TABLE before_number;
CREATE INDEX tally_number_units ON tally_number (half_month) WHERE service_point_id <= 0;
CREATE INDEX tally_number_officials ON tally_number (official_id, half_month) WHERE official_id > 0;

-- +goose Down
-- The sums of all officials together, what waits with what waits.
ALTER TABLE tally_people RENAME TO after_people;
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
INSERT INTO tally_people (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark, responses, people, all_satisfied, share_sum, share_sq_sum, points_people, points, max_points, w_responses, w_people, w_all_satisfied, w_share_sum, w_share_sq_sum, w_points_people, w_points, w_max_points)
    SELECT half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark, SUM(responses), SUM(people), SUM(all_satisfied), SUM(share_sum), SUM(share_sq_sum), SUM(points_people), SUM(points), SUM(max_points), SUM(w_responses), SUM(w_people), SUM(w_all_satisfied), SUM(w_share_sum), SUM(w_share_sq_sum), SUM(w_points_people), SUM(w_points), SUM(w_max_points)
    FROM after_people GROUP BY half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark;
DROP TABLE after_people;
CREATE INDEX tally_people_units ON tally_people (half_month) WHERE service_point_id <= 0;

ALTER TABLE tally_scale RENAME TO after_scale;
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
INSERT INTO tally_scale (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark, n0, n1, n2, n3, n4, n5, w_n0, w_n1, w_n2, w_n3, w_n4, w_n5)
    SELECT half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark, SUM(n0), SUM(n1), SUM(n2), SUM(n3), SUM(n4), SUM(n5), SUM(w_n0), SUM(w_n1), SUM(w_n2), SUM(w_n3), SUM(w_n4), SUM(w_n5)
    FROM after_scale GROUP BY half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark;
DROP TABLE after_scale;
CREATE INDEX tally_scale_units ON tally_scale (half_month) WHERE service_point_id <= 0;

ALTER TABLE tally_choice RENAME TO after_choice;
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
INSERT INTO tally_choice (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark, n, w_n)
    SELECT half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark, SUM(n), SUM(w_n)
    FROM after_choice GROUP BY half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark;
DROP TABLE after_choice;
CREATE INDEX tally_choice_units ON tally_choice (half_month) WHERE service_point_id <= 0;

ALTER TABLE tally_number RENAME TO after_number;
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
INSERT INTO tally_number (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark, n, total, squares, w_n, w_total, w_squares)
    SELECT half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark, SUM(n), SUM(total), SUM(squares), SUM(w_n), SUM(w_total), SUM(w_squares)
    FROM after_number GROUP BY half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark;
DROP TABLE after_number;
CREATE INDEX tally_number_units ON tally_number (half_month) WHERE service_point_id <= 0;

ALTER TABLE responses DROP COLUMN official_id;
