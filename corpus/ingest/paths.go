package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/files"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

// addFiles brings in a file or a folder that the operator names.
func (g *Ingester) addFiles(ctx context.Context, path string, isFolder bool) (Report, error) {
	b := bringing{Ingester: g}
	if err := b.read(ctx, library.OriginFile, path); err != nil {
		return Report{}, err
	}
	origin := library.Origin{Kind: library.OriginFile, Name: path}
	if isFolder {
		origin.Name = "" // of all files, to look for those in the folder
	}
	if err := b.known(ctx, origin, path); err != nil {
		return Report{}, err
	}
	b.restore = !isFolder && len(b.items) == 1
	err := b.bring(ctx)
	return b.report, err
}

// configured is the name of the note on the record of the configuration.
const configured = "ingest.configured"

// lastTime is that note.
type lastTime struct {
	Fingerprint string    `json:"fingerprint"`
	Problems    []Problem `json:"problems"`
}

// SyncPaths makes the library hold exactly the documents that are built in and those of the
// paths that the configuration names: it adds, revises, and withdraws by their source those
// that are gone, those of a path that is no longer named too. Documents of files that cannot
// be read now stay. While neither the files nor the paths change, nothing is read, and the
// report repeats the problems of the last time. Processes that share a library must have the
// same paths. The error is that of the library or of ctx.
func (g *Ingester) SyncPaths(ctx context.Context, builtIn []corpus.Document, paths []string) (Report, error) {
	paths, err := absolute(paths)
	if err != nil {
		return Report{}, err
	}
	print, err := g.fingerprint(builtIn, paths)
	if err != nil {
		return Report{}, err
	}
	if last, ok, err := g.lastTime(ctx, print); err != nil || ok {
		return Report{Same: true, Problems: last.Problems}, err
	}
	g.progress.reset()
	b := bringing{Ingester: g}
	for _, d := range builtIn {
		b.items = append(b.items, library.Item{Document: d, Origin: library.Origin{Kind: library.OriginBuiltIn}, Key: d.ID})
	}
	if err := b.read(ctx, library.OriginConfigured, paths...); err != nil {
		return Report{}, err
	}
	for _, kind := range []string{library.OriginBuiltIn, library.OriginConfigured} {
		if err := b.known(ctx, library.Origin{Kind: kind}, ""); err != nil {
			return Report{}, err
		}
	}
	if err := b.bring(ctx); err != nil {
		return b.report, err
	}
	// What the library has refused, it may take when something else in it has changed.
	if print == "" || b.report.Refused > 0 {
		return b.report, nil
	}
	return b.report, g.noteTime(ctx, lastTime{print, b.report.Problems})
}

func absolute(paths []string) ([]string, error) {
	all := make([]string, len(paths))
	for i, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", p, err)
		}
		all[i] = abs
	}
	return all, nil
}

// fingerprint changes when what SyncPaths would read does. It is empty when that cannot be
// told, as of a folder that must not be looked at.
func (g *Ingester) fingerprint(builtIn []corpus.Document, paths []string) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, part := range []any{builtIn, paths} {
		if err := e.Encode(part); err != nil {
			return "", fmt.Errorf("fingerprint of the record: %w", err)
		}
	}
	of, err := g.opts.Reader.Fingerprint(paths...)
	if err != nil {
		return "", nil // reading tells the same as a problem
	}
	return of + hex.EncodeToString(h.Sum(nil)), nil
}

// lastTime reports whether the record is as it was the last time.
func (g *Ingester) lastTime(ctx context.Context, fingerprint string) (last lastTime, same bool, err error) {
	content, err := g.opts.Library.Note(ctx, configured)
	if err != nil || content == "" || fingerprint == "" {
		return last, false, err
	}
	if json.Unmarshal([]byte(content), &last) != nil {
		return lastTime{}, false, nil // of another version: it is read anew
	}
	return last, last.Fingerprint == fingerprint, nil
}

func (g *Ingester) noteTime(ctx context.Context, last lastTime) error {
	content, err := json.Marshal(last)
	if err != nil {
		return err
	}
	return g.opts.Library.SetNote(ctx, configured, string(content))
}

// bringing brings documents of files in.
type bringing struct {
	*Ingester
	items []library.Item
	// have are the documents that the library has of the same files and folders.
	have []library.Entry
	// faulty are the files and folders that could not be read as a whole.
	faulty []string
	// found are the files of which documents were read.
	found map[string]bool
	// restore brings back what the operator has removed.
	restore bool
	report  Report
}

// wholeFile is the key of a document whose file states no id for it: the id that is made
// of the path would be another if another folder were named.
const wholeFile = "."

