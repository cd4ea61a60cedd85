// Package emblem makes a province's emblem harmless: of an uploaded picture nothing is kept
// but what it looks like.
package emblem

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Bounds of a picture that is uploaded, and of the one that is kept.
const (
	MaxUpload = 2 << 20   // bytes
	MaxPixels = 4_000_000 // to decode so many takes some 80 MB
	MinSide   = 48        // pixels: anything smaller is a smudge on a poster
	MaxBytes  = 96 << 10  // kept: every instance has it in memory
	maxSide   = 320       // kept: 18 mm of a poster at 450 dots an inch
)

// Emblem is a picture as it is kept: a PNG that this package has written.
type Emblem struct {
	Hash          string // SHA-256 of the PNG, hexadecimal
	Width, Height int
	PNG           []byte
}

// Name is the name of its file, which changes with the picture.
func (e Emblem) Name() string { return "emblem." + e.Hash + extension }

const extension = ".png"

// HashIn reads the hash of a name.
func HashIn(name string) (hash string, ok bool) {
	const before = len("emblem.")
	if len(name) != before+2*sha256.Size+len(extension) || name[:before] != "emblem." || name[len(name)-len(extension):] != extension {
		return "", false
	}
	return name[before : len(name)-len(extension)], true
}

// Fault is why a picture is not taken.
type Fault string

// The faults.
const (
	Vector Fault = "vector" // SVG: it may hold programs
	Format Fault = "format" // neither PNG nor JPEG
	Large  Fault = "large"  // more than MaxUpload or MaxPixels
	Small  Fault = "small"  // less than MinSide
	Broken Fault = "broken" // cut off or damaged
)

// Faults lists them.
func Faults() []Fault { return []Fault{Vector, Format, Large, Small, Broken} }

// Error is for logs.
func (f Fault) Error() string { return "the picture is refused: " + string(f) }

// Read makes an emblem of an uploaded PNG or JPEG; its errors are Faults. How large the
// picture is, is known before a pixel is decoded, and the PNG is written anew: metadata,
// what was hidden behind the picture, and what else the file may have been are not in it.
func Read(upload []byte) (Emblem, error) {
	config, decode := png.DecodeConfig, png.Decode
	switch {
	case len(upload) > MaxUpload:
		return Emblem{}, Large
	case bytes.HasPrefix(upload, []byte("\x89PNG\r\n\x1a\n")):
	case bytes.HasPrefix(upload, []byte("\xff\xd8\xff")):
		config, decode = jpeg.DecodeConfig, jpeg.Decode
	case bytes.Contains(bytes.ToLower(upload[:min(len(upload), 4<<10)]), []byte("<svg")):
		return Emblem{}, Vector
	default:
		return Emblem{}, Format
	}
	about, err := config(bytes.NewReader(upload))
	switch {
	case err != nil:
		return Emblem{}, Broken
	case about.Width < MinSide || about.Height < MinSide:
		return Emblem{}, Small
	case about.Width > MaxPixels/about.Height:
		return Emblem{}, Large
	}
	picture, err := decode(bytes.NewReader(upload))
	if err != nil {
		return Emblem{}, Broken
	}
	for side := maxSide; ; side = side * 3 / 4 { // a picture of noise needs three steps
		e, err := written(picture, side)
		if err != nil || len(e.PNG) <= MaxBytes {
			return e, err
		}
	}
}

// written writes a picture that is side pixels wide and high at most.
func written(picture image.Image, side int) (Emblem, error) {
	width, height := picture.Bounds().Dx(), picture.Bounds().Dy()
	if longer := max(width, height); longer > side {
		width, height = max(1, width*side/longer), max(1, height*side/longer)
	}
	scaled := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(scaled, scaled.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, scaled); err != nil {
		return Emblem{}, err
	}
	sum := sha256.Sum256(out.Bytes())
	return Emblem{Hash: hex.EncodeToString(sum[:]), Width: width, Height: height, PNG: out.Bytes()}, nil
}
