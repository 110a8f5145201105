package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/bot/argument"
	"parley/bot/wording"
)

// digestCommand is the command of subscriptions.
const digestCommand = "digest"

// DigestDefaults hold for a subscription that names none. The zero value is 9:00 UTC.
type DigestDefaults struct {
	Zone string // IANA time zone
	At   int    // minutes from midnight
}

const (
	defaultZone = "UTC"
	defaultAt   = 9 * 60
	// maxSubscriptions of a chat: its managers must be able to read the list of them.
	maxSubscriptions = 20
	// maxSlots are shown by "/digest why".
	maxSlots = 7
)

// Names of the options of "/digest".
const (
	optionNumber  = "number"
	optionTime    = "time"
	optionZone    = "timezone"
	optionDays    = "days"
	optionTopics  = "topics"
	optionActors  = "actors"
	optionLang    = "language"
	optionQuiet   = "quiet"
	optionChannel = "channel"
	// optionPreviewed is the id of a subscription. Who has it was given it by "/digest
	// preview" in its chat, and may see the same elsewhere.
	optionPreviewed = "subscription"
)

// chatLanguage is the choice of "/digest language" that leaves it to the chat's settings.
const chatLanguage = "chat"

// digestCommands are "/digest" with its sub-commands; none where there are no digests.
func (b *Bot) digestCommands() []Command {
	if b.digests == nil {
		return nil
	}
	number := []argument.Option{{Name: optionNumber, About: "option.number", Resolve: resolveNumber}}
	previewed := append(slices.Clone(number), argument.Option{Name: optionPreviewed, About: "option.number", Internal: true, Untyped: true})
	return []Command{{Name: digestCommand, About: wording.Phrase("command.digest"), Everywhere: true, Parts: []Command{
		{Name: "subscribe", About: wording.Phrase("command.digest_subscribe"), Options: b.digestOptions(), Run: b.managing(b.subscribe)},
		{Name: "list", About: wording.Phrase("command.digest_list"), Run: b.listDigests},
		{Name: "edit", About: wording.Phrase("command.digest_edit"), Options: slices.Concat(number, b.digestOptions()), Run: b.managing(b.editDigest)},
		{Name: "preview", About: wording.Phrase("command.digest_preview"), Options: previewed, Run: b.previewDigest},
		{Name: "why", About: wording.Phrase("command.digest_why"), Options: number, Run: b.whyDigest},
		{Name: "pause", About: wording.Phrase("command.digest_pause"), Options: number, Run: b.managing(b.pausing(true))},
		{Name: "resume", About: wording.Phrase("command.digest_resume"), Options: number, Run: b.managing(b.pausing(false))},
		{Name: "unsubscribe", About: wording.Phrase("command.digest_unsubscribe"), Options: number, Run: b.managing(b.unsubscribe)},
	}}}
}

// digestOptions say when a digest comes and of what.
func (b *Bot) digestOptions() []argument.Option {
	return []argument.Option{
		{Name: optionTime, About: "option.digest_time", Resolve: resolveTime},
		{Name: optionZone, About: "option.digest_zone", Resolve: resolveZone, Complete: proposeZones},
		{Name: optionDays, About: "option.digest_days", Resolve: resolveDays},
		{Name: optionTopics, About: "option.digest_topics", Resolve: orAll(b.topics.ResolveList), ResolveOne: orAll(b.topics.Resolve), Complete: b.topics.CompleteList},
		{Name: optionActors, About: "option.digest_actors", Resolve: orAll(b.actors.ResolveList), ResolveOne: orAll(b.actors.Resolve), Complete: b.actors.CompleteList},
		{Name: optionLang, About: "option.digest_language", Choices: argument.Languages(chatLanguage)},
		{Name: optionQuiet, About: "option.digest_quiet", Type: argument.Boolean},
		{Name: optionChannel, About: "option.digest_channel", Type: argument.Channel},
	}
}

// resolveNumber reads which subscription of a chat is meant: "2", "#2".
func resolveNumber(text string) (string, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(text, "#"))
	if err != nil || n < 1 || n > maxSubscriptions {
		return "", wording.Refuse("no_digest_number", wording.Data{"Option": optionNumber, "Typed": argument.Echo(text)})
	}
	return strconv.Itoa(n), nil
}

// managing refuses those who may not change what a chat gets.
func (b *Bot) managing(run func(context.Context, Request) (Reply, error)) func(context.Context, Request) (Reply, error) {
	return func(ctx context.Context, req Request) (Reply, error) {
		switch {
		case req.Chat == "":
			return Reply{}, wording.Refuse("no_settings", nil)
		case !req.Manager:
			return Reply{}, wording.Refuse("digest_managers", nil)
		}
		b.changing.Lock() // one change is not to undo another
		defer b.changing.Unlock()
		return run(ctx, req)
	}
}

// subscribe makes a subscription of the place in which it is asked for, or of the channel
// that is named.
func (b *Bot) subscribe(ctx context.Context, req Request) (Reply, error) {
	all, err := b.digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return Reply{}, err
	}
	if len(all) >= maxSubscriptions {
		return Reply{}, wording.Refuse("many_digests", wording.Data{"Most": maxSubscriptions})
	}
	wish := Subscription{Place: req.place(), Zone: b.digest.Zone, At: b.digest.At, By: req.User, Since: b.now()}
	if wish.Zone == "" {
		wish.Zone, wish.At = defaultZone, defaultAt
	}
	wish = wish.changed(req)
	same := func(s Subscription) bool {
		return s.Place == wish.Place && slices.Equal(s.Topics, wish.Topics) && slices.Equal(s.Actors, wish.Actors)
	}
	if i := slices.IndexFunc(all, same); i >= 0 {
		return Reply{}, wording.Refuse("digest_there", wording.Data{"Number": i + 1})
	}
	return b.keepDigest(ctx, req, wish, "digest_kept")
}

