// Package sharedtest finds the data that stands beside the project, in ../shared, for the tests that read
// it: third-party texts, contracts and judged questions, which are not part of the project. A user's clone
// has none. Tests that need it are skipped there, and the last line that the tests of the package print
// says so.
package sharedtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Path returns the path of a file or folder of ../shared, and skips the test where it is not there.
func Path(tb testing.TB, elem ...string) string {
	tb.Helper()
	path, ok := Find(elem...)
	if !ok {
		tb.Skipf("%s is not beside the project", path)
	}
	return path
}

// Find is Path for a test that checks something else where the data is not there. The path is returned in
// any case.
func Find(elem ...string) (path string, ok bool) {
	path = filepath.Join(append([]string{root(), "..", "shared"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		missing.Lock()
		defer missing.Unlock()
		missing.names = append(missing.names, filepath.ToSlash(filepath.Join(elem...)))
		return path, false
	}
	return path, true
}

// Main runs the tests of a package, says what of ../shared they missed, and returns their exit code. It is
// called by TestMain.
func Main(m interface{ Run() int }) int { return Reporting{m}.Run() }

// Reporting is Main as a value, for a TestMain that hands its tests on (to goleak, say).
type Reporting struct{ Tests interface{ Run() int } }

// Run runs the tests and returns their exit code.
func (r Reporting) Run() int {
	code := r.Tests.Run()
	fmt.Print(report())
	return code
}

// missing collects what was looked for in ../shared and is not there.
var missing struct {
	sync.Mutex
	names []string
}

// report is the line about what is missing, empty where nothing is.
func report() string {
	missing.Lock()
	defer missing.Unlock()
	if len(missing.names) == 0 {
		return ""
	}
	seen := map[string]bool{}
	var names []string
	for _, name := range missing.names {
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	return fmt.Sprintf("NOT CHECKED in this package, since ../shared is not beside the project: %s (%d times)\n",
		strings.Join(names, ", "), len(missing.names))
}

// root is the folder of go.mod. A test runs in the folder of its package.
func root() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}
