package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/digest/schedule"
	"parley/bot/wording"
	"parley/bot/wording/wordingtest"
	"parley/corpus"
	"parley/corpus/lexicon"
)

// digests keeps subscriptions in memory.
type digests struct {
	all  []bot.Subscription
	last []bot.Slot
	err  error
}

func (d *digests) Subscribe(_ context.Context, s bot.Subscription) (bot.Subscription, error) {
	if i := slices.IndexFunc(d.all, func(t bot.Subscription) bool { return t.ID == s.ID }); i >= 0 {
		d.all[i] = s
		return s, d.err
	}
	if d.err != nil {
		return s, d.err
	}
	s.ID = "s" + strconv.Itoa(len(d.all)+1)
	d.all = append(d.all, s)
	return s, d.err
}

func (d *digests) Unsubscribe(_ context.Context, id string) (bool, error) {
	d.all = slices.DeleteFunc(d.all, func(s bot.Subscription) bool { return s.ID == id && d.err == nil })
	return d.err == nil, d.err
}

func (d *digests) Subscriptions(_ context.Context, chat string) (list []bot.Subscription, err error) {
	for _, s := range d.all {
		if s.Chat == chat {
			list = append(list, s)
		}
	}
	return list, nil
}

func (d *digests) Preview(_ context.Context, id string) (bot.Reply, bool, error) {
	there := slices.ContainsFunc(d.all, func(s bot.Subscription) bool { return s.ID == id })
	return say("digest " + id), there, d.err
}

func (d *digests) Slots(_ context.Context, _ string, limit int) ([]bot.Slot, time.Time, error) {
	return d.last[:min(limit, len(d.last))], time.Date(2026, 5, 10, 6, 0, 0, 0, time.UTC), nil
}

// chat asks as a manager of a chat whose bot has digests.
type chat struct {
	*bot.Bot
	req   bot.Request
	clock time.Time
	log   *strings.Builder
}

func newChat() (*chat, *digests) {
	c, d := &chat{clock: time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC), log: &strings.Builder{}}, &digests{}
	now, log := func() time.Time { return c.clock }, slog.New(slog.NewTextHandler(c.log, nil))
	digest := New(Options{Digests: d, Lexicon: testLexicon(), Now: now, Log: log})
	c.Bot = bot.New(bot.Options{Lexicon: testLexicon(), Now: now, Log: log, Commands: []bot.Command{digest}})
	c.req = bot.Request{
		User: "u", Conversation: "c", Chat: "discord/1", Channel: "general", Manager: true,
		ChannelName: func(c string) bot.Run { return bot.Run{Text: "#" + c, URL: "https://chat.example/" + c} },
	}
	return c, d
}

var testLexicon = sync.OnceValue(func() *lexicon.Lexicon {
	lex, err := lexicon.Default()
	if err != nil {
		panic(err)
	}
	return lex
})

func (c *chat) ask(line string) bot.Reply {
	req := c.req
	req.Command, req.Text = bot.SplitCommand(line)
	return c.Handle(context.Background(), req)
}

// en is a phrase in English.
func en(key wording.Key) string { return wording.In(wording.English).Say(key) }

func say(text string) bot.Reply {
	return bot.Reply{Blocks: []bot.Block{bot.Text{Line: bot.Plain(text)}}}
}

