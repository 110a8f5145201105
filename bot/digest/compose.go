// Package digest makes the daily digests that chats subscribe to, and delivers them. What
// is new it takes from the library by its changes and not by the clock, so that nothing is
// lost that comes late and nothing is shown twice. It chooses and orders; the words stand in
// package bot, the sentences in the sources.
//
// # What a digest says
//
// New documents with the same text are one story (library.Stories). Of every story one
// sentence is quoted: that with a position or an event on a topic that is nearest to the
// title and the lead, or else the nearest alone. The more publishers carry a matter, the
// further in front it stands; every item on a topic puts the next on it back by one. What
// was published well before it came stands at the end, under a heading that says so. Then
// come new statements, as many of each actor in an order that turns from day to day, then
// corrections and withdrawals of what earlier digests have shown, counts, and the picture
// of the last two weeks.
//
// The same library, subscription and day make the same digest.
package digest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot"
	"parley/bot/delivery"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/index"
	"parley/index/analysis"
	"parley/index/annotate"
	"parley/index/when"
)

// Library holds the documents and their changes.
type Library interface {
	Changes(ctx context.Context, after int64, limit int) ([]library.Change, error)
	Get(ctx context.Context, id string) (library.Entry, error)
	Stories(ctx context.Context, ids ...string) (map[string][]library.Entry, error)
}

// Timeline tells when which actors took which positions.
type Timeline interface {
	Timeline(ctx context.Context, topic string, actors []string, within when.Period, events bool) (index.Timeline, error)
}

// Shows tells which revision of a document a subscription was shown last, 0 where it was
// told that the document is withdrawn.
type Shows = func(ctx context.Context, document string) (revision int, ok bool, err error)

// timelineDays is how many days the picture of a digest shows.
const timelineDays = 14

// Editor composes digests. What is new it takes from the library, sentence by sentence as
// the index would, so that a digest does not depend on how far the index has come. It is
// safe for concurrent use.
type Editor struct {
	library   Library
	timeline  Timeline
	settings  bot.Settings
	lexicon   *lexicon.Lexicon
	own       func(corpus.Source) bool
	annotator *annotate.Annotator
	analyzer  *analysis.Analyzer
	readings  *lru.Cache[string, *reading]
	ranges    *lru.Cache[changeRange, []*story]
	main      []string // ids of the actors over which the statements are spread
	parties   []string // of those between whom the conflict is
}

// EditorOptions configure an Editor; all are required.
type EditorOptions struct {
	Library  Library
	Timeline Timeline
	Settings bot.Settings // of chats, for the language of those who name none
	Lexicon  *lexicon.Lexicon
	// Own reports whether a document is an actor's own word.
	Own func(corpus.Source) bool
}

// NewEditor makes an Editor that has read nothing yet.
func NewEditor(o EditorOptions) *Editor {
	d := &Editor{
		library: o.Library, timeline: o.Timeline, settings: o.Settings, lexicon: o.Lexicon, own: o.Own,
		annotator: annotate.New(o.Lexicon), analyzer: &analysis.Analyzer{},
		readings: newCache[string, *reading](maxReadings), ranges: newCache[changeRange, []*story](maxRanges),
	}
	for _, a := range o.Lexicon.Actors() {
		if a.Main {
			d.main = append(d.main, a.ID)
		}
		if a.Side {
			d.parties = append(d.parties, a.ID)
		}
	}
	slices.Sort(d.main)
	return d
}

// newCache is a cache of a size that is a constant above 0.
func newCache[K comparable, V any](size int) *lru.Cache[K, V] {
	cache, err := lru.New[K, V](size)
	if err != nil {
		panic(err)
	}
	return cache
}

// Compose implements delivery.Composer.
func (d *Editor) Compose(
	ctx context.Context, s bot.Subscription, after int64, shown Shows, at time.Time,
) (delivery.Composed, error) {
	c, err := d.edit(ctx, s, after, shown, at)
	if err != nil {
		return delivery.Composed{}, fmt.Errorf("compose the digest of subscription %s behind change %d: %w", s.ID, after, err)
	}
	reply, blocks := c.layOut(d.lexicon)
	for i, s := range c.shown {
		c.shown[i].Blocks = blocks[cmp.Or(c.toldBy[s.Document], s.Document)]
	}
	return delivery.Composed{Reply: reply, Title: c.title(), Shown: c.shown, Through: c.through, Quiet: c.isQuiet()}, nil
}

// edition is a digest with what is to be kept of it.
type edition struct {
	content
	shown   []delivery.Shown
	toldBy  map[string]string // for some of shown, the document that the reply has in its place
	through int64
}

