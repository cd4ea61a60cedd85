package demo

import (
	"context"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/procedure"
	"sipas/internal/registry"
)

// example is a procedure such as many ask for. The codes say that they are
// examples: nobody's national code is meant.
type example struct {
	code, field string
	vi, en      string
	weight      float64  // how many ask for it, relative to others of the same agency
	late        float64  // the share of its files that are late in 2023
	by          []string // who handles it: agencies by code, or a kind of agency
}

const atDistrict, atCommune = string(agency.KindDistrict), string(agency.KindCommune)

func examples() []example {
	const (
		nature, build, plan, justice = "so-tai-nguyen-va-moi-truong", "so-xay-dung", "so-ke-hoach-va-dau-tu", "so-tu-phap"
	)
	return []example{
		{"vi-du-dat-dai-1", land, "Đăng ký đất đai, cấp giấy chứng nhận lần đầu", "First registration of land, with a certificate", 2, 0.12, []string{nature, atDistrict, atCommune}},
		{"vi-du-dat-dai-2", land, "Đăng ký biến động khi chuyển nhượng, tặng cho, thừa kế quyền sử dụng đất", "Registering land that was sold, given or inherited", 5, 0.09, []string{nature, atDistrict}},
		{"vi-du-dat-dai-3", land, "Tách thửa, hợp thửa đất", "Dividing or joining plots", 2, 0.14, []string{nature, atDistrict}},
		{"vi-du-dat-dai-4", land, "Cấp đổi, cấp lại giấy chứng nhận", "Replacing a certificate of land", 1, 0.07, []string{nature}},
		{"vi-du-dat-dai-5", land, "Đăng ký, xóa đăng ký thế chấp bằng quyền sử dụng đất", "Registering or ending a mortgage of land", 3, 0.02, []string{nature}},
		{"vi-du-xay-dung-1", construction, "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Building permit for a house", 3, 0.06, []string{atDistrict, "xa-phan-ri-cua", "xa-bac-binh", "xa-lien-huong"}},
		{"vi-du-xay-dung-2", construction, "Cấp giấy phép xây dựng công trình", "Building permit for other works", 3, 0.06, []string{build}},
		{"vi-du-xay-dung-3", construction, "Điều chỉnh, gia hạn giấy phép xây dựng", "Changing or prolonging a building permit", 1, 0.04, []string{build, atDistrict}},
		{"vi-du-xay-dung-4", construction, "Cung cấp thông tin quy hoạch xây dựng", "Information on building plans", 1.5, 0.03, []string{build, atDistrict}},
		{"vi-du-dau-tu-1", investment, "Đăng ký thành lập doanh nghiệp", "Registering a new company", 3, 0.01, []string{plan}},
		{"vi-du-dau-tu-2", investment, "Đăng ký thay đổi nội dung đăng ký doanh nghiệp", "Registering changes of a company", 4, 0.015, []string{plan}},
		{"vi-du-dau-tu-3", investment, "Cấp giấy chứng nhận đăng ký đầu tư", "Certificate of investment", 0.3, 0.05, []string{plan}},
		{"vi-du-ho-tich-1", other, "Đăng ký khai sinh", "Registering a birth", 3, 0.005, []string{atCommune}},
		{"vi-du-ho-tich-2", other, "Đăng ký kết hôn", "Registering a marriage", 1.5, 0.01, []string{atCommune}},
		{"vi-du-ho-tich-3", other, "Đăng ký khai tử", "Registering a death", 1, 0.005, []string{atCommune}},
		{"vi-du-ho-tich-4", other, "Cấp bản sao trích lục hộ tịch", "Copies from the civil register", 2, 0.005, []string{atCommune, justice}},
		{"vi-du-chung-thuc-1", other, "Chứng thực bản sao từ bản chính", "Certifying copies of originals", 8, 0.002, []string{atCommune}},
		{"vi-du-ly-lich-1", other, "Cấp phiếu lý lịch tư pháp", "Extract from the criminal record", 4, 0.08, []string{justice}},
		{"vi-du-lao-dong-1", other, "Cấp giấy phép lao động cho người nước ngoài", "Work permit for foreigners", 1, 0.02, []string{"so-lao-dong"}},
		{"vi-du-y-te-1", other, "Cấp giấy phép hành nghề khám bệnh, chữa bệnh", "Licence to practise medicine", 1, 0.04, []string{"so-y-te"}},
		{"vi-du-giao-duc-1", other, "Cấp bản sao văn bằng, chứng chỉ từ sổ gốc", "Copies of school certificates", 1, 0.01, []string{"so-giao-duc-va-dao-tao"}},
		{"vi-du-bao-hiem-1", other, "Giải quyết hưởng bảo hiểm xã hội một lần", "Social insurance paid out at once", 1, 0.02, []string{"bhxh-tinh"}},
		{"vi-du-cu-tru-1", other, "Đăng ký thường trú, tạm trú", "Registering where one lives", 1, 0.005, []string{"cong-an-tinh"}},
		{"vi-du-cong-nghe-1", other, "Đăng ký hoạt động khoa học và công nghệ", "Registering scientific work", 1, 0.03, []string{"so-khoa-hoc-va-cong-nghe"}},
		{"vi-du-van-thu-1", other, "Cấp bản sao, chứng thực tài liệu lưu trữ", "Copies from the archives", 1, 0.01, []string{"so-noi-vu"}},
	}
}

// of lists what an agency handles.
func examplesOf(a agency.Agency) (all []example) {
	for _, e := range examples() {
		if slices.Contains(e.by, a.Code) || slices.Contains(e.by, string(a.Kind)) {
			all = append(all, e)
		}
	}
	return all
}

// addProcedures adds those that are not there yet, and gives all by their codes.
func addProcedures(ctx context.Context, c *registry.Change) (map[string]procedure.Procedure, error) {
	known, err := proceduresByCode(ctx, c)
	if err != nil {
		return nil, err
	}
	var added []procedure.Procedure
	for _, e := range examples() {
		if _, there := known[e.code]; !there {
			added = append(added, procedure.Procedure{Code: e.code, Name: agency.Text{"vi": e.vi, "en": e.en}, FieldKey: e.field})
		}
	}
	if err := procedure.Add(ctx, c, added); err != nil {
		return nil, err
	}
	return proceduresByCode(ctx, c)
}

func proceduresByCode(ctx context.Context, c *registry.Change) (map[string]procedure.Procedure, error) {
	all, err := procedure.Within(c).All(ctx)
	known := make(map[string]procedure.Procedure, len(all))
	for _, p := range all {
		known[p.Code] = p
	}
	return known, err
}
