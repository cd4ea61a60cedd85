* every-kind.3: Phiếu đủ loại.
* The file is that of: sipas export --format csv.
GET DATA /TYPE=TXT /FILE='it''s.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED
  /DELIMITERS="," /QUALIFIER='"' /FIRSTCASE=2 /VARIABLES=
  id A100
  service_point A100
  agency A100
  field A100
  version A100
  channel A100
  language A100
  day A100
  time A100
  other_10 A250
  filed SDATE10
  staff.manner F1.0
  staff.guidance F1.0
  reasons A19
  recommend F2.0
  visits F12.0
  promise A8
  hall F1.0
  overall F1.0
  q_with A8
  fee A8
  .
SELECT IF (INDEX(version, 'every-kind.') = 1).
DELETE VARIABLES
  other_10
  .
VARIABLE LABELS filed 'Ông/bà nộp hồ sơ ngày nào?'.
VARIABLE LEVEL filed (SCALE).
VARIABLE LABELS staff.manner 'Ông/bà hài lòng đến mức nào về cán bộ? Thái độ giao tiếp'.
VALUE LABELS staff.manner
  0 'Không có ý kiến'
  1 'Rất không hài lòng'
  2 'Không hài lòng'
  3 'Bình thường'
  4 'Hài lòng'
  5 'Rất hài lòng'
  .
MISSING VALUES staff.manner (0).
VARIABLE LEVEL staff.manner (ORDINAL).
VARIABLE LABELS staff.guidance 'Ông/bà hài lòng đến mức nào về cán bộ? Hướng dẫn hồ sơ'.
VALUE LABELS staff.guidance
  0 'Không có ý kiến'
  1 'Rất không hài lòng'
  2 'Không hài lòng'
  3 'Bình thường'
  4 'Hài lòng'
  5 'Rất hài lòng'
  .
MISSING VALUES staff.guidance (0).
VARIABLE LEVEL staff.guidance (ORDINAL).
VARIABLE LABELS reasons 'Điều gì cần tốt hơn?'.
COMPUTE reasons.waiting = INDEX(CONCAT(' ', RTRIM(reasons), ' '), ' waiting ') > 0.
IF (reasons = '') reasons.waiting = $SYSMIS.
FORMATS reasons.waiting (F1.0).
VARIABLE LABELS reasons.waiting 'Phải chờ lâu'.
VARIABLE LEVEL reasons.waiting (NOMINAL).
COMPUTE reasons.trips = INDEX(CONCAT(' ', RTRIM(reasons), ' '), ' trips ') > 0.
IF (reasons = '') reasons.trips = $SYSMIS.
FORMATS reasons.trips (F1.0).
VARIABLE LABELS reasons.trips 'Phải đi lại nhiều lần'.
VARIABLE LEVEL reasons.trips (NOMINAL).
COMPUTE reasons.else = INDEX(CONCAT(' ', RTRIM(reasons), ' '), ' else ') > 0.
IF (reasons = '') reasons.else = $SYSMIS.
FORMATS reasons.else (F1.0).
VARIABLE LABELS reasons.else 'Điều khác'.
VARIABLE LEVEL reasons.else (NOMINAL).
VARIABLE LABELS recommend 'Ông/bà có giới thiệu nơi này cho người quen không?'.
VARIABLE LEVEL recommend (SCALE).
VARIABLE LABELS visits 'Ông/bà đã đến đây mấy lần?'.
VARIABLE LEVEL visits (SCALE).
VARIABLE LABELS promise 'Kết quả được trả khi nào?'.
VALUE LABELS promise
  'early' 'Sớm hẹn'
  'in-time' 'Đúng hẹn'
  'late' 'Trễ hẹn'
  .
VARIABLE LEVEL promise (NOMINAL).
VARIABLE LABELS hall 'Nơi ngồi chờ thế nào?'.
VALUE LABELS hall
  1 'Không hài lòng'
  2 'Bình thường'
  3 'Hài lòng'
  .
VARIABLE LEVEL hall (ORDINAL).
VARIABLE LABELS overall 'Ông/bà có hài lòng với việc phục vụ không?'.
VALUE LABELS overall
  0 'Không có ý kiến'
  1 'Rất không hài lòng'
  2 'Không hài lòng'
  3 'Bình thường'
  4 'Hài lòng'
  5 'Rất hài lòng'
  .
MISSING VALUES overall (0).
VARIABLE LEVEL overall (ORDINAL).
VARIABLE LABELS q_with 'Ông/bà nói ''được'' chưa? Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư. Rất dài ư'.
VALUE LABELS q_with
  'walking' 'Đi bộ'
  'riding' 'Đi xe'
  .
VARIABLE LEVEL q_with (NOMINAL).
VARIABLE LABELS fee 'Ông/bà có phải trả thêm khoản nào không?'.
VALUE LABELS fee
  'yes' 'Có'
  'no' 'Không'
  .
VARIABLE LEVEL fee (NOMINAL).
EXECUTE.
