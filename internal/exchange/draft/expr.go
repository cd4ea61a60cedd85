package draft

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Op says what an expression is.
type Op int

// What expressions are.
const (
	Always Op = iota
	Never
	All     // of what it is made of
	Any     // of what it is made of
	Not     // of the one
	Compare // Left with Right
	Holds   // Left, a question of several choices, has Right among its answers
)

// Expr is a condition of another program.
type Expr struct {
	Op          Op
	Of          []Expr
	Left, Right Operand
	Cmp         string // = != < <= > >=
}

// Operand is what is compared.
type Operand struct {
	Kind OperandKind
	Text string // a name, a text, a number, or the name of a function
	Args []Operand
}

// OperandKind says what an operand is.
type OperandKind int

// What operands are.
const (
	Ref    OperandKind = iota // an answer, by the name of its question
	Self                      // the answer itself, in a constraint
	String                    //
	Number                    //
	Call                      // of a function
)

var errUnread = errors.New("cannot be read")

const (
	maxExpression = 8000
	maxNesting    = 40
)

// Dialect tells how a program writes its conditions.
type Dialect int

// The dialects.
const (
	XPath Dialect = iota // ${name}, selected(), not()
	Lime                 // NAME.NAOK, &&, !, is_empty()
)

// Parse reads a condition. What it does not know is an error.
func Parse(text string, dialect Dialect) (Expr, error) {
	if len(text) > maxExpression {
		return Expr{}, errUnread
	}
	p := parser{dialect: dialect}
	if err := p.cut(straight.Replace(text)); err != nil {
		return Expr{}, err
	}
	e, err := p.any(0)
	if err == nil && p.at < len(p.tokens) {
		err = errUnread
	}
	return e, err
}

