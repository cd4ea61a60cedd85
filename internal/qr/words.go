package qr

// bilingual is one text in the two languages that every poster carries.
type bilingual struct{ vi, en string }

// words is the fixed text of a poster. It is here and not in the catalogues of
// the pages because paper shows both languages at once.
var words = struct {
	question, typing, code, hotline, anonymous bilingual
	steps                                      [3]bilingual
}{
	question: bilingual{
		"Ông/bà có hài lòng với việc phục vụ tại đây không?",
		"Are you satisfied with the service you received here?",
	},
	steps: [3]bilingual{
		{"Mở camera điện thoại hoặc ứng dụng Zalo", "Open your phone camera or a QR app"},
		{"Đưa camera vào mã QR, bấm đường dẫn hiện ra", "Point it at the code, open the link"},
		{"Chọn mức hài lòng rồi bấm Gửi, chỉ nửa phút", "Choose a face and send: half a minute"},
	},
	typing:  bilingual{"Không quét được? Gõ địa chỉ này vào trình duyệt", "Or type this address"},
	code:    bilingual{"Mã quầy", "Counter code"},
	hotline: bilingual{"Đường dây nóng", "Hotline"},
	anonymous: bilingual{
		"Ẩn danh: câu trả lời không gắn với tên, số điện thoại hay thiết bị của ông/bà.",
		"Anonymous: answers are not linked to your name, number or device.",
	},
}