// place is where something is posted that is asked for: in the thread or channel of the
// request, or in the one that it names.
func (req Request) place() Place {
	return Place{Chat: req.Chat, Channel: cmp.Or(req.Args[optionChannel], req.Thread, req.Channel)}
}

// changed is the subscription with what a request says.
func (s Subscription) changed(req Request) Subscription {
	if at := req.Args[optionTime]; at != "" {
		s.At = minutesOf(at)
	}
	s.Zone = cmp.Or(req.Args[optionZone], s.Zone)
	if days := req.Args[optionDays]; days != "" {
		s.Days = daysOf(days)
	}
	if topics := req.Args[optionTopics]; topics != "" {
		s.Topics = idsOf(topics)
	}
	if actors := req.Args[optionActors]; actors != "" {
		s.Actors = idsOf(actors)
	}
	switch language := req.Args[optionLang]; language {
	case "":
	case chatLanguage:
		s.Language = ""
	default:
		s.Language = language
	}
	if quiet := req.Args[optionQuiet]; quiet != "" {
		s.QuietDays = quiet == "true"
	}
	s.Channel = cmp.Or(req.Args[optionChannel], s.Channel)
	return s
}

// keepDigest keeps a subscription and shows it, after a sentence.
func (b *Bot) keepDigest(ctx context.Context, req Request, s Subscription, sentence wording.Key) (Reply, error) {
	kept, err := b.digests.Subscribe(ctx, s)
	if err != nil {
		return b.notKept(ctx, req, err)
	}
	p := b.presenter(req.Language)
	card, err := b.digestCard(ctx, p, req, kept, "")
	if err != nil {
		return Reply{}, err
	}
	return Reply{Blocks: []Block{Text{Plain(p.Say(sentence))}, card}}, nil
}

// numbered is a subscription with its place in the list of its chat, from 1.
type numbered struct {
	Subscription
	number int
}

// pick finds the subscription that a request means: the one that it numbers, or the only
// one of its place, or of the whole chat.
func (b *Bot) pick(ctx context.Context, req Request) (numbered, error) {
	all, err := b.digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return numbered{}, err
	}
	if len(all) == 0 {
		return numbered{}, wording.Refuse("no_digests", nil)
	}
	if n, err := strconv.Atoi(req.Args[optionNumber]); err == nil {
		if n > len(all) {
			return numbered{}, wording.Refuse("no_such_digest", wording.Data{"Number": n, "Last": len(all)})
		}
		return numbered{all[n-1], n}, nil
	}
	var here, elsewhere []numbered
	place := Place{Chat: req.Chat, Channel: cmp.Or(req.Thread, req.Channel)}
	for i, s := range all {
		if s.Place == place {
			here = append(here, numbered{s, i + 1})
		} else {
			elsewhere = append(elsewhere, numbered{s, i + 1})
		}
	}
	switch {
	case len(here) == 1:
		return here[0], nil
	case len(here) == 0 && len(elsewhere) == 1:
		return elsewhere[0], nil
	}
	return numbered{}, wording.Refuse("which_digest", wording.Data{"Last": len(all)})
}

func (b *Bot) editDigest(ctx context.Context, req Request) (Reply, error) {
	s, err := b.pick(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	return b.keepDigest(ctx, req, s.changed(req), "digest_edited")
}

// pausing stops a subscription, or lets it go on.
func (b *Bot) pausing(paused bool) func(context.Context, Request) (Reply, error) {
	sentence := wording.Key("digest_resumed")
	if paused {
		sentence = "digest_paused"
	}
	return func(ctx context.Context, req Request) (Reply, error) {
		s, err := b.pick(ctx, req)
		if err != nil {
			return Reply{}, err
		}
		s.Paused = paused
		return b.keepDigest(ctx, req, s.Subscription, sentence)
	}
}

func (b *Bot) unsubscribe(ctx context.Context, req Request) (Reply, error) {
	s, err := b.pick(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	if _, err := b.digests.Unsubscribe(ctx, s.ID); err != nil {
		return b.notKept(ctx, req, err)
	}
	p := b.presenter(req.Language)
	return Reply{Blocks: []Block{Text{Plain(p.Say("unsubscribed"))}, b.digestFields(p, req, s.Subscription, "")}}, nil
}

// previewDigest shows to the caller alone what a subscription would be posted now.
func (b *Bot) previewDigest(ctx context.Context, req Request) (Reply, error) {
	id := req.Args[optionPreviewed]
	if id == "" {
		s, err := b.pick(ctx, req)
		if err != nil {
			return Reply{}, err
		}
		id = s.ID
	}
	reply, ok, err := b.digests.Preview(ctx, id)
	if err == nil && !ok {
		err = wording.Refuse("preview_gone", nil)
	}
	p := b.presenter(req.Language)
	reply.Private = true
	reply.Aside = &Aside{
		Sent: p.Say("sent_aside"), Closed: p.Say("open_aside"),
		Show: Action{Label: p.Say("action.show_aside"), Command: digestCommand + " preview", Args: Args{optionPreviewed: id}},
	}
	return reply, err
}
