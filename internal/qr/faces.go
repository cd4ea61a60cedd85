package qr

// face describes one of the five levels, from very dissatisfied to very
// satisfied. Lengths are in radii of the face; y grows downwards. Mouths
// differ in shape, so that nothing depends on colour.
type face struct {
	skin, features ink
	mouthEnds      float64 // y of the mouth's two corners
	mouthBend      float64 // y towards which its middle is pulled
	open           bool    // a laughing, filled mouth
	brows          bool    // worried brows, rising inwards
}

// Skin colours are those of the five levels on the citizen's page.
var faces = [5]face{
	{skin: ink{0xa6, 0x36, 0x1c}, features: white, mouthEnds: 0.55, mouthBend: 0.02, brows: true},
	{skin: ink{0xdd, 0x84, 0x52}, features: dark, mouthEnds: 0.48, mouthBend: 0.18},
	{skin: ink{0xbd, 0xbb, 0xb2}, features: dark, mouthEnds: 0.38, mouthBend: 0.38},
	{skin: ink{0x6b, 0xa3, 0xc4}, features: dark, mouthEnds: 0.26, mouthBend: 0.62},
	{skin: ink{0x1f, 0x5f, 0x8b}, features: white, mouthEnds: 0.16, mouthBend: 1.0, open: true},
}

// face draws level i (0 to 4) with its centre at x, y; lengths in mm.
func (p page) face(i int, x, y, radius float64) {
	f := faces[i]
	p.fillInk(f.skin)
	p.pdf.Circle(x, y, radius, "F")
	p.fillInk(f.features)
	p.drawInk(f.features)
	p.pdf.SetLineWidth(radius * 0.11)
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetLineJoinStyle("round")
	for _, side := range []float64{-1, 1} {
		p.pdf.Circle(x+side*0.34*radius, y-0.2*radius, 0.11*radius, "F")
		if f.brows {
			p.pdf.Line(x+side*0.5*radius, y-0.4*radius, x+side*0.22*radius, y-0.54*radius)
		}
	}
	const half = 0.44
	p.pdf.MoveTo(x-half*radius, y+f.mouthEnds*radius)
	p.pdf.CurveTo(x, y+f.mouthBend*radius, x+half*radius, y+f.mouthEnds*radius)
	if f.open {
		p.pdf.ClosePath()
		p.pdf.DrawPath("FD")
	} else {
		p.pdf.DrawPath("D")
	}
	p.pdf.SetLineCapStyle("butt")
	p.pdf.SetLineJoinStyle("miter")
}
