package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"parley/corpus"
	"parley/index"
	"parley/index/generation"
)

// Batch is what changes in one step.
type Batch = index.Batch

// checkBatch says what is wrong with a batch.
func checkBatch(b Batch) error {
	put := map[string]bool{}
	for _, doc := range b.Put {
		if err := checkID(doc.ID); err != nil {
			return err
		}
		if put[doc.ID] {
			return fmt.Errorf("document %s: %w", doc.ID, errTwice)
		}
		put[doc.ID] = true
	}
	for _, id := range b.Withdraw {
		if put[id] {
			return fmt.Errorf("document %s: it is both put and withdrawn", id)
		}
	}
	return nil
}

// Apply makes changes in one step: a snapshot has all of them or none. Where it fails,
// nothing has changed. A document that is put as it is already costs next to nothing, so
// that changes may be applied again. Snapshots that were taken before stay as they are,
// and no question waits; batches are applied one after the other.
func (l *Live) Apply(ctx context.Context, b Batch) (err error) {
	defer recoverCorrupt(&err)()
	if err := checkBatch(b); err != nil {
		return fmt.Errorf("change index: %w", err)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.apply(ctx, b); err != nil {
		return fmt.Errorf("change index in %s: %w", l.dir, err)
	}
	return nil
}

func (l *Live) apply(ctx context.Context, b Batch) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := l.writable(); err != nil {
		return err
	}
	before, err := l.snapshot()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, before.Close()) }()
	contents := before.contents.clone()
	c := change{before: before, indexer: l.indexer, batch: l.bleve.NewBatch(), contents: contents, gone: map[uint64]bool{}}
	if err := c.read(ctx, b); err != nil {
		return err
	}
	if contents.State = b.State; c.isNone() {
		return nil
	}
	stored, err := json.Marshal(contents)
	if err != nil {
		return err
	}
	c.batch.SetInternal([]byte(contentsKey), stored)
	if err := l.bleve.Batch(c.batch); err != nil {
		return err
	}
	l.newest.Store(&newest{stored: stored, contents: contents, changed: l.newest.Load().changed + c.passages})
	return nil
}

// change turns a snapshot into the next.
type change struct {
	before   *snapshot
	indexer  indexer
	batch    *bleve.Batch
	contents *Contents
	gone     map[uint64]bool // refs of documents in before that are withdrawn or replaced
	stale    []string        // publishers whose dates must be set again
	passages int             // that are put, replaced or withdrawn
}

// isNone reports whether nothing changes.
func (c *change) isNone() bool {
	return c.batch.Size() == 0 && c.contents.State == c.before.contents.State
}

// read reads a batch into the change.
func (c *change) read(ctx context.Context, b Batch) error {
	for _, id := range b.Withdraw {
		if err := c.withdraw(id); err != nil {
			return err
		}
	}
	var put []indexed
	for _, doc := range b.Put {
		if err := ctx.Err(); err != nil {
			return err
		}
		old, err := c.before.counted(doc.ID)
		if err != nil {
			return err
		}
		if old.ok && old.share.Hash == digestOf(doc) {
			continue
		}
		d, err := c.indexer.read(doc)
		if err != nil {
			return err
		}
		if err := c.put(old, d); err != nil {
			return fmt.Errorf("document %s: %w", doc.ID, err)
		}
		put = append(put, d)
	}
	if err := c.setDates(ctx); err != nil {
		return err
	}
	for _, d := range put {
		c.contents.add(d.source, d.share)
	}
	c.contents.finish()
	return nil
}

// put puts a document in the place of the old one, if there is one.
func (c *change) put(old counted, d indexed) error {
	c.forget(old)
	for _, r := range d.rows {
		if err := c.batch.Index(r.id, r.fields); err != nil {
			return err
		}
	}
	c.passages += d.share.Passages
	c.deletePassages(d.source.ID, d.share.Passages, old.share.Passages)
	return nil
}

// withdraw takes a document away, if there is one.
func (c *change) withdraw(id string) error {
	if checkID(id) != nil {
		return nil // no document has it
	}
	old, err := c.before.counted(id)
	if err != nil || !old.ok || c.gone[old.ref] {
		return err
	}
	c.forget(old)
	c.batch.Delete(id)
	c.deletePassages(id, 0, old.share.Passages)
	return nil
}

// forget no longer counts a document.
func (c *change) forget(old counted) {
	if !old.ok {
		return
	}
	c.gone[old.ref] = true
	if c.contents.remove(old.source, old.share) {
		c.stale = append(c.stale, old.source.Publisher)
	}
}

func (c *change) deletePassages(id string, from, to int) {
	for n := from; n < to; n++ {
		c.batch.Delete(passageID(id, n))
		c.passages++
	}
}

// setDates finds between what dates the documents lie that the stale publishers still have.
func (c *change) setDates(ctx context.Context) error {
	for _, publisher := range c.stale {
		dated, err := c.before.Dated(ctx, fieldPublisher, publisherTerm(publisher))
		if err != nil {
			return err
		}
		var from, to corpus.PartialDate
		for _, d := range dated {
			if !c.gone[d.Ref] {
				from, to = widened(from, to, d.Date)
			}
		}
		c.contents.setDates(publisher, from, to)
	}
	return nil
}

// counted is what a document is counted as in the contents; not ok if there is none.
type counted struct {
	ref    uint64
	source corpus.Source
	share  share
	ok     bool
}

func (s *snapshot) counted(id string) (c counted, err error) {
	if c.ref, c.ok, err = s.ref(id); !c.ok || err != nil {
		return counted{}, err
	}
	stored, err := s.stored(c.ref)
	if err != nil {
		return counted{}, fmt.Errorf("document %s: %w", id, err)
	}
	bad := json.Unmarshal([]byte(stored[fieldSource]), &c.source)
	c.share, err = decodeShare([]byte(stored[fieldShare]))
	if err = errors.Join(bad, err); err != nil {
		return counted{}, fmt.Errorf("document %s: %w: %w", id, generation.ErrCorrupt, err)
	}
	return c, nil
}
