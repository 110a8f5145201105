package bot

import (
	"slices"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// maxChoices is the most proposals that Discord shows while a value is typed.
const maxChoices = 25

// actorOption is an option whose value is an actor's id.
func (b *Bot) actorOption(about phrase, required bool) Option {
	return Option{
		Name: "actor", about: about, Required: required,
		propose: b.proposeNames(lexicon.KindActor), Resolve: b.resolveActor,
	}
}

// topicOption is an option whose value is a topic's id.
func (b *Bot) topicOption(about phrase, required bool) Option {
	return Option{
		Name: "topic", about: about, Required: required,
		propose: b.proposeNames(lexicon.KindTopic), Resolve: b.resolveTopic,
	}
}

// actorsOption is an option whose value is ids of actors with commas between them.
func (b *Bot) actorsOption(about phrase) Option {
	return Option{Name: "actors", about: about, propose: b.proposeActors, Resolve: b.resolveActors}
}

// periodOptions are the first and the last day asked about.
func (b *Bot) periodOptions() []Option {
	return []Option{
		{Name: "since", about: aboutSince, Resolve: b.resolveSince},
		{Name: "until", about: aboutUntil, Resolve: b.resolveUntil},
	}
}

// pageOption is which part of a long list to show.
func pageOption() Option {
	return Option{Name: "page", about: aboutPage, Type: IntegerOption}
}

func (b *Bot) resolveActor(name string) (string, error) {
	if a, ok := b.lexicon.ResolveActor(name); ok {
		return a.ID, nil
	}
	if id, ok := b.translated[actorNames][foldName(name)]; ok {
		return id, nil
	}
	return "", refuse(sayNoActor, data{"Typed": short(name), "Known": b.known(lexicon.KindActor, name)})
}

func (b *Bot) resolveTopic(name string) (string, error) {
	if t, ok := b.lexicon.ResolveTopic(name); ok {
		return t.ID, nil
	}
	if id, ok := b.translated[topicNames][foldName(name)]; ok {
		return id, nil
	}
	return "", refuse(sayNoTopic, data{"Typed": short(name), "Known": b.known(lexicon.KindTopic, name)})
}

// known are the names nearest to what was typed, or all main ones.
func (b *Bot) known(k lexicon.Kind, typed string) saying {
	found := b.lexicon.Complete(k, typed, maxChoices)
	if len(found) == 0 {
		found = b.lexicon.Complete(k, "", maxChoices)
	}
	return func(w words) string {
		names := make([]string, len(found))
		for i, p := range found {
			names[i] = b.name(w, k, p.ID)
		}
		return strings.Join(names, ", ")
	}
}

// resolveActors reads "Russia, Ukraine", "moscow vs kyiv", "russia ukraine".
func (b *Bot) resolveActors(list string) (string, error) {
	return resolveList(list, b.resolveActor)
}

// resolveTopics reads "ceasefire, sanctions".
func (b *Bot) resolveTopics(list string) (string, error) {
	return resolveList(list, b.resolveTopic)
}

// resolveList reads names of one kind and returns their ids with commas between them.
func resolveList(list string, resolve func(name string) (string, error)) (string, error) {
	var ids []string
	for rest := strings.ReplaceAll(list, ",", " , "); rest != ""; {
		word, after := cutWord(rest)
		if joining[strings.ToLower(word)] || strings.Trim(word, ",.&;") == "" {
			rest = after
			continue
		}
		id, left, n := Command{}.longest(Option{Resolve: resolve}, rest)
		if n == 0 {
			_, err := resolve(word)
			return "", err
		}
		ids, rest = append(ids, id), left
	}
	if len(ids) == 0 {
		_, err := resolve(list)
		return "", err
	}
	return strings.Join(ids, ","), nil
}

// SplitActors are the ids in an argument that was resolved; nil for none.
func SplitActors(ids string) []string {
	if ids == "" {
		return nil
	}
	return strings.Split(ids, ",")
}

// resolveSince returns the first day of a date.
func (b *Bot) resolveSince(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Since.IsZero() {
		return "", refuse(sayNoDate, data{"Typed": short(text)})
	}
	return p.Since.UTC().Format(time.DateOnly), nil
}

// resolveUntil returns the last day of a date.
func (b *Bot) resolveUntil(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Until.IsZero() {
		return "", refuse(sayNoDate, data{"Typed": short(text)})
	}
	return p.Until.UTC().Add(-time.Nanosecond).Format(time.DateOnly), nil
}

// within is the period between two arguments that were resolved.
func within(args Args) (p index.Period, err error) {
	since, err := corpus.ParsePartialDate(args["since"])
	if err != nil {
		return p, err
	}
	until, err := corpus.ParsePartialDate(args["until"])
	if err != nil {
		return p, err
	}
	p = index.Period{Since: since.Start(), Until: until.End()}
	if !since.IsZero() && !until.IsZero() && !p.Until.After(p.Since) {
		return p, refuse(sayBackwards, data{"Since": dated(since), "Until": dated(until)})
	}
	return p, nil
}

// proposeNames proposes actors or topics; a name found by another is shown with it.
func (b *Bot) proposeNames(k lexicon.Kind) func(words, string) []Choice {
	return func(w words, typed string) []Choice {
		choices := b.ownNames(w, k, typed)
		for _, p := range b.lexicon.Complete(k, typed, maxChoices) {
			if slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == p.ID }) {
				continue
			}
			name := b.name(w, k, p.ID)
			if p.As != "" && !strings.EqualFold(p.As, name) {
				name += " (" + p.As + ")"
			}
			choices = append(choices, Choice{Name: name, Value: p.ID})
		}
		return choices[:min(len(choices), maxChoices)]
	}
}

