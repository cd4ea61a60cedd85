package studio

import (
	"time"

	"sipas/internal/difference"
	"sipas/internal/message"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// infoDocument is what a list says of a draft.
type infoDocument struct {
	ID        int64     `json:"id"`
	Survey    string    `json:"survey"`
	Title     string    `json:"title"`
	Continues string    `json:"continues,omitempty"`
	Version   int       `json:"version,omitempty"`
	Revision  int       `json:"revision"`
	Published int       `json:"published_revision,omitempty"`
	Archived  bool      `json:"archived"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	ChangedAt time.Time `json:"changed_at"`
	ChangedBy string    `json:"changed_by"`
}

func describeInfo(i studio.Info) infoDocument {
	return infoDocument{
		ID: i.ID, Survey: i.Code, Title: i.Title, Continues: i.Continues, Version: i.FromVersion, Revision: i.Revision, Published: i.Published,
		Archived: !i.ArchivedAt.IsZero(), CreatedAt: i.CreatedAt, CreatedBy: i.CreatedBy, ChangedAt: i.ChangedAt, ChangedBy: i.ChangedBy,
	}
}

// draftDocument is a draft as a whole.
type draftDocument struct {
	infoDocument
	Undo       int               `json:"undo,omitempty"` // the asker's revision that undoing takes back
	Redo       int               `json:"redo,omitempty"`
	Elements   []elementDocument `json:"elements"`
	Problems   []problemDocument `json:"problems"`
	Definition survey.Definition `json:"definition"`
}

type elementDocument struct {
	Key    studio.Key        `json:"key"`
	Kind   studio.Kind       `json:"kind"`
	In     studio.Key        `json:"in,omitempty"`
	Gone   bool              `json:"gone,omitempty"`
	Fields map[string]string `json:"fields"`
}

type problemDocument struct {
	Element  studio.Key `json:"element"`
	Field    string     `json:"field,omitempty"`
	Language string     `json:"language,omitempty"`
	Key      string     `json:"key"`
	Message  string     `json:"message"`
	Blocks   bool       `json:"blocks"`
}

func describeElements(d *studio.Draft) []elementDocument {
	list := []elementDocument{}
	add := func(some ...*studio.Element) {
		for _, e := range some {
			list = append(list, elementDocument{e.Key, e.Kind, e.In, e.Gone, e.Fields})
		}
	}
	add(d.Element(studio.Whole))
	for _, e := range d.Outline() {
		add(e)
		add(d.Choices(e.Key)...)
		add(d.Rows(e.Key)...)
	}
	add(d.Remarks()...)
	add(d.Reports()...)
	add(d.Gone()...)
	return list
}

func describeProblems(problems []studio.Problem, printer message.Printer) []problemDocument {
	list := make([]problemDocument, len(problems))
	for i, p := range problems {
		list[i] = problemDocument{p.Element, p.Field, p.Language, p.Code, p.Text(printer), p.Blocks}
	}
	return list
}

// revisionDocument is one operation that was made.
type revisionDocument struct {
	Revision int              `json:"revision"`
	At       *time.Time       `json:"at,omitempty"`
	By       string           `json:"by,omitempty"`
	Undoes   int              `json:"undoes,omitempty"`
	Effects  []effectDocument `json:"effects"`
}

type effectDocument struct {
	Do      studio.Doing `json:"do"`
	Element studio.Key   `json:"element"`
	Kind    studio.Kind  `json:"kind,omitempty"`
	In      studio.Key   `json:"in,omitempty"`
	Cell    string       `json:"cell,omitempty"`
	Was     string       `json:"was,omitempty"`
	Now     string       `json:"now,omitempty"`
	Of      string       `json:"of,omitempty"`
}

func describeRevision(r studio.Revision) revisionDocument {
	d := revisionDocument{Revision: r.Number, By: r.Author.Name, Undoes: r.Undoes, Effects: []effectDocument{}}
	if !r.At.IsZero() {
		d.At = &r.At
	}
	for _, e := range r.Effects {
		d.Effects = append(d.Effects, effectDocument(e))
	}
	return d
}

// differenceDocument is one thing that differs.
type differenceDocument struct {
	Sort     difference.Sort `json:"sort"`
	Kind     studio.Kind     `json:"kind"`
	Question string          `json:"question,omitempty"`
	Code     string          `json:"code,omitempty"`
	Title    string          `json:"title,omitempty"`
	Field    string          `json:"field,omitempty"`
	Language string          `json:"language,omitempty"`
	Was      string          `json:"was,omitempty"`
	Now      string          `json:"now,omitempty"`
	Breaks   bool            `json:"breaks"`
}

// comparisonDocument is what differs between a published version and the draft.
type comparisonDocument struct {
	Version     string               `json:"version"`
	Differences []differenceDocument `json:"differences"`
}

// versionDocument is a version that was published.
type versionDocument struct {
	Version     string    `json:"version"`
	Number      int       `json:"number"`
	PublishedAt time.Time `json:"published_at"`
}
