package qr

// bilingual is one text in the two languages that every poster carries.
type bilingual struct{ vi, en string }

// words is the fixed text of every poster. It is here and not in the catalogues of
// the pages because paper shows both languages at once.
var words = struct{ typing, code, badge, hotline, hours, anonymous bilingual }{
	typing:  bilingual{"Không quét được? Gõ địa chỉ này vào trình duyệt", "Or type this address"},
	code:    bilingual{"Mã quầy", "Counter code"},
	badge:   bilingual{"Mã thẻ", "Badge code"},
	hotline: bilingual{"Đường dây nóng", "Hotline"},
	hours:   bilingual{"Giờ làm việc", "Opening hours"},
	anonymous: bilingual{
		"Ẩn danh: câu trả lời không gắn với tên, số điện thoại hay thiết bị của ông/bà.",
		"Anonymous: answers are not linked to your name, number or device.",
	},
}

// Kind is where a poster stands.
type Kind string

// The kinds.
const (
	Counter Kind = ""       // people have their own phones
	Kiosk   Kind = "kiosk"  // beside a screen on which anybody answers
	Online  Kind = "online" // what is judged is a service without a counter

	worn Kind = "worn" // by an official: no poster, a badge
)

// Kinds lists every kind of posters.
func Kinds() []Kind { return []Kind{Counter, Kiosk, Online} }

// sentences are what a kind of poster asks, and how people answer: in steps, or in one
// line where there is no room for them.
type sentences struct {
	question, how bilingual
	steps         [3]bilingual
}

func (k Kind) words() sentences {
	s := sentences{
		question: bilingual{"Ông/bà có hài lòng với việc phục vụ tại đây không?", "Are you satisfied with the service you received here?"},
		how:      bilingual{"Quét mã bằng camera điện thoại hoặc Zalo", "Scan with your phone"},
		steps: [3]bilingual{
			{"Mở camera điện thoại hoặc ứng dụng Zalo", "Open your phone camera or a QR app"},
			{"Đưa camera vào mã QR, bấm đường dẫn hiện ra", "Point it at the code, open the link"},
			{"Chọn mức hài lòng rồi bấm Gửi, chỉ nửa phút", "Choose a face and send: half a minute"},
		},
	}
	switch k {
	case Counter:
	case worn:
		s.question = bilingual{"Mời ông/bà đánh giá", "Please rate"}
	case Kiosk:
		s.how = bilingual{"Chạm vào màn hình tại đây, hoặc quét mã bằng điện thoại", "Touch the screen, or scan with your phone"}
		s.steps[0] = bilingual{"Chạm vào màn hình tại đây, hoặc mở camera điện thoại", "Touch the screen, or open your phone camera"}
	case Online:
		s.question = bilingual{"Ông/bà có hài lòng với dịch vụ công trực tuyến không?", "Are you satisfied with this online service?"}
	}
	return s
}