// ownNames proposes those whose name in a language other than the lexicon's starts with
// what is typed.
func (b *Bot) ownNames(w words, k lexicon.Kind, typed string) (choices []Choice) {
	start := foldName(typed)
	if start == "" {
		return nil
	}
	for _, id := range b.ids(k) {
		name, ok := w.has(prefixOf(k), id)
		if ok && strings.HasPrefix(foldName(name), start) {
			choices = append(choices, Choice{Name: name, Value: id})
		}
	}
	return choices
}

// proposeActors proposes what may follow the actors already typed.
func (b *Bot) proposeActors(w words, typed string) []Choice {
	return proposeMore(w, typed, b.resolveActors, b.proposeNames(lexicon.KindActor), b.actorName)
}

// proposeTopics proposes what may follow the topics already typed.
func (b *Bot) proposeTopics(w words, typed string) []Choice {
	return proposeMore(w, typed, b.resolveTopics, b.proposeNames(lexicon.KindTopic), b.topicName)
}

// proposeMore proposes lists: the names already typed, and one more.
func proposeMore(w words, typed string, resolve func(string) (string, error), propose func(words, string) []Choice, name func(words, string) string) (choices []Choice) {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i], typed[i+1:]
	}
	var ids, names []string
	if done, err := resolve(before); err == nil {
		ids = SplitActors(done)
	}
	for _, id := range ids {
		names = append(names, name(w, id))
	}
	for _, c := range propose(w, last) {
		choices = append(choices, Choice{
			Name:  strings.Join(append(names[:len(names):len(names)], name(w, c.Value)), ", "),
			Value: strings.Join(append(ids[:len(ids):len(ids)], c.Value), ","),
		})
	}
	return choices
}

// naming knows what actors and topics are called.
type naming struct{ lexicon *lexicon.Lexicon }

// translations finds the id of an actor or a topic by its name in a language of the
// interface, under the prefix of its phrases.
func (b *Bot) translations() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, k := range []lexicon.Kind{lexicon.KindActor, lexicon.KindTopic} {
		names := map[string]string{}
		for _, tag := range Languages() {
			for _, id := range b.ids(k) {
				names[foldName(b.name(speak(tag), k, id))] = id
			}
		}
		all[prefixOf(k)] = names
	}
	return all
}

// foldName is a name as it is compared: without case, with one kind of apostrophe.
func foldName(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(name), " ")), "'", "’")
}

// prefixOf is the prefix of the phrases that name actors, or topics.
func prefixOf(k lexicon.Kind) string {
	if k == lexicon.KindTopic {
		return topicNames
	}
	return actorNames
}

// ids are those of all actors, or topics.
func (n naming) ids(k lexicon.Kind) (ids []string) {
	if k == lexicon.KindTopic {
		for _, t := range n.lexicon.Topics() {
			ids = append(ids, t.ID)
		}
		return ids
	}
	for _, a := range n.lexicon.Actors() {
		ids = append(ids, a.ID)
	}
	return ids
}

// name is what an actor or a topic is called: in the language, or else in the lexicon,
// or by its id where the lexicon does not know it.
func (n naming) name(w words, k lexicon.Kind, id string) string {
	if name, ok := w.has(prefixOf(k), id); ok {
		return name
	}
	if k == lexicon.KindTopic {
		t, _ := n.lexicon.Topic(id)
		return or(t.Label, id)
	}
	a, _ := n.lexicon.Actor(id)
	return or(a.Name, id)
}

func (n naming) actorName(w words, id string) string { return n.name(w, lexicon.KindActor, id) }

// called is what an actor is called within a sentence, with an article where the language
// gives it one.
func (n naming) called(w words, id string) string {
	name := n.actorName(w, id)
	if a, _ := n.lexicon.Actor(id); a.Article {
		return w.say(sayWithArticle, data{"Name": name})
	}
	return name
}

// anyOf are actors within a sentence: "Russia or the United States".
func (n naming) anyOf(w words, ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = n.called(w, id)
	}
	return w.either(names)
}

func (n naming) topicName(w words, id string) string { return n.name(w, lexicon.KindTopic, id) }

func (n naming) actorNames(w words, ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, n.actorName(w, id))
	}
	return names
}

func (n naming) topicNames(w words, ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, n.topicName(w, id))
	}
	return names
}

// listed puts commas between names.
func listed(names []string) string { return strings.Join(names, ", ") }
