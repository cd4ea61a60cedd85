package testkit

import "testing"

func TestVietnameseFaults(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"Ông/bà chọn lại năm, kỳ hoặc cơ quan.", "Nghiêng, quyển, khuỷu, giếng, gìn giữ, yêu, uống, thuở, xoong", "Đã đạt {met} trên {all} chỉ tiêu.",
		"Phải là administrator (quản trị) hoặc viewer (chỉ xem).", "Kênh `interviewer`", "ĐÁNH GIÁ", "Vui lòng gửi lại qua mã QR.", "o\u0323 a\u0301p",
	} {
		if faults := VietnameseFaults(good); len(faults) > 0 {
			t.Errorf("%q: %q", good, faults)
		}
	}
	for _, bad := range []string{
		"Hãy chọn lại.", "Chọn lại, hãy gõ lại", "Bạn chọn mức nào?", "Áp phích A4", "Phải là administrator hoặc viewer.", "period 2022-2025 gives only the end value",
		"Bản thứ 2", "Không ý kiến", "máy của ông/bà", "Mở board", "Số hồ sơ",
	} {
		if len(VietnameseFaults(bad)) == 0 {
			t.Errorf("%q has no fault", bad)
		}
	}
	if faults := VietnameseFaults("Dùng Docker", "docker"); len(faults) > 0 {
		t.Error(faults)
	}
}
