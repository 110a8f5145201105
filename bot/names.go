package bot

import (
	"slices"
	"strings"
	"time"

	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// maxChoices is the most proposals that Discord shows while a value is typed.
const maxChoices = 25

// actorOption is an option whose value is an actor's id.
func (b *Bot) actorOption(about wording.Key, required bool) Option {
	return Option{
		Name: "actor", About: about, Required: required,
		Complete: b.proposeNames(lexicon.KindActor), Resolve: b.resolveActor,
	}
}

// topicOption is an option whose value is a topic's id.
func (b *Bot) topicOption(about wording.Key, required bool) Option {
	return Option{
		Name: "topic", About: about, Required: required,
		Complete: b.proposeNames(lexicon.KindTopic), Resolve: b.resolveTopic,
	}
}

// actorsOption is an option whose value is ids of actors with commas between them.
func (b *Bot) actorsOption(about wording.Key) Option {
	return Option{Name: "actors", About: about, Complete: b.proposeActors, Resolve: b.resolveActors}
}

// periodOptions are the first and the last day asked about.
func (b *Bot) periodOptions() []Option {
	return []Option{
		{Name: "since", About: "option.since", Resolve: b.resolveSince},
		{Name: "until", About: "option.until", Resolve: b.resolveUntil},
	}
}

// pageOption is which part of a long list to show.
func pageOption() Option {
	return Option{Name: "page", About: "option.page", Type: IntegerOption}
}

func (b *Bot) resolveActor(name string) (string, error) {
	if a, ok := b.lexicon.ResolveActor(name); ok {
		return a.ID, nil
	}
	if id, ok := b.translated["actor"][foldName(name)]; ok {
		return id, nil
	}
	return "", b.unknown("no_actor", lexicon.KindActor, name)
}

func (b *Bot) resolveTopic(name string) (string, error) {
	if t, ok := b.lexicon.ResolveTopic(name); ok {
		return t.ID, nil
	}
	if id, ok := b.translated["topic"][foldName(name)]; ok {
		return id, nil
	}
	return "", b.unknown("no_topic", lexicon.KindTopic, name)
}

// unknown refuses a name, and tells the names nearest to it, or all main ones.
func (b *Bot) unknown(key wording.Key, k lexicon.Kind, typed string) wording.Refusal {
	known := b.lexicon.Complete(k, typed, maxChoices)
	if len(known) == 0 {
		known = b.lexicon.Complete(k, "", maxChoices)
	}
	return wording.RefuseText(func(l wording.Language) string {
		names := make([]string, len(known))
		for i, proposal := range known {
			names[i] = Presenter{l, b.lexicon}.name(k, proposal.ID)
		}
		return l.Fill(key, wording.Data{"Typed": short(typed), "Known": strings.Join(names, ", ")})
	})
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
		return "", wording.Refuse("no_date", wording.Data{"Typed": short(text)})
	}
	return p.Since.UTC().Format(time.DateOnly), nil
}

// resolveUntil returns the last day of a date.
func (b *Bot) resolveUntil(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Until.IsZero() {
		return "", wording.Refuse("no_date", wording.Data{"Typed": short(text)})
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
		return p, wording.RefuseText(func(l wording.Language) string {
			return l.Fill("backwards", wording.Data{"Since": l.Date(since), "Until": l.Date(until)})
		})
	}
	return p, nil
}

// proposeNames proposes actors or topics; a name found by another is shown with it.
func (b *Bot) proposeNames(k lexicon.Kind) func(wording.Language, string) []Choice {
	return func(l wording.Language, typed string) []Choice {
		p := Presenter{l, b.lexicon}
		choices := b.ownNames(p, k, typed)
		for _, found := range b.lexicon.Complete(k, typed, maxChoices) {
			if slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == found.ID }) {
				continue
			}
			name := p.name(k, found.ID)
			if found.As != "" && !strings.EqualFold(found.As, name) {
				name += " (" + found.As + ")"
			}
			choices = append(choices, Choice{Name: name, Value: found.ID})
		}
		return choices[:min(len(choices), maxChoices)]
	}
}