// edit decides what a digest says.
func (d *Editor) edit(
	ctx context.Context, s bot.Subscription, after int64, shown Shows, at time.Time,
) (e edition, err error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return e, err
	}
	at = at.In(zone)
	e.content = content{Date: corpus.DateOf(at, corpus.Day), Topics: s.Topics, Actors: s.Actors}
	e.toldBy = map[string]string{}
	if e.Language = s.Language; e.Language == "" {
		settings, err := d.settings.ChatSettings(ctx, s.Chat)
		if err != nil {
			return e, err
		}
		e.Language = settings.Language
	}
	news, err := newsAfter(ctx, d.library, after)
	if err != nil {
		return e, err
	}
	e.through = news.through
	all, err := d.stories(ctx, news, after)
	if err != nil {
		return e, err
	}
	publishers := map[string]bool{}
	e.Documents, e.Unread = news.unread, news.unread
	for _, s := range all {
		e.Documents += s.arrived
		maps.Copy(publishers, s.publishers)
	}
	e.Publishers = len(publishers)
	if err := d.tellNews(ctx, &e, all, wishOf(s), shown); err != nil {
		return e, err
	}
	if e.Corrected, err = d.notices(ctx, &e, news.revised, false, shown, zone); err != nil {
		return e, err
	}
	if e.Withdrawn, err = d.notices(ctx, &e, news.withdrawn, true, shown, zone); err != nil {
		return e, err
	}
	return e, d.tellTimeline(ctx, &e, at)
}

// tellNews adds what is wanted of the stories that were not shown yet.
func (d *Editor) tellNews(ctx context.Context, e *edition, all []*story, w wish, shown Shows) error {
	fresh, err := unshown(ctx, all, shown)
	if err != nil {
		return err
	}
	slices.SortFunc(fresh, byPromise)
	for _, s := range fresh[min(maxRead, len(fresh)):] {
		e.Unread += s.arrived
	}
	var read []*story // that are wanted
	for _, s := range fresh[:min(maxRead, len(fresh))] {
		ok, err := d.read(ctx, s)
		if err != nil {
			return err
		}
		if ok && w.choose(s) {
			read = append(read, s)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	weigh(read)
	picked := pick(read)
	e.News, e.Earlier = byTopic(picked, w.topics)
	actors, missed := e.Actors, e.Actors
	if len(actors) == 0 {
		actors, missed = d.main, d.parties
	}
	positions := sidesOf(read, picked, actors, missed, w, e.Date)
	e.Sides, e.More, e.Silent = positions.sides, positions.more, positions.silent
	e.note(read, append(picked, positions.stories...))
	return nil
}

// note remembers which documents are shown, and counts those that are not.
func (e *edition) note(wanted, shown []*story) {
	for _, s := range wanted {
		if !slices.Contains(shown, s) {
			e.Unshown += s.arrived
		}
	}
	noted := map[*story]bool{}
	for _, s := range shown {
		if !noted[s] {
			noted[s] = true
			for _, m := range s.members() {
				e.shown = append(e.shown, delivery.Shown{Document: m.ID, Revision: m.Revision})
				e.toldBy[m.ID] = s.ID
			}
		}
	}
}

// notices are about those of some documents that were shown and are withdrawn now, or else
// corrected.
func (d *Editor) notices(
	ctx context.Context, e *edition, ids []string, withdrawn bool, shown Shows, zone *time.Location,
) (all notices, err error) {
	for _, id := range ids {
		revision, ok, err := shown(ctx, id)
		if err != nil {
			return all, err
		}
		if !ok {
			continue
		}
		entry, err := d.library.Get(ctx, id)
		if err != nil {
			return all, err
		}
		var at time.Time // when it happened; zero: it did not, or it was told
		switch isWithdrawn := !entry.Withdrawal.At.IsZero(); {
		case withdrawn && revision > 0:
			at = entry.Withdrawal.At
		case !withdrawn && !isWithdrawn && entry.Revision > revision:
			at = entry.Revised
		}
		if at.IsZero() {
			continue
		}
		shown := delivery.Shown{Document: id, Revision: entry.Revision}
		if !entry.Withdrawal.At.IsZero() {
			shown.Revision = 0
		}
		e.shown = append(e.shown, shown)
		if len(all.List) == maxNotices {
			e.toldBy[id] = all.List[0].Source.ID // it is counted below it
			all.More++
			continue
		}
		all.List = append(all.List, notice{Source: entry.Source, On: corpus.DateOf(at.In(zone), corpus.Day)})
	}
	return all, nil
}

// tellTimeline adds the last days of what is wished, and the state of the record.
func (d *Editor) tellTimeline(ctx context.Context, e *edition, at time.Time) (err error) {
	year, month, day := at.Date()
	e.Period.Until = time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC)
	e.Period.Since = e.Period.Until.AddDate(0, 0, -timelineDays)
	topic := ""
	if len(e.Topics) == 1 {
		topic = e.Topics[0]
	}
	e.Timeline, err = d.timeline.Timeline(ctx, topic, e.Actors, e.Period, true)
	e.Record = e.Timeline.Record
	return err
}
