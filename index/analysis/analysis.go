// Package analysis turns text into the terms under which passages are indexed
// and questions are asked: folded words, without stop words, English stems
// (the Snowball "english" stemmer). Index, ranking and the table of word
// neighbours share it, so that a term means the same everywhere.
package analysis

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"parley/corpus/words"
)

// Version changes whenever the same text would yield other terms.
const Version = 3

// Token is one word of a text as the index sees it.
type Token struct {
	words.Word
	// Term is the stem; empty for a stop word.
	Term string
}

// maxCached bounds the cache of stems: the words of a large record, about 10 MB.
const maxCached = 1 << 17

// Analyzer makes tokens. It remembers the stems of words it has seen and is
// safe for concurrent use. The zero value is ready.
type Analyzer struct {
	mu           sync.RWMutex
	terms, stems map[string]string // by folded word
}

// Tokens returns the words of text, stop words included (their Term is empty).
func (a *Analyzer) Tokens(text string) []Token {
	return a.AppendTokens(make([]Token, 0, len(text)/6+1), text)
}

// AppendTokens appends what Tokens returns.
func (a *Analyzer) AppendTokens(tokens []Token, text string) []Token {
	var unknown []int
	a.mu.RLock() // once a text, since many ask at a time
	for w := range words.All(text) {
		term, ok := a.terms[w.Fold]
		if !ok || isUS(w) {
			unknown = append(unknown, len(tokens))
		}
		tokens = append(tokens, Token{Word: w, Term: term})
	}
	a.mu.RUnlock()
	for _, i := range unknown {
		tokens[i].Term = a.term(tokens[i].Word)
	}
	return tokens
}

// Term is the index term of a single folded word; empty for a stop word.
func (a *Analyzer) Term(fold string) string {
	return a.cached(&a.terms, fold, func(fold string) string {
		if stopWords[fold] {
			return ""
		}
		return stem(fold)
	})
}

// term is Term for a word in its text, where capitals tell "US" from "us".
func (a *Analyzer) term(w words.Word) string {
	if isUS(w) {
		return "us"
	}
	return a.Term(w.Fold)
}

// isUS reports whether a word is written as the country is.
func isUS(w words.Word) bool { return w.Fold == "us" && w.Text != "us" && w.Text != "Us" }

// Stem is the stem of a folded word, stop word or not.
func (a *Analyzer) Stem(fold string) string { return a.cached(&a.stems, fold, stem) }

func stem(fold string) string {
	env := snowballstem.NewEnv(fold)
	english.Stem(env)
	if s := env.Current(); s != "" {
		return s
	}
	return fold
}

// cached looks a word up in a cache, which is emptied when it is full.
func (a *Analyzer) cached(cache *map[string]string, word string, compute func(string) string) string {
	a.mu.RLock()
	value, ok := (*cache)[word]
	a.mu.RUnlock()
	if ok {
		return value
	}
	value = compute(word)
	a.mu.Lock()
	defer a.mu.Unlock()
	if *cache == nil || len(*cache) >= maxCached {
		*cache = map[string]string{}
	}
	(*cache)[strings.Clone(word)] = value // a word may be a part of a whole document
	return value
}

// IsStop reports whether a folded word is a stop word: too common to find a passage by.
func IsStop(fold string) bool { return stopWords[fold] }
