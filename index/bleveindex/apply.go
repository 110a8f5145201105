package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/contents"
)

// checkBatch says what is wrong with a batch.
func checkBatch(b index.Batch) error {
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
func (l *Live) Apply(ctx context.Context, b index.Batch) (err error) {
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

func (l *Live) apply(ctx context.Context, b index.Batch) (err error) {
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
	c := change{
		before: before, indexer: l.indexer, batch: l.bleve.NewBatch(),
		contents: before.contents.Clone(), gone: map[uint64]bool{},
	}
	if err := c.read(ctx, b); err != nil {
		return err
	}
	if c.batch.Size() == 0 && b.State == before.contents.State {
		return nil
	}
	c.contents.State = b.State
	stored, err := json.Marshal(c.contents)
	if err != nil {
		return err
	}
	c.batch.SetInternal([]byte(contentsKey), stored)
	if err := l.bleve.Batch(c.batch); err != nil {
		return err
	}
	l.newest.Store(&newest{stored: stored, contents: c.contents, changed: l.newest.Load().changed + c.passages})
	return nil
}

// change turns a snapshot into the next.
type change struct {
	before   *snapshot
	indexer  indexer
	batch    *bleve.Batch
	contents *contents.Summary
	gone     map[uint64]bool // refs of documents in before that are withdrawn or replaced
	stale    []string        // publishers whose dates must be set again
	passages int             // that are put, replaced or withdrawn
}

// read reads a batch into the change.
func (c *change) read(ctx context.Context, b index.Batch) error {
	for _, id := range b.Withdraw {
		if err := c.withdraw(id); err != nil {
			return err
		}
	}
	var put []preparedDocument
	for _, doc := range b.Put {
		if err := ctx.Err(); err != nil {
			return err
		}
		old, err := c.before.indexed(doc.ID)
		if err != nil {
			return err
		}
		if old != nil && old.share.Hash == contents.DigestOf(doc) {
			continue
		}
		d, err := c.indexer.prepare(doc)
		if err != nil {
			return err
		}
		c.forget(old, d.share.Passages)
		for _, x := range d.docs {
			if err := c.batch.Index(x.ID, x.Fields); err != nil {
				return fmt.Errorf("document %s: %w", doc.ID, err)
			}
		}
		c.passages += d.share.Passages
		put = append(put, d)
	}
	if err := c.setDates(ctx); err != nil {
		return err
	}
	for _, d := range put {
		c.contents.Add(d.source, d.share)
	}
	c.contents.Finish()
	return nil
}

// withdraw takes a document away, if there is one.
func (c *change) withdraw(id string) error {
	if checkID(id) != nil {
		return nil // no document has it
	}
	old, err := c.before.indexed(id)
	if err != nil || old == nil || c.gone[old.ref] {
		return err
	}
	c.batch.Delete(id)
	c.forget(old, 0)
	return nil
}

// forget no longer counts a document, if there is one, and deletes its passages but the
// first, which others replace.
func (c *change) forget(old *indexedDocument, replaced int) {
	if old == nil {
		return
	}
	c.gone[old.ref] = true
	if c.contents.Remove(old.source, old.share) {
		c.stale = append(c.stale, old.source.Publisher)
	}
	for n := replaced; n < old.share.Passages; n++ {
		c.batch.Delete(passageID(old.source.ID, n))
		c.passages++
	}
}

// setDates finds the oldest and the newest date among the documents that are left of the
// stale publishers.
func (c *change) setDates(ctx context.Context) error {
	for _, publisher := range c.stale {
		dated, err := c.before.Dated(ctx, fieldPublisher, publisherTerm(publisher))
		if err != nil {
			return err
		}
		var from, to corpus.PartialDate
		for _, d := range dated {
			if !c.gone[d.Ref] {
				from, to = contents.Widen(from, to, d.Date)
			}
		}
		c.contents.SetDates(publisher, from, to)
	}
	return nil
}
