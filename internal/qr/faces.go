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
var levels = [5]face{
	{skin: ink{0xa6, 0x36, 0x1c}, features: white, mouthEnds: 0.55, mouthBend: 0.02, brows: true},
	{skin: ink{0xdd, 0x84, 0x52}, features: dark, mouthEnds: 0.48, mouthBend: 0.18},
	{skin: ink{0xbd, 0xbb, 0xb2}, features: dark, mouthEnds: 0.38, mouthBend: 0.38},
	{skin: ink{0x6b, 0xa3, 0xc4}, features: dark, mouthEnds: 0.26, mouthBend: 0.62},
	{skin: ink{0x1f, 0x5f, 0x8b}, features: white, mouthEnds: 0.16, mouthBend: 1.0, open: true},
}

// faces draws the five in a row around x, with their centres at y; lengths in mm.
func (p page) faces(x, y, radius float64) {
	for i := range levels {
		p.face(i, x+float64(i-2)*3.1*radius, y, radius)
	}
}

// face draws level i (0 to 4) with its centre at x, y; lengths in mm.
func (p page) face(i int, x, y, radius float64) {
	f, width := levels[i], radius*0.11
	p.disc(x, y, radius, f.skin)
	for _, side := range []float64{-1, 1} {
		p.disc(x+side*0.34*radius, y-0.2*radius, 0.11*radius, f.features)
		if f.brows {
			p.line(x+side*0.5*radius, y-0.4*radius, x+side*0.22*radius, y-0.54*radius, width, f.features)
		}
	}
	p.mouth(x, 0.44*radius, y+f.mouthEnds*radius, y+f.mouthBend*radius, width, f.open, f.features)
}
