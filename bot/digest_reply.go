package bot

import (
	"slices"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
)

// Digest is what a digest says, in no language yet.
type Digest struct {
	Language string             // a BCP 47 tag
	Date     corpus.PartialDate // the local day of its slot
	// Topics and Actors are the ids of what was asked for; none: all.
	Topics, Actors []string
	// News are sentences of new documents, by topic; Earlier those of documents that came
	// in new but were published before.
	News    []DigestNews
	Earlier []index.Statement
	// Sides are new statements by actor, as many of each; More are the actors who have some
	// too, Silent the main ones who have none.
	Sides        []index.Side
	More, Silent []string
	// Corrected and Withdrawn are documents that earlier digests have shown.
	Corrected, Withdrawn DigestNotices
	// Documents and Publishers count what is new; Unshown of these documents are told of by
	// their number alone, Unread were too many to be read.
	Documents, Publishers, Unshown, Unread int
	// Timeline is that of the days of Period.
	Timeline index.Timeline
	Period   index.Period
	Record   index.Record
}

// DigestNews are the items of a digest on one topic.
type DigestNews struct {
	Topic string // id; empty: on none that the record knows
	Items []index.Statement
}

// DigestNotices are documents to which something happened, and how many there are besides.
type DigestNotices struct {
	List []DigestNotice
	More int
}

// DigestNotice is a document to which something happened on a day.
type DigestNotice struct {
	Source corpus.Source
	On     corpus.PartialDate
}

// IsQuiet reports whether the digest has nothing to tell.
func (d Digest) IsQuiet() bool {
	return len(d.News)+len(d.Earlier)+len(d.Sides)+len(d.Corrected.List)+len(d.Withdrawn.List) == 0
}

// Title is the heading of a digest: "Digest, 8 May 2026".
func (d Digest) Title() string {
	w := speak(d.Language)
	return w.say(sayDigest, data{"Date": w.date(d.Date)})
}

// Reply is the digest as it is posted. A quiet one is a line.
func (d Digest) Reply(lex *lexicon.Lexicon) Reply {
	reply, _ := d.Laid(lex)
	return reply
}

// Laid is Reply with how many of its blocks, from the first, it takes to quote each
// document once, or to tell what happened to it; by the documents' ids.
func (d Digest) Laid(lex *lexicon.Lexicon) (reply Reply, blocks map[string]int) {
	p := digestReply{naming: naming{lex}, words: speak(d.Language), Digest: d, blocks: map[string]int{}}
	if d.IsQuiet() {
		p.add(Text{plain(p.quietLine())})
		return p.reply, p.blocks
	}
	p.add(Heading{d.Title()})
	p.news()
	p.positions()
	p.notices(sayDigestCorrected, sayCorrectedOn, d.Corrected)
	p.notices(sayDigestWithdrawn, sayWithdrawnOn, d.Withdrawn)
	p.counts()
	p.add(p.drawn(p.words, p.words.say(sayLastDays, nil), d.Timeline, d.Period)...)
	return p.reply, p.blocks
}

// WithSample is a quiet digest with another one below it that shows what the day before
// would have given.
func (d Digest) WithSample(lex *lexicon.Lexicon, sample Digest) Reply {
	reply := d.Reply(lex)
	reply.Blocks = append(reply.Blocks, Text{plain(speak(d.Language).say(sayDayBefore, nil))})
	reply.Blocks = append(reply.Blocks, sample.Reply(lex).Blocks...)
	return reply
}

// digestReply makes the reply of a digest.
type digestReply struct {
	naming
	words words
	Digest
	reply  Reply
	blocks map[string]int // by document: how many of the reply's blocks it takes to show it
}

func (p *digestReply) add(blocks ...Block) { p.reply.Blocks = append(p.reply.Blocks, blocks...) }

// shows notes that the last block shows a document.
func (p *digestReply) shows(document string) {
	if p.blocks[document] == 0 {
		p.blocks[document] = len(p.reply.Blocks)
	}
}

// quietLine says that there is nothing new, on what was asked for.
func (p *digestReply) quietLine() string {
	places := data{"Record": p.words.recordLine(p.Record)}
	asked := slices.Concat(p.topicNames(p.words, p.Topics), p.actorNames(p.words, p.Actors))
	if len(asked) == 0 {
		return p.words.say(sayNothingNew, places)
	}
	places["Names"] = listed(asked)
	return p.words.say(sayNothingNewOn, places)
}

func (p *digestReply) news() {
	for _, n := range p.News {
		title := p.words.say(sayDigestOther, nil)
		if n.Topic != "" {
			title = p.topicName(p.words, n.Topic)
		}
		p.section(title, n.Items)
	}
	p.section(p.words.say(sayDigestEarlier, nil), p.Earlier)
}

// section are items under a heading; none without them.
func (p *digestReply) section(title string, items []index.Statement) {
	if len(items) == 0 {
		return
	}
	p.add(Heading{title})
	for _, item := range items {
		p.add(p.quoteStatement(p.words, item))
		p.shows(item.Source.ID)
	}
}

// positions shows the new statements, and discloses their order.
func (p *digestReply) positions() {
	if len(p.Sides) == 0 {
		return
	}
	p.add(Heading{p.words.say(sayDigestPositions, nil)})
	for _, side := range p.Sides {
		for _, st := range side.Statements {
			p.add(p.quoteStatement(p.words, st, listed(p.actorNames(p.words, side.Actors)), p.words.stance(st)))
			p.shows(st.Source.ID)
		}
	}
	if len(p.Sides) > 1 {
		p.add(Note{plain(p.words.say(sayDigestTurning, nil))})
	}
	for _, about := range []struct {
		phrase phrase
		actors []string
	}{{sayDigestMoreWords, p.More}, {sayDigestNoWord, p.Silent}} {
		if len(about.actors) > 0 {
			p.add(Note{plain(p.words.say(about.phrase, data{"Actors": listed(p.actorNames(p.words, about.actors))}))})
		}
	}
}

// notices lists documents to which something happened.
func (p *digestReply) notices(title, line phrase, notices DigestNotices) {
	if len(notices.List) == 0 {
		return
	}
	list := List{Title: p.words.say(title, nil)}
	for _, n := range notices.List {
		list.Items = append(list.Items, Line{
			link(titleOf(n.Source), n.Source.URL),
			{Text: ", " + p.words.publisher(n.Source) + ", " + p.words.say(line, data{"Date": p.words.date(n.On)})},
		})
	}
	if notices.More > 0 {
		list.Items = append(list.Items, plain(p.words.count(sayCountOthers, notices.More)))
	}
	p.add(list)
	for _, n := range notices.List {
		p.shows(n.Source.ID)
	}
}

// counts say how much is new, how much of it is shown, and through when the record goes.
func (p *digestReply) counts() {
	if p.Documents > 0 {
		p.add(Note{plain(p.words.say(sayDigestCount, data{
			"Documents": p.words.count(sayCountDocuments, p.Documents), "Publishers": p.words.count(sayCountPublishers, p.Publishers),
			"Newest": p.words.known(p.Record.Newest),
		}))})
	}
	if p.Unshown > 0 {
		p.add(Note{plain(p.words.say(sayDigestUnshown, data{"Documents": p.words.count(sayCountDocuments, p.Unshown)}))})
	}
	if p.Unread > 0 {
		p.add(Note{plain(p.words.say(sayDigestUnread, data{"Documents": p.words.count(sayCountDocuments, p.Unread)}))})
	}
}
