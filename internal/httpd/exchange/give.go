package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sipas/internal/exchange"
	"sipas/internal/export"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/paper"
	"sipas/internal/registry"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// format is one that a survey is given in.
type format struct {
	name      string
	kind      string // of the document
	extension string
	drafts    bool // also of what is not published: nobody has answered that
	language  bool // it is in one language of the survey
}

// paperFormat is the sheet to fill in with a pen.
const paperFormat = "paper"

func formats() []format {
	return []format{
		{paperFormat, "application/pdf", ".pdf", true, true},
		{"xlsform", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", true, false},
		{"yaml", "application/yaml; charset=utf-8", ".yaml", true, false},
		{"codebook", "text/csv; charset=utf-8", "-codebook.csv", false, false},
		{"spss", "text/plain; charset=utf-8", ".sps", false, true},
		{"ddi", "application/xml; charset=utf-8", "-ddi.xml", false, false},
	}
}

// responsesFile is what the commands for SPSS call the file of responses.
const responsesFile = "responses.csv"

// givePage lists the files that a survey is given as.
type givePage struct {
	Back, Name string
	Draft      bool
	Version    string
	Versions   []httpd.Choice // their addresses, the newest first
	Blocking   int            // what is to be mended before a draft is given
	Files      []givenFile
}

// givenFile is a format, with a file for each language where it is in one.
type givenFile struct {
	Format string
	Links  []fileLink
}

type fileLink struct {
	To, Language string
	Lacks        string // the characters that no font has: then there is none
}

// offer lists the files of a published version.
func (s *side) offer(r *httpd.Request) error {
	snap, v, err := version(r, r.Query("survey"))
	if err != nil {
		return err
	}
	p := r.NewPage("survey-files", nil)
	d := givePage{Back: listPath, Name: v.Definition.Title.In(p.Language), Version: v.Name()}
	for _, one := range slices.Backward(snap.Versions(v.Definition.Key)) {
		d.Versions = append(d.Versions, httpd.Choice{Value: httpd.AddressOf(offerPath, "survey", v.Definition.Key, "version", one.Number), Text: one.Name(), Chosen: one == v})
	}
	d.Files = s.files(r, p, snap, v, filePath, "survey", v.Definition.Key, "version", v.Number)
	p.Data = d
	return r.Show(http.StatusOK, "desk/survey-files", p)
}

// offerDraft lists the files of a draft, once nothing in it is to be mended.
func (s *side) offerDraft(r *httpd.Request) error {
	p := r.NewPage("survey-files", nil)
	path := draftsPath + "/" + strconv.FormatInt(r.Draft.ID, 10)
	d := givePage{Back: path, Name: r.Draft.Title, Draft: true}
	if d.Name == "" {
		d.Name = p.T("studio.unnamed")
	}
	snap, v, err := s.drafted(r)
	var unready *studio.Unready
	switch {
	case errors.As(err, &unready):
		d.Blocking = len(unready.Problems)
	case err != nil:
		return err
	default:
		d.Files = s.files(r, p, snap, v, path+fileEnd)
	}
	p.Data = d
	return r.Show(http.StatusOK, "desk/survey-files", p)
}

// files are those of a version, by their addresses.
func (s *side) files(r *httpd.Request, p httpd.Page, snap *registry.Snapshot, v *survey.Version, path string, query ...any) (list []givenFile) {
	for _, f := range formats() {
		if r.Draft != nil && !f.drafts {
			continue
		}
		file := givenFile{Format: f.name}
		languages := []string{""}
		if f.language {
			languages = v.Definition.Languages
		}
		for _, language := range languages {
			link := fileLink{To: httpd.AddressOf(path, append(slices.Clone(query), "format", f.name, "lang", language)...)}
			if language != "" {
				link.Language = p.LanguageName(language)
			}
			if f.name == paperFormat {
				link.Lacks = string(paper.Lacks(s.sheet(snap, v, language)))
			}
			file.Links = append(file.Links, link)
		}
		list = append(list, file)
	}
	return list
}

// version is the one that is asked for, the newest where no number is.
func version(r *httpd.Request, key string) (*registry.Snapshot, *survey.Version, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, nil, err
	}
	versions, number := snap.Versions(key), r.Query("version")
	at := len(versions) - 1
	if number != "" {
		at = slices.IndexFunc(versions, func(v *survey.Version) bool { return strconv.Itoa(v.Number) == number })
	}
	if at < 0 {
		return nil, nil, fmt.Errorf("version %.20q of survey %.40q: %w", number, key, fault.ErrNotFound)
	}
	return snap, versions[at], nil
}

// drafted is the draft that the request is about as a version with the number 0. Errors:
// *studio.Unready.
func (s *side) drafted(r *httpd.Request) (*registry.Snapshot, *survey.Version, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, nil, err
	}
	const newest = 1 << 30 // of its past nothing is needed
	d, info, err := s.k.Studio.Draft(r.Context(), r.Draft.ID, newest)
	if err != nil {
		return nil, nil, err
	}
	def, err := d.Ready(info, snap.Versions)
	if err != nil {
		return nil, nil, err
	}
	return snap, survey.NewVersion(0, 0, time.Time{}, def), nil
}

// sheet is the sheet of paper of a version, of no counter.
func (s *side) sheet(snap *registry.Snapshot, v *survey.Version, language string) paper.Form {
	return paper.Form{Version: v, Language: language, Words: s.k.Catalogues.For(language), Made: s.k.Now(), Fonts: s.k.Fonts, Notice: paper.NoticeOf(snap)}
}

// give gives a file of a published version.
func (s *side) give(key func(*httpd.Request) string) func(*httpd.Request) error {
	return func(r *httpd.Request) error {
		snap, v, err := version(r, key(r))
		if err != nil {
			return err
		}
		return s.hand(r, snap, v, v.Name())
	}
}

// giveDraft gives a file of a draft.
func (s *side) giveDraft(r *httpd.Request) error {
	snap, v, err := s.drafted(r)
	if err != nil {
		return err
	}
	return s.hand(r, snap, v, v.Definition.Key+"-nhap")
}

// hand answers with a version in the format that is asked for, and where that is in one
// language in the one asked for, else in the survey's first.
func (s *side) hand(r *httpd.Request, snap *registry.Snapshot, v *survey.Version, name string) error {
	known := formats()
	at := slices.IndexFunc(known, func(f format) bool { return f.name == r.Query("format") && (f.drafts || r.Draft == nil) })
	if at < 0 {
		return fmt.Errorf("format %.20q: %w", r.Query("format"), httpd.ErrQuery)
	}
	f := known[at]
	language := r.AskedLanguage()
	if language == "" {
		language = v.Definition.Languages[0]
	}
	if f.language {
		if !slices.Contains(v.Definition.Languages, language) {
			return fmt.Errorf("%w: %w", httpd.ErrQuery, paper.ErrLanguage)
		}
		name += "-" + language
	}
	var file bytes.Buffer
	var err error
	switch f.name {
	case paperFormat:
		err = paper.Write(&file, s.sheet(snap, v, language))
	case "spss":
		err = exchange.SPSS(&file, v, export.Columns(snap), responsesFile, language)
	default:
		err = exchange.Write(&file, f.name, v)
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", f.name, v.Name(), err)
	}
	r.Set("Content-Disposition", `attachment; filename="`+name+f.extension+`"`)
	r.WriteFile(f.kind, file.Bytes())
	return nil
}
