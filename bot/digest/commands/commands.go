// Package commands is "/digest" and its sub-commands, by which the managers of a chat
// subscribe it to digests, change and end subscriptions, and see what became of them. It
// composes and delivers nothing.
package commands

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/digest/schedule"
	"parley/bot/names"
	"parley/bot/wording"
	"parley/corpus/lexicon"
)

// Subscriptions keeps the subscriptions of chats.
type Subscriptions interface {
	// Subscribe keeps a new subscription, without an ID, or replaces the one with its ID,
	// and returns it as kept.
	Subscribe(ctx context.Context, s bot.Subscription) (bot.Subscription, error)
	// Unsubscribe forgets a subscription; ok is false if there was none.
	Unsubscribe(ctx context.Context, id string) (ok bool, err error)
	// Subscriptions returns the subscriptions of a chat, the oldest first.
	Subscriptions(ctx context.Context, chat string) ([]bot.Subscription, error)
}

// Slots tells what became of digests.
type Slots interface {
	// Slots returns the last slots of a subscription, the newest first and limit at most, and
	// when the next is due; zero if none is.
	Slots(ctx context.Context, id string, limit int) (last []bot.Slot, next time.Time, err error)
}

// Previewer composes digests to be looked at.
type Previewer interface {
	// Preview returns what would be posted for a subscription now; ok is false if there is no
	// such subscription. It changes nothing.
	Preview(ctx context.Context, id string) (reply bot.Reply, ok bool, err error)
}

// Options configure the commands; all but Defaults are required.
type Options struct {
	Digests interface {
		Subscriptions
		Slots
		Previewer
	}
	Lexicon *lexicon.Lexicon
	Now     func() time.Time
	Log     *slog.Logger
	// Defaults are the time and the zone of a subscription that names none.
	Defaults Defaults
}

// Defaults hold for a subscription that names no time. The zero value is 9:00 UTC.
type Defaults struct {
	Zone string // IANA time zone
	At   int    // minutes from midnight
}

