package main

import (
	"bytes"
	"regexp"
	"testing"
	"time"
)

func TestNoticesAndProgressAreRecordsOfTheLogWhereTheLogIsJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	for format, want := range map[string]string{
		"text": "parley: a file cannot be read\nparley: Reading: 2 of 9\n",
		"json": `{"level":"WARN","msg":"a file cannot be read"}` + "\n" + `{"level":"INFO","msg":"Reading","done":2,"total":9}` + "\n",
	} {
		write(t, "parley.toml", "[log]\nlevel = \"info\"\nformat = \""+format+"\"\n")
		var stderr bytes.Buffer
		now := time.Unix(0, 0)
		p := &process{stderr: &stderr, now: func() time.Time { return now }}
		a, err := p.app()
		if err != nil {
			t.Fatal(err)
		}
		a.Notify("a file cannot be read")
		shown := a.Progress("Reading")
		shown.Step(1, 9) // too early to be told
		now = now.Add(2 * time.Second)
		shown.Step(2, 9)
		shown.Step(3, 9) // told a moment ago
		shown.Done()
		if got := withoutTime.ReplaceAllString(stderr.String(), ""); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, got, want)
		}
	}
}

// withoutTime is the time of a record of the log.
var withoutTime = regexp.MustCompile(`"time":"[^"]*",`)
