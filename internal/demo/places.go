package demo

import (
	"sipas/internal/agency"
)

// reformDay is the civil day on which the district level ended and communes were
// merged.
const reformDay = "2025-07-01"

// place is an agency that the demonstration adds to the preset's.
type place struct {
	code, parent string
	kind         agency.Kind
	vi, en       string
	from         string
	successor    string // which takes over all its work on the day of the reform
}

// agencies lists them, parents first. The communes and what became of them are
// those of the merger plan of 17/4/2025; the schools are made up.
func agencies() []place {
	const (
		root, health, education, tuyPhong = "ubnd-tinh", "so-y-te", "so-giao-duc-va-dao-tao", "ubnd-tuy-phong"
		hospital, school, commune         = agency.KindHospital, agency.KindSchool, agency.KindCommune
	)
	return []place{
		{code: "ttyt-phan-thiet", parent: health, kind: hospital, vi: "Trung tâm Y tế thành phố Phan Thiết", en: "Phan Thiet Health Centre"},
		{code: "ttyt-duc-linh", parent: health, kind: hospital, vi: "Trung tâm Y tế huyện Đức Linh", en: "Duc Linh Health Centre"},
		{code: "mn-hoa-mai", parent: education, kind: school, vi: "Trường Mầm non Hoa Mai", en: "Hoa Mai Nursery School"},
		{code: "th-binh-minh", parent: education, kind: school, vi: "Trường Tiểu học Bình Minh", en: "Binh Minh Primary School"},
		{code: "thcs-anh-duong", parent: education, kind: school, vi: "Trường THCS Ánh Dương", en: "Anh Duong Lower Secondary School"},
		{code: "thpt-huong-duong", parent: education, kind: school, vi: "Trường THPT Hướng Dương", en: "Huong Duong Upper Secondary School"},

		{code: "xa-lien-huong", parent: root, kind: commune, vi: "Ủy ban nhân dân xã Liên Hương", en: "Lien Huong Commune", from: reformDay},
		{code: "xa-vinh-hao", parent: root, kind: commune, vi: "Ủy ban nhân dân xã Vĩnh Hảo", en: "Vinh Hao Commune", from: reformDay},
		{code: "xa-tuy-phong", parent: root, kind: commune, vi: "Ủy ban nhân dân xã Tuy Phong", en: "Tuy Phong Commune", from: reformDay},
		{code: "xa-phan-ri-cua", parent: root, kind: commune, vi: "Ủy ban nhân dân xã Phan Rí Cửa", en: "Phan Ri Cua Commune", from: reformDay},
		{code: "xa-bac-binh", parent: root, kind: commune, vi: "Ủy ban nhân dân xã Bắc Bình", en: "Bac Binh Commune", from: reformDay},

		{code: "tt-lien-huong-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân thị trấn Liên Hương", en: "Lien Huong Township", successor: "xa-lien-huong"},
		{code: "xa-phuoc-the-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân xã Phước Thể", en: "Phuoc The Commune", successor: "xa-lien-huong"},
		{code: "xa-phu-lac-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân xã Phú Lạc", en: "Phu Lac Commune", successor: "xa-lien-huong"},
		{code: "xa-binh-thanh-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân xã Bình Thạnh", en: "Binh Thanh Commune", successor: "xa-lien-huong"},
		{code: "xa-vinh-tan-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân xã Vĩnh Tân", en: "Vinh Tan Commune", successor: "xa-vinh-hao"},
		{code: "xa-vinh-hao-cu", parent: tuyPhong, kind: commune, vi: "Ủy ban nhân dân xã Vĩnh Hảo (cũ)", en: "Vinh Hao Commune (former)", successor: "xa-vinh-hao"},
	}
}

