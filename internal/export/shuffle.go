package export

import (
	"bufio"
	"bytes"
	crand "crypto/rand"
	"errors"
	"io"
	"math/rand/v2"
	"os"
)

const (
	// held is how many rows are shuffled in memory, some 20 MB.
	held = 50_000
	// mostPiles bounds the open files. 10 million rows make as many; more rows
	// make the piles larger.
	mostPiles = 200
)

// shuffle brings lines into an order that is drawn for each file. The order in
// which responses are read, or anything that is computed from their ids or times,
// would tell who came after whom. Lines that are too many for memory are dealt
// out at random to piles on disk, and each pile is shuffled.
type shuffle struct {
	random *rand.Rand
	piles  []*pile
}

// pile is some of the lines: in memory if it is the only one, else in a file
// without a name, that is gone with the process.
type pile struct {
	bytes.Buffer
	file *os.File // nil: in memory
	out  *bufio.Writer
}

// newShuffle prepares for about total lines, of which at most held are in memory.
func newShuffle(total int64, held int) (*shuffle, error) {
	var seed [32]byte
	_, _ = crand.Read(seed[:]) // never fails
	s := &shuffle{random: rand.New(rand.NewChaCha8(seed))}
	n := min(max(total/int64(held)+1, 1), mostPiles)
	if n == 1 {
		s.piles = []*pile{{}}
		return s, nil
	}
	for range n {
		file, err := os.CreateTemp("", "sipas-export-*") // mode 0600
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		// Where an open file cannot be removed, close does it.
		_ = os.Remove(file.Name())
		s.piles = append(s.piles, &pile{file: file, out: bufio.NewWriterSize(file, 16<<10)})
	}
	return s, nil
}

// add takes a line, with its end.
func (s *shuffle) add(line []byte) error {
	p := s.piles[s.random.IntN(len(s.piles))]
	if p.file == nil {
		p.Write(line)
		return nil
	}
	_, err := p.out.Write(line)
	return err
}

// each gives every line, without its end, good until the next call.
func (s *shuffle) each(give func(line []byte) error) error {
	for _, p := range s.piles {
		lines, err := p.lines()
		if err != nil {
			return err
		}
		s.random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for _, line := range lines {
			if err := give(line); err != nil {
				return err
			}
		}
		p.Reset()
	}
	return nil
}

func (p *pile) lines() ([][]byte, error) {
	if p.file != nil {
		if err := p.out.Flush(); err != nil {
			return nil, err
		}
		if _, err := p.file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		if _, err := p.ReadFrom(p.file); err != nil {
			return nil, err
		}
	}
	if p.Len() == 0 {
		return nil, nil
	}
	return bytes.Split(bytes.TrimSuffix(p.Bytes(), []byte("\n")), []byte("\n")), nil
}

// close gives the files up.
func (s *shuffle) close() error {
	var failed []error
	for _, p := range s.piles {
		if p.file != nil {
			failed = append(failed, p.file.Close())
			_ = os.Remove(p.file.Name()) // gone already, but for systems that keep open files
		}
	}
	return errors.Join(failed...)
}
