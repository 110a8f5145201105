package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) {
	pace = app.Pace{Lease: 8 * time.Second, HostInterval: 10 * time.Millisecond}
	if os.Getenv(childEnv) != "" {
		main() // ends the process
	}
	os.Setenv("LC_ALL", "C") // whatever the developer speaks
	os.Exit(dbtest.Main(m))
}

// password is the secret of this test.
const password = "correct-horse"

func TestConfigCheckReadsTheAddressAndDoesNotTellIt(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"[database]\ndsn = \"postgres://u:" + password + "@localhost/parley\"\n":                    "",
		"[database]\ndsn = \"mysql://u:" + password + "@localhost/parley\"\n":                       "parley: database.dsn: the address of the database cannot be read; it must look like",
		"[database]\ndsn = \"postgres://u:" + password + "@localhost\"\ndsn_file = \"none\"\n":      "parley: only one of database.dsn, database.dsn_file and the environment's PARLEY_DATABASE_DSN may be set",
		"[database]\ndsn_file = \"none\"\n":                                                         "parley: database.dsn_file: open none: ",
		"[database]\ndsn = \"postgres://u:" + password + "@localhost\nport = 1\n":                   "parley: parley.toml:2: ",
		"[database]\ndsn = [\"postgres://u:" + password + "@localhost\"]\n":                         "parley: parley.toml:2: database.dsn",
		"[database]\npassword = \"" + password + "\"\n":                                             "parley: parley.toml:2: unknown key database.password",
		"[database]\ndsn = \"postgres://u:" + password + "@localhost\" # \x01 and what is not TOML": "parley: parley.toml:2: ",
	} {
		write(t, "parley.toml", text)
		var out, problems bytes.Buffer
		code := run(t.Context(), []string{"config", "check"}, strings.NewReader(""), &out, &problems)
		if (code == exitOK) != (want == "") || !strings.HasPrefix(problems.String(), want) {
			t.Errorf("%s\nexit %d: %s\nwant %s", text, code, &problems, want)
		}
		if strings.Contains(problems.String()+out.String(), password) {
			t.Errorf("the password shows: %s", &problems)
		}
	}
}
