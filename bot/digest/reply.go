package digest

import (
	"slices"
	"strings"

	"parley/bot"
	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// content is a composed digest before it is put into a language.
type content struct {
	Language string             // a BCP 47 tag
	Date     corpus.PartialDate // the local day of its slot
	// Topics and Actors are the ids of what was asked for; none: all.
	Topics, Actors []string
	// News are sentences of new documents, by topic; Earlier those of documents that came
	// in new but were published before.
	News    []topicNews
	Earlier []index.Statement
	// Sides are new statements by actor, as many of each; More are the actors who have some
	// too, Silent the main ones who have none.
	Sides        []index.Side
	More, Silent []string
	// Corrected and Withdrawn are documents that earlier digests have shown.
	Corrected, Withdrawn notices
	// Documents and Publishers count what is new; Unshown of these documents are told of by
	// their number alone, Unread were too many to be read.
	Documents, Publishers, Unshown, Unread int
	// Timeline is that of the days of Period.
	Timeline index.Timeline
	Period   when.Period
	Record   index.Record
}

// topicNews are the items of a digest on one topic.
type topicNews struct {
	Topic string // id; empty: on none that the record knows
	Items []index.Statement
}

// notices are documents to which something happened, and how many there are besides.
type notices struct {
	List []notice
	More int
}

// notice is a document to which something happened on a day.
type notice struct {
	Source corpus.Source
	On     corpus.PartialDate
}

// isQuiet reports whether the digest has nothing to tell.
func (d content) isQuiet() bool {
	return len(d.News)+len(d.Earlier)+len(d.Sides)+len(d.Corrected.List)+len(d.Withdrawn.List) == 0
}

// title is the heading of a digest: "content, 8 May 2026".
func (d content) title() string {
	l := wording.In(d.Language)
	return l.Fill("digest", wording.Data{"Date": l.Date(d.Date)})
}

// reply is the digest as it is posted. A quiet one is a line.
func (d content) reply(lex *lexicon.Lexicon) bot.Reply {
	reply, _ := d.layOut(lex)
	return reply
}

// layOut is reply with how many of its blocks, from the first, it takes to quote each
// document once, or to tell what happened to it; by the documents' ids.
func (d content) layOut(lex *lexicon.Lexicon) (reply bot.Reply, blocks map[string]int) {
	p := digestReply{Presenter: bot.NewPresenter(lex, d.Language), content: d, blocks: map[string]int{}}
	if d.isQuiet() {
		p.add(bot.Text{Line: bot.Plain(p.quietLine())})
		return p.reply, p.blocks
	}
	p.add(bot.Heading{Text: d.title()})
	p.news()
	p.positions()
	p.notices("digest_corrected", "corrected_on", d.Corrected)
	p.notices("digest_withdrawn", "withdrawn_on", d.Withdrawn)
	p.counts()
	p.add(p.TimelinePicture(p.Say("last_days"), d.Timeline, d.Period)...)
	return p.reply, p.blocks
}

// withSample is a quiet digest with another one below it that shows what the day before
// would have given.
func (d content) withSample(lex *lexicon.Lexicon, sample content) bot.Reply {
	reply := d.reply(lex)
	reply.Blocks = append(reply.Blocks, bot.Text{Line: bot.Plain(wording.In(d.Language).Say("day_before"))})
	reply.Blocks = append(reply.Blocks, sample.reply(lex).Blocks...)
	return reply
}

// digestReply makes the reply of a digest.
type digestReply struct {
	bot.Presenter
	content
	reply  bot.Reply
	blocks map[string]int // by document: how many of the reply's blocks it takes to show it
}

func (p *digestReply) add(blocks ...bot.Block) { p.reply.Blocks = append(p.reply.Blocks, blocks...) }

func (p *digestReply) note(text string) { p.add(bot.Note{Line: bot.Plain(text)}) }

// shows notes that the last block shows a document.
func (p *digestReply) shows(document string) {
	if p.blocks[document] == 0 {
		p.blocks[document] = len(p.reply.Blocks)
	}
}

// quietLine says that there is nothing new, on what was asked for.
func (p *digestReply) quietLine() string {
	places := wording.Data{"Record": p.RecordLine(p.Record)}
	asked := slices.Concat(p.TopicNames(p.Topics), p.ActorNames(p.Actors))
	if len(asked) == 0 {
		return p.Fill("nothing_new", places)
	}
	places["Names"] = strings.Join(asked, ", ")
	return p.Fill("nothing_new_on", places)
}

func (p *digestReply) news() {
	for _, n := range p.News {
		title := p.Say("digest_other")
		if n.Topic != "" {
			title = p.TopicName(n.Topic)
		}
		p.section(title, n.Items)
	}
	p.section(p.Say("digest_earlier"), p.Earlier)
}

// section are items under a heading; none without them.
func (p *digestReply) section(title string, items []index.Statement) {
	if len(items) == 0 {
		return
	}
	p.add(bot.Heading{Text: title})
	for _, item := range items {
		p.add(p.QuoteStatement(item))
		p.shows(item.Source.ID)
	}
}

// positions shows the new statements, and discloses their order.
func (p *digestReply) positions() {
	if len(p.Sides) == 0 {
		return
	}
	p.add(bot.Heading{Text: p.Say("digest_positions")})
	for _, side := range p.Sides {
		for _, st := range side.Statements {
			p.add(p.QuoteStatement(st, strings.Join(p.ActorNames(side.Actors), ", "), p.Stance(st)))
			p.shows(st.Source.ID)
		}
	}
	if len(p.Sides) > 1 {
		p.note(p.Say("digest_turning"))
	}
	for _, about := range []struct {
		phrase wording.Key
		actors []string
	}{{"digest_more_words", p.More}, {"digest_no_word", p.Silent}} {
		if len(about.actors) > 0 {
			names := strings.Join(p.ActorNames(about.actors), ", ")
			p.note(p.Fill(about.phrase, wording.Data{"Actors": names}))
		}
	}
}

// notices lists documents to which something happened.
func (p *digestReply) notices(title, line wording.Key, notices notices) {
	if len(notices.List) == 0 {
		return
	}
	list := bot.List{Title: p.Say(title)}
	for _, n := range notices.List {
		list.Items = append(list.Items, bot.Line{
			bot.SourceLink(n.Source),
			{Text: ", " + p.Publisher(n.Source) + ", " + p.Fill(line, wording.Data{"Date": p.Presenter.Date(n.On)})},
		})
	}
	if notices.More > 0 {
		list.Items = append(list.Items, bot.Plain(p.Count("count_others", notices.More)))
	}
	p.add(list)
	for _, n := range notices.List {
		p.shows(n.Source.ID)
	}
}

// counts say how much is new, how much of it is shown, and through when the record goes.
func (p *digestReply) counts() {
	if p.Documents > 0 {
		p.note(p.Fill("digest_count", wording.Data{
			"Documents": p.Count("count_documents", p.Documents), "Publishers": p.Count("count_publishers", p.Publishers),
			"Newest": p.DateOrNone(p.Record.Newest),
		}))
	}
	if p.Unshown > 0 {
		p.note(p.Fill("digest_unshown", wording.Data{"Documents": p.Count("count_documents", p.Unshown)}))
	}
	if p.Unread > 0 {
		p.note(p.Fill("digest_unread", wording.Data{"Documents": p.Count("count_documents", p.Unread)}))
	}
}
