// Package paths brings the documents of files and folders into the library, and withdraws
// those that are gone from them. Package files reads the files.
package paths

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/files"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

// Importer brings documents of files into one library.
type Importer struct {
	Library  *library.Library
	Reader   files.Reader
	Progress *report.Progress
}

// Add brings in a file or a folder that the operator names.
func (m *Importer) Add(ctx context.Context, path string, isFolder bool) (report.Report, error) {
	r := run{Importer: m}
	if err := r.read(ctx, library.OriginFile, path); err != nil {
		return report.Report{}, err
	}
	origin := library.Origin{Kind: library.OriginFile, Name: path}
	if isFolder {
		origin.Name = "" // of all files, to look for those in the folder
	}
	if err := r.list(ctx, origin, path); err != nil {
		return report.Report{}, err
	}
	r.restore = !isFolder && len(r.items) == 1
	err := r.finish(ctx)
	return r.report, err
}

// lastSync is kept of a Sync that read the files, as a note in the library of this name.
type lastSync struct {
	Fingerprint string           `json:"fingerprint"`
	Problems    []report.Problem `json:"problems"`
}

const lastSyncNote = "ingest.configured"

// Sync makes the library hold exactly the documents that are built in and those of the
// paths that the configuration names: it adds, revises, and withdraws by their source those
// that are gone, those of a path that is no longer named too. Documents of files that cannot
// be read now stay. While neither the files nor the paths change, nothing is read, and the
// report repeats the problems of the last time. Processes that share a library must have the
// same paths. The error is that of the library or of ctx.
func (m *Importer) Sync(ctx context.Context, builtIn []corpus.Document, configured []string) (report.Report, error) {
	paths := make([]string, len(configured))
	for i, path := range configured {
		var err error
		if paths[i], err = filepath.Abs(path); err != nil {
			return report.Report{}, fmt.Errorf("path %q: %w", path, err)
		}
	}
	fingerprint, err := m.fingerprint(builtIn, paths)
	if err != nil {
		return report.Report{}, err
	}
	note, err := m.Library.Note(ctx, lastSyncNote)
	if err != nil {
		return report.Report{}, err
	}
	var last lastSync // a note of another version is as good as none
	if json.Unmarshal([]byte(note), &last) == nil && fingerprint != "" && last.Fingerprint == fingerprint {
		return report.Report{Same: true, Problems: last.Problems}, nil
	}
	m.Progress.Reset()
	r := run{Importer: m}
	for _, d := range builtIn {
		r.items = append(r.items, library.Item{Document: d, Origin: library.Origin{Kind: library.OriginBuiltIn}, Key: d.ID})
	}
	if err := r.read(ctx, library.OriginConfigured, paths...); err != nil {
		return report.Report{}, err
	}
	for _, kind := range []string{library.OriginBuiltIn, library.OriginConfigured} {
		if err := r.list(ctx, library.Origin{Kind: kind}, ""); err != nil {
			return report.Report{}, err
		}
	}
	if err := r.finish(ctx); err != nil {
		return r.report, err
	}
	// What the library has refused, it may take when something else in it has changed.
	if fingerprint == "" || r.report.Refused > 0 {
		return r.report, nil
	}
	content, err := json.Marshal(lastSync{fingerprint, r.report.Problems})
	if err != nil {
		return r.report, err
	}
	return r.report, m.Library.SetNote(ctx, lastSyncNote, string(content))
}

// fingerprint changes when what Sync would read does. It is empty when that cannot be
// told, as of a folder that must not be looked at.
func (m *Importer) fingerprint(builtIn []corpus.Document, paths []string) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, part := range []any{builtIn, paths} {
		if err := e.Encode(part); err != nil {
			return "", fmt.Errorf("fingerprint of the record: %w", err)
		}
	}
	ofFiles, err := m.Reader.Fingerprint(paths...)
	if err != nil {
		return "", nil // reading reports the same as a problem
	}
	return ofFiles + hex.EncodeToString(h.Sum(nil)), nil
}

// Remove withdraws the documents of a file or folder that was added, also one that is no
// longer there. Those of the configuration are left to the configuration. The error of what
// was not added is library.ErrNotFound.
func (m *Importer) Remove(ctx context.Context, what, reason string) (report.Report, error) {
	path, err := filepath.Abs(what)
	if err != nil {
		return report.Report{}, fmt.Errorf("remove %s: %w", what, err)
	}
	r := run{Importer: m}
	if err := r.list(ctx, library.Origin{Kind: library.OriginFile}, path); err != nil {
		return report.Report{}, err
	}
	if len(r.present) == 0 {
		return report.Report{}, library.ErrNotFound
	}
	var items []library.Item
	for _, e := range r.present {
		items = append(items, library.Item{Origin: e.Origin, Key: e.Key, Gone: reason})
	}
	m.Progress.Reset()
	m.Progress.Expect(len(items))
	err = r.put(ctx, items)
	return r.report, err
}

// run compares what files hold with what the library has of them, and keeps the difference.
type run struct {
	*Importer
	items   []library.Item  // of the files
	present []library.Entry // that the library has of the same files and folders
	faulty  []string        // files and folders that could not be read as a whole
	found   map[string]bool // files of which documents were read
	restore bool            // bring back what the operator has removed
	report  report.Report
}

// unnamedKey is the key of a document whose file states no id for it: the id that is made
// of the path would be another if another folder were named.
const unnamedKey = "."

