package lexicon

import "strings"

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
func (t *tree[V]) add(parts []part, keys []string, v V) {
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