const (
	command = "digest"

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

// commander handles the sub-commands of "/digest".
type commander struct {
	Options
	actors, topics *names.Names
	changing       sync.Mutex // held while subscriptions are changed
}

// New returns "/digest" with its sub-commands.
func New(o Options) bot.Command {
	c := &commander{Options: o, actors: names.Actors(o.Lexicon), topics: names.Topics(o.Lexicon)}
	number := []argument.Option{{Name: optionNumber, About: "option.number", Resolve: resolveNumber}}
	previewed := argument.Option{Name: optionPreviewed, About: "option.number", Internal: true, Untyped: true}
	part := func(name string, about wording.Key, options []argument.Option, run handler) bot.Command {
		return bot.Command{Name: name, About: wording.Phrase(about), Options: options, Run: run}
	}
	return bot.Command{Name: command, About: wording.Phrase("command.digest"), Everywhere: true, Parts: []bot.Command{
		part("subscribe", "command.digest_subscribe", c.options(), c.managing(c.subscribe)),
		part("list", "command.digest_list", nil, c.list),
		part("edit", "command.digest_edit", slices.Concat(number, c.options()), c.managing(c.edit)),
		part("preview", "command.digest_preview", append(slices.Clone(number), previewed), c.preview),
		part("why", "command.digest_why", number, c.why),
		part("pause", "command.digest_pause", number, c.managing(c.pausing(true))),
		part("resume", "command.digest_resume", number, c.managing(c.pausing(false))),
		part("unsubscribe", "command.digest_unsubscribe", number, c.managing(c.unsubscribe)),
	}}
}

// handler runs a sub-command.
type handler = func(ctx context.Context, req bot.Request) (bot.Reply, error)

// options say when a digest comes and of what.
func (c *commander) options() []argument.Option {
	return []argument.Option{
		{Name: optionTime, About: "option.digest_time", Resolve: schedule.ResolveTime},
		{Name: optionZone, About: "option.digest_zone", Resolve: schedule.ResolveZone, Complete: schedule.CompleteZones},
		{Name: optionDays, About: "option.digest_days", Resolve: schedule.ResolveDays},
		listOrAll(c.topics, optionTopics, "option.digest_topics"),
		listOrAll(c.actors, optionActors, "option.digest_actors"),
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

// wholeList is the value of an option for all topics, or all actors.
const wholeList = "all"

// allWords are the words by which people ask for all topics or actors.
var allWords = map[string]bool{
	wholeList: true, "everything": true, "everyone": true, "усі": true, "всі": true, "усе": true, "все": true,
}

// listOrAll is an option for a list of names, or for all.
func listOrAll(n *names.Names, name string, about wording.Key) argument.Option {
	o := n.ListOption(name, about)
	o.Resolve, o.ResolveOne = orAll(o.Resolve), orAll(n.Resolve)
	return o
}

// orAll makes a resolver also read a word that asks for all, as wholeList.
func orAll(resolve func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if allWords[names.Fold(text)] {
			return wholeList, nil
		}
		return resolve(text)
	}
}

// idsOf are the sorted ids in an argument of an orAll resolver; nil for all.
func idsOf(ids string) []string {
	if ids == wholeList {
		return nil
	}
	ordered := strings.Split(ids, ",")
	slices.Sort(ordered)
	return slices.Compact(ordered)
}

// managing refuses those who may not change what a chat gets.
func (c *commander) managing(run handler) handler {
	return func(ctx context.Context, req bot.Request) (bot.Reply, error) {
		switch {
		case req.Chat == "":
			return bot.Reply{}, wording.Refuse("no_settings", nil)
		case !req.Manager:
			return bot.Reply{}, wording.Refuse("digest_managers", nil)
		}
		c.changing.Lock() // one change is not to undo another
		defer c.changing.Unlock()
		return run(ctx, req)
	}
}

// subscribe makes a subscription of the place in which it is asked for, or of the channel
// that is named.
func (c *commander) subscribe(ctx context.Context, req bot.Request) (bot.Reply, error) {
	all, err := c.Digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) >= maxSubscriptions {
		return bot.Reply{}, wording.Refuse("many_digests", wording.Data{"Most": maxSubscriptions})
	}
	wish := bot.Subscription{
		Place: bot.Place{Chat: req.Chat, Channel: cmp.Or(req.Args[optionChannel], req.Thread, req.Channel)},
		Zone:  c.Defaults.Zone, At: c.Defaults.At, By: req.User, Since: c.Now(),
	}
	if wish.Zone == "" {
		wish.Zone, wish.At = defaultZone, defaultAt
	}
	wish = changed(wish, req)
	same := func(s bot.Subscription) bool {
		return s.Place == wish.Place && slices.Equal(s.Topics, wish.Topics) && slices.Equal(s.Actors, wish.Actors)
	}
	if i := slices.IndexFunc(all, same); i >= 0 {
		return bot.Reply{}, wording.Refuse("digest_there", wording.Data{"Number": i + 1})
	}
	return c.keep(ctx, req, wish, "digest_kept")
}

// changed is a subscription with what a request says.
func changed(s bot.Subscription, req bot.Request) bot.Subscription {
	if at := req.Args[optionTime]; at != "" {
		s.At = schedule.Minutes(at)
	}
	s.Zone = cmp.Or(req.Args[optionZone], s.Zone)
	if days := req.Args[optionDays]; days != "" {
		s.Days = schedule.Days(days)
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

// keep keeps a subscription and shows it, after a sentence.
func (c *commander) keep(
	ctx context.Context, req bot.Request, s bot.Subscription, sentence wording.Key,
) (bot.Reply, error) {
	kept, err := c.Digests.Subscribe(ctx, s)
	if err != nil {
		return c.notKept(ctx, req, err)
	}
	p := c.in(req)
	card, err := c.card(ctx, p, req, kept, "")
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Blocks: []bot.Block{bot.Text{Line: bot.Plain(p.Say(sentence))}, card}}, nil
}

// notKept refuses a change that could not be kept, and logs why.
func (c *commander) notKept(ctx context.Context, req bot.Request, err error) (bot.Reply, error) {
	c.Log.ErrorContext(ctx, "settings not kept", "chat", req.Chat, "err", err)
	return bot.Reply{}, wording.Refuse("not_kept", nil)
}

func (c *commander) in(req bot.Request) presenter {
	return presenter{bot.NewPresenter(c.Lexicon, req.Language)}
}

// pick finds the subscription that a request means: the one that it numbers, or the only
// one of its place, or of the whole chat. number is its place in the list of the chat, from 1.
func (c *commander) pick(ctx context.Context, req bot.Request) (s bot.Subscription, number int, err error) {
	all, err := c.Digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return s, 0, err
	}
	if len(all) == 0 {
		return s, 0, wording.Refuse("no_digests", nil)
	}
	if n, err := strconv.Atoi(req.Args[optionNumber]); err == nil {
		if n > len(all) {
			return s, 0, wording.Refuse("no_such_digest", wording.Data{"Number": n, "Last": len(all)})
		}
		return all[n-1], n, nil
	}
	var here, elsewhere []int
	place := bot.Place{Chat: req.Chat, Channel: cmp.Or(req.Thread, req.Channel)}
	for i, s := range all {
		if s.Place == place {
			here = append(here, i)
		} else {
			elsewhere = append(elsewhere, i)
		}
	}
	switch {
	case len(here) == 1:
		return all[here[0]], here[0] + 1, nil
	case len(here) == 0 && len(elsewhere) == 1:
		return all[elsewhere[0]], elsewhere[0] + 1, nil
	}
	return s, 0, wording.Refuse("which_digest", wording.Data{"Last": len(all)})
}

func (c *commander) edit(ctx context.Context, req bot.Request) (bot.Reply, error) {
	s, _, err := c.pick(ctx, req)
	if err != nil {
		return bot.Reply{}, err
	}
	return c.keep(ctx, req, changed(s, req), "digest_edited")
}

// pausing stops a subscription, or lets it go on.
func (c *commander) pausing(paused bool) handler {
	sentence := wording.Key("digest_resumed")
	if paused {
		sentence = "digest_paused"
	}
	return func(ctx context.Context, req bot.Request) (bot.Reply, error) {
		s, _, err := c.pick(ctx, req)
		if err != nil {
			return bot.Reply{}, err
		}
		s.Paused = paused
		return c.keep(ctx, req, s, sentence)
	}
}

func (c *commander) unsubscribe(ctx context.Context, req bot.Request) (bot.Reply, error) {
	s, _, err := c.pick(ctx, req)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := c.Digests.Unsubscribe(ctx, s.ID); err != nil {
		return c.notKept(ctx, req, err)
	}
	p := c.in(req)
	said := bot.Text{Line: bot.Plain(p.Say("unsubscribed"))}
	return bot.Reply{Blocks: []bot.Block{said, p.fields(req, s, "")}}, nil
}

// preview shows to the caller alone what a subscription would be posted now.
func (c *commander) preview(ctx context.Context, req bot.Request) (bot.Reply, error) {
	id := req.Args[optionPreviewed]
	if id == "" {
		s, _, err := c.pick(ctx, req)
		if err != nil {
			return bot.Reply{}, err
		}
		id = s.ID
	}
	reply, ok, err := c.Digests.Preview(ctx, id)
	if err == nil && !ok {
		err = wording.Refuse("preview_gone", nil)
	}
	p := c.in(req)
	reply.Private = true
	reply.Aside = &bot.Aside{
		Sent: p.Say("sent_aside"), Closed: p.Say("open_aside"),
		Show: bot.Action{
			Label: p.Say("action.show_aside"), Command: command + " preview", Args: bot.Args{optionPreviewed: id},
		},
	}
	return reply, err
}

// list shows the subscriptions of a chat.
func (c *commander) list(ctx context.Context, req bot.Request) (bot.Reply, error) {
	all, err := c.Digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{}, wording.Refuse("no_digests", nil)
	}
	p := c.in(req)
	reply := bot.Reply{Private: true}
	for i, s := range all {
		card, err := c.card(ctx, p, req, s, p.Fill("digest_number", wording.Data{"Number": i + 1}))
		if err != nil {
			return bot.Reply{}, err
		}
		reply.Blocks = append(reply.Blocks, card)
	}
	return reply, nil
}

