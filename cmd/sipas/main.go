// Command sipas measures how satisfied citizens are with public services: it
// takes their answers at service counters and shows the figures.
//
//	sipas demo     try it
//	sipas serve    run it
//	sipas --help   everything else
//
// It ends with 0 when all went well, 1 when something failed and 2 when it was
// called wrongly.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // the names of time zones, for machines without them

	"github.com/alecthomas/kong"

	"sipas/internal/command"
	"sipas/internal/command/admin"
	"sipas/internal/command/surveyfile"
	"sipas/internal/config"
)

// version is set by the build.
var version = "unknown"

// commands are what may be asked for.
type commands struct {
	Demo  demoCmd  `cmd:"" help:"Try it: a database in a temporary folder, made-up citizens, logins."`
	Serve serveCmd `cmd:"" help:"Answer requests until stopped."`

	Migrate    migrateCmd          `cmd:"" help:"Make or update the tables of the database."`
	Seed       seedCmd             `cmd:"" help:"Fill an empty database with a province's agencies and what its plan names."`
	Surveys    surveyfile.Surveys  `cmd:"" help:"List and publish surveys; read and write them for other programs."`
	Agencies   admin.Agencies      `cmd:"" help:"List, merge, split and dissolve agencies; set their hotlines."`
	Points     admin.ServicePoints `cmd:"" name:"service-points" help:"List, open and close service points."`
	Procedures admin.Procedures    `cmd:"" help:"List administrative procedures, and read them from spreadsheets."`
	Files      admin.Files         `cmd:"" help:"How many files agencies handled, by procedure and half month: list them, and read them from spreadsheets."`
	Officials  admin.Officials     `cmd:"" help:"List who serves at counters, replace badges, and read officials and shifts from spreadsheets."`
	Targets    admin.Targets       `cmd:"" help:"List what plans ask for, and read it from spreadsheets."`
	Campaigns  admin.Campaigns     `cmd:"" help:"Periods in which counters ask one version of a survey: list them, add, end and remove them."`
	Indicators indicatorsCmd       `cmd:"" help:"Which survey makes which figure of the boards: list the rules, add, choose and remove them."`
	Entry      admin.EntryLinks    `cmd:"" name:"entry-links" help:"Links by which staff fill in the sheets of interviewers and of paper."`
	Poster     posterCmd           `cmd:"" help:"Make a PDF of posters with QR codes."`
	User       admin.Users         `cmd:"" aliases:"users" help:"Accounts of people who sign in."`
	Token      admin.Tokens        `cmd:"" help:"Keys of the API."`

	Score   scoreCmd   `cmd:"" help:"Compute indices from a table of counts."`
	Recount recountCmd `cmd:"" help:"Count the tallies again from the responses and compare."`
	Export  exportCmd  `cmd:"" help:"Write the responses for other programs."`
	Import  importCmd  `cmd:"" help:"Read responses that export wrote."`
	Remove  removeCmd  `cmd:"" name:"remove-response" help:"Take one person's answers out."`
	Jobs    jobsCmd    `cmd:"" help:"List what the server does later, and try again what failed."`
	Backup  backupCmd  `cmd:"" help:"Write the whole database into one file."`
	Restore restoreCmd `cmd:"" help:"Read such a file into an empty database."`
	Audit   auditCmd   `cmd:"" help:"List who changed what, and prove that the list is whole."`

	Doctor  doctorCmd  `cmd:"" help:"Check settings, database, Redis, files and clock."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	if os.Getenv("GOGC") == "" {
		// What lives is small: collecting it when it has almost tripled costs little
		// memory, and a server under load hardly more time than later would.
		debug.SetGCPercent(180)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once. Some programs send the first one
	// twice, to the process and to its group.
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
	s := &command.Session{In: os.Stdin, Out: bufio.NewWriter(os.Stdout), Errs: os.Stderr, Now: time.Now}
	os.Exit(run(ctx, s, os.Args[1:]))
}

// judge refuses what serve would refuse of the settings that a command shares
// with it. What doctor finds of them is its result.
func judge(asked *kong.Context) error {
	if _, ok := asked.Selected().Target.Addr().Interface().(*doctorCmd); ok {
		return nil
	}
	var wrong []error
	for _, flag := range asked.Flags() {
		switch value := asked.FlagValue(flag).(type) {
		case string, int:
			wrong = append(wrong, config.Check(flag.Name, fmt.Sprint(value)))
		}
	}
	return errors.Join(wrong...)
}

// called is a command as it is typed, without its aliases.
func called(n *kong.Node) string {
	if n == nil || n.Parent == nil {
		return "sipas"
	}
	return called(n.Parent) + " " + n.Name
}

// run does what the arguments ask and returns the exit code.
func run(ctx context.Context, s *command.Session, args []string) int {
	parser, err := kong.New(&commands{},
		kong.Name("sipas"),
		kong.Description("Satisfaction with public services: answers by QR code, honest figures."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.WithBeforeResolve(readSettings),
		kong.Bind(s),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Vars{"roles": admin.RoleNames()},
	)
	if err != nil {
		s.Notef("sipas: %v", err)
		return 1
	}
	asked, err := parser.Parse(args)
	if err != nil {
		var chosen *kong.Node
		var wrong *kong.ParseError
		if errors.As(err, &wrong) {
			chosen = wrong.Context.Selected()
		}
		s.Notef("sipas: %v; see `%s --help`", err, called(chosen))
		return 2
	}
	if err := judge(asked); err != nil {
		s.Notef("sipas: %v; see `%s --help`", err, called(asked.Selected()))
		return 2
	}
	err = asked.Run()
	err = errors.Join(err, s.Out.Flush())
	var usage command.UsageError
	switch {
	case errors.As(err, &usage):
		s.Notef("sipas: %v; see `%s --help`", err, called(asked.Selected()))
		return 2
	case err != nil:
		if text := command.Explain(err); text != "" {
			s.Notef("sipas: %s", text)
		}
		return 1
	}
	return 0
}
