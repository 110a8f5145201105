package statement

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/claim"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/position"
	"parley/corpus/statement/sentence"
	"parley/corpus/statement/stance"
	"parley/corpus/statement/topic"
	"parley/corpus/statement/transcript"
)

// reader reads one document.
type reader struct {
	*genre.Document
	claims   *claim.Reader
	topics   *topic.Reader
	labels   *transcript.Labels
	mentions []lexicon.Mention // of actors
	voice    transcript.Voice
	begun    bool // a label of a transcript has been read
	open     bool // a quotation goes on from the sentence before
	tokens   []sentence.Token
	task     task
}

// task tells what a reader finds out about sentences besides who says them.
type task uint8

const (
	readingSpeakers  task = iota // nothing else
	readingPositions             // the topics and byName of positions
	readingTopics                // the topics that they are about
)

// newReader makes a reader of a document in whose text mentions were found.
func (e *Extractor) newReader(doc corpus.Document, mentions []lexicon.Mention, t task) *reader {
	d, labels := genre.Read(e.lexicon, doc)
	mentions = actors(mentions)
	return &reader{
		Document: d,
		claims:   claim.NewReader(d),
		topics:   topic.NewReader(d, mentions, e.sides, e.mains),
		labels:   labels,
		mentions: mentions,
		task:     t,
	}
}

// actors are the mentions of actors.
func actors(mentions []lexicon.Mention) []lexicon.Mention {
	isTopic := func(m lexicon.Mention) bool { return m.Kind != lexicon.KindActor }
	if !slices.ContainsFunc(mentions, isTopic) {
		return mentions
	}
	return slices.DeleteFunc(slices.Clone(mentions), isTopic)
}

// paragraphStarts reports whether a blank line, or a new list item, lies in a gap
// between sentences.
func paragraphStarts(gap string) bool {
	i := strings.IndexByte(gap, '\n')
	if i < 0 {
		return false
	}
	return strings.IndexByte(gap[i+1:], '\n') >= 0
}

// sentenceReading tells who says one sentence and, if asked for, what position it takes.
type sentenceReading struct {
	Attribution
	// claims are made in the sentence's own words, the main one first.
	claims []claim.Claim
	// allQuoted: all of it is quoted; opens and closes: a quotation goes on from the
	// sentence before, or into the one after, in the same paragraph.
	allQuoted, quotedBefore, quotedAfter bool
	// topics and stance, where the reader is asked for them.
	topics []string
	stance stance.Stance
}

// read reads the sentences of the document in order.
func (r *reader) read(sentences []corpus.Span) []sentenceReading {
	out := make([]sentenceReading, len(sentences))
	for i, s := range sentences {
		fresh := i == 0 || paragraphStarts(r.Text[sentences[i-1].End:s.Start])
		if fresh {
			r.startParagraph(s)
		}
		out[i] = r.sentence(s)
		if i > 0 && !fresh {
			continueQuotation(&out[i-1], &out[i])
		}
	}
	return out
}

// startParagraph forgets what a paragraph does not take over from the one before, and in a
// transcript reads the label that says who speaks from here on.
func (r *reader) startParagraph(first corpus.Span) {
	r.open = false
	r.claims.StartParagraph()
	asked := len(r.voice.Actors) == 0 // an answer is about what the question was about
	labelled := false
	if r.Genre == genre.Transcript {
		var v transcript.Voice
		if v, labelled = r.labels.Turn(r.Text[first.Start:]); labelled {
			r.begun, r.voice = true, v
		}
	}
	if r.Genre != genre.Transcript || labelled && (!asked || len(r.voice.Actors) == 0) {
		r.topics.StartSubject()
	}
}

// continueQuotation gives a sentence that is wholly within a quotation to whoever
// says the one before, and one whose quotation goes on to whoever ends it.
func continueQuotation(before, after *sentenceReading) {
	switch {
	case after.allQuoted && len(after.Actors) == 0 && before.Direct && len(before.claims) < 2:
		after.Actors, after.Speaker, after.Direct = before.Actors, before.Speaker, true
	case before.allQuoted && before.quotedAfter && after.quotedBefore && len(before.Actors) == 0 && len(after.claims) == 1:
		before.Actors, before.Speaker, before.Direct = after.Actors, after.Speaker, true
	}
}

// sentence reads the next sentence.
func (r *reader) sentence(span corpus.Span) sentenceReading {
	if r.hasVoice() && r.task == readingSpeakers {
		return r.fromVoice(span)
	}
	s := sentence.Cut(r.Document, span, sentence.MentionsIn(r.mentions, span), r.open, r.tokens)
	r.tokens = s.Tokens
	r.open = s.QuotedAfter
	var out sentenceReading
	if r.hasVoice() {
		out = r.fromVoice(span)
	} else {
		out = r.attribute(&s)
	}
	out.allQuoted, out.quotedBefore, out.quotedAfter = s.AllQuoted(), s.QuotedBefore, s.QuotedAfter
	if r.task != readingSpeakers {
		r.judge(&s, &out)
	}
	return out
}

// hasVoice reports whether the sentences are those of whoever has the word. What stands
// before the words of a conversation reports it.
func (r *reader) hasVoice() bool {
	return r.Genre == genre.Transcript && (r.begun || r.Parties == nil || !r.OfConversation())
}

// fromVoice gives a sentence of a transcript to whoever has the word.
func (r *reader) fromVoice(span corpus.Span) sentenceReading {
	return sentenceReading{Attribution: Attribution{Span: span, Actors: r.voice.Actors, Speaker: r.voice.Speaker, Direct: len(r.voice.Actors) > 0}}
}

// judge finds the topics of a sentence, and the stance if it takes a position.
func (r *reader) judge(s *sentence.Sentence, out *sentenceReading) {
	switch {
	case !r.topics.IsRelevant(s, out.Actors):
		return
	case r.task == readingTopics:
		out.topics = r.topics.Concerns(s)
		return
	case len(out.Actors) == 0 && !out.allQuoted, len(r.topics.Mentions(s)) == 0:
		return
	}
	p := position.Read(r.claims, s, out.claims, out.Actors)
	if p.Taken {
		mentions := r.topics.Topics(s, out.claims, p.Told)
		out.topics = lexicon.IDs(lexicon.KindTopic, mentions)
		if !disagree(out.claims) {
			out.stance = p.On(topic.Telling(mentions, out.topics))
		}
	}
}

// disagree reports whether those who say something in one sentence take different positions.
func disagree(claims []claim.Claim) bool {
	return slices.ContainsFunc(claims, func(c claim.Claim) bool {
		return c.Verb.Stance != claims[0].Verb.Stance && !sentence.Overlap(c.Actors(), claims[0].Actors())
	})
}
