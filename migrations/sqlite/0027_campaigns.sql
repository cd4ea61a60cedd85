-- +goose Up
-- Periods in which one version of a survey is asked in the place of what counters ask otherwise.
-- Days are civil, both of them included.
CREATE TABLE campaigns (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL, -- JSON, by language
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    ended_at   BIGINT NOT NULL DEFAULT 0, -- microseconds since 1970, UTC; 0: not before its last day was over
    version_id BIGINT NOT NULL REFERENCES survey_versions (id),
    channels   TEXT NOT NULL -- parted by ';'; '': all
);
-- Where a campaign is; one that has neither agencies nor counters is everywhere.
CREATE TABLE campaign_agencies (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    agency_id   BIGINT NOT NULL REFERENCES agencies (id),
    PRIMARY KEY (campaign_id, agency_id)
);
CREATE TABLE campaign_points (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    point_id    BIGINT NOT NULL REFERENCES service_points (id),
    PRIMARY KEY (campaign_id, point_id)
);

-- +goose Down
DROP TABLE campaign_points;
DROP TABLE campaign_agencies;
DROP TABLE campaigns;