// read reads files and folders; each file is an origin.
func (r *run) read(ctx context.Context, kind string, paths ...string) error {
	located, problems, err := r.Reader.Locate(ctx, paths...)
	if err != nil {
		return err
	}
	r.found = map[string]bool{}
	for _, l := range located {
		r.found[l.Path] = true
		i := library.Item{Document: l.Document, Origin: library.Origin{Kind: kind, Name: l.Path}, Key: l.ID}
		if l.Made {
			i.Key = unnamedKey
		}
		if l.IsPage { // nobody wrote its address for us, as with a page that is fetched
			i.URL = weburl.Citable(i.URL)
		}
		r.items = append(r.items, i)
	}
	for _, p := range problems {
		r.faulty = append(r.faulty, p.Path)
		r.report.AddProblem(p.Place(), p.Err.Error())
	}
	return nil
}

// list looks up the current documents of an origin, or those of all its kind in a folder.
func (r *run) list(ctx context.Context, o library.Origin, folder string) error {
	q := library.Query{Origin: o, Limit: 1000}
	for {
		page, next, err := r.Library.List(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page {
			if folder == "" || isIn(e.Origin.Name, folder) {
				r.present = append(r.present, e)
			}
		}
		if q.After = next; next == "" {
			return nil
		}
	}
}

// isIn reports whether a path is the other one or below it.
func isIn(path, folder string) bool {
	const separator = string(filepath.Separator)
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, separator)+separator)
}

// finish withdraws what is gone and then keeps what is there: so a document whose file was
// moved is free for its new file. Nothing is withdrawn of a file that could not be read.
func (r *run) finish(ctx context.Context) error {
	type name struct {
		origin library.Origin
		key    string
	}
	given := make(map[name]bool, len(r.items))
	for _, i := range r.items {
		given[name{i.Origin, i.Key}] = true
	}
	var gone []library.Item
	for _, e := range r.present {
		isFaulty := slices.ContainsFunc(r.faulty, func(faulty string) bool { return isIn(e.Origin.Name, faulty) })
		if !given[name{e.Origin, e.Key}] && !isFaulty {
			gone = append(gone, library.Item{Origin: e.Origin, Key: e.Key, Gone: r.why(e.Origin)})
		}
	}
	r.Progress.Expect(len(gone) + len(r.items))
	if err := r.put(ctx, gone); err != nil {
		return err
	}
	return r.put(ctx, r.items)
}

// why says why a document of that origin is gone.
func (r *run) why(o library.Origin) string {
	switch {
	case o.Kind == library.OriginBuiltIn:
		return "it is no longer a part of the built-in record"
	case r.found[o.Name]:
		return "its file no longer holds it"
	case o.Kind == library.OriginConfigured:
		return "its file is gone, or no longer named in the configuration"
	}
	return "its file is gone"
}

// put keeps items, some in each transaction.
func (r *run) put(ctx context.Context, items []library.Item) error {
	const maxItems, maxText = 250, 8 << 20 // of one transaction; the text in bytes
	for len(items) > 0 {
		n, size := 0, 0
		for n < len(items) && n < maxItems && (n == 0 || size+len(items[n].Text) <= maxText) {
			size += len(items[n].Text)
			n++
		}
		outcomes, err := r.Library.Put(ctx, items[:n])
		if err != nil {
			return err
		}
		for i := range outcomes {
			if outcomes[i], err = r.retry(ctx, items[i], outcomes[i]); err != nil {
				return err
			}
		}
		r.report.Count(outcomes)
		items = items[n:]
		r.Progress.Step(n, "documents")
	}
	return nil
}

// retry puts an item once more that was held back or refused, if the cause can be removed.
func (r *run) retry(ctx context.Context, item library.Item, o library.Outcome) (library.Outcome, error) {
	switch {
	case o.Status == library.Withheld && r.restore:
		if err := r.Library.Restore(ctx, o.ID); err != nil {
			return o, err
		}
	case o.Status == library.Refused:
		if adopted, err := r.adopt(ctx, item); err != nil || !adopted {
			return o, err
		}
	default:
		return o, nil
	}
	outcomes, err := r.Library.Put(ctx, []library.Item{item})
	if err != nil {
		return o, err
	}
	if o.Status == library.Withheld && outcomes[0].Status == library.Unchanged {
		outcomes[0].Status = library.Restored
	}
	return outcomes[0], nil
}

// adopt gives a document to the file that states its id now, if the file that had it no
// longer does. It reports whether it did.
func (r *run) adopt(ctx context.Context, item library.Item) (bool, error) {
	e, err := r.Library.Get(ctx, item.ID)
	switch {
	case errors.Is(err, library.ErrNotFound):
		return false, nil
	case err != nil || e.Withdrawal.By != library.BySource:
		return false, err
	}
	switch e.Origin.Kind {
	case library.OriginFile, library.OriginConfigured, library.OriginBuiltIn:
	default:
		return false, nil
	}
	key := cmp.Or(item.Key, item.ID)
	if e.Origin == item.Origin && e.Key == key {
		return false, nil // it was refused for another reason
	}
	if _, err := r.Library.Find(ctx, item.Origin, key); err == nil {
		return false, nil // its file has another document by that key
	} else if !errors.Is(err, library.ErrNotFound) {
		return false, err
	}
	return true, r.Library.Reassign(ctx, e.ID, item.Origin, key)
}
