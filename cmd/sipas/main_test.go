package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"sipas/internal/command"
	"sipas/internal/command/admin"
	"sipas/internal/config"
	"sipas/internal/testkit"
)

var update = flag.Bool("update", false, "write what the commands print into testdata")

// TestMain lets scripts and tests run this very program by the name sipas.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sipas": main})
}

// TestScripts runs testdata/*.txtar, which show how every command is used.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update, RequireExplicitExec: true,
		Cmds: commandsOfScripts(),
	})
}

// TestPostgresScripts runs testdata/postgres/*.txtar with $POSTGRES, an empty
// database, and others in the encodings $LATIN1 and $SQL_ASCII.
func TestPostgresScripts(t *testing.T) {
	t.Parallel()
	server := testkit.Postgres(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/postgres", UpdateScripts: *update, RequireExplicitExec: true,
		Cmds: commandsOfScripts(),
		Setup: func(env *testscript.Env) error {
			env.Setenv("POSTGRES", server.Database(t))
			for _, encoding := range []string{"LATIN1", "SQL_ASCII"} {
				env.Setenv(encoding, server.DatabaseIn(t, encoding))
			}
			return nil
		},
	})
}

func commandsOfScripts() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"keep": keep, "sql": statement}
}

// sql FILE STATEMENT changes a SQLite database behind the program's back.
func statement(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0])) // package db has registered the driver
	ts.Check(err)
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// keep NAME REGEXP sets a variable to what the first group of an expression
// finds in the last command's output.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME REGEXP")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%s is not in the output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// TestEveryCommandExplainsItself wants an example from each command's help.
func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commands{}, kong.Name("sipas"), kong.Vars{"roles": admin.RoleNames()})
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if n, ok := node.(*kong.Node); ok && n.Type == kong.CommandNode {
			commands++
			if n.Help == "" || !strings.Contains(n.Detail, "Example") || !strings.Contains(n.Detail, "sipas ") {
				t.Errorf("%s has no help with an example", n.FullPath())
			}
		}
		return next(nil)
	})
	if err != nil || commands < 20 {
		t.Errorf("%d commands, %v", commands, err)
	}
}

// TestSharedFlagsAreTheServers: a flag that a command has in common with serve
// has the same name, variable and default.
func TestSharedFlagsAreTheServers(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, group := range []any{command.Database{}, command.Calendar{}, command.Address{}, command.Counted{}} {
		for field := range reflect.TypeOf(group).Fields() {
			served, ok := reflect.TypeFor[config.Config]().FieldByName(field.Name)
			if !ok || field.Anonymous {
				continue
			}
			compared++
			if field.Tag != served.Tag {
				t.Errorf("%s.%s: tag %s, serve has %s", reflect.TypeOf(group).Name(), field.Name, field.Tag, served.Tag)
			}
		}
	}
	if compared != 7 {
		t.Errorf("%d flags compared, want 7", compared)
	}
}

// TestServeUntilAsked starts the server as a process, asks it, has doctor ask
// it, and ends it with SIGTERM. While there is no account, it says how to make one.
func TestServeUntilAsked(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server := exec.CommandContext(ctx, "sipas", "serve", "--addr", "127.0.0.1:0", "--database-url", testkit.SQLiteURL(t), "--log-format", "json")
	server.Dir = t.TempDir()
	var out bytes.Buffer
	server.Stdout = &out
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	var address []string
	for address == nil && lines.Scan() {
		address = regexp.MustCompile(`"msg":"listening","address":"([^"]+)"`).FindStringSubmatch(lines.Text())
	}
	if address == nil {
		t.Fatalf("it does not listen: %v", server.Wait())
	}
	base := "http://" + address[1]
	response, err := http.Get(base + "/readyz")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("GET /readyz: %v, %v", response, err)
	}
	for path, good := range map[string]bool{"/healthz": true, "/nowhere": false} {
		out, err := exec.CommandContext(ctx, "sipas", "doctor", "--live", base+path).CombinedOutput()
		if (err == nil) != good {
			t.Errorf("doctor --live of %s: %v\n%s", path, err, out)
		}
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(log)
	if err != nil && !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("it ends with %v:\n%s", err, rest)
	}
	// There is no account: the way to the first one stands beside the log.
	if !regexp.MustCompile(`/thiet-lap/[A-Z2-7]{39}\n`).MatchString(out.String()) || bytes.Contains(rest, []byte("thiet-lap")) {
		t.Errorf("how to begin is said as %q, and in the log: %s", out.String(), rest)
	}
}

// TestDemo runs the demo in this process until it has said where it is.
func TestDemo(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, say := io.Pipe()
	var errs bytes.Buffer
	s := &command.Session{In: strings.NewReader(""), Out: bufio.NewWriter(say), Errs: &errs, Now: time.Now}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, s, []string{"demo", "--addr", "127.0.0.1:0", "--responses", "300", "--dir", t.TempDir()})
		_ = say.Close()
	}()
	var text strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	pages := regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*`).FindAllString(text.String(), -1)
	if len(pages) != 4 {
		t.Fatalf("four addresses expected:\n%s%s", &text, &errs)
	}
	for _, page := range pages {
		response, err := http.Get(page)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("GET %s: %v, %v", page, response, err)
		}
	}
	login, err := http.Get(strings.TrimSuffix(pages[0], "/") + "/dang-nhap")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(login.Body)
	if err != nil {
		t.Fatal(err)
	}
	passwords := regexp.MustCompile(`(quantri|so-xay-dung) +(\S{4}-\S{4}-\S{4}-\S{4})`).FindAllStringSubmatch(text.String(), -1)
	if len(passwords) != 2 {
		t.Fatalf("two accounts expected:\n%s", &text)
	}
	for _, p := range passwords {
		if !bytes.Contains(page, []byte(p[2])) {
			t.Errorf("the login page does not offer %s", p[1])
		}
	}
	stop()
	if got := <-code; got != 0 {
		t.Errorf("the demo ends with %d: %s", got, &errs)
	}
}