// why shows what the last slots of a subscription did, and when the next is due.
func (c *commander) why(ctx context.Context, req bot.Request) (bot.Reply, error) {
	s, number, err := c.pick(ctx, req)
	if err != nil {
		return bot.Reply{}, err
	}
	last, next, err := c.Digests.Slots(ctx, s.ID, maxSlots)
	if err != nil {
		return bot.Reply{}, err
	}
	p := c.in(req)
	card := bot.Fields{Title: p.Fill("digest_number", wording.Data{"Number": number})}
	for _, slot := range last {
		card.Rows = append(card.Rows, bot.Field{Name: p.Date(slot.Date), Value: bot.Plain(p.slotLine(slot))})
	}
	reply := bot.Reply{Private: true}
	if len(last) > 0 {
		reply.Blocks = append(reply.Blocks, card)
	} else {
		reply.Blocks = append(reply.Blocks, bot.Text{Line: bot.Plain(p.Say("no_slots"))})
	}
	switch {
	case s.Paused:
		reply.Blocks = append(reply.Blocks, bot.Note{Line: bot.Plain(p.Say("paused_now"))})
	case !next.IsZero():
		due := p.Fill("next_slot", wording.Data{"Moment": p.moment(next, s.Zone)})
		reply.Blocks = append(reply.Blocks, bot.Note{Line: bot.Plain(due)})
	}
	return reply, nil
}
