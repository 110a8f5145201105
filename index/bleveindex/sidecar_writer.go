package bleveindex

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bm25"
)

// Which segments and which terms are worth a sidecar: a small segment is quickly read
// without, and so is a list of few postings a window.
const (
	minSidecarDocs    = 256
	postingsPerWindow = 12
)

// addSidecars writes the sidecars that the segments of a closed index lack, if they have at
// least so many documents. path is the folder of a generation. Later snapshots will have
// average lengths near those of c.
func addSidecars(path string, c *contents.Summary, minDocs int64) (err error) {
	st, err := openStore(path, readOnly, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()
	reader, err := st.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, s := range reader.Segments() {
		p, ok := s.Segment().(persisted)
		if !ok || s.FullSize() < minDocs {
			continue
		}
		if err := addSidecar(p, int(s.FullSize()), c); err != nil {
			return fmt.Errorf("sidecar of %s: %w", p.Path(), err)
		}
	}
	return nil
}

// addSidecar writes the sidecar of a segment, if it has none that fits.
func addSidecar(p persisted, docs int, c *contents.Summary) error {
	switch known, err := openSidecar(p, docs); {
	case err != nil:
		return err
	case known != nil:
		return known.mapped.Unmap()
	}
	tmp := sidecarPath(p) + ".tmp"
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	w := &sidecarWriter{file: f, out: bufio.NewWriterSize(f, 1<<20), segment: p, windows: bm25.Windows(docs)}
	w.footer = sidecarFooter{Docs: uint32(docs), Segment: p.CRC(), Magic: sidecarMagic}
	for i := range contents.ScoredFields {
		w.footer.Averages[i] = c.AverageLength(i)
	}
	err = errors.Join(w.write(), f.Close())
	if err == nil {
		err = os.Rename(tmp, sidecarPath(p))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

type sidecarWriter struct {
	file    *os.File
	out     *bufio.Writer
	segment persisted
	windows int
	footer  sidecarFooter
	at      uint64 // how much was written
	entries []byte
	keys    []byte
	packer  postingsPacker
	packed  []byte
	dates   []byte // for each document, as in the file
}

func (w *sidecarWriter) write() error {
	// What stands first is known last: until then zeros take its place.
	lengths := make([][]byte, len(contents.ScoredFields))
	for i := range lengths {
		lengths[i] = make([]byte, lengthsSize(w.windows))
		if err := w.append(lengths[i]); err != nil {
			return err
		}
	}
	w.dates = make([]byte, 4*int(w.footer.Docs))
	if err := w.append(w.dates); err != nil {
		return err
	}
	for _, f := range postingFields {
		var texts *scoredText
		if i := scoredField(f); i >= 0 {
			texts = &scoredText{bm25.NormsOf(w.footer.Averages[i]), lengths[i]}
		}
		if err := w.writeField(f, texts); err != nil {
			return fmt.Errorf("field %s: %w", f, err)
		}
	}
	w.footer.Entries = w.at
	w.footer.Keys = w.at + uint64(len(w.entries))
	footer, err := binary.Append(nil, binary.LittleEndian, w.footer)
	if err = errors.Join(err, w.append(w.entries), w.append(w.keys), w.append(footer), w.out.Flush()); err != nil {
		return err
	}
	_, err = w.file.WriteAt(slices.Concat(append(lengths, w.dates)...), 0)
	return err
}

func (w *sidecarWriter) append(b []byte) error {
	n, err := w.out.Write(b)
	w.at += uint64(n)
	return err
}

// writeField writes the postings of the common terms of a field, and finds out the lengths
// of all its texts. Of the dates it notes the documents instead.
func (w *sidecarWriter) writeField(f index.Field, texts *scoredText) error {
	dict, err := w.segment.Dictionary(string(f))
	if err != nil {
		return err
	}
	var list segment.PostingsList
	for terms := dict.AutomatonIterator(nil, nil, nil); ; {
		entry, err := terms.Next()
		if entry == nil || err != nil {
			return err
		}
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return err
		}
		if f == fieldDay {
			w.addEntry(f, entry.Term, 0)
			number := uint32(len(w.entries) / entrySize)
			err := each(list, func(doc uint64) { binary.LittleEndian.PutUint32(w.dates[4*doc:], number) })
			if err != nil {
				return fmt.Errorf("date %q: %w", entry.Term, err)
			}
			continue
		}
		count := int(list.Count()) // entry.Count is wrong after a term with a single posting (bleve 2.6.3)
		common := count >= postingsPerWindow*w.windows
		if !common && texts == nil {
			continue
		}
		w.packed, err = w.packer.pack(w.packed[:0], list, w.windows, texts)
		if err == nil && common {
			w.addEntry(f, entry.Term, count)
			err = w.append(w.packed)
		}
		if err != nil {
			return fmt.Errorf("term %q: %w", entry.Term, err)
		}
	}
}

// addEntry adds the entry of a term whose postings come next.
func (w *sidecarWriter) addEntry(f index.Field, term string, count int) {
	w.keys = append(w.keys, sidecarKey(f, term)...)
	w.entries, _ = binary.Append(w.entries, binary.LittleEndian, sidecarEntry{uint32(len(w.keys)), uint32(count), w.at})
}
