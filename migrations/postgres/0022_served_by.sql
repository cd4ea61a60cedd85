-- +goose Up
-- Who served, where that is counted: one more thing that tallies are split by (ADR 0037).
-- What there is was said of nobody, so the sums stay as they are and nothing is counted
-- again. The columns are added without a copy; the keys are made anew.
ALTER TABLE responses ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tally_people ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0, DROP CONSTRAINT tally_people_pkey;
ALTER TABLE tally_people ADD PRIMARY KEY (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, official_id, mark);
CREATE INDEX tally_people_officials ON tally_people (official_id, half_month) WHERE official_id > 0;

ALTER TABLE tally_scale ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0, DROP CONSTRAINT tally_scale_pkey;
ALTER TABLE tally_scale ADD PRIMARY KEY (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, official_id, mark);
CREATE INDEX tally_scale_officials ON tally_scale (official_id, half_month) WHERE official_id > 0;

ALTER TABLE tally_choice ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0, DROP CONSTRAINT tally_choice_pkey;
ALTER TABLE tally_choice ADD PRIMARY KEY (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, official_id, mark);

ALTER TABLE tally_number ADD COLUMN official_id BIGINT NOT NULL DEFAULT 0, DROP CONSTRAINT tally_number_pkey;
ALTER TABLE tally_number ADD PRIMARY KEY (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, official_id, mark);
CREATE INDEX tally_number_officials ON tally_number (official_id, half_month) WHERE official_id > 0;

-- +goose Down
-- The sums of all officials together, what waits with what waits.
CREATE TABLE after_people AS SELECT half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark, SUM(responses) AS responses, SUM(people) AS people, SUM(all_satisfied) AS all_satisfied, SUM(share_sum) AS share_sum, SUM(share_sq_sum) AS share_sq_sum, SUM(points_people) AS points_people, SUM(points) AS points, SUM(max_points) AS max_points, SUM(w_responses) AS w_responses, SUM(w_people) AS w_people, SUM(w_all_satisfied) AS w_all_satisfied, SUM(w_share_sum) AS w_share_sum, SUM(w_share_sq_sum) AS w_share_sq_sum, SUM(w_points_people) AS w_points_people, SUM(w_points) AS w_points, SUM(w_max_points) AS w_max_points
    FROM tally_people GROUP BY half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark;
TRUNCATE tally_people;
ALTER TABLE tally_people DROP CONSTRAINT tally_people_pkey;
DROP INDEX tally_people_officials;
ALTER TABLE tally_people DROP COLUMN official_id;
INSERT INTO tally_people (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark, responses, people, all_satisfied, share_sum, share_sq_sum, points_people, points, max_points, w_responses, w_people, w_all_satisfied, w_share_sum, w_share_sq_sum, w_points_people, w_points, w_max_points)
    SELECT half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark, responses, people, all_satisfied, share_sum, share_sq_sum, points_people, points, max_points, w_responses, w_people, w_all_satisfied, w_share_sum, w_share_sq_sum, w_points_people, w_points, w_max_points FROM after_people;
ALTER TABLE tally_people ADD PRIMARY KEY (half_month, version_id, agency_id, field_key, service_point_id, channel, campaign_id, mark);
DROP TABLE after_people;

CREATE TABLE after_scale AS SELECT half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark, SUM(n0) AS n0, SUM(n1) AS n1, SUM(n2) AS n2, SUM(n3) AS n3, SUM(n4) AS n4, SUM(n5) AS n5, SUM(w_n0) AS w_n0, SUM(w_n1) AS w_n1, SUM(w_n2) AS w_n2, SUM(w_n3) AS w_n3, SUM(w_n4) AS w_n4, SUM(w_n5) AS w_n5
    FROM tally_scale GROUP BY half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark;
TRUNCATE tally_scale;
ALTER TABLE tally_scale DROP CONSTRAINT tally_scale_pkey;
DROP INDEX tally_scale_officials;
ALTER TABLE tally_scale DROP COLUMN official_id;
INSERT INTO tally_scale (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark, n0, n1, n2, n3, n4, n5, w_n0, w_n1, w_n2, w_n3, w_n4, w_n5)
    SELECT half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark, n0, n1, n2, n3, n4, n5, w_n0, w_n1, w_n2, w_n3, w_n4, w_n5 FROM after_scale;
ALTER TABLE tally_scale ADD PRIMARY KEY (half_month, version_id, agency_id, item, field_key, service_point_id, channel, campaign_id, mark);
DROP TABLE after_scale;

CREATE TABLE after_choice AS SELECT half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark, SUM(n) AS n, SUM(w_n) AS w_n
    FROM tally_choice GROUP BY half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark;
TRUNCATE tally_choice;
ALTER TABLE tally_choice DROP CONSTRAINT tally_choice_pkey;
ALTER TABLE tally_choice DROP COLUMN official_id;
INSERT INTO tally_choice (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark, n, w_n)
    SELECT half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark, n, w_n FROM after_choice;
ALTER TABLE tally_choice ADD PRIMARY KEY (half_month, version_id, agency_id, question, choice, field_key, service_point_id, channel, campaign_id, mark);
DROP TABLE after_choice;

CREATE TABLE after_number AS SELECT half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark, SUM(n) AS n, SUM(total) AS total, SUM(squares) AS squares, SUM(w_n) AS w_n, SUM(w_total) AS w_total, SUM(w_squares) AS w_squares
    FROM tally_number GROUP BY half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark;
TRUNCATE tally_number;
ALTER TABLE tally_number DROP CONSTRAINT tally_number_pkey;
DROP INDEX tally_number_officials;
ALTER TABLE tally_number DROP COLUMN official_id;
INSERT INTO tally_number (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark, n, total, squares, w_n, w_total, w_squares)
    SELECT half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark, n, total, squares, w_n, w_total, w_squares FROM after_number;
ALTER TABLE tally_number ADD PRIMARY KEY (half_month, version_id, agency_id, question, field_key, service_point_id, channel, campaign_id, mark);
DROP TABLE after_number;

ALTER TABLE responses DROP COLUMN official_id;
