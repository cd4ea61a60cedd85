package main

import (
	"context"
	"errors"
	"io"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/poster"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

type posterCmd struct {
	command.Database
	command.Address
	command.Lettering

	Agency string `xor:"which" required:"" placeholder:"CODE" help:"The open service points of an agency and of those below it."`
	Point  string `xor:"which" required:"" placeholder:"CODE" help:"One service point."`
	All    bool   `xor:"which" required:"" help:"Every open service point."`

	Size string `default:"A4" placeholder:"FORMAT" help:"A4, A5; tent-A4, tent-A5: folded across the middle; stickers: eight on an A4 page; slip-58, slip-80: receipts; svg: pictures."`
	Out  string `required:"" placeholder:"FILE" help:"The PDF to write, or the ZIP: of pictures, and of more than 500 posters; - is the standard output."`
}

// Help is the longer help of the command.
func (posterCmd) Help() string {
	return `Example:

  sipas poster --all --public-url https://danhgia.example.vn --out ma-qr.pdf
  sipas poster --point 7K3MQ9TD --size stickers --out nhan.pdf`
}

// Run makes one page for each service point.
func (c *posterCmd) Run(ctx context.Context, s *command.Session) error {
	format, err := qr.ParseFormat(c.Size)
	if err != nil {
		return command.UsageError(err.Error())
	}
	if c.Agency == "" && c.Point == "" && !c.All { // an empty variable of a script must not mean everything
		return command.UsageError("--agency or --point is empty")
	}
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		points, err := c.points(snap)
		if err != nil {
			return err
		}
		posters := poster.Of(snap, command.ListedPoints(points), c.Base())
		if len(posters) == 0 {
			return errors.New("none of these service points is open to citizens who scan a code: see `sipas service-points`")
		}
		fonts := c.Set()
		for _, u := range command.Unprintable(posters, fonts) {
			s.Notef("%s, which the fonts do not have: printed as ?", u)
		}
		err = s.Write(c.Out, func(w io.Writer) error {
			return qr.WritePosters(w, qr.Sheet{Format: format, Made: s.Now(), Fonts: fonts}, posters)
		})
		if err == nil && c.Out != "-" {
			s.Notef("%d posters written to %s; their codes point to %s", len(posters), c.Out, c.Base())
		}
		if err == nil && c.PublicURL == "" {
			s.Notef("nobody else can reach that address: print posters with --public-url")
		}
		return err
	})
}

// points are the service points that are asked for.
func (c *posterCmd) points(snap *registry.Snapshot) ([]agency.ServicePoint, error) {
	switch {
	case c.Agency != "":
		root, err := command.AgencyByCode(snap, c.Agency)
		if err != nil {
			return nil, err
		}
		return snap.PointsBelow(root.ID), nil
	case c.Point != "":
		point, err := command.PointByCode(snap, c.Point)
		return []agency.ServicePoint{point}, err
	}
	return snap.Points, nil
}
