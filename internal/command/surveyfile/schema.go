package surveyfile

import (
	"io"

	"sipas/internal/command"
	"sipas/surveys"
)

type surveysSchema struct {
	Out string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

// Help is the longer help of the command.
func (surveysSchema) Help() string {
	return `An editor that is told of it says while one writes which keys there are. What is beyond a schema, such as a condition on a later
question, "sipas surveys publish" finds.

Example:

  sipas surveys schema -o survey.schema.json`
}

// Run writes the schema of this program's survey files.
func (c *surveysSchema) Run(s *command.Session) error {
	return s.Write(c.Out, func(w io.Writer) error {
		_, err := w.Write(surveys.Schema())
		return err
	})
}
