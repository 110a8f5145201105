package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// press serves feeds in every state that they can be in.
func press(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range map[string]string{
		"/good":   `<rss version="2.0"><channel><title>Good News</title><item><guid>1</guid><title>A</title><link>/denied</link></item></channel></rss>`,
		"/broken": "<rss <<<", "/empty": "", "/page": "<html><body><p>A page.</p></body></html>",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	for path, status := range map[string]int{"/denied": 403, "/busy": 429, "/fault": 500, "/gone": 410} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// followUnasked makes the library follow feeds without asking them.
func followUnasked(t *testing.T, addresses ...string) {
	t.Helper()
	var list strings.Builder
	for _, a := range addresses {
		fmt.Fprintf(&list, `<outline text="Feed" type="rss" xmlUrl="%s"/>`, a)
	}
	write(t, "list.opml", `<opml version="2.0"><head/><body>`+list.String()+`</body></opml>`)
	parley(t, "", "corpus", "add", "list.opml").want(t, exitOK, []string{"Feed is followed from now on", "parley corpus sync reads what is waiting"})
}

// blocks are what doctor says of each feed, by its address, which is not indented.
func blocks(out string) map[string]string {
	all := map[string]string{}
	address := ""
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, " ") {
			address = strings.TrimSpace(line)
		}
		all[address] += line
	}
	return all
}

func TestTheDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "parley.toml", "[corpus]\nbriefs = false\n[sync]\nallow_private = [\"127.0.0.0/8\"]\n")
	server, other := press(t), press(t) // the other host is left alone when it is busy
	var addresses []string
	for _, path := range []string{"/broken", "/empty", "/page", "/denied", "/fault", "/gone", "/nowhere"} {
		addresses = append(addresses, server+path)
	}
	followUnasked(t, append(addresses, other+"/busy?token=hush")...)
	before := parley(t, "", "corpus", "doctor")
	before.want(t, exitOK, []string{"Feeds and pages: 8 new.", "do         parley corpus sync asks it", "next       at once"})

	parley(t, "", "corpus", "add", server+"/good").want(t, exitOK, []string{"1 waiting for their page", "parley corpus sync reads what is waiting"})
	parley(t, "", "corpus", "doctor").want(t, exitOK, []string{"0; 1 more wait for their page, which parley corpus sync reads"})
	parley(t, "", "corpus", "sync").want(t, exitError, []string{"8 asked, 8 failed"}, "/broken: this is not a feed")
	after := parley(t, "", "corpus", "doctor")
	after.want(t, exitOK, []string{"Feeds and pages: 1 suspended, 7 failing, 1 well."})
	if strings.Contains(after.stdout, "hush") {
		t.Errorf("a secret is told: %s", after.stdout)
	}
	have := blocks(after.stdout)
	for feed, want := range map[string][]string{
		server + "/broken":  {"state failing, once", "no XML", "parley corpus sync " + server + "/broken asks at once"},
		server + "/empty":   {"it is empty", "parley corpus remove " + server + "/empty ends it"},
		server + "/page":    {"it is a web page; look in it for the address of its feed"},
		server + "/denied":  {"why status 403 Forbidden; the site does not show it to programs"},
		server + "/fault":   {"status 500 Internal Server Error; the server has a fault, which may pass"},
		server + "/gone":    {"state suspended, it is no longer asked", "parley corpus restore " + server + "/gone has it asked again", "next never"},
		server + "/nowhere": {"status 404 Not Found; check the address"},
		server + "/good":    {"title Good News", "state well", "cannot read " + server + "/denied: status 403"},
		other + "/busy?…":   {"status 429 Too Many Requests; wait, the server is too busy", "parley corpus sync ID asks at once", "parley corpus doctor --json shows its ID"},
	} {
		block := strings.Join(strings.Fields(have[feed]), " ")
		for _, w := range want {
			if !strings.Contains(block, w) {
				t.Errorf("%s: %q is not in\n%s", feed, w, have[feed])
			}
		}
	}
}

func TestAListThatIsCutOrEmptySaysSo(t *testing.T) {
	ownTalks(t)
	parley(t, "", "corpus", "list").want(t, exitOK, nil, "the library has no documents; parley corpus add takes some in")
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"3 added"})
	parley(t, "", "corpus", "list", "--limit", "2").want(t, exitOK, nil, "there are more than 2 documents; --limit 0 lists all")
	parley(t, "", "corpus", "list", "--publisher", "Nobody").want(t, exitOK, nil, "the library has no such documents")
	if all := parley(t, "", "corpus", "list", "--limit", "3"); all.stderr != "" {
		t.Errorf("of all documents: %s", all.stderr)
	}
}
