package bot

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"parley/bot/wording"
	"parley/index"
)

// digests keeps subscriptions in memory.
type digests struct {
	all  []Subscription
	last []Slot
	err  error
}

func (d *digests) Subscribe(_ context.Context, s Subscription) (Subscription, error) {
	if i := slices.IndexFunc(d.all, func(t Subscription) bool { return t.ID == s.ID }); i >= 0 {
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
	d.all = slices.DeleteFunc(d.all, func(s Subscription) bool { return s.ID == id && d.err == nil })
	return d.err == nil, d.err
}

func (d *digests) Subscriptions(_ context.Context, chat string) (list []Subscription, err error) {
	for _, s := range d.all {
		if s.Chat == chat {
			list = append(list, s)
		}
	}
	return list, nil
}

func (d *digests) Preview(_ context.Context, id string) (Reply, bool, error) {
	there := slices.ContainsFunc(d.all, func(s Subscription) bool { return s.ID == id })
	return say("digest " + id), there, d.err
}

func (d *digests) Slots(_ context.Context, _ string, limit int) ([]Slot, time.Time, error) {
	return d.last[:min(limit, len(d.last))], time.Date(2026, 5, 10, 6, 0, 0, 0, time.UTC), nil
}

// newDigestChat is a chat whose bot has digests.
func newDigestChat() (*chat, *digests) {
	c, d := newChat(), &digests{}
	f := newFixtureOver(c.record, func(o *Options) { o.Digests = d })
	c.fixture = f
	return c, d
}

func TestASubscriptionIsWhatWasTyped(t *testing.T) {
	for line, want := range map[string]Subscription{
		"":                                   {Zone: "UTC", At: 540},
		"9":                                  {Zone: "UTC", At: 540},
		"18:30 Kyiv":                         {Zone: "Europe/Kyiv", At: 1110},
		"9 am New York weekdays":             {Zone: "America/New_York", At: 540, Days: daysOf("mon,tue,wed,thu,fri")},
		"Київ о 9:30 пн, чт":                 {Zone: "Europe/Kyiv", At: 570, Days: daysOf("mon,thu")},
		"ceasefire and sanctions on Fridays": {Zone: "UTC", At: 540, Days: daysOf("fri"), Topics: []string{"ceasefire", "sanctions"}},
		"actors:kyiv, moscow quiet:yes language:uk time:7": {Zone: "UTC", At: 420, Actors: []string{"russia", "ukraine"}, QuietDays: true, Language: "uk"},
		"topics:all actors:усі language:chat":              {Zone: "UTC", At: 540},
		"London ukraine russia":                            {Zone: "Europe/London", At: 540, Actors: []string{"russia", "ukraine"}},
		"daily":                                            {Zone: "UTC", At: 540},
	} {
		c, d := newDigestChat()
		got := text(c.ask("/digest subscribe " + line))
		if len(d.all) != 1 {
			t.Errorf("%s: %s", line, got)
			continue
		}
		want.ID, want.Place, want.By, want.Since = "s1", Place{Chat: "discord/1", Channel: "general"}, "u", c.clock
		if diff := cmp.Diff(want, d.all[0]); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
		if !strings.HasPrefix(got, en("digest_kept")) {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestASubscriptionIsShownAsItIs(t *testing.T) {
	c, d := newDigestChat()
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
	c, d := newDigestChat()
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
	c, d := newDigestChat()
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
		return text(c.Handle(t.Context(), Request{Chat: "telegram/7", Command: command, Args: args}))
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
	c, d := newDigestChat()
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
	c, d := newDigestChat()
	c.ask("/digest subscribe")
	if got := text(c.ask("/digest subscribe 10")); !strings.HasPrefix(got, "This place has that digest already, as number 1.") {
		t.Errorf("twice: %s", got)
	}
	c.req.Thread = "deep"
	c.ask("/digest subscribe")
	req := c.req
	req.Command, req.Args = "digest subscribe", Args{"channel": "forum"}
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
	c, d := newDigestChat()
	for _, line := range []string{"channel:1234", "channel: 1234", `channel:"1234"`} {
		if got := text(c.ask("/digest subscribe " + line)); len(d.all) > 0 || !strings.HasPrefix(got, "A channel cannot be typed.") {
			t.Fatalf("%s: %s, %+v", line, got, d.all)
		}
	}
}

func TestAChatHasAFewDigestsOnly(t *testing.T) {
	c, d := newDigestChat()
	for i := range maxSubscriptions + 2 {
		c.req.Channel = strconv.Itoa(i)
		c.ask("/digest subscribe")
	}
	if got := text(c.ask("/digest subscribe")); len(d.all) != maxSubscriptions || got != "This chat has 20 digests, the most that there can be. /digest unsubscribe ends one." {
		t.Errorf("%d: %s", len(d.all), got)
	}
}

func TestWhySaysWhatBecameOfTheLastSlots(t *testing.T) {
	c, d := newDigestChat()
	c.ask("/digest subscribe 9:00 Kyiv")
	d.last = []Slot{
		{Date: date("2026-05-09"), State: SlotPosted, Parts: 2, Sent: 2},
		{Date: date("2026-05-08"), State: SlotSkipped, Why: Verbatim("Parley was not running.")},
		{Date: date("2026-05-07"), State: SlotQuiet},
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

// TestReasonsAreSaidInEveryLanguage holds that of a slot's reason nothing but what others
// said stands in another language.
func TestReasonsAreSaidInEveryLanguage(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := Verbatim("403 FORBIDDEN")
	reasons := 0
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || !strings.HasPrefix(literal.Value, `"reason.`) || literal.Value == `"reason.progress"` {
			return true
		}
		reasons++
		r := Reason{Key: wording.Key(strings.Trim(literal.Value, `"`)), Text: said.Text, Sent: 1, Unsure: 1, Parts: 3, Late: 5 * time.Hour, Most: 3*time.Hour + 5*time.Minute, Last: &said}
		english, ukrainian := r.String(), r.In("uk")
		if strings.Contains(english+ukrainian, "no value") || strings.Contains(english, "reason.") {
			t.Errorf("%s: %s; %s", r.Key, english, ukrainian)
		}
		own := strings.NewReplacer(said.Text, "", "Parley", "").Replace(ukrainian)
		if strings.ContainsFunc(own, func(c rune) bool { return c < unicode.MaxASCII && unicode.IsLetter(c) }) {
			t.Errorf("%s in Ukrainian: %s", r.Key, ukrainian)
		}
		return true
	})
	if reasons < 10 {
		t.Errorf("%d reasons were found", reasons)
	}
	if got := presenter("uk").slotLine(Slot{State: SlotSkipped, Why: Reason{Key: ReasonPaused}}); got != "пропущено. підписку було призупинено" {
		t.Errorf("a slot: %s", got)
	}
	if got := (Reason{Key: ReasonLate, Late: 45 * time.Minute, Most: 3 * time.Hour}).String(); !strings.Contains(got, "came to it 45m after its time, and posts up to 3h0m late") {
		t.Errorf("durations: %s", got)
	}
}

func TestAPartOfACommandMustBeNamed(t *testing.T) {
	c, _ := newDigestChat()
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
		reply := c.Handle(t.Context(), Request{Chat: "discord/1", Command: path, Args: Args{}})
		if got := text(reply); got != usage && !strings.HasPrefix(got, "There is no command /"+path) {
			t.Errorf("%q: %s", path, got)
		}
	}
}

func TestDigestsThatCannotBeKeptChangeNothing(t *testing.T) {
	c, d := newDigestChat()
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

func TestWithoutDigestsThereIsNoSuchCommand(t *testing.T) {
	if got := text(newChat().ask("/digest list")); !strings.HasPrefix(got, "There is no command /digest.") {
		t.Errorf("got %s", got)
	}
}

func TestAUserIsForgotten(t *testing.T) {
	c, _ := newDigestChat()
	var forgotten []string
	c.forget = func(_ context.Context, user string) error { forgotten = append(forgotten, user); return nil }
	c.ask("borders?")
	for _, line := range []string{"/forgetme", "/forget-me", "/Forget_Me"} {
		if reply := c.ask(line); text(reply) != en("forgotten") || !reply.Private {
			t.Errorf("%s: %s", line, text(reply))
		}
	}
	if !slices.Equal(forgotten, []string{"u", "u", "u"}) {
		t.Errorf("forgotten %v", forgotten)
	}
	if got := text(c.ask("/source 1")); got != en("nothing_shown") {
		t.Errorf("the conversation goes on: %s", got)
	}
	c.forget = func(context.Context, string) error { return errors.New("disk full") }
	if got := text(c.ask("/forgetme")); got != en("not_kept") {
		t.Errorf("a failure: %s", got)
	}
}

func TestDigestsAreCalledInEveryChannel(t *testing.T) {
	c, _ := newDigestChat()
	c.ask("/settings here:true")
	c.req.Channel = "elsewhere"
	for _, line := range []string{"/digest list", "/forgetme"} {
		if got := text(c.ask(line)); strings.Contains(got, "does not answer in this channel") {
			t.Errorf("%s: %s", line, got)
		}
	}
}

// news is a digest with all that a digest may have.
func news() Digest {
	statements := russians()
	late := statements[1]
	copied := statements[0]
	copied.AlsoIn = append(copied.AlsoIn, rtw("rtw-2"))
	copied.Stance = ""
	return Digest{
		Date: date("2026-05-09"), News: []DigestNews{{"territory", []index.Statement{copied}}, {"", []index.Statement{late}}}, Earlier: []index.Statement{late},
		Sides: []index.Side{{Actors: []string{"russia"}, Statements: statements[:1]}, {Actors: []string{"ukraine", "nato"}, Statements: statements[1:2]}},
		More:  []string{"china"}, Silent: []string{"united-states"},
		Corrected: DigestNotices{List: []DigestNotice{{rtw("rtw-1"), date("2026-05-08")}}, More: 2},
		Withdrawn: DigestNotices{List: []DigestNotice{{rtw("rtw-3"), date("2026-05-07")}}},
		Documents: 12, Publishers: 5, Unshown: 3, Unread: 1, Record: index.Record{Documents: 3273, Newest: date("2026-05-08")},
		Timeline: index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{{Date: date("2026-05-08"), Stance: "says", Passages: 1}}}}},
		Period:   index.Period{Since: date("2026-04-26").Start(), Until: date("2026-05-09").End()},
	}
}

func TestADigestSaysWhatIsNew(t *testing.T) {
	want := `# Digest, 9 May 2026
# Territory
0 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
Also in RTW News
# On other subjects
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
# Published earlier, new in the record
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
# New positions
Russia · opposes
0 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
Ukraine, NATO · demands
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
As many of each, in an order that turns from day to day.
New statements also by: China.
No new statement by: United States.
Corrected since it was shown
- The negotiations, RTW News, corrected on 8 May 2026
- 2 others
No longer quoted
- The negotiations, RTW News, withdrawn on 7 May 2026
New: 12 documents from 5 publishers; the record goes through 8 May 2026.
Not shown: 3 documents.
Too many to be read for this digest: 1 document.
timeline.png: `
	got, _, _ := strings.Cut(text(news().Reply(testLexicon())), "timeline.png: ")
	if diff := cmp.Diff(want, got+"timeline.png: "); diff != "" {
		t.Error(diff)
	}
}

func TestAQuietDigestIsALine(t *testing.T) {
	quiet := Digest{Language: "en", Date: date("2026-05-09"), Documents: 3, Record: index.Record{Documents: 3273, Newest: date("2026-05-08")}}
	if got := text(quiet.Reply(testLexicon())); !quiet.IsQuiet() || got != "Nothing new. The record has 3,273 documents and goes through 8 May 2026." {
		t.Errorf("got %s", got)
	}
	quiet.Topics, quiet.Actors, quiet.Language = []string{"ceasefire"}, []string{"russia"}, "uk"
	if got := text(quiet.Reply(testLexicon())); !strings.HasPrefix(got, "Нічого нового. Про що: Припинення вогню, Росія. В архіві") {
		t.Errorf("got %s", got)
	}
	got := text(quiet.WithSample(testLexicon(), news()))
	if !strings.Contains(got, "Останні 24 години дали б таке:\n# Digest, 9 May 2026") {
		t.Errorf("with a sample: %s", got)
	}
}
