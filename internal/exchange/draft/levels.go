package draft

import "sipas/internal/agency"

// LevelTexts are what the levels of a scale are called in files for others, from 1.
func LevelTexts(levels int) []agency.Text {
	if levels == 3 {
		return []agency.Text{{"vi": "Không hài lòng", "en": "Dissatisfied"}, {"vi": "Bình thường", "en": "Neither"}, {"vi": "Hài lòng", "en": "Satisfied"}}
	}
	return []agency.Text{
		{"vi": "Rất không hài lòng", "en": "Very dissatisfied"}, {"vi": "Không hài lòng", "en": "Dissatisfied"},
		{"vi": "Bình thường", "en": "Neither"}, {"vi": "Hài lòng", "en": "Satisfied"}, {"vi": "Rất hài lòng", "en": "Very satisfied"},
	}
}

// NoOpinion is what level 0 is called.
func NoOpinion() agency.Text { return agency.Text{"vi": "Không có ý kiến", "en": "No opinion"} }

// Yes is an answer.
func Yes() agency.Text { return agency.Text{"vi": "Có", "en": "Yes"} }

// No is the other.
func No() agency.Text { return agency.Text{"vi": "Không", "en": "No"} }