// desk is a service point and how its citizens differ from others.
type desk struct {
	agency  string
	judged  string // whose work is judged; "" is agency's
	vi, en  string // "" is the desk that the preset made for the agency
	survey  string
	channel agency.Channel
	fields  []string
	weight  float64 // how many come, relative to other desks
	// shift moves everything, faults move single factors; both in standard
	// deviations of how satisfied people are.
	shift    float64
	faults   map[string]float64
	from, to string // civil days, half-open; "" is the whole time
}

const (
	land, construction, investment = "dat-dai", "xay-dung", "dau-tu"
	health, education              = "y-te", "giao-duc"
	other                          = agency.FieldUnsaidProcedure
)

const (
	quickForm = "quay-nhanh"
	sipasForm = "sipas"
)

// desks lists every desk. The weights make some too quiet for figures: fewer
// than 30 people in a year, or fewer than 5.
func desks() []desk {
	var all []desk
	for _, group := range [][]desk{presetDesks(), departmentDesks(), publicDesks(), communeDesks(), interviews()} {
		for _, d := range group {
			if d.survey == "" {
				d.survey = quickForm
			}
			if d.channel == "" {
				d.channel = agency.ChannelQR
			}
			all = append(all, d)
		}
	}
	return all
}

func presetDesks() []desk {
	all := []desk{
		{agency: "van-phong-ubnd", fields: []string{other}, weight: 3},
		{agency: "so-noi-vu", fields: []string{other}, weight: 0.8},
		{agency: "so-tu-phap", fields: []string{other}, weight: 2.5},
		{agency: "so-tai-chinh", fields: []string{other}, weight: 0.012},
		{agency: "so-thong-tin-va-truyen-thong", fields: []string{other}, weight: 0.07},
		{agency: "so-ke-hoach-va-dau-tu", fields: []string{investment}, weight: 2},
		{agency: "so-xay-dung", fields: []string{construction}, weight: 2},
		{agency: "so-tai-nguyen-va-moi-truong", fields: []string{land}, weight: 3},
		{agency: "so-giao-duc-va-dao-tao", fields: []string{other}, weight: 1},
		{agency: "so-y-te", fields: []string{other}, weight: 1},
		{agency: "so-khoa-hoc-va-cong-nghe", fields: []string{other}, weight: 0.1},
		{agency: "so-lao-dong", fields: []string{other}, weight: 1},
		{agency: "cong-an-tinh", fields: []string{other}, weight: 2, shift: 0.1},
		{agency: "bhxh-tinh", fields: []string{other}, weight: 1.5},
		{agency: "trung-tam-hanh-chinh-cong", fields: []string{land, construction, investment, other}, weight: 2},
		{agency: "bv-da-khoa-tinh", fields: []string{health}, weight: 5, shift: -0.14, faults: map[string]float64{"access": -0.2}},
		{agency: "thpt-chuyen-tinh", fields: []string{education}, weight: 1},
	}
	for _, district := range []struct {
		agency        string
		weight, shift float64
	}{
		{"ubnd-phan-thiet", 4, -0.05}, {"ubnd-la-gi", 2.5, 0.05}, {"ubnd-tuy-phong", 1.6, 0}, {"ubnd-bac-binh", 1.6, -0.08},
		{"ubnd-ham-thuan-bac", 2, 0.02}, {"ubnd-ham-thuan-nam", 1.6, 0.1}, {"ubnd-ham-tan", 1.2, 0}, {"ubnd-tanh-linh", 1.2, 0.06},
		{"ubnd-duc-linh", 1.8, 0.12}, {"ubnd-phu-quy", 0.06, 0.15},
	} {
		all = append(all, desk{
			agency: district.agency, fields: []string{land, construction}, weight: district.weight, shift: district.shift, to: reformDay,
		})
	}
	return all
}

