package config

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// composed is what the tests read of docker-compose.yml.
type composed struct {
	Environment map[string]string `yaml:"x-environment"`
	Services    map[string]struct {
		User        string
		Tmpfs       []string
		Environment map[string]string
	}
}

func readCompose(t *testing.T) (text string, c composed) {
	t.Helper()
	content, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, &c); err != nil {
		t.Fatal(err)
	}
	return string(content), c
}

// TestComposePassesEverySetting: what stands in .env reaches the program, with
// the program's default where nothing stands there, and the head of the file
// names it.
func TestComposePassesEverySetting(t *testing.T) {
	t.Parallel()
	text, c := readCompose(t)
	head, _, _ := strings.Cut(text, "\nname:")
	fixed := map[string]bool{ // by the file itself
		"SIPAS_ADDR": true, "SIPAS_DATABASE_URL": true, "SIPAS_REDIS_URL": true,
	}
	required := regexp.MustCompile(`^\$\{(\w+):\?.+\}$`)
	for field := range reflect.TypeFor[Config]().Fields() {
		name := field.Tag.Get("env")
		value, passed := c.Environment[name]
		switch {
		case name == "SIPAS_SECRET_FILE": // SIPAS_SECRET must be given
			continue
		case !passed:
			t.Errorf("%s is not passed", name)
		case fixed[name]:
			continue
		case required.MatchString(value):
			if required.FindStringSubmatch(value)[1] != name {
				t.Errorf("%s is %s", name, value)
			}
		case value != "${"+name+":-"+field.Tag.Get("default")+"}":
			t.Errorf("%s is %s, the program's default is %q", name, value, field.Tag.Get("default"))
		}
		if !strings.Contains(head, " "+name+"=") {
			t.Errorf("the head of the file does not name %s", name)
		}
	}
	for _, found := range regexp.MustCompile(`\$\{(\w+):[?-]`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(head, " "+found[1]+"=") {
			t.Errorf("the head of the file does not name %s", found[1])
		}
	}
	for _, service := range []string{"app", "migrate"} {
		if !reflect.DeepEqual(c.Services[service].Environment, c.Environment) {
			t.Errorf("%s has another environment", service)
		}
	}
}

// TestComposeWritesWhereItMay: a tmpfs belongs to root and has the mode of the
// image's folder, so a service that is not root may write to /tmp only.
func TestComposeWritesWhereItMay(t *testing.T) {
	t.Parallel()
	text, c := readCompose(t)
	redis := c.Services["redis"]
	if redis.User != "redis" || !reflect.DeepEqual(redis.Tmpfs, []string{"/tmp"}) {
		t.Errorf("redis runs as %q with tmpfs %v", redis.User, redis.Tmpfs)
	}
	for _, found := range regexp.MustCompile(`(\S+)redis\.conf`).FindAllStringSubmatch(text, -1) {
		if strings.TrimPrefix(found[1], ">") != "/tmp/" {
			t.Errorf("redis writes to %s", found[0])
		}
	}
}
