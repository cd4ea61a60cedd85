package agency

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// hoursWord is a word of hours as they are typed.
type hoursWord struct {
	kind   hoursKind
	number int // a day from Monday on, minutes since midnight, or a number that may be either
}

type hoursKind string

const (
	wordNothing hoursKind = "" // it says nothing that the times do not say
	wordDay     hoursKind = "day"
	wordNth     hoursKind = "thứ" // a day whose number follows; without one it is number
	wordDaily   hoursKind = "daily"
	wordTime    hoursKind = "time"
	wordNumber  hoursKind = "number"
	wordNever   hoursKind = "closed"
	wordTo      hoursKind = "-"
	wordComma   hoursKind = ","
	wordColon   hoursKind = ":"
	wordEnd     hoursKind = ";"
)

// noDay is the number of a wordNth that needs one.
const noDay = -1

// hoursMeanings are the words and signs, in small letters.
var hoursMeanings = sync.OnceValue(func() map[string]hoursWord {
	all := map[string]hoursWord{"thứ": {wordNth, noDay}, "t": {wordNth, noDay}}
	for day, texts := range []string{"hai|mon|monday", "ba|tue|tues|tuesday", "tư|tu|wed|wednesday", "năm|nam|thurs|thursday", "sáu|sau|fri|friday", "bảy|bẩy|bay|sat|saturday", "chủ nhật|chu nhat|cn|sun|sunday"} {
		for i, text := range strings.Split(texts, "|") {
			all[text] = hoursWord{wordDay, day}
			if i == 0 && day < 6 {
				all["thứ "+text] = all[text]
			}
		}
	}
	for text, day := range map[string]int{"thu hai": 0, "thu ba": 1, "thứ tu": 2, "thu tu": 2, "thu tư": 2, "thu nam": 3, "thu năm": 3, "thu sau": 4, "thu sáu": 4, "thứ bẩy": 5, "thu bay": 5, "thu bảy": 5} {
		all[text] = hoursWord{wordDay, day}
	}
	all["thu"] = hoursWord{wordNth, 3} // of Thursday, or of who types without marks
	for kind, texts := range map[hoursKind]string{
		wordDaily: "hằng ngày|hàng ngày|hang ngay|mỗi ngày|moi ngay|cả tuần|ca tuan|every day|daily", wordNever: "nghỉ|nghi|đóng cửa|dong cua|closed",
		wordTo: "-|–|—|~|đến|den|tới|to", wordComma: ",|&|+|và|va|and", wordColon: ":", wordEnd: ";|.|\n",
		wordNothing: "từ|from|sáng|sang|chiều|chieu|tối|toi|buổi sáng|buổi chiều|buoi sang|buoi chieu",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			all[text] = hoursWord{kind: kind}
		}
	}
	return all
})

// hoursNumber is "7:30", "7.30", "7h30", "7 giờ 30", "7h", or a number by itself.
var hoursNumber = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d\d)|\s*(giờ|gio|h|g)(?:\s*(\d\d)(?:p|phút|phut)?)?)?`)

// hoursWords takes typed hours apart.
func hoursWords(typed string) (words []hoursWord, ok bool) {
	for rest := strings.ToLower(typed); ; {
		if rest = strings.TrimLeft(rest, " \t\r\u00a0"); rest == "" {
			return words, true
		}
		var word hoursWord
		if word, rest, ok = hoursWordOf(rest); !ok {
			return nil, false
		}
		if word.kind != wordNothing {
			words = append(words, word)
		}
	}
}

// hoursWordOf reads the first word of a text in small letters.
func hoursWordOf(text string) (word hoursWord, rest string, ok bool) {
	if m := hoursNumber.FindStringSubmatch(text); m != nil {
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2] + m[4]) // one of them, or none
		rest = text[len(m[0]):]
		if hour > 24 || minute > 59 || hour == 24 && minute > 0 || beginsWithWord(rest) {
			return word, "", false
		}
		if m[2]+m[3] == "" {
			return hoursWord{wordNumber, hour}, rest, true
		}
		return hoursWord{wordTime, hour*60 + minute}, rest, true
	}
	first := text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsLetter))]
	if first == "" { // a sign
		_, size := utf8.DecodeRuneInString(text)
		word, ok = hoursMeanings()[text[:size]]
		return word, text[size:], ok
	}
	after := strings.TrimLeft(text[len(first):], " ")
	second := after[:len(after)-len(strings.TrimLeftFunc(after, unicode.IsLetter))]
	if word, ok = hoursMeanings()[first+" "+second]; ok {
		return word, after[len(second):], true
	}
	word, ok = hoursMeanings()[first]
	return word, text[len(first):], ok
}

// beginsWithWord tells whether a text begins with a letter or a digit.
func beginsWithWord(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(first) || unicode.IsDigit(first)
}

// hoursReader reads words one after another.
type hoursReader struct{ words []hoursWord }

// take takes the next word if it is of a kind.
func (r *hoursReader) take(kind hoursKind) bool {
	if !r.next(kind) {
		return false
	}
	r.words = r.words[1:]
	return true
}

// next tells whether the next word is of one of some kinds.
func (r *hoursReader) next(kinds ...hoursKind) bool {
	for _, kind := range kinds {
		if len(r.words) > 0 && r.words[0].kind == kind {
			return true
		}
	}
	return false
}

// days reads "Thứ 2-6", "T2, T4, CN", "Mon to Fri".
func (r *hoursReader) days() (days []int, ok bool) {
	if r.take(wordDaily) {
		return []int{0, 1, 2, 3, 4, 5, 6}, true
	}
	for {
		from, ok := r.day(len(days) > 0)
		if !ok {
			return nil, false
		}
		to := from
		if r.take(wordTo) {
			if to, ok = r.day(true); !ok || to <= from {
				return nil, false
			}
		}
		for day := from; day <= to; day++ {
			days = append(days, day)
		}
		if !r.next(wordComma) {
			return days, true
		}
		r.take(wordComma)
	}
}

// day reads a day; after another one its number is enough.
func (r *hoursReader) day(after bool) (day int, ok bool) {
	switch {
	case r.next(wordDay):
		day = r.words[0].number
		r.take(wordDay)
		return day, true
	case r.next(wordNth):
		day = r.words[0].number
		r.take(wordNth)
	case !after || !r.next(wordNumber):
		return 0, false
	}
	if r.next(wordNumber) {
		day = r.words[0].number - 2 // Monday is "thứ 2"
		r.take(wordNumber)
	}
	return day, day >= 0 && day <= 5
}

// spans reads the times of some days, none where it is closed.
func (r *hoursReader) spans() (spans []hoursSpan, ok bool) {
	if r.take(wordNever) {
		return nil, true
	}
	for {
		from, ok := r.time()
		if !ok || !r.take(wordTo) {
			return nil, false
		}
		to, ok := r.time()
		if !ok || from >= to {
			return nil, false
		}
		spans = append(spans, hoursSpan{from, to})
		comma := len(r.words) > 1 && r.next(wordComma) && (r.words[1].kind == wordTime || r.words[1].kind == wordNumber)
		if comma {
			r.take(wordComma)
		}
		if !r.next(wordTime, wordNumber) {
			return spans, true
		}
	}
}

// time reads a time of a day in minutes; a number is an hour.
func (r *hoursReader) time() (minute int, ok bool) {
	if !r.next(wordTime, wordNumber) {
		return 0, false
	}
	word := r.words[0]
	r.words = r.words[1:]
	if word.kind == wordNumber {
		return word.number * 60, true
	}
	return word.number, true
}
