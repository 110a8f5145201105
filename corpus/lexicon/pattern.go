package lexicon

import (
	"cmp"
	"errors"
	"strings"

	"parley/corpus/words"
)

// pattern is a name, word or phrase as the files write it:
//
//	~the bloc        weak: counts only beside other evidence
//	=Turkey          these capitals are capitals; in a casual question any case will do.
//	                 Of a topic: also no other inflection than the one written
//	==US             these capitals are capitals, always
//	Україн*          the word may go on; three bytes at least before the star
//	us [troops|aid]  what stands in brackets must be there, but is not part of the name
//	[the] us
type pattern struct {
	text          string // as the file writes it
	name          string // without marks and context
	words         []patternWord
	before, after [][]string // folded words, one of which must stand there
	weak          bool
	exact         bool // capitals as written, unless casual
	strict        bool // capitals as written, always
}

// patternWord is one word of a pattern.
type patternWord struct {
	fold, written string
	open          bool // ends in a star
}

// minOpen is the fewest bytes before a star: below it, a word would match half the language.
const minOpen = 3

func parsePattern(s string) (pattern, error) {
	p := pattern{text: s}
	s, p.weak = strings.CutPrefix(s, "~")
	s, p.strict = strings.CutPrefix(s, "==")
	s, p.exact = strings.CutPrefix(s, "=")
	if rest, ok := strings.CutPrefix(s, "["); ok {
		context, name, ok := strings.Cut(rest, "]")
		if !ok {
			return p, errors.New("a bracket is not closed")
		}
		p.before, s = alternatives(context), name
	}
	if name, context, ok := strings.Cut(s, "["); ok {
		context, ok = strings.CutSuffix(strings.TrimSpace(context), "]")
		if !ok {
			return p, errors.New("a bracket is not closed")
		}
		p.after, s = alternatives(context), name
	}
	if strings.ContainsAny(s, "~=[]|") {
		return p, errors.New("marks stand at the front, and context at one end of each side")
	}
	p.name = strings.TrimSpace(s)
	for field := range strings.FieldsSeq(s) {
		field, open := strings.CutSuffix(field, "*")
		for w := range words.All(field) {
			p.words = append(p.words, patternWord{fold: w.Fold, written: w.Text})
		}
		if !open {
			continue
		}
		if len(p.words) == 0 || len(p.words[len(p.words)-1].fold) < minOpen {
			return p, errors.New("too short before its star")
		}
		p.words[len(p.words)-1].open = true
	}
	if len(p.words) == 0 {
		return p, errors.New("has no words")
	}
	return p, nil
}

// alternatives reads "troops|armed forces" into folded words.
func alternatives(s string) [][]string {
	var out [][]string
	for phrase := range strings.SplitSeq(s, "|") {
		out = append(out, foldAll(phrase))
	}
	return out
}

// foldAll are the folded words of a text.
func foldAll(s string) []string {
	var out []string
	for w := range words.All(s) {
		out = append(out, w.Fold)
	}
	return out
}

// key tells patterns apart that match the same text.
func (p pattern) key() string {
	var b strings.Builder
	for _, w := range p.words {
		b.WriteString(w.fold)
		if w.open {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	for _, context := range [...][][]string{p.before, p.after} {
		b.WriteByte('/')
		for _, c := range context {
			b.WriteString(strings.Join(c, " ") + "|")
		}
	}
	return b.String()
}

// context counts the sides on which a match needs something beside it.
func (p pattern) context() int { return min(len(p.before), 1) + min(len(p.after), 1) }

// knowsMore says which of two patterns that fit the same words is meant: the one
// that asks for more around it, then the one with more letters before its stars.
func (p pattern) knowsMore(q pattern) bool {
	return cmp.Or(cmp.Compare(p.context(), q.context()), cmp.Compare(p.letters(), q.letters())) > 0
}

func (p pattern) letters() int {
	n := 0
	for _, w := range p.words {
		n += len(w.fold)
	}
	return n
}

// folds are the folded words of a pattern.
func folds(parts []patternWord) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p.fold
	}
	return out
}

// tree maps sequences of words to values. A word may be open, then any word that
// starts with it fits.
type tree[V any] struct {
	root   node[V]
	starts starts // of the paths' first words
}

type node[V any] struct {
	next map[string]*node[V]
	// open holds the open words by their first minOpen bytes.
	open   map[string][]openWord[V]
	values []V
}

type openWord[V any] struct {
	prefix string
	next   *node[V]
}

// hit is a value found and the index after its last word.
type hit[V any] struct {
	end   int
	value V
}

// add puts v at the end of a path of words. keys gives the words in the spelling
// that the tree is searched in.
func (t *tree[V]) add(parts []patternWord, keys []string, v V) {
	if parts[0].open {
		t.starts.add(parts[0].fold)
	} else {
		t.starts.add(keys[0])
	}
	n := &t.root
	for i, p := range parts {
		if p.open {
			n = n.openChild(p.fold)
		} else {
			n = n.child(keys[i])
		}
	}
	n.values = append(n.values, v)
}

func (n *node[V]) child(key string) *node[V] {
	if n.next == nil {
		n.next = map[string]*node[V]{}
	}
	if n.next[key] == nil {
		n.next[key] = &node[V]{}
	}
	return n.next[key]
}

func (n *node[V]) openChild(prefix string) *node[V] {
	if n.open == nil {
		n.open = map[string][]openWord[V]{}
	}
	bucket := prefix[:minOpen]
	for _, o := range n.open[bucket] {
		if o.prefix == prefix {
			return o.next
		}
	}
	child := &node[V]{}
	n.open[bucket] = append(n.open[bucket], openWord[V]{prefix, child})
	return child
}

// find appends the values of every path that lies along keys from i on, up to limit.
// folds are the same words before stemming: open words are compared with those.
func (t *tree[V]) find(keys, folds []string, i, limit int, out []hit[V]) []hit[V] {
	if !t.starts.has(keys[i]) && !t.starts.has(folds[i]) {
		return out
	}
	return t.root.find(keys, folds, i, limit, out)
}

// starts are the hashes of how words start. Nine in ten words of a text start no path,
// and are told apart here for less than a look into a map.
type starts [1 << 7]uint64

func (s *starts) add(word string)      { i := startHash(word); s[i>>6] |= 1 << (i & 63) }
func (s *starts) has(word string) bool { i := startHash(word); return s[i>>6]&(1<<(i&63)) != 0 }

// startHash is one of the first minOpen bytes of a word.
func startHash(word string) (h uint32) {
	for i := range min(len(word), minOpen) {
		h = h<<8 | uint32(word[i])
	}
	return h * 0x9E3779B1 >> (32 - 13) // Knuth's multiplicative hash, a bit for each of starts
}

func (n *node[V]) find(keys, folds []string, i, limit int, out []hit[V]) []hit[V] {
	for _, v := range n.values {
		out = append(out, hit[V]{i, v})
	}
	if i >= limit {
		return out
	}
	if c := n.next[keys[i]]; c != nil {
		out = c.find(keys, folds, i+1, limit, out)
	}
	if n.open == nil || len(folds[i]) < minOpen {
		return out
	}
	for _, o := range n.open[folds[i][:minOpen]] {
		if strings.HasPrefix(folds[i], o.prefix) {
			out = o.next.find(keys, folds, i+1, limit, out)
		}
	}
	return out
}