func departmentDesks() []desk {
	const (
		centre  = "trung-tam-hanh-chinh-cong"
		nature  = "so-tai-nguyen-va-moi-truong"
		build   = "so-xay-dung"
		plan    = "so-ke-hoach-va-dau-tu"
		kiosk   = agency.ChannelKiosk
		website = agency.ChannelOnline
	)
	return []desk{
		{agency: centre, judged: nature, vi: "Quầy 1 - Đất đai", en: "Window 1 - Land", fields: []string{land}, weight: 3},
		{agency: centre, judged: build, vi: "Quầy 2 - Xây dựng", en: "Window 2 - Construction", fields: []string{construction}, weight: 2.5},
		{agency: centre, judged: plan, vi: "Quầy 3 - Đầu tư", en: "Window 3 - Investment", fields: []string{investment}, weight: 2.5},
		{agency: centre, vi: "Máy đánh giá tại sảnh", en: "Kiosk in the hall", channel: kiosk, fields: []string{land, construction, investment}, weight: 3, from: "2022-06-01"},
		{agency: centre, vi: "Cổng dịch vụ công trực tuyến", en: "Online public services", channel: website, fields: []string{land, construction, investment, other}, weight: 3.5, from: "2021-07-01"},
		{
			agency: nature, vi: "Quầy đăng ký biến động đất đai", en: "Land changes window", fields: []string{land}, weight: 3.5,
			shift: -0.3, faults: map[string]float64{"result": -0.45, "procedure": -0.2},
		},
		{agency: nature, vi: "Quầy cấp giấy chứng nhận", en: "Land certificates window", channel: kiosk, fields: []string{land}, weight: 2.5},
		{agency: nature, vi: "Quầy đo đạc, tách thửa", en: "Survey and division of plots", fields: []string{land}, weight: 1.5, shift: -0.1},
		{agency: build, vi: "Quầy cấp phép xây dựng", en: "Building permits window", channel: kiosk, fields: []string{construction}, weight: 2},
		{agency: build, vi: "Thẩm định dự án", en: "Appraisal of projects", fields: []string{construction}, weight: 0.05},
		{agency: plan, vi: "Quầy đăng ký doanh nghiệp", en: "Company registration window", channel: kiosk, fields: []string{investment}, weight: 2.5},
		{agency: plan, vi: "Đăng ký doanh nghiệp qua mạng", en: "Online company registration", channel: website, fields: []string{investment}, weight: 2},
		{
			agency: "so-tu-phap", vi: "Quầy lý lịch tư pháp", en: "Criminal records window", fields: []string{other}, weight: 2,
			shift: -0.15, faults: map[string]float64{"staff": -0.5},
		},
		{agency: "ubnd-phan-thiet", vi: "Máy đánh giá tại bộ phận Một cửa", en: "One-stop kiosk", channel: kiosk, fields: []string{land, construction}, weight: 2, to: reformDay},
		{agency: "ubnd-la-gi", vi: "Máy đánh giá tại bộ phận Một cửa", en: "One-stop kiosk", channel: kiosk, fields: []string{land, construction}, weight: 1.2, from: "2023-01-01", to: reformDay},
	}
}

func publicDesks() []desk {
	h, e := []string{health}, []string{education}
	website := agency.ChannelOnline
	return []desk{
		{agency: "bv-da-khoa-tinh", vi: "Khu điều trị nội trú", en: "Inpatients", fields: h, weight: 3, shift: 0.08},
		{
			agency: "bv-da-khoa-tinh", vi: "Quầy thu viện phí", en: "Cashier", fields: h, weight: 2,
			shift: -0.35, faults: map[string]float64{"staff": -0.5, "procedure": -0.3},
		},
		{agency: "ttyt-phan-thiet", vi: "Phòng khám", en: "Clinic", fields: h, weight: 3, shift: 0.05},
		{agency: "ttyt-phan-thiet", vi: "Phòng tiêm chủng", en: "Vaccination", fields: h, weight: 1.5, shift: 0.25},
		{agency: "ttyt-duc-linh", vi: "Phòng khám", en: "Clinic", fields: h, weight: 1.5, shift: -0.1},
		{agency: "ttyt-duc-linh", vi: "Nhà thuốc", en: "Pharmacy", fields: h, weight: 0.03},
		{agency: "mn-hoa-mai", vi: "Văn phòng nhà trường", en: "School office", fields: e, weight: 1.2, shift: 0.15},
		{agency: "th-binh-minh", vi: "Văn phòng nhà trường", en: "School office", fields: e, weight: 1.5},
		{agency: "th-binh-minh", vi: "Ý kiến phụ huynh qua mạng", en: "Parents' online form", channel: website, fields: e, weight: 1.5, from: "2021-09-01"},
		{agency: "thcs-anh-duong", vi: "Văn phòng nhà trường", en: "School office", fields: e, weight: 1.5, shift: -0.1},
		{agency: "thpt-huong-duong", vi: "Văn phòng nhà trường", en: "School office", fields: e, weight: 1.5},
		{agency: "thpt-huong-duong", vi: "Ý kiến phụ huynh qua mạng", en: "Parents' online form", channel: website, fields: e, weight: 1.2, from: "2021-09-01"},
	}
}