// read reads files and folders; each file is an origin.
func (b *bringing) read(ctx context.Context, kind string, paths ...string) error {
	located, problems, err := b.opts.Reader.Locate(ctx, paths...)
	if err != nil {
		return err
	}
	b.found = map[string]bool{}
	for _, l := range located {
		b.found[l.Path] = true
		b.items = append(b.items, itemOf(l, kind))
	}
	for _, p := range problems {
		b.faulty = append(b.faulty, p.Path)
		where := p.Path
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d", p.Path, p.Line)
		}
		b.report.problem(where, p.Err.Error())
	}
	return nil
}

func itemOf(l files.Located, kind string) library.Item {
	i := library.Item{Document: l.Document, Origin: library.Origin{Kind: kind, Name: l.Path}, Key: l.ID}
	if l.Made {
		i.Key = wholeFile
	}
	if isPage(l.Path) { // of which nobody wrote the address for us, as with one that is fetched
		i.URL = weburl.Citable(i.URL)
	}
	return i
}

func isPage(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".html" || ext == ".htm"
}

// known adds the current documents of an origin, or of all of its kind in a folder.
func (b *bringing) known(ctx context.Context, o library.Origin, folder string) error {
	q := library.Query{Origin: o, Limit: 1000}
	for {
		page, next, err := b.opts.Library.List(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page {
			if folder == "" || isIn(e.Origin.Name, folder) {
				b.have = append(b.have, e)
			}
		}
		if q.After = next; next == "" {
			return nil
		}
	}
}

// isIn reports whether a path is the other one or below it.
func isIn(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

// bring withdraws what is gone and keeps what is there, in this order: so a document whose
// file was moved is free for its new file.
func (b *bringing) bring(ctx context.Context) error {
	gone := b.gone()
	b.progress.expect(len(gone) + len(b.items))
	if err := b.put(ctx, gone); err != nil {
		return err
	}
	return b.put(ctx, b.items)
}

// gone are items for what the library has and the files do not.
func (b *bringing) gone() (gone []library.Item) {
	type name struct {
		origin library.Origin
		key    string
	}
	given := make(map[name]bool, len(b.items))
	for _, i := range b.items {
		given[name{i.Origin, i.Key}] = true
	}
	for _, e := range b.have {
		if !given[name{e.Origin, e.Key}] && !b.isFaulty(e.Origin.Name) {
			gone = append(gone, library.Item{Origin: e.Origin, Key: e.Key, Gone: b.why(e.Origin)})
		}
	}
	return gone
}

// isFaulty reports whether it is not known what a file holds now.
func (b *bringing) isFaulty(path string) bool {
	return slices.ContainsFunc(b.faulty, func(faulty string) bool { return isIn(path, faulty) })
}

func (b *bringing) why(o library.Origin) string {
	switch {
	case o.Kind == library.OriginBuiltIn:
		return "it is no longer a part of the built-in record"
	case b.found[o.Name]:
		return "its file no longer holds it"
	case o.Kind == library.OriginConfigured:
		return "its file is gone, or no longer named in the configuration"
	}
	return "its file is gone"
}

// maxBatch is how much text is kept in one transaction, in bytes.
const maxBatch = 8 << 20

// put keeps items, some at a time.
func (b *bringing) put(ctx context.Context, items []library.Item) error {
	for len(items) > 0 {
		n, size := 0, 0
		for n < len(items) && n < batch && (n == 0 || size+len(items[n].Text) <= maxBatch) {
			size += len(items[n].Text)
			n++
		}
		outcomes, err := b.opts.Library.Put(ctx, items[:n])
		if err != nil {
			return err
		}
		for i := range outcomes {
			if outcomes[i], err = b.again(ctx, items[i], outcomes[i]); err != nil {
				return err
			}
		}
		b.report.count(outcomes)
		items = items[n:]
		b.progress.step(n, "documents")
	}
	return nil
}

// again gives an item again that was not kept, where there is a way.
func (b *bringing) again(ctx context.Context, item library.Item, o library.Outcome) (library.Outcome, error) {
	switch {
	case o.Status == library.Withheld && b.restore:
		if err := b.opts.Library.Restore(ctx, o.ID); err != nil {
			return o, err
		}
	case o.Status == library.Refused:
		if adopted, err := b.adopt(ctx, item); err != nil || !adopted {
			return o, err
		}
	default:
		return o, nil
	}
	outcomes, err := b.opts.Library.Put(ctx, []library.Item{item})
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
func (b *bringing) adopt(ctx context.Context, item library.Item) (bool, error) {
	e, err := b.opts.Library.Get(ctx, item.ID)
	if err != nil || e.Withdrawal.By != library.BySource {
		return false, notMissing(err)
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
	if _, err := b.opts.Library.Find(ctx, item.Origin, key); err == nil {
		return false, nil // its file has another document by that key
	} else if notMissing(err) != nil {
		return false, err
	}
	return true, b.opts.Library.Reassign(ctx, e.ID, item.Origin, key)
}
