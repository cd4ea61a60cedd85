package demo

import (
	"sipas/internal/agency"
	"sipas/internal/survey"
)

// complaint is a reason of the quick form: the factor it comes from, how often
// it is heard, and what people write about it.
type complaint struct {
	reason, factor string
	weight         float64
	words          []string
}

func complaints() []complaint {
	return []complaint{
		{"waiting", "access", 1.2, []string{
			"Tôi chờ gần hai tiếng mới đến lượt.",
			"Buổi sáng rất đông, nên mở thêm quầy.",
			"Cần có máy lấy số thứ tự.",
		}},
		{"unclear-papers", "procedure", 1, []string{
			"Hướng dẫn một lần cho đủ giấy tờ, đừng để dân bổ sung nhiều lần.",
			"Mẫu đơn khó hiểu, người lớn tuổi không tự điền được.",
			"Nên có bản mẫu điền sẵn để xem.",
		}},
		{"attitude", "staff", 0.6, []string{
			"Nhân viên trả lời cộc lốc.",
			"Hỏi thêm thì bị gắt.",
			"Mong cán bộ chào hỏi và giải thích nhẹ nhàng hơn.",
		}},
		{"many-trips", "procedure", 0.8, []string{
			"Đi lại bốn lần vẫn chưa xong.",
			"Nhà xa, mỗi lần thiếu một giấy lại phải về.",
			"Nên gọi điện báo trước khi hồ sơ thiếu.",
		}},
		{"late-result", "result", 1.1, []string{
			"Hồ sơ trễ hẹn ba tuần, không ai báo trước.",
			"Hẹn ngày trả nhưng đến nơi chưa có.",
			"Trễ hẹn thì nên nhắn tin cho dân biết.",
		}},
		{"extra-cost", "staff", 0.12, []string{
			"Bị gợi ý trả thêm tiền để làm nhanh.",
			"Có khoản thu không thấy ghi trên biên lai.",
		}},
		{"place", "access", 0.7, []string{
			"Phòng chờ nóng, thiếu ghế.",
			"Nhà vệ sinh chưa sạch.",
			"Chỗ để xe chật.",
		}},
		{"online", "procedure", 0.5, []string{
			"Nộp trên mạng hay bị lỗi lúc tải giấy tờ lên.",
			"Trang nộp hồ sơ khó dùng trên điện thoại.",
			"Nộp trực tuyến rồi vẫn phải mang bản giấy đến.",
		}},
	}
}

func praises() []string {
	return []string{
		"Cán bộ nhiệt tình, cảm ơn.",
		"Làm nhanh hơn tôi nghĩ.",
		"Hướng dẫn dễ hiểu, tôi rất hài lòng.",
		"Trả kết quả trước hẹn.",
		"Phòng chờ sạch sẽ, mát mẻ.",
		"Các cháu ở quầy rất lễ phép với người già.",
		"Tiếp tục phát huy.",
	}
}

// reasons chooses what should be better: one to three things for most who are
// not satisfied, one for a few others. What was rated low is named most.
func (c *citizen) reasons(q survey.Question) {
	most := 0
	switch x := c.rng.Float64(); {
	case c.overall < 4 && x < 0.75:
		most = 1 + pick(c.rng, []float64{5, 3, 1})
	case c.overall >= 4 && x < 0.06:
		most = 1
	}
	all := complaints()
	weights := make([]float64, len(all))
	for i, k := range all {
		weights[i] = k.weight
		if c.low(k.factor) {
			weights[i] *= 4
		}
		if k.reason == "online" && c.desk.channel == agency.ChannelOnline {
			weights[i] *= 6
		}
	}
	chosen := map[string]bool{}
	for range most {
		i := pick(c.rng, weights)
		weights[i] = 0
		chosen[all[i].reason] = true
		if c.cause == "" {
			c.cause = all[i].reason
		}
	}
	var keys []string
	for _, choice := range q.Choices {
		if chosen[choice.Key] {
			keys = append(keys, choice.Key)
		}
	}
	if len(keys) > 0 {
		c.answers[q.Key] = survey.Value{Kind: survey.ValueChoices, Choices: keys}
	}
}

// comment writes a sentence: now and then about what was chosen, seldom praise.
func (c *citizen) comment(q survey.Question) {
	var words []string
	for _, k := range complaints() {
		if k.reason == c.cause {
			words = k.words
		}
	}
	often := 0.15
	if c.cause == "" {
		words, often = praises(), 0.015
		if c.mood+c.level < 0.5 {
			return
		}
	}
	if c.rng.Float64() < often {
		c.answers[q.Key] = survey.Value{Kind: survey.ValueText, Text: words[c.rng.IntN(len(words))]}
	}
}