// ownNames proposes those whose name in a language other than the lexicon's starts with
// what is typed.
func (b *Bot) ownNames(p Presenter, k lexicon.Kind, typed string) (choices []Choice) {
	start := foldName(typed)
	if start == "" {
		return nil
	}
	for _, id := range idsOfKind(b.lexicon, k) {
		name, ok := p.Lookup(prefixOf(k), id)
		if ok && strings.HasPrefix(foldName(name), start) {
			choices = append(choices, Choice{Name: name, Value: id})
		}
	}
	return choices
}

// proposeActors proposes what may follow the actors already typed.
func (b *Bot) proposeActors(l wording.Language, typed string) []Choice {
	return proposeMore(l, typed, b.resolveActors, b.proposeNames(lexicon.KindActor), Presenter{l, b.lexicon}.actorName)
}

// proposeTopics proposes what may follow the topics already typed.
func (b *Bot) proposeTopics(l wording.Language, typed string) []Choice {
	return proposeMore(l, typed, b.resolveTopics, b.proposeNames(lexicon.KindTopic), Presenter{l, b.lexicon}.topicName)
}

// proposeMore proposes lists: the names already typed, and one more.
func proposeMore(l wording.Language, typed string, resolve func(string) (string, error), propose func(wording.Language, string) []Choice, name func(string) string) (choices []Choice) {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i], typed[i+1:]
	}
	var ids, names []string
	if done, err := resolve(before); err == nil {
		ids = SplitActors(done)
	}
	for _, id := range ids {
		names = append(names, name(id))
	}
	for _, c := range propose(l, last) {
		choices = append(choices, Choice{
			Name:  strings.Join(append(names[:len(names):len(names)], name(c.Value)), ", "),
			Value: strings.Join(append(ids[:len(ids):len(ids)], c.Value), ","),
		})
	}
	return choices
}

// translations finds the id of an actor or a topic by its name in a language of the
// interface, under the prefix of its phrases.
func (b *Bot) translations() map[wording.Prefix]map[string]string {
	all := map[wording.Prefix]map[string]string{}
	for _, k := range []lexicon.Kind{lexicon.KindActor, lexicon.KindTopic} {
		names := map[string]string{}
		for _, tag := range wording.Languages() {
			for _, id := range idsOfKind(b.lexicon, k) {
				names[foldName(b.in(tag).name(k, id))] = id
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
func prefixOf(k lexicon.Kind) wording.Prefix {
	if k == lexicon.KindTopic {
		return "topic"
	}
	return "actor"
}

// ids are those of all actors, or topics.
func idsOfKind(lex *lexicon.Lexicon, k lexicon.Kind) (ids []string) {
	if k == lexicon.KindTopic {
		for _, t := range lex.Topics() {
			ids = append(ids, t.ID)
		}
		return ids
	}
	for _, a := range lex.Actors() {
		ids = append(ids, a.ID)
	}
	return ids
}

// name is what an actor or a topic is called: in the language, or else in the lexicon,
// or by its id where the lexicon does not know it.
func (p Presenter) name(k lexicon.Kind, id string) string {
	if name, ok := p.Lookup(prefixOf(k), id); ok {
		return name
	}
	if k == lexicon.KindTopic {
		t, _ := p.lexicon.Topic(id)
		return or(t.Label, id)
	}
	a, _ := p.lexicon.Actor(id)
	return or(a.Name, id)
}

func (p Presenter) actorName(id string) string { return p.name(lexicon.KindActor, id) }

// called is what an actor is called within a sentence, with an article where the language
// gives it one.
func (p Presenter) called(id string) string {
	name := p.actorName(id)
	if a, _ := p.lexicon.Actor(id); a.Article {
		return p.Fill("with_article", wording.Data{"Name": name})
	}
	return name
}

// anyOf are actors within a sentence: "Russia or the United States".
func (p Presenter) anyOf(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.called(id)
	}
	return p.Either(names)
}

func (p Presenter) topicName(id string) string { return p.name(lexicon.KindTopic, id) }

func (p Presenter) actorNames(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, p.actorName(id))
	}
	return names
}

func (p Presenter) topicNames(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, p.topicName(id))
	}
	return names
}

// listed puts commas between names.
func listed(names []string) string { return strings.Join(names, ", ") }
