package main

import (
	"context"
	"errors"
	"io"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

type posterCmd struct {
	database
	address

	Agency string `xor:"which" required:"" placeholder:"CODE" help:"The open service points of an agency and of those below it."`
	Point  string `xor:"which" required:"" placeholder:"CODE" help:"One service point."`
	All    bool   `xor:"which" required:"" help:"Every open service point."`

	Size string `default:"A4" placeholder:"A4|A5" help:"Paper size."`
	Out  string `required:"" placeholder:"FILE" help:"The PDF to write; - is the standard output."`
}

// Help is the longer help of the command.
func (posterCmd) Help() string {
	return `Example:

  sipas poster --all --public-url https://danhgia.example.vn --out ma-qr.pdf`
}

// Run makes one page for each service point.
func (c *posterCmd) Run(ctx context.Context, s *session) error {
	size, err := qr.ParseSize(c.Size)
	if err != nil {
		return usageError(err.Error())
	}
	if c.Agency == "" && c.Point == "" && !c.All { // an empty variable of a script must not mean everything
		return usageError("--agency or --point is empty")
	}
	return c.with(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		posters, err := c.posters(snap)
		if err != nil {
			return err
		}
		if len(posters) == 0 {
			return errors.New("none of these service points is open to citizens who scan a code: see `sipas service-points`")
		}
		for _, u := range unprintable(posters) {
			s.notef("%s, which the fonts do not have: printed as ?", u)
		}
		err = s.write(c.Out, func(w io.Writer) error {
			return qr.WritePosters(w, qr.Sheet{Size: size, Made: s.now()}, posters)
		})
		if err == nil && c.Out != "-" {
			s.notef("%d posters written to %s; their codes point to %s", len(posters), c.Out, c.base())
		}
		if err == nil && c.PublicURL == "" {
			s.notef("nobody else can reach that address: print posters with --public-url")
		}
		return err
	})
}

func (c *posterCmd) posters(snap *registry.Snapshot) ([]qr.Poster, error) {
	points := snap.Points
	switch {
	case c.Agency != "":
		root, err := agencyByCode(snap, c.Agency)
		if err != nil {
			return nil, err
		}
		points = snap.PointsBelow(root.ID)
	case c.Point != "":
		point, err := pointByCode(snap, c.Point)
		if err != nil {
			return nil, err
		}
		points = []agency.ServicePoint{point}
	}
	notice := ""
	if snap.Settings.Synthetic {
		notice = qr.NoticeSynthetic
	}
	var posters []qr.Poster
	for _, p := range listedPoints(points) {
		if p.HasPoster() {
			owner, _ := snap.Tree.Agency(p.AgencyID)
			posters = append(posters, qr.Poster{
				Head: snap.Tree.Head(owner.ID).Name.In("vi"), Hotline: snap.Tree.Hotline(owner.ID),
				Agency: owner.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place,
				URL: c.base() + p.Code.Path(), Code: p.Code.Grouped(), Notice: notice,
			})
		}
	}
	return posters, nil
}
