package httpd

import (
	"fmt"
	"strconv"
)

// Pages divides a long list into pages: one with a thousand rows takes long to
// make, to send and to find something on.
type Pages struct {
	At, Last int   // the page shown and the last one, from 1; Last is 1 where everything is on one page
	From, To int   // the rows shown, from 0: list[From:To]
	Of       int64 // rows of the whole list
	address  func(page int) string
}

// PageOf divides a list of so many rows into pages of size rows. asked is the page
// in the address, "" for the first; one after the last is the last, so that an
// address kept from a longer list still leads somewhere. What is no page is ErrQuery.
// address gives the address of a page.
func PageOf(asked string, rows, size int, address func(page int) string) (Pages, error) {
	at := 1
	if asked != "" {
		var err error
		if at, err = strconv.Atoi(asked); err != nil || at < 1 {
			return Pages{}, fmt.Errorf("page %.40q: %w", asked, ErrQuery)
		}
	}
	last := max(1, (rows+size-1)/size)
	at = min(at, last)
	return Pages{At: at, Last: last, From: (at - 1) * size, To: min(at*size, rows), Of: int64(rows), address: address}, nil
}

// PageLink is one page of a list in the row of links to all. At 0 stands for
// those between that are left out.
type PageLink struct {
	At      int
	To      string
	Current bool
}

// nextTo is how many pages before and after the one shown have a link.
const nextTo = 2

// Links lead to the pages, without those that are far from the one shown, the
// first and the last.
func (p Pages) Links() []PageLink {
	var links []PageLink
	for at := 1; at <= p.Last; at++ {
		switch {
		case at == 1, at == p.Last, at >= p.At-nextTo && at <= p.At+nextTo:
			links = append(links, PageLink{At: at, To: p.address(at), Current: at == p.At})
		case links[len(links)-1].At != 0:
			links = append(links, PageLink{})
		}
	}
	return links
}

// First is the number of the first row shown, as people count.
func (p Pages) First() int64 { return int64(p.From) + 1 }

// Final is the number of the last row shown.
func (p Pages) Final() int64 { return int64(p.To) }
