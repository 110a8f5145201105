package bot

import (
	"context"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
)

// maxChoices is the most proposals that Discord shows while a value is typed.
const maxChoices = 25

// actorOption is an option whose value is an actor's id.
func (b *Bot) actorOption(description string, required bool) Option {
	return Option{
		Name: "actor", Description: description, Required: required,
		Complete: b.completeNames(lexicon.KindActor), Resolve: b.resolveActor,
	}
}

// topicOption is an option whose value is a topic's id.
func (b *Bot) topicOption(description string, required bool) Option {
	return Option{
		Name: "topic", Description: description, Required: required,
		Complete: b.completeNames(lexicon.KindTopic), Resolve: b.resolveTopic,
	}
}

// actorsOption is an option whose value is ids of actors with commas between them.
func (b *Bot) actorsOption(description string) Option {
	return Option{Name: "actors", Description: description, Complete: b.completeActors, Resolve: b.resolveActors}
}

// periodOptions are the first and the last day asked about.
func (b *Bot) periodOptions() []Option {
	return []Option{
		{Name: "since", Description: "From this day on: 2025, 2025-03, 14 March 2025, last week, Monday", Resolve: b.resolveSince},
		{Name: "until", Description: "Through this day: 2025, 2025-03, 14 March 2025, Monday", Resolve: b.resolveUntil},
	}
}

// pageOption is which part of a long list to show.
func pageOption() Option {
	return Option{Name: "page", Description: "Which part of the list, from 1", Type: IntegerOption}
}

func (b *Bot) resolveActor(name string) (string, error) {
	if a, ok := b.lexicon.ResolveActor(name); ok {
		return a.ID, nil
	}
	return "", refuse(sayNoActor, short(name), b.proposals(lexicon.KindActor, name))
}

func (b *Bot) resolveTopic(name string) (string, error) {
	if t, ok := b.lexicon.ResolveTopic(name); ok {
		return t.ID, nil
	}
	return "", refuse(sayNoTopic, short(name), b.proposals(lexicon.KindTopic, name))
}

// proposals are the names nearest to what was typed, or all main ones.
func (b *Bot) proposals(k lexicon.Kind, typed string) string {
	found := b.lexicon.Complete(k, typed, maxChoices)
	if len(found) == 0 {
		found = b.lexicon.Complete(k, "", maxChoices)
	}
	names := make([]string, len(found))
	for i, p := range found {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// resolveActors reads "Russia, Ukraine", "moscow vs kyiv", "russia ukraine".
func (b *Bot) resolveActors(list string) (string, error) {
	var ids []string
	for rest := strings.ReplaceAll(list, ",", " , "); rest != ""; {
		word, after := cutWord(rest)
		if joining[strings.ToLower(word)] || strings.Trim(word, ",.&;") == "" {
			rest = after
			continue
		}
		id, left, n := Command{}.longest(Option{Resolve: b.resolveActor}, rest)
		if n == 0 {
			_, err := b.resolveActor(word)
			return "", err
		}
		ids, rest = append(ids, id), left
	}
	if len(ids) == 0 {
		return "", refuse(sayNoActor, short(list), b.proposals(lexicon.KindActor, ""))
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
	p, ok := index.ReadPeriod(text, b.now())
	if !ok || p.Since.IsZero() {
		return "", refuse(sayNoDate, short(text))
	}
	return p.Since.UTC().Format(time.DateOnly), nil
}

// resolveUntil returns the last day of a date.
func (b *Bot) resolveUntil(text string) (string, error) {
	p, ok := index.ReadPeriod(text, b.now())
	if !ok || p.Until.IsZero() {
		return "", refuse(sayNoDate, short(text))
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
		return p, refuse(sayBackwards, since.Long(), until.Long())
	}
	return p, nil
}

// completeNames proposes actors or topics; a name found by another is shown with it.
func (b *Bot) completeNames(k lexicon.Kind) func(context.Context, string) []Choice {
	return func(_ context.Context, typed string) []Choice {
		var choices []Choice
		for _, p := range b.lexicon.Complete(k, typed, maxChoices) {
			name := p.Name
			if p.As != "" && !strings.EqualFold(p.As, p.Name) {
				name += " (" + p.As + ")"
			}
			choices = append(choices, Choice{Name: name, Value: p.ID})
		}
		return choices
	}
}

// completeActors proposes what may follow the actors already typed.
func (b *Bot) completeActors(_ context.Context, typed string) []Choice {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i], typed[i+1:]
	}
	var names, ids []string
	if done, err := b.resolveActors(before); err == nil {
		ids = SplitActors(done)
		for _, id := range ids {
			names = append(names, b.actorName(id))
		}
	}
	var choices []Choice
	for _, p := range b.lexicon.Complete(lexicon.KindActor, last, maxChoices) {
		choices = append(choices, Choice{
			Name:  strings.Join(append(names[:len(names):len(names)], p.Name), ", "),
			Value: strings.Join(append(ids[:len(ids):len(ids)], p.ID), ","),
		})
	}
	return choices
}

// actorName is the lexicon's name, or the id of an actor that it does not know.
func (b *Bot) actorName(id string) string {
	a, _ := b.lexicon.Actor(id)
	return or(a.Name, id)
}

// topicName is the lexicon's label, or the id of a topic that it does not know.
func (b *Bot) topicName(id string) string {
	t, _ := b.lexicon.Topic(id)
	return or(t.Label, id)
}

// actorNames are the names with commas between them.
func (b *Bot) actorNames(ids []string) string { return joined(ids, b.actorName) }

// topicNames are the labels with commas between them.
func (b *Bot) topicNames(ids []string) string { return joined(ids, b.topicName) }

func joined(ids []string, name func(string) string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = name(id)
	}
	return strings.Join(names, ", ")
}