// figure is a number for an agency.
type figure struct {
	agency string
	value  float64
}

func communeDesks() []desk {
	var all []desk
	// Their desks go on where they stand, as those of the communes that take over.
	for _, before := range []struct {
		agency, vi, en string
		weight         float64
	}{
		{"tt-lien-huong-cu", "Liên Hương", "Lien Huong", 0.9}, {"xa-phuoc-the-cu", "Phước Thể", "Phuoc The", 0.4},
		{"xa-phu-lac-cu", "Phú Lạc", "Phu Lac", 0.3}, {"xa-binh-thanh-cu", "Bình Thạnh", "Binh Thanh", 0.3},
		{"xa-vinh-tan-cu", "Vĩnh Tân", "Vinh Tan", 0.4}, {"xa-vinh-hao-cu", "Vĩnh Hảo", "Vinh Hao", 0.3},
	} {
		all = append(all, desk{
			agency: before.agency, vi: "Bộ phận Một cửa " + before.vi, en: before.en + " one-stop desk",
			fields: []string{other, land}, weight: before.weight,
		})
	}
	for _, after := range []figure{
		{"xa-lien-huong", 6}, {"xa-vinh-hao", 4}, {"xa-tuy-phong", 3}, {"xa-phan-ri-cua", 5}, {"xa-bac-binh", 5},
	} {
		all = append(all, desk{
			agency: after.agency, vi: "Trung tâm Phục vụ hành chính công", en: "Public service centre",
			fields: []string{land, construction, other}, weight: after.value, shift: -0.05, from: reformDay,
		})
	}
	return all
}

// interviews are the yearly survey of the SIPAS indicator.
func interviews() []desk {
	var all []desk
	for _, asked := range []figure{
		{"van-phong-ubnd", 0.1}, {"so-noi-vu", 0.15}, {"so-ke-hoach-va-dau-tu", 0.15}, {"so-xay-dung", 0},
		{"so-tai-nguyen-va-moi-truong", -0.2}, {"so-giao-duc-va-dao-tao", 0.08}, {"so-y-te", -0.05}, {"so-tu-phap", 0},
		{"ubnd-phan-thiet", -0.05}, {"ubnd-la-gi", 0.05}, {"ubnd-ham-thuan-bac", 0}, {"ubnd-bac-binh", -0.1}, {"ubnd-duc-linh", 0.12},
		{"xa-lien-huong", -0.05}, {"xa-phan-ri-cua", 0}, {"xa-bac-binh", -0.05},
	} {
		d := desk{
			agency: asked.agency, vi: "Khảo sát theo tiêu chí SIPAS", en: "Survey by the SIPAS criteria", survey: sipasForm,
			channel: agency.ChannelInterviewer, fields: []string{other}, weight: 4, shift: asked.value,
		}
		if asked.agency == "so-noi-vu" { // the preset's, about the whole province
			d.judged = "ubnd-tinh"
		}
		switch asked.agency[:2] {
		case "ub":
			d.to = reformDay
		case "xa":
			d.from = reformDay
		}
		all = append(all, d)
	}
	return all
}
