package lexicon

import (
	"cmp"
	"slices"
	"strings"
)

// Find lists the mentions in a text, in order. Of overlapping ones of a kind the
// longest stands; a weak word of two topics is a mention of each.
func (l *Lexicon) Find(text string, opts ...Option) []Mention {
	s := scans.Get().(*scan)
	defer s.free()
	s.lexicon, s.text = l, text
	for _, o := range opts {
		o(&s.options)
	}
	s.read()
	var out []Mention
	if !s.skip[KindActor] {
		out = s.actors()
	}
	if !s.skip[KindTopic] {
		out = append(out, s.topics()...)
	}
	slices.SortStableFunc(out, func(a, b Mention) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// IDs lists the actors or topics that mentions establish: by one that is not weak
// or by two weak ones of different names. The order is that of first mention.
func IDs(k Kind, mentions []Mention) []string {
	weak := map[string]string{} // the name of the first weak mention, by id
	var out []string
	for _, m := range mentions {
		if m.Kind != k || slices.Contains(out, m.ID) {
			continue
		}
		first, again := weak[m.ID]
		if !m.Weak || again && first != m.Name {
			out = append(out, m.ID)
		} else if !again {
			weak[m.ID] = m.Name
		}
	}
	return out
}

// topics finds the mentions of topics.
func (s *scan) topics() []Mention {
	for _, f := range s.folds {
		s.stems = append(s.stems, s.lexicon.stem(f))
	}
	var out []Mention
	var hits []hit[subject]
	for i := 0; i < len(s.tokens); {
		hits = s.lexicon.subjects.find(s.stems, s.folds, i, s.tokens[i].run, hits[:0])
		hits = slices.DeleteFunc(hits, func(h hit[subject]) bool { return !s.subjectFits(h, i) })
		end := i + 1
		for _, h := range hits {
			end = max(end, h.end)
		}
		for _, h := range longest(hits, end) {
			if t := h.value; t.topic != "" {
				out = append(out, Mention{Span: s.span(i, end), Kind: KindTopic, ID: t.topic, Weak: t.weak, Name: t.name})
			}
		}
		i = end
	}
	return out
}

// subjectFits reports whether the word of a topic may stand at word i; one written with
// a mark must have the very form it is written in.
func (s *scan) subjectFits(h hit[subject], i int) bool {
	p := h.value.pattern
	if p.exact || p.strict {
		for j, w := range p.words {
			if !w.open && w.fold != s.folds[i+j] {
				return false
			}
		}
	}
	return s.fits(p, i, h.end)
}

// longest keeps the hits that reach end, one for each topic, if possible one that is not weak.
func longest(hits []hit[subject], end int) []hit[subject] {
	hits = slices.DeleteFunc(hits, func(h hit[subject]) bool { return h.end < end })
	slices.SortStableFunc(hits, func(a, b hit[subject]) int {
		if a.value.topic == b.value.topic && a.value.weak != b.value.weak {
			if a.value.weak {
				return 1
			}
			return -1
		}
		return strings.Compare(a.value.topic, b.value.topic)
	})
	return slices.CompactFunc(hits, func(a, b hit[subject]) bool { return a.value.topic == b.value.topic })
}

// ResolveActor is the actor that a name denotes: its id, any of its names, a person,
// an office or a seat, in any script and case.
func (l *Lexicon) ResolveActor(name string) (Actor, bool) {
	if a, ok := l.Actor(strings.TrimSpace(name)); ok {
		return a, true
	}
	m, ok := l.whole(KindActor, name)
	if !ok {
		return Actor{}, false
	}
	return l.Actor(m.ID)
}

// ResolveTopic is the topic that a word denotes: its id, its label or any word of
// it, unless two topics share it.
func (l *Lexicon) ResolveTopic(name string) (Topic, bool) {
	if t, ok := l.Topic(strings.TrimSpace(name)); ok {
		return t, true
	}
	mentions := l.Find(name, Only(KindTopic), Casual())
	for _, t := range slices.Backward(l.topics) { // the narrowest
		others := func(m Mention) bool { return m.ID != t.ID || m.Weak }
		if _, ok := coverAll(name, slices.DeleteFunc(slices.Clone(mentions), others)); ok {
			return t, true
		}
	}
	m, ok := l.whole(KindTopic, name)
	if !ok {
		return Topic{}, false
	}
	return l.Topic(m.ID)
}

// whole is the mention in a text of which all words but "the" belong to mentions of
// one thing, as in "Ukrainian President Zelensky".
func (l *Lexicon) whole(k Kind, text string) (Mention, bool) {
	return coverAll(text, l.Find(text, Only(k), func(o *options) { o.any, o.casual = true, true }))
}

// coverAll returns the first of some mentions if they are all of one thing and leave nothing
// but "the" of the text between and after them.
func coverAll(text string, mentions []Mention) (Mention, bool) {
	if len(mentions) == 0 {
		return Mention{}, false
	}
	end := 0
	for _, m := range mentions {
		between := foldAll(text[min(end, m.Start):m.Start])
		if m.ID != mentions[0].ID || len(between) > 0 && !slices.Equal(between, []string{"the"}) {
			return Mention{}, false
		}
		end = m.End
	}
	return mentions[0], len(foldAll(text[end:])) == 0
}

// Alternative is a replacement for the words From to To of a question.
type Alternative struct {
	From, To int
	Words    []string // folded
	// Weight says how near the words are, above 0 up to 1.
	Weight float64
}

// Alternatives lists, for the folded words of a question, the words that mean much
// the same. Of overlapping phrases in the question the longest is replaced.
func (l *Lexicon) Alternatives(fold []string) []Alternative {
	stems := make([]string, len(fold))
	for i, f := range fold {
		stems[i] = l.stem(f)
	}
	var out []Alternative
	var hits []hit[member]
	for i := 0; i < len(fold); {
		hits = l.groups.find(stems, fold, i, len(fold), hits[:0])
		end := i + 1
		for _, h := range hits {
			end = max(end, h.end)
		}
		out = append(out, l.replacements(hits, i, end)...)
		i = end
	}
	return out
}

// replacements are the other words of the groups whose members stand at from to to.
// Words that several groups offer keep their greatest weight.
func (l *Lexicon) replacements(hits []hit[member], from, to int) []Alternative {
	var out []Alternative
	for _, h := range hits {
		if h.end != to {
			continue
		}
		s := l.synonyms[h.value.group]
		for i, w := range s.words {
			if i == h.value.own {
				continue
			}
			same := slices.IndexFunc(out, func(a Alternative) bool { return slices.Equal(a.Words, w) })
			if same < 0 {
				out = append(out, Alternative{from, to, w, s.weight})
			} else {
				out[same].Weight = max(out[same].Weight, s.weight)
			}
		}
	}
	return out
}
