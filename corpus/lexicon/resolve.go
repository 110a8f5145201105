package lexicon

import (
	"slices"
	"strings"
)

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
	m, ok := l.whole(KindTopic, name)
	if !ok {
		return Topic{}, false
	}
	return l.Topic(m.ID)
}

// whole is the mention in a text of which all words but "the" belong to mentions of
// one thing, as in "Ukrainian President Zelensky".
func (l *Lexicon) whole(k Kind, text string) (Mention, bool) {
	mentions := l.Find(text, Only(k), func(o *options) { o.any, o.casual = true, true })
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

// Alternative is what words From to To of a question may be replaced with.
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
