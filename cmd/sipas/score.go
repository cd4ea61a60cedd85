package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"sipas/internal/command"
	"sipas/internal/score"
)

type scoreCmd struct {
	Sheet  string `arg:"" optional:"" name:"file" help:"CSV with the header section,question,n1,n2,n3,n4,n5 and optionally n0; - is the standard input."`
	Method string `placeholder:"KEY" help:"How figures are computed (default sipas-2023)."`
	// Published tables of ratios print one decimal, SIPAS figures two.
	Decimals int  `default:"2" enum:"1,2" placeholder:"N" help:"Decimals of the displayed figures: 1 or 2 (default 2)."`
	JSON     bool `name:"json" help:"Print JSON."`

	SampleOf int64 `placeholder:"N" help:"Instead of a sheet: how many of N people to ask, for an error of 5 in 100."`
}

// Help is the longer help of the command.
func (scoreCmd) Help() string {
	methods := make([]string, len(score.Methods()))
	for i, m := range score.Methods() {
		methods[i] = string(m)
	}
	return fmt.Sprintf(`n1 to n5 are how many people chose each level, from very dissatisfied to very satisfied; n0 is "no opinion" and is
in no figure. What nobody answered has no figure: null, never 0. For points-210 a question is a criterion of Thông tư 01/2018, named
1 to 9, and n0, n1, n2 are the files that were given 0, 1 and 2 points.

Methods: %s.

Example:

  printf 'section,question,n1,n2,n3,n4,n5\naccess,a1,1,2,3,10,4\n' | sipas score --json -
  sipas score --sample-of 1000`, strings.Join(methods, ", "))
}

// Run prints the figures.
func (c *scoreCmd) Run(s *command.Session) error {
	switch {
	case c.SampleOf != 0:
		return c.sample(s)
	case c.Sheet == "":
		return command.UsageError(`expected "<file>"`)
	}
	method, err := score.ParseMethod(c.Method)
	if err != nil {
		return command.UsageError(err.Error())
	}
	in, err := s.Read(c.Sheet)
	if err != nil {
		return err
	}
	defer in.Close()
	sheet, err := score.ReadSheet(in)
	if err != nil {
		return err
	}
	sheet.Decimals = c.Decimals
	result, err := sheet.Score(method)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(result)
	}
	return score.Table(s.Out, result)
}

// sampleError is the error that samples are planned for, in hundredths of a
// percent.
const sampleError = 500

func (c *scoreCmd) sample(s *command.Session) error {
	n, err := score.SampleSize(c.SampleOf, sampleError)
	switch {
	case err != nil:
		return command.UsageError(err.Error())
	case c.JSON:
		return json.NewEncoder(s.Out).Encode(struct {
			Population int64   `json:"population"`
			Error      float64 `json:"error"`
			N          int64   `json:"n"`
		}{c.SampleOf, sampleError / 10_000.0, n})
	}
	s.Printf("%d\n", n)
	return nil
}
