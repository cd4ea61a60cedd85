package province

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/jobs"
	"sipas/internal/poster"
	"sipas/internal/qr"
	"sipas/internal/score"
)

// posterPages are the pages by which posters are printed: a few at once, more of them
// as an order that is made beside the requests.
type posterPages struct{ *side }

const postersPath = pointsPath + "/in"

// ordersPath is where the orders of who asks are listed.
const ordersPath = postersPath + "/da-dat"

func orderPath(id int64) string { return postersPath + "/" + strconv.FormatInt(id, 10) }

// downloadEnd ends the address of an order's file.
const downloadEnd = "/tep"

// postersPage is where the format of posters is chosen.
type postersPage struct {
	Name          string // of the agency or service point, "" for all
	Agency, Point string // their codes
	Count         int64
	AtOnce        bool
	Formats       []httpd.Choice
}

func (s posterPages) askFormat(r *httpd.Request) error {
	format, err := formatOf(r.Query("size"))
	if err != nil {
		return err
	}
	_, points, err := toPrint(r)
	if err != nil {
		return err
	}
	p := r.NewPage("posters", nil)
	data := postersPage{Count: int64(len(points)), AtOnce: len(points) <= poster.AtOnce, Formats: formatChoices(p, format)}
	switch {
	case r.Agency != nil:
		data.Name, data.Agency = r.Agency.Name.In(p.Language), r.Agency.Code
	case r.Point != nil:
		data.Name, data.Point = r.Point.Name.In(p.Language), string(r.Point.Code)
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/posters", p)
}

func formatChoices(p httpd.Page, chosen qr.Format) (list []httpd.Choice) {
	for _, f := range qr.Formats() {
		list = append(list, httpd.Choice{Value: string(f), Text: p.T("poster." + string(f)), Chosen: f == chosen})
	}
	return list
}

// formatOf reads a format; nothing is A4.
func formatOf(asked string) (qr.Format, error) {
	if asked == "" {
		return qr.A4, nil
	}
	format, err := qr.ParseFormat(asked)
	if err != nil {
		err = fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	return format, err
}

// toPrint are the service points with a poster of what the request names: one, those of
// an agency with everything below it, or all that the caller may see. A closed service
// point has no poster, nor has one whose sheets staff fill in. None is
// fault.ErrNotFound.
func toPrint(r *httpd.Request) (name string, points []agency.ServicePoint, err error) {
	snap, err := r.Snapshot()
	if err != nil {
		return "", nil, err
	}
	name = "tat-ca"
	var all []agency.ServicePoint
	switch {
	case r.Agency != nil:
		name, all = r.Agency.Code, snap.PointsBelow(r.Agency.ID)
	case r.Point != nil:
		name, all = string(r.Point.Code), []agency.ServicePoint{*r.Point}
	default:
		all = r.View(snap).Points()
	}
	for _, p := range all {
		if p.HasPoster() {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		err = fmt.Errorf("posters of %q: %w", name, fault.ErrNotFound)
	}
	return name, points, err
}

// givePosters answers with the posters at their own address; more than can be given
// at once are asked for on a page.
func (s posterPages) givePosters(r *httpd.Request) error {
	if r.Agency == nil && r.Point == nil {
		return fmt.Errorf("posters of nothing: %w", fault.ErrNotFound)
	}
	asked, given := r.Asked("size")
	format, err := formatOf(asked)
	if given && asked == "" {
		err = fmt.Errorf("no format: %w", httpd.ErrQuery)
	}
	if err != nil {
		return err
	}
	name, points, err := toPrint(r)
	if err != nil {
		return err
	}
	if len(points) > poster.AtOnce {
		r.LeadTo(httpd.AddressOf(postersPath, "agency", name, "size", format))
		return nil
	}
	return s.print(r, name, format, points)
}

// takeOrder prints what a form asks for.
func (s posterPages) takeOrder(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	format, err := formatOf(fields.Get("size"))
	if err != nil {
		return err
	}
	if fields.Get("shown") != "" {
		return s.printChosen(r, fields, format)
	}
	name, points, err := toPrint(r)
	if err != nil {
		return err
	}
	return s.print(r, name, format, points)
}

// printChosen prints what is chosen in the list of service points.
func (s posterPages) printChosen(r *httpd.Request, fields httpd.Fields, format qr.Format) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	chosen, err := s.chosenIn(r, fields)
	if err != nil {
		return err
	}
	points, err := chosen.among(r.View(snap))
	points = slices.DeleteFunc(points, func(p agency.ServicePoint) bool { return !p.HasPoster() })
	if err == nil && len(points) == 0 {
		err = stopped{key: "no-posters"}
	}
	if err != nil {
		return s.stop(r, fields, err)
	}
	return s.print(r, "da-chon", format, points)
}

// print gives the posters, or keeps an order and leads to it.
func (s posterPages) print(r *httpd.Request, name string, format qr.Format, points []agency.ServicePoint) error {
	if len(points) > poster.AtOnce {
		ids := make([]int64, len(points))
		for i, p := range points {
			ids[i] = p.ID
		}
		return s.order(r, format, ids)
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	var file bytes.Buffer
	err = qr.WritePosters(&file, qr.Sheet{Format: format, Made: s.k.Now(), Fonts: s.k.Fonts}, poster.Of(snap, points, s.k.PublicURL.String()))
	if err != nil {
		return fmt.Errorf("posters: %w", err)
	}
	contentType, extension := format.File(len(points))
	r.Set("Content-Disposition", `inline; filename="`+fileOf(name, format)+extension+`"`)
	r.WriteFile(contentType, file.Bytes())
	return nil
}

func (s posterPages) order(r *httpd.Request, format qr.Format, points []int64) error {
	id, err := s.k.Posters.Ask(r.Context(), r.Who(), format, points)
	if err != nil {
		return err
	}
	r.LeadTo(orderPath(id))
	return nil
}

// orderPage is an order, and how far it is.
type orderPage struct {
	poster.Order
	Name      string // of the format
	Path      string
	At, Until string // when it was asked for, and until when it is kept
	Waits     bool   // for its turn
	Runs      bool
	Done      bool
	Megabytes string
}

func (s posterPages) showOrder(r *httpd.Request) error {
	p := r.NewPage("posters-order", nil)
	p.Data = s.orderPage(p, *r.Order)
	return r.Show(http.StatusOK, "desk/posters-order", p)
}

func (s posterPages) orderPage(p httpd.Page, o poster.Order) orderPage {
	return orderPage{
		Order: o, Name: p.T("poster." + string(o.Format)), Path: orderPath(o.ID), At: s.moment(o.Asked), Until: s.moment(o.Until()),
		Waits: o.State == jobs.Waiting, Runs: o.State == jobs.Running, Done: o.State == jobs.Done,
		Megabytes: score.FormatFloat(p.Language, float64(o.Bytes)/1e6, 1),
	}
}

func (s posterPages) moment(at time.Time) string { return at.In(s.k.Zone).Format("15:04 02/01/2006") }

// showOrders lists the orders of who asks.
func (s posterPages) showOrders(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	orders, err := s.k.Posters.List(r.Context(), r.Who(), r.View(snap))
	if err != nil {
		return err
	}
	p := r.NewPage("posters-orders", nil)
	var lines []orderPage
	for _, o := range orders {
		lines = append(lines, s.orderPage(p, o))
	}
	p.Data = lines
	return r.Show(http.StatusOK, "desk/posters-orders", p)
}

// orderAgain asks for the same posters as they are now.
func (s posterPages) orderAgain(r *httpd.Request) error {
	return s.order(r, r.Order.Format, r.Order.Points)
}

// downloadPatience is how long the file of an order may take to send.
const downloadPatience = time.Minute

func (s posterPages) download(r *httpd.Request) error {
	o := *r.Order
	if o.State != jobs.Done {
		return fmt.Errorf("file of order %d: %w", o.ID, fault.ErrNotFound)
	}
	contentType, extension := o.Format.File(int(o.Made))
	r.Set("Content-Disposition", `attachment; filename="`+fileOf(strconv.FormatInt(o.ID, 10), o.Format)+extension+`"`)
	return r.Stream(contentType, o.Bytes, func(w io.Writer) error { return s.k.Posters.Copy(r.Context(), w, o) })
}

var unfitForFile = regexp.MustCompile(`[^A-Za-z0-9]+`)

// fileOf is the name of a file with posters without its end, of what every file system
// and header takes.
func fileOf(name string, format qr.Format) string {
	return unfitForFile.ReplaceAllString("ma-qr-"+name+"-"+string(format), "-")
}
