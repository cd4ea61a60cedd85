-- +goose Up
-- How many answers came to each service point in each half month, and the day of the
-- last: of what came, nothing of what was said. What is taken out later stays counted.
-- Answers that there were are counted once, here.
CREATE TABLE arrivals (
    half_month       INTEGER NOT NULL, -- its first day: 20251101, 20251115
    service_point_id BIGINT NOT NULL,
    answers          BIGINT NOT NULL,
    last_day         INTEGER NOT NULL, -- 20251127
    PRIMARY KEY (half_month, service_point_id)
) WITHOUT ROWID;
CREATE INDEX arrivals_point ON arrivals (service_point_id, half_month);
INSERT INTO arrivals (half_month, service_point_id, answers, last_day)
SELECT CAST(REPLACE(SUBSTR(day, 1, 7), '-', '') AS INTEGER) * 100 + CASE WHEN SUBSTR(day, 9) >= '15' THEN 15 ELSE 1 END, service_point_id,
    COUNT(*), CAST(REPLACE(MAX(day), '-', '') AS INTEGER) FROM responses GROUP BY 1, 2;

-- +goose Down
DROP TABLE arrivals;