func day(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// text is all that a reply says, a line a block.
func text(r bot.Reply) string {
	var lines []string
	for _, block := range r.Blocks {
		switch b := block.(type) {
		case bot.Text:
			lines = append(lines, b.Line.String())
		case bot.Note:
			lines = append(lines, b.Line.String())
		case bot.Fields:
			lines = append(lines, b.Title)
			for _, row := range b.Rows {
				lines = append(lines, row.Name+": "+row.Value.String())
			}
		default:
			panic(fmt.Sprintf("%T", b))
		}
	}
	return strings.Join(lines, "\n")
}

func TestASubscriptionIsWhatWasTyped(t *testing.T) {
	for line, want := range map[string]bot.Subscription{
		"":                                   {Zone: "UTC", At: 540},
		"9":                                  {Zone: "UTC", At: 540},
		"18:30 Kyiv":                         {Zone: "Europe/Kyiv", At: 1110},
		"9 am New York weekdays":             {Zone: "America/New_York", At: 540, Days: schedule.Days("mon,tue,wed,thu,fri")},
		"Київ о 9:30 пн, чт":                 {Zone: "Europe/Kyiv", At: 570, Days: schedule.Days("mon,thu")},
		"ceasefire and sanctions on Fridays": {Zone: "UTC", At: 540, Days: schedule.Days("fri"), Topics: []string{"ceasefire", "sanctions"}},
		"actors:kyiv, moscow quiet:yes language:uk time:7": {Zone: "UTC", At: 420, Actors: []string{"russia", "ukraine"}, QuietDays: true, Language: "uk"},
		"topics:all actors:усі language:chat":              {Zone: "UTC", At: 540},
		"London ukraine russia":                            {Zone: "Europe/London", At: 540, Actors: []string{"russia", "ukraine"}},
		"daily":                                            {Zone: "UTC", At: 540},
	} {
		c, d := newChat()
		got := text(c.ask("/digest subscribe " + line))
		if len(d.all) != 1 {
			t.Errorf("%s: %s", line, got)
			continue
		}
		want.ID, want.Place, want.By, want.Since = "s1", bot.Place{Chat: "discord/1", Channel: "general"}, "u", c.clock
		if diff := cmp.Diff(want, d.all[0]); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
		if !strings.HasPrefix(got, en("digest_kept")) {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestASubscriptionIsShownAsItIs(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe 9:30 Kyiv Mon-Fri ceasefire actors:russia language:uk")
	want := "Digest 1\nWhere: #general\nWhen: on weekdays at 09:30, Europe/Kyiv\nTopics: Ceasefire\nActors: Russia\nLanguage: Українська\nDays without news: nothing is posted\nNext: 10 May 2026, 09:00 (Europe/Kyiv)"
	reply := c.ask("/digest list")
	if diff := cmp.Diff(want, text(reply)); diff != "" || !reply.Private {
		t.Errorf("private %t: %s", reply.Private, diff)
	}
	c.req.Language = "uk"
	want = "Дайджест 1\nДе: #general\nКоли: у будні о 09:30, Europe/Kyiv\nТеми: Припинення вогню\nУчасники: Росія\nМова: Українська\nДні без новин: нічого не публікується\nНаступний: 10 травня 2026 року, 09:00 (Europe/Kyiv)"
	if diff := cmp.Diff(want, text(c.ask("/digest list"))); diff != "" {
		t.Error(diff)
	}
	if d.all[0].Language != "uk" {
		t.Errorf("language %q", d.all[0].Language)
	}
}

func TestOnlyManagersChangeDigests(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe")
	before := slices.Clone(d.all)
	c.req.Manager = false
	for _, command := range []string{"subscribe topics:ceasefire", "edit 10:00", "pause", "resume", "unsubscribe"} {
		reply := c.ask("/digest " + command)
		if text(reply) != en("digest_managers") || !reply.Private {
			t.Errorf("%s: %s", command, text(reply))
		}
	}
	if diff := cmp.Diff(before, d.all); diff != "" {
		t.Errorf("something changed: %s", diff)
	}
	for command, want := range map[string]string{"list": "Digest 1", "why": en("no_slots"), "preview": "digest s1"} {
		reply := c.ask("/digest " + command)
		if !strings.HasPrefix(text(reply), want) || !reply.Private {
			t.Errorf("%s: private %t, %s", command, reply.Private, text(reply))
		}
	}
}

// TestAPreviewIsShownElsewhere follows what a preview offers from another chat.
func TestAPreviewIsShownElsewhere(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe")
	offered := c.ask("/digest preview").Aside
	if offered == nil {
		t.Fatal("nothing is offered")
	}
	key, err := c.ActionKey(t.Context(), offered.Show)
	if err != nil || strings.HasPrefix(key, "#") {
		t.Fatalf("key %q, %v; something is kept", key, err)
	}
	command, args, ok, err := c.ActionOf(t.Context(), key)
	if err != nil || !ok {
		t.Fatalf("the action of %q: %t, %v", key, ok, err)
	}
	follow := func() string {
		return text(c.Handle(t.Context(), bot.Request{Chat: "telegram/7", Command: command, Args: args}))
	}
	if got := follow(); got != "digest s1" {
		t.Errorf("elsewhere: %s", got)
	}
	d.all = nil
	if got := follow(); got != en("preview_gone") {
		t.Errorf("when it has ended: %s", got)
	}
	if got := text(c.ask("/digest preview subscription:s1")); got == "digest s1" {
		t.Error("a subscription was named by typing")
	}
}

func TestWhichDigestIsMeant(t *testing.T) {
	c, d := newChat()
	if got := text(c.ask("/digest pause")); got != en("no_digests") {
		t.Errorf("none: %s", got)
	}
	c.ask("/digest subscribe")
	c.req.Channel = "talks"
	if got := text(c.ask("/digest pause")); !strings.HasPrefix(got, en("digest_paused")) || !d.all[0].Paused {
		t.Errorf("the only one, elsewhere: %s", got)
	}
	c.ask("/digest subscribe topics:ceasefire")
	c.ask("/digest edit 8:15")
	if d.all[0].At != 540 || d.all[1].At != 495 {
		t.Errorf("the one of this place: %+v", d.all)
	}
	c.req.Channel, c.req.Thread = "talks", "deep"
	if got := text(c.ask("/digest edit 8")); got != "There is no digest number 8 here: the numbers go from 1 to 2. /digest list shows them." {
		t.Errorf("a number: %s", got)
	}
	if got := text(c.ask("/digest resume")); !strings.HasPrefix(got, "This chat has several digests.") {
		t.Errorf("two elsewhere: %s", got)
	}
	c.ask("/digest resume 1")
	c.ask("/digest edit #2 time:9")
	if d.all[0].Paused || d.all[1].At != 540 {
		t.Errorf("by number: %+v", d.all)
	}
	if got := text(c.ask("/digest unsubscribe number:many")); !strings.HasPrefix(got, "“many” is no number of a digest.") {
		t.Errorf("no number: %s", got)
	}
	c.ask("/digest unsubscribe 1")
	if len(d.all) != 1 || d.all[0].ID != "s2" {
		t.Errorf("left are %+v", d.all)
	}
}

func TestAThreadOrANamedChannelIsAPlaceOfItsOwn(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe")
	if got := text(c.ask("/digest subscribe 10")); !strings.HasPrefix(got, "This place has that digest already, as number 1.") {
		t.Errorf("twice: %s", got)
	}
	c.req.Thread = "deep"
	c.ask("/digest subscribe")
	req := c.req
	req.Command, req.Args = "digest subscribe", bot.Args{"channel": "forum"}
	c.Handle(t.Context(), req)
	var places []string
	for _, s := range d.all {
		places = append(places, s.Channel)
	}
	if want := []string{"general", "deep", "forum"}; !slices.Equal(places, want) {
		t.Errorf("places %v; want %v", places, want)
	}
}

func TestAChannelCannotBeTyped(t *testing.T) {
	c, d := newChat()
	for _, line := range []string{"channel:1234", "channel: 1234", `channel:"1234"`} {
		if got := text(c.ask("/digest subscribe " + line)); len(d.all) > 0 || !strings.HasPrefix(got, "A channel cannot be typed.") {
			t.Fatalf("%s: %s, %+v", line, got, d.all)
		}
	}
}

func TestAChatHasAFewDigestsOnly(t *testing.T) {
	c, d := newChat()
	for i := range maxSubscriptions + 2 {
		c.req.Channel = strconv.Itoa(i)
		c.ask("/digest subscribe")
	}
	if got := text(c.ask("/digest subscribe")); len(d.all) != maxSubscriptions || got != "This chat has 20 digests, the most that there can be. /digest unsubscribe ends one." {
		t.Errorf("%d: %s", len(d.all), got)
	}
}

func TestWhySaysWhatBecameOfTheLastSlots(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe 9:00 Kyiv")
	d.last = []bot.Slot{
		{Date: day("2026-05-09"), State: bot.SlotPosted, Parts: 2, Sent: 2},
		{Date: day("2026-05-08"), State: bot.SlotSkipped, Why: bot.Reason{Text: "Parley was not running."}},
		{Date: day("2026-05-07"), State: bot.SlotQuiet},
	}
	want := "Digest 1\n9 May 2026: posted, 2 of 2 messages.\n8 May 2026: skipped. Parley was not running.\n7 May 2026: nothing new, nothing posted.\nNext: 10 May 2026, 09:00 (Europe/Kyiv)."
	if diff := cmp.Diff(want, text(c.ask("/digest why"))); diff != "" {
		t.Error(diff)
	}
	c.ask("/digest pause")
	if got := text(c.ask("/digest why")); !strings.HasSuffix(got, en("paused_now")) {
		t.Errorf("paused: %s", got)
	}
}

func TestAPartOfACommandMustBeNamed(t *testing.T) {
	c, _ := newChat()
	usage := "Say what /digest is to do: /digest subscribe|list|edit|preview|why|pause|resume|unsubscribe"
	for _, line := range []string{"/digest", "/digest dance", "/DIGEST dance now"} {
		if got := text(c.ask(line)); got != usage {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := text(c.ask("/Digest LIST")); got != en("no_digests") {
		t.Errorf("in capitals: %s", got)
	}
	for _, path := range []string{"digest dance", "digest", "stance list"} {
		reply := c.Handle(t.Context(), bot.Request{Chat: "discord/1", Command: path, Args: bot.Args{}})
		if got := text(reply); got != usage && !strings.HasPrefix(got, "There is no command /"+path) {
			t.Errorf("%q: %s", path, got)
		}
	}
}

func TestDigestsThatCannotBeKeptChangeNothing(t *testing.T) {
	c, d := newChat()
	c.ask("/digest subscribe")
	d.err = errors.New("disk full")
	for _, line := range []string{"/digest subscribe ceasefire", "/digest edit 10:00", "/digest unsubscribe"} {
		if got := text(c.ask(line)); got != en("not_kept") || !strings.Contains(c.log.String(), "disk full") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := text(c.ask("/digest preview")); got != en("failed") {
		t.Errorf("preview: %s", got)
	}
}

func TestDigestsAreCalledInEveryChannel(t *testing.T) {
	c, _ := newChat()
	c.ask("/settings here:true")
	c.req.Channel = "elsewhere"
	for _, line := range []string{"/digest list", "/forgetme"} {
		if got := text(c.ask(line)); strings.Contains(got, "does not answer in this channel") {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestASlotInUkrainian(t *testing.T) {
	p := presenter{bot.NewPresenter(testLexicon(), "uk")}
	if got := p.slotLine(bot.Slot{State: bot.SlotSkipped, Why: bot.Reason{Key: bot.ReasonPaused}}); got != "пропущено. підписку було призупинено" {
		t.Errorf("a slot: %s", got)
	}
}

// foreign is what is never translated: ids and names, what was typed, how commands are typed.
var foreign = regexp.MustCompile(`/[a-z]+( \[?[a-z]+\]?(:\S+)?)*|nonsense|#general|English|Українська|[a-z]+:|Europe/Kyiv|UTC` +
	`|zone|subscribe|list|edit|preview|why|pause|resume|unsubscribe|days|number|text`)

func TestEveryWordOfDigestsComesFromTheFiles(t *testing.T) {
	wordingtest.Pseudo(t, testLexicon())
	c, d := newChat()
	c.req.Language, c.req.Channel, c.req.ChannelName = "de-AT", "1", nil
	check := func(line string) {
		t.Helper()
		reply := c.ask(line)
		said := text(reply)
		for _, a := range reply.Actions {
			said += "\n" + a.Label
		}
		wordingtest.Check(t, line, said, foreign)
	}
	c.req.Manager = false
	for _, line := range []string{
		"/digest", "/digest list", "/digest subscribe 25", "/digest subscribe zone", "/digest subscribe days:nonsense", "/digest pause 1",
	} {
		check(line)
	}
	d.last = []bot.Slot{{State: bot.SlotPosted, Date: day("2026-05-08"), Parts: 2, Sent: 1}, {State: bot.SlotUnknown, Date: day("2026-05-07")}}
	c.req.Manager = true
	for _, line := range []string{
		"/digest subscribe Київ пн", "/digest subscribe", "/digest subscribe", "/digest list", "/digest edit 1 territory daily", "/digest edit 5", "/digest edit",
		"/digest why 1", "/digest pause 1", "/digest why 1", "/digest resume 1", "/digest unsubscribe 1", "/digest why number:nonsense",
	} {
		check(line)
	}
	for _, command := range digestCommands(c) {
		wordingtest.Check(t, command.Path(), command.Describe("de"), foreign)
		for _, o := range command.Options {
			wordingtest.Check(t, command.Path()+" "+o.Name, o.Describe("de"), foreign)
		}
	}
}

// digestCommands are "/digest" and its sub-commands.
func digestCommands(c *chat) (all []bot.Command) {
	for _, command := range c.Commands() {
		if command.Name == "digest" {
			all = append(append(all, command), command.Parts...)
		}
	}
	return all
}

// TestTheCommandsFitBothPlatforms holds the limits that bot holds for its own commands.
func TestTheCommandsFitBothPlatforms(t *testing.T) {
	c, _ := newChat()
	all := digestCommands(c)
	if len(all) != 9 || len(all[0].Parts) > 25 {
		t.Fatalf("%d commands", len(all))
	}
	name := regexp.MustCompile(`^[a-z0-9]{1,32}$`)
	seen := map[string]bool{}
	fits := func(what, text string) {
		if n := len([]rune(text)); n < 1 || n > 100 {
			t.Errorf("%s has %d characters", what, n)
		}
	}
	for _, c := range all {
		if !name.MatchString(c.Name) || seen[c.Path()] || (c.Run == nil) == (len(c.Parts) == 0) {
			t.Errorf("command %q: bad or double name, or no handler", c.Path())
		}
		seen[c.Path()] = true
		for i, o := range c.Options {
			if !name.MatchString(o.Name) {
				t.Errorf("/%s %q: bad name", c.Path(), o.Name)
			}
			if i > 0 && o.Required && !c.Options[i-1].Required {
				t.Errorf("/%s %s: required after optional", c.Path(), o.Name)
			}
			if o.Rest && slices.ContainsFunc(c.Options[:i], func(before argument.Option) bool { return before.Rest }) {
				t.Errorf("/%s %s: a second one takes the rest", c.Path(), o.Name)
			}
			if o.Complete != nil && len(o.Choices) > 0 || len(o.Choices) > 25 {
				t.Errorf("/%s %s: choices and completion, or over 25 choices", c.Path(), o.Name)
			}
		}
		for _, tag := range wording.Languages() {
			fits(tag+" /"+c.Path(), c.Describe(tag))
			for _, o := range c.Options {
				fits(tag+" /"+c.Path()+" "+o.Name, o.Describe(tag))
				for _, choice := range o.Choices {
					fits(tag+" "+choice.Value, choice.Describe(tag))
				}
			}
		}
	}
}
