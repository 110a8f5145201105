// Package report counts what became of documents, and what went wrong, while they are brought
// into the library, and tells how far the work is.
package report

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"parley/corpus/library"
)

// Report tells what became of what was brought in.
type Report struct {
	// How many documents are new, have another text, another statement about them, are back,
	// are as they were, were withdrawn by their source, are held back because the operator
	// has removed them, and could not be kept.
	Added     int `json:"added"`
	Revised   int `json:"revised"`
	Updated   int `json:"updated"`
	Restored  int `json:"restored"`
	Unchanged int `json:"unchanged"`
	Withdrawn int `json:"withdrawn"`
	Withheld  int `json:"withheld"`
	Refused   int `json:"refused"`
	// Empty are items of feeds without any text, Waiting articles of which the page is
	// still to be read.
	Empty   int `json:"empty"`
	Waiting int `json:"waiting"`
	// Sources are feeds and pages that were asked, Failed those of them that did not answer
	// well.
	Sources int `json:"sources"`
	Failed  int `json:"failed"`
	// Claimed counts the feeds and pages that were passed over because another process is at
	// them, or was when it was killed; ClaimedUntil is when all of them can be asked at last.
	Claimed      int       `json:"claimed"`
	ClaimedUntil time.Time `json:"claimed_until,omitzero"`
	// Same says that the files are those of the last time, so that nothing was read.
	Same bool `json:"same,omitempty"`
	// Problems lists what could not be brought in, each with its reason.
	Problems []Problem `json:"problems"`
	// Untold counts the problems beyond the first 1,000.
	Untold int `json:"untold,omitempty"`
	// Notes say what was cut or passed over by intention.
	Notes []string `json:"notes"`
}

// Problem is why something was not brought in.
type Problem struct {
	Where string `json:"where"` // a file with its line, a document's id, or an address without secrets
	Why   string `json:"why"`
}

// String gives "where: why".
func (p Problem) String() string { return p.Where + ": " + p.Why }

// Changed counts the documents that are not as they were.
func (r Report) Changed() int { return r.Added + r.Revised + r.Updated + r.Restored + r.Withdrawn }

// String gives the report in words: "12 added, 3 revised, 1 refused". What is zero is left out.
func (r Report) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{r.Added, "added"}, {r.Revised, "revised"}, {r.Updated, "updated"}, {r.Restored, "restored"},
		{r.Withdrawn, "withdrawn"}, {r.Unchanged, "unchanged"}, {r.Withheld, "held back"}, {r.Refused, "refused"},
		{r.Empty, "without text"}, {r.Waiting, "waiting for their page"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "nothing new"
	}
	return strings.Join(parts, ", ")
}

// maxProblems is how many problems are told one by one.
const maxProblems = 1000

// AddProblem notes why something was not brought in.
func (r *Report) AddProblem(where, why string) {
	if len(r.Problems) >= maxProblems {
		r.Untold++
		return
	}
	r.Problems = append(r.Problems, Problem{where, why})
}

// AddNote notes what was cut or passed over by intention.
func (r *Report) AddNote(format string, args ...any) {
	if len(r.Notes) < maxProblems {
		r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
	}
}

// Count takes in what the library says became of items.
func (r *Report) Count(outcomes []library.Outcome) {
	counters := map[library.Status]*int{
		library.Added: &r.Added, library.Revised: &r.Revised, library.Updated: &r.Updated, library.Restored: &r.Restored,
		library.Unchanged: &r.Unchanged, library.Withdrawn: &r.Withdrawn, library.Withheld: &r.Withheld,
		library.Refused: &r.Refused,
	}
	for _, o := range outcomes {
		if o.Status == library.Unchanged && o.Revision == 0 {
			continue // it is gone, and never was there
		}
		*counters[o.Status]++
		if o.Status == library.Refused {
			r.AddProblem(o.ID, o.Err.Error())
		}
	}
}

// Add takes in another report.
func (r *Report) Add(o Report) {
	ours, theirs := r.counters(), o.counters()
	for i := range ours {
		*ours[i] += *theirs[i]
	}
	for _, p := range o.Problems {
		r.AddProblem(p.Where, p.Why)
	}
	r.Untold += o.Untold
	for _, n := range o.Notes {
		r.AddNote("%s", n)
	}
}

// counters are the numbers of a report that add up over several.
func (r *Report) counters() []*int {
	return []*int{
		&r.Added, &r.Revised, &r.Updated, &r.Restored, &r.Unchanged, &r.Withdrawn, &r.Withheld, &r.Refused,
		&r.Empty, &r.Waiting, &r.Sources, &r.Failed,
	}
}

// Progress counts what is done of all that is known to be done. It is safe for use by several
// goroutines.
type Progress struct {
	// Tell is called at each step, by one goroutine at a time; it may be nil.
	Tell func(done, total int, what string)

	mu          sync.Mutex
	done, total int
}

// Expect adds to what is to be done.
func (p *Progress) Expect(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += n
}

// Step adds to what is done, and tells it. What comes next must hold no secret.
func (p *Progress) Step(n int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	p.total = max(p.total, p.done)
	if p.Tell != nil {
		p.Tell(p.done, p.total, what)
	}
}

// Reset begins to count anew.
func (p *Progress) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = 0, 0
}