// straight is what word processors make of quotation marks and blanks, undone.
var straight = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`, "\u00a0", " ", "\u200b", "", "\ufeff", "")

type token struct {
	kind byte // r name in ${}, w word, s text, n number, o operator
	text string
}

type parser struct {
	dialect Dialect
	tokens  []token
	at      int
}

// cut makes tokens.
func (p *parser) cut(s string) error {
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case unicode.IsSpace(r):
			s = s[size:]
		case strings.HasPrefix(s, "${") && p.dialect == XPath:
			end := strings.IndexByte(s, '}')
			if end < 0 {
				return errUnread
			}
			p.tokens = append(p.tokens, token{'r', strings.TrimSpace(s[2:end])})
			s = s[end+1:]
		case r == '\'' || r == '"':
			end := strings.IndexByte(s[1:], byte(r))
			if end < 0 {
				return errUnread
			}
			p.tokens = append(p.tokens, token{'s', s[1 : 1+end]})
			s = s[end+2:]
		case r >= '0' && r <= '9':
			n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' && !unicode.IsLetter(r) && r != '_' })
			if n < 0 {
				n = len(s)
			}
			kind := byte('n')
			if strings.ContainsFunc(s[:n], func(r rune) bool { return unicode.IsLetter(r) || r == '_' }) {
				kind = 'w' // 123X4X5SQ1
			}
			p.tokens = append(p.tokens, token{kind, s[:n]})
			s = s[n:]
		case unicode.IsLetter(r) || r == '_':
			n := strings.IndexFunc(s, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '.' && r != '#' && (p.dialect != XPath || r != '-')
			})
			if n < 0 {
				n = len(s)
			}
			p.tokens = append(p.tokens, token{'w', s[:n]})
			s = s[n:]
		default:
			op := ""
			for _, known := range []string{"===", "!==", "==", "!=", "<=", ">=", "<>", "&&", "||", "=", "<", ">", "!", "(", ")", ",", "-", ".", "+", "*", "/", "[", "]"} {
				if strings.HasPrefix(s, known) {
					op = known
					break
				}
			}
			if op == "" {
				return errUnread
			}
			p.tokens = append(p.tokens, token{'o', op})
			s = s[len(op):]
		}
	}
	return nil
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

// takes tells whether one of some operators or words comes next, and takes it.
func (p *parser) takes(words ...string) (string, bool) {
	t := p.peek()
	if t.kind != 'o' && t.kind != 'w' {
		return "", false
	}
	for _, w := range words {
		if strings.EqualFold(t.text, w) {
			p.at++
			return w, true
		}
	}
	return "", false
}

func (p *parser) any(depth int) (Expr, error) { return p.list(depth, Any, p.all, "or", "||") }
func (p *parser) all(depth int) (Expr, error) { return p.list(depth, All, p.one, "and", "&&") }

func (p *parser) list(depth int, op Op, below func(int) (Expr, error), words ...string) (Expr, error) {
	if depth > maxNesting {
		return Expr{}, errUnread
	}
	first, err := below(depth)
	if err != nil {
		return Expr{}, err
	}
	of := []Expr{first}
	for {
		if _, more := p.takes(words...); !more {
			break
		}
		next, err := below(depth)
		if err != nil {
			return Expr{}, err
		}
		of = append(of, next)
	}
	if len(of) == 1 {
		return first, nil
	}
	return Expr{Op: op, Of: of}, nil
}

// one reads what "and" and "or" put together.
func (p *parser) one(depth int) (Expr, error) {
	if depth > maxNesting {
		return Expr{}, errUnread
	}
	if _, is := p.takes("!"); is {
		e, err := p.one(depth + 1)
		return Expr{Op: Not, Of: []Expr{e}}, err
	}
	if from := p.at; p.peek().text == "(" {
		// It may be a condition or, rarely, what is compared: (${a}) = 1.
		p.at++
		e, err := p.any(depth + 1)
		if _, closed := p.takes(")"); err == nil && closed {
			if next := p.peek(); next.kind != 'o' || !strings.ContainsAny(next.text, "=<>!") {
				return e, nil
			}
		}
		p.at = from
	}
	if t := p.peek(); t.kind == 'w' && p.at+1 < len(p.tokens) && p.tokens[p.at+1].text == "(" {
		if e, is, err := p.predicate(t.text, depth); is || err != nil {
			return e, err
		}
	}
	left, err := p.operand(depth)
	if err != nil {
		return Expr{}, err
	}
	cmp, compared := p.takes("==", "===", "!==", "!=", "<>", "<=", ">=", "=", "<", ">", "eq", "ne", "lt", "le", "gt", "ge")
	if !compared {
		return constant(left)
	}
	right, err := p.operand(depth)
	if err != nil {
		return Expr{}, err
	}
	if plain, is := plainly[cmp]; is {
		cmp = plain
	}
	if left.literal() && !right.literal() {
		left, right, cmp = right, left, turned[cmp]
	}
	return Expr{Op: Compare, Left: left, Right: right, Cmp: cmp}, nil
}

var (
	plainly = map[string]string{"==": "=", "===": "=", "!==": "!=", "<>": "!=", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
	turned  = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
)

func (o Operand) literal() bool { return o.Kind == String || o.Kind == Number }

// constant is a condition that compares nothing: 1, 0.
func constant(o Operand) (Expr, error) {
	if o.Kind == Number && o.Text == "1" {
		return Expr{Op: Always}, nil
	}
	if o.Kind == Number && o.Text == "0" {
		return Expr{Op: Never}, nil
	}
	return Expr{}, errUnread
}

// predicate reads a function that is a condition by itself.
func (p *parser) predicate(name string, depth int) (e Expr, is bool, err error) {
	from := p.at
	p.at += 2
	switch strings.ToLower(name) {
	case "not":
		e, err = p.any(depth + 1)
		e = Expr{Op: Not, Of: []Expr{e}}
	case "true", "false":
		e = Expr{Op: map[bool]Op{true: Always, false: Never}[strings.EqualFold(name, "true")]}
	case "selected", "is_empty":
		e.Left, err = p.operand(depth)
		if name = strings.ToLower(name); err != nil {
			break
		}
		if name == "is_empty" {
			e.Op, e.Cmp, e.Right = Compare, "=", Operand{Kind: String}
			break
		}
		e.Op = Holds
		if _, comma := p.takes(","); !comma {
			return e, true, errUnread
		}
		e.Right, err = p.operand(depth)
	default:
		p.at = from
		return e, false, nil
	}
	if _, closed := p.takes(")"); err == nil && !closed {
		err = errUnread
	}
	return e, true, err
}

// operand reads what is compared.
func (p *parser) operand(depth int) (Operand, error) {
	if depth > maxNesting {
		return Operand{}, errUnread
	}
	t := p.peek()
	p.at++
	switch t.kind {
	case 'r':
		return Operand{Kind: Ref, Text: t.text}, nil
	case 's':
		return Operand{Kind: String, Text: t.text}, nil
	case 'n':
		if _, err := strconv.ParseFloat(t.text, 64); err != nil {
			return Operand{}, errUnread
		}
		return Operand{Kind: Number, Text: t.text}, nil
	case 'w':
		if p.peek().text != "(" {
			if p.dialect == XPath {
				return Operand{}, errUnread
			}
			return Operand{Kind: Ref, Text: t.text}, nil
		}
		p.at++
		call := Operand{Kind: Call, Text: strings.ToLower(t.text)}
		if _, empty := p.takes(")"); empty {
			return call, nil
		}
		for {
			arg, err := p.operand(depth + 1)
			if err != nil {
				return Operand{}, err
			}
			call.Args = append(call.Args, arg)
			if _, more := p.takes(","); more {
				continue
			}
			if _, closed := p.takes(")"); !closed {
				return Operand{}, errUnread
			}
			return call, nil
		}
	case 'o':
		switch t.text {
		case ".":
			return Operand{Kind: Self}, nil
		case "-":
			n, err := p.operand(depth + 1)
			if err != nil || n.Kind != Number || strings.HasPrefix(n.Text, "-") {
				return Operand{}, errUnread
			}
			n.Text = "-" + n.Text
			return n, nil
		case "(":
			inner, err := p.operand(depth + 1)
			if _, closed := p.takes(")"); err == nil && !closed {
				err = errUnread
			}
			return inner, err
		}
	}
	return Operand{}, errUnread
}
