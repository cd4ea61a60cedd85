-- +goose Up
-- A target says how it is to be reached, and its note has languages.
ALTER TABLE targets ADD COLUMN comparator TEXT NOT NULL DEFAULT 'at-least' CHECK (comparator IN ('at-least', 'above'));

-- The notes that the presets wrote, which were English on Vietnamese boards, and the one target among them that a plan
-- writes as "trên 85%".
UPDATE targets SET comparator = 'above' WHERE plan = '1211/KH-UBND 2022-03-04' AND field_key = 'dat-dai' AND percent = 8500
    AND note = 'stretch target in the plan''s annex item 6; two targets for one year and field must both be kept';
UPDATE targets SET note = CASE note
    WHEN '' THEN ''
    WHEN 'period 2022-2025 gives only the end value'
        THEN '{"en":"for the period 2022-2025; the text names no single year","vi":"Đề án cho giai đoạn 2022-2025, không ghi riêng từng năm"}'
    WHEN 'province-wide floor in the plan''s section II'
        THEN '{"en":"striven for, section II of the plan","vi":"Phấn đấu, mục II của kế hoạch"}'
    WHEN 'stretch target in the plan''s annex item 6; two targets for one year and field must both be kept'
        THEN '{"en":"striven for above 85%, annex, item 6","vi":"Phấn đấu trên 85%, phụ lục, mục 6"}'
    WHEN 'reached by the start of 2017'
        THEN '{"en":"by early 2017; the text says both \"above\" and \"at least\"","vi":"Phấn đấu đến đầu năm 2017; văn bản ghi \"trên 95% trở lên\""}'
    ELSE json_build_object('vi', note)::text -- written by an administrator
END;

-- What people rate at public hospitals and schools is not a procedure at the department's desk; names of one's own stay.
UPDATE service_fields SET name = '{"en":"Public health services","vi":"Dịch vụ y tế công lập"}'
    WHERE key = 'y-te' AND name = '{"en":"Health","vi":"Y tế"}';
UPDATE service_fields SET name = '{"en":"Public education services","vi":"Dịch vụ giáo dục công lập"}'
    WHERE key = 'giao-duc' AND name = '{"en":"Education","vi":"Giáo dục"}';

-- +goose Down
UPDATE targets SET note = CASE note WHEN '' THEN '' ELSE COALESCE(note::json ->> 'vi', '') END;
ALTER TABLE targets DROP COLUMN comparator;
