// Package exchange reads surveys of other programs, XLSForm and LimeSurvey, and
// writes ours for them: as a survey file, as XLSForm, and as codebooks.
package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/lime"
	"sipas/internal/exchange/xlsform"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
	"sipas/surveys"
)

// MaxBytes bounds a file. The largest forms of others are a tenth of it.
const MaxBytes = 32 << 20

// Read reads a survey of any format, which the content tells. With errors in the
// report, the definition is what could be read, and not to be published.
func Read(content []byte) (survey.Definition, draft.Report) {
	switch {
	case len(content) > MaxBytes:
		return refused(draft.ProblemTooLarge, fmt.Sprint(len(content)), fmt.Sprint(MaxBytes))
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return unread(&spreadsheet.Refusal{Reason: spreadsheet.RefusedOldExcel})
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return packed(content)
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n"), []byte("<")):
		return lime.Read(content)
	}
	d, err := surveys.Decode(bytes.NewReader(content))
	switch {
	case err == nil:
		return d, draft.Report{}
	case foreign(content):
		return refused(draft.ProblemFormat, "", "")
	}
	return refused(draft.ProblemFile, err.Error(), "")
}

// foreign tells whether a text is no survey file at all, so that what is wrong with it as
// one would help nobody: every survey file says its key. Nothing, and other encodings, are
// told as they are.
func foreign(content []byte) bool {
	return len(content) > 0 && !bytes.HasPrefix(content, []byte("\xff\xfe")) && !bytes.HasPrefix(content, []byte("\xfe\xff")) && !keyed.Match(content)
}

var keyed = regexp.MustCompile(`(?m)^(\x{feff})?["']?key["']?[ \t]*:`)

func refused(key, value, detail string) (survey.Definition, draft.Report) {
	var r draft.Report
	r.Refuse("", key, value, detail)
	return survey.Definition{}, r
}

// unread says why a workbook is not read.
func unread(err error) (survey.Definition, draft.Report) {
	refusal := &spreadsheet.Refusal{Reason: spreadsheet.RefusedDamaged}
	errors.As(err, &refusal)
	where := ""
	if refusal.Line > 0 {
		where = fmt.Sprint(refusal.Line)
	}
	return survey.Definition{}, draft.Report{Errors: []draft.Problem{{Where: where, Key: refusal.Reason, Table: true}}}
}

// packed reads a workbook, or the survey of an archive of LimeSurvey.
func packed(content []byte) (survey.Definition, draft.Report) {
	if bytes.Count(content, []byte("PK\x01\x02")) < 5000 {
		if archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
			for _, f := range archive.File {
				if strings.EqualFold(path.Ext(f.Name), ".lss") {
					return archived(f, len(archive.File))
				}
			}
		}
	}
	sheets, err := spreadsheet.Sheets(content)
	if err != nil {
		return unread(err)
	}
	return xlsform.Read(sheets)
}

// archived reads the survey of an archive; its responses are left alone.
func archived(f *zip.File, files int) (survey.Definition, draft.Report) {
	in, err := f.Open()
	if err != nil {
		return unread(err)
	}
	content, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err := errors.Join(err, in.Close()); err != nil {
		return unread(err)
	}
	if len(content) > MaxBytes {
		return refused(draft.ProblemTooLarge, fmt.Sprint(len(content)), fmt.Sprint(MaxBytes))
	}
	d, report := lime.Read(content)
	if files > 1 {
		report.Warn("", draft.ProblemArchive, f.Name, fmt.Sprint(files-1))
	}
	return d, report
}

// Formats are the names of what Write writes.
func Formats() []string { return []string{"yaml", "xlsform", "codebook", "ddi"} }

// Write writes a published version in a format.
func Write(w io.Writer, format string, v *survey.Version) error {
	switch format {
	case "yaml":
		return surveys.Encode(w, v.Definition)
	case "xlsform":
		return xlsform.Write(w, v.Definition, v.Number)
	case "codebook":
		return codebook(w, v)
	case "ddi":
		return ddi(w, v)
	}
	return fmt.Errorf("there is no format %q, only %s", format, strings.Join(Formats(), ", "))
}
