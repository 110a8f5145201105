package lexicon

import (
	"cmp"
	"slices"
	"strings"
)

// Proposal is an actor or a topic that a name being typed may mean.
type Proposal struct {
	ID, Name string
	// As is the name by which it was found, where that is another: "Kremlin" for Russia.
	As string
}

// How well a name fits what is typed, the best first.
const (
	ownName = iota // the canonical name starts so
	byAlias        // another name starts so
	byWord         // a later word of a name does
	noFit
)

// Complete lists up to limit actors or topics, for KindActor or KindTopic, of which a
// name in any script starts with what is typed, or a word of a name does: first those
// by their own names, main actors before others. An empty text proposes the main
// actors, or all topics.
func (l *Lexicon) Complete(k Kind, typed string, limit int) []Proposal {
	want := strings.Join(foldAll(typed), " ")
	best := map[string]alias{}
	fits := map[string]int{}
	for _, a := range l.aliases {
		if a.kind != k {
			continue
		}
		fit := noFit
		switch {
		case strings.HasPrefix(a.fold, want) && (want == "" || a.canonical):
			fit = ownName
		case strings.HasPrefix(a.fold, want):
			fit = byAlias
		case strings.Contains(a.fold, " "+want):
			fit = byWord
		}
		had, ok := fits[a.id]
		if fit < noFit && (!ok || fit < had || fit == had && len(a.fold) < len(best[a.id].fold)) {
			best[a.id], fits[a.id] = a, fit
		}
	}
	var found []Proposal
	for _, p := range l.named(k, want == "") {
		a, ok := best[p.ID]
		if !ok {
			continue
		}
		if fits[p.ID] != ownName {
			p.As = a.text
		}
		found = append(found, p)
	}
	slices.SortStableFunc(found, func(x, y Proposal) int { return cmp.Compare(fits[x.ID], fits[y.ID]) })
	return found[:min(limit, len(found))]
}

// named are all actors, the main ones first, or all topics.
func (l *Lexicon) named(k Kind, onlyMain bool) (all []Proposal) {
	if k == KindTopic {
		for _, t := range l.topics {
			all = append(all, Proposal{ID: t.ID, Name: t.Label})
		}
		return all
	}
	var others []Proposal
	for _, a := range l.actors {
		if a.Main {
			all = append(all, Proposal{ID: a.ID, Name: a.Name})
		} else if !onlyMain {
			others = append(others, Proposal{ID: a.ID, Name: a.Name})
		}
	}
	return append(all, others...)
}
