package qr

// Picture is a picture on a poster. Two of one name are the same.
type Picture struct {
	Name          string // of its file
	PNG           []byte // of 8 bits a channel, not interlaced
	Width, Height int    // pixels
}

// emblemGap is between an emblem and the texts beside it, in mm.
const emblemGap = 4.0

// line is a text and how it is set.
type line struct {
	text string
	style
}

// placed is an emblem in the upper left corner of a column: how large it is, and how
// wide the column is for texts that stay centred beside it.
type placed struct {
	Picture
	width, height, column float64
}

// beside places an emblem in a box of so many mm beside texts. If it would cut one of
// them off, there is none: whose office asks is said by its name.
func (p page) beside(e Picture, column, width, height float64, texts ...line) placed {
	none := placed{column: column}
	if e.PNG == nil || e.Width <= 0 || e.Height <= 0 {
		return none
	}
	scale := min(width/float64(e.Width), height/float64(e.Height))
	at := placed{Picture: e, width: scale * float64(e.Width), height: scale * float64(e.Height)}
	at.column = column - 2*(at.width+emblemGap)
	for _, t := range texts {
		if p.fit(t.text, at.column, t.style).cut() {
			return none
		}
	}
	return at
}

// emblem draws it with its upper left corner at x, y, and returns where it ends.
func (p page) emblem(at placed, x, y float64) float64 {
	if at.height > 0 {
		p.picture(x, y, at.width, at.height, at.Picture)
	}
	return y + at.height
}
