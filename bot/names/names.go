// Package names finds the actors and topics of the record by what people call them, in
// every language of the interface, and says what they are called. The lexicon has the
// English names; the others are phrases of the interface. What it returns and takes are
// ids of the lexicon.
package names

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/corpus/lexicon"
)

// Names are those of all actors, or of all topics.
type Names struct {
	kind    lexicon.Kind
	lexicon *lexicon.Lexicon
	prefix  wording.Prefix // of the phrases that are names
	unknown wording.Key    // refuses a name
	ids     []string
	resolve func(name string) (id string, ok bool) // in the lexicon
	english func(id string) string                 // the lexicon's name, empty for an unknown id
	byName  func() map[string]string               // ids by their folded names in all languages
}

// Actors are the names of a lexicon's actors.
func Actors(lex *lexicon.Lexicon) *Names {
	n := &Names{
		kind: lexicon.KindActor, lexicon: lex, prefix: "actor", unknown: "no_actor",
		resolve: func(name string) (string, bool) { a, ok := lex.ResolveActor(name); return a.ID, ok },
		english: func(id string) string { a, _ := lex.Actor(id); return a.Name },
	}
	for _, a := range lex.Actors() {
		n.ids = append(n.ids, a.ID)
	}
	n.byName = sync.OnceValue(n.translations)
	return n
}

// Topics are the names of a lexicon's topics.
func Topics(lex *lexicon.Lexicon) *Names {
	n := &Names{
		kind: lexicon.KindTopic, lexicon: lex, prefix: "topic", unknown: "no_topic",
		resolve: func(name string) (string, bool) { t, ok := lex.ResolveTopic(name); return t.ID, ok },
		english: func(id string) string { t, _ := lex.Topic(id); return t.Label },
	}
	for _, t := range lex.Topics() {
		n.ids = append(n.ids, t.ID)
	}
	n.byName = sync.OnceValue(n.translations)
	return n
}

func (n *Names) translations() map[string]string {
	ids := map[string]string{}
	for _, tag := range wording.Languages() {
		for _, id := range n.ids {
			ids[Fold(n.In(wording.In(tag), id))] = id
		}
	}
	return ids
}

// Fold is a name as it is compared: without case, with one kind of apostrophe.
func Fold(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(name), " ")), "'", "’")
}

// In is the name of an id in a language, else in the lexicon, else the id.
func (n *Names) In(l wording.Language, id string) string {
	if name, ok := l.Lookup(n.prefix, id); ok {
		return name
	}
	return cmp.Or(n.english(id), id)
}

// AllIn is In for each of the ids.
func (n *Names) AllIn(l wording.Language, ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = n.In(l, id)
	}
	return names
}

// Resolve returns the id of a name, or a wording.Refusal that tells the nearest names.
func (n *Names) Resolve(name string) (id string, err error) {
	if id, ok := n.resolve(name); ok {
		return id, nil
	}
	if id, ok := n.byName()[Fold(name)]; ok {
		return id, nil
	}
	nearest := n.lexicon.Complete(n.kind, name, argument.MaxChoices)
	if len(nearest) == 0 {
		nearest = n.lexicon.Complete(n.kind, "", argument.MaxChoices)
	}
	known := make([]string, len(nearest))
	for i, proposal := range nearest {
		known[i] = proposal.ID
	}
	return "", wording.RefuseText(func(l wording.Language) string {
		names := strings.Join(n.AllIn(l, known), ", ")
		return l.Fill(n.unknown, wording.Data{"Typed": argument.Echo(name), "Known": names})
	})
}

// ResolveList returns the ids of several names ("moscow vs kyiv") for argument.SplitList.
func (n *Names) ResolveList(list string) (ids string, err error) {
	return argument.ResolveList(list, n.Resolve)
}

// Complete proposes names. One found by another name is shown with it: "Russia (Kremlin)".
func (n *Names) Complete(l wording.Language, typed string) (choices []argument.Choice) {
	if start := Fold(typed); start != "" {
		for _, id := range n.ids {
			if name, ok := l.Lookup(n.prefix, id); ok && strings.HasPrefix(Fold(name), start) {
				choices = append(choices, argument.Choice{Name: name, Value: id})
			}
		}
	}
	for _, found := range n.lexicon.Complete(n.kind, typed, argument.MaxChoices) {
		if slices.ContainsFunc(choices, func(c argument.Choice) bool { return c.Value == found.ID }) {
			continue
		}
		name := n.In(l, found.ID)
		if found.As != "" && !strings.EqualFold(found.As, name) {
			name += " (" + found.As + ")"
		}
		choices = append(choices, argument.Choice{Name: name, Value: found.ID})
	}
	return choices[:min(len(choices), argument.MaxChoices)]
}

// CompleteList proposes lists: the names already typed, and one more.
func (n *Names) CompleteList(l wording.Language, typed string) (choices []argument.Choice) {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i], typed[i+1:]
	}
	var ids []string
	if done, err := n.ResolveList(before); err == nil {
		ids = argument.SplitList(done)
	}
	for _, c := range n.Complete(l, last) {
		longer := append(slices.Clip(ids), c.Value)
		choices = append(choices, argument.Choice{
			Name: strings.Join(n.AllIn(l, longer), ", "), Value: strings.Join(longer, ","),
		})
	}
	return choices
}

// Option is an option whose value is one id.
func (n *Names) Option(name string, about wording.Key, required bool) argument.Option {
	return argument.Option{Name: name, About: about, Required: required, Complete: n.Complete, Resolve: n.Resolve}
}

// ListOption is an option whose value is ids with commas between them.
func (n *Names) ListOption(name string, about wording.Key) argument.Option {
	return argument.Option{Name: name, About: about, Complete: n.CompleteList, Resolve: n.ResolveList}
}
