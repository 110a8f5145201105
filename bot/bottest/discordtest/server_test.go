package discordtest_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot/bottest/discordtest"
)

func TestLibraryConnectsAndAnswers(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann, bob := d.NewUser("ann"), d.NewUser("bob")
	g := d.NewGuild("talks", ann, bob)
	ch := g.Text("general")
	s := open(t, d, echo(t))
	register(t, d, s)
	ctx := within(t)

	reply, err := ann.Slash(ctx, ch, "stance", discordtest.Args{"actor": "kyiv", "count": 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := reply.Message.Text(); got != "kyiv\nAnswer\nkyiv\nthe record" {
		t.Errorf("answered %q", got)
	}
	if seen := bob.Messages(ch); len(seen) != 1 {
		t.Errorf("bob sees %d messages of 1", len(seen))
	}

	choices, err := ann.Autocomplete(ctx, ch, "stance", "actor", "ky", nil)
	if err != nil || len(choices) != 1 || choices[0].Value != "ky" || choices[0].Name != "KY" {
		t.Errorf("proposed %v, %v", choices, err)
	}

	reply, err = ann.Click(ctx, *reply.Message, "next")
	if err != nil || reply.Message.Content != "pressed next" || reply.Message.Edited.IsZero() {
		t.Errorf("a click made %+v, %v", reply.Message, err)
	}

	said, err := bob.Say(ch, "a claim")
	if err != nil {
		t.Fatal(err)
	}
	reply, err = ann.MessageCommand(ctx, said, "Find in the record")
	if err != nil || reply.Message.Content != "found a claim" {
		t.Errorf("a message command made %+v, %v", reply.Message, err)
	}
}

func TestLibraryDefers(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann, bob := d.NewUser("ann"), d.NewUser("bob")
	ch := d.NewGuild("talks", ann, bob).Text("general")
	register(t, d, open(t, d, echo(t)))
	i, err := ann.SendSlash(ch, "stance", discordtest.Args{"actor": "slow"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.AwaitRequests(within(t), "POST /webhooks/{webhook_id}/{webhook_token}", 2); err != nil {
		t.Fatal(err)
	}
	reply, err := i.Reply(within(t))
	if err != nil || !reply.Deferred || reply.Message.Content != "here it is" || reply.Message.Loading() {
		t.Errorf("got %+v, %v", reply, err)
	}
	if len(bob.Messages(ch)) != 1 {
		t.Error("follow-ups for ann alone are seen by bob")
	}
}

func TestEphemeralAnswersAreSeenByOne(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	g := d.NewGuild("talks", ann)
	ch := g.Text("general")
	register(t, d, open(t, d, echo(t)))
	if _, err := ann.SendSlash(ch, "settings language", discordtest.Args{"to": "uk"}); err == nil {
		t.Error("a member without Manage Server was offered /settings")
	}
	if _, err := g.Owner.SendSlash(ch, "settings language", discordtest.Args{"to": "fr"}); err == nil {
		t.Error("a value was taken that is not among the choices")
	}
	reply, err := g.Owner.Slash(within(t), ch, "settings language", discordtest.Args{"to": "uk"})
	if err != nil || !reply.Message.Ephemeral() || reply.Message.Content != "language uk" {
		t.Fatalf("got %+v, %v", reply.Message, err)
	}
	if len(ann.Messages(ch)) != 0 || len(g.Owner.Messages(ch)) != 1 {
		t.Error("an ephemeral message is seen by others, or not by its reader")
	}
	if _, err := ann.Click(within(t), *reply.Message, "next"); err == nil {
		t.Error("ann pressed a button that she cannot see")
	}
}

func TestCommandsWhereTheyAreInstalled(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann, bob := d.NewUser("ann"), d.NewUser("bob")
	register(t, d, open(t, d, echo(t)))
	dm, theirs := d.DM(ann), d.GroupDM(ann, bob)
	args := discordtest.Args{"actor": "kyiv"}
	if _, err := ann.Slash(within(t), dm, "stance", args); err != nil {
		t.Error(err)
	}
	if _, err := ann.SendSlash(theirs, "stance", args); err == nil {
		t.Error("ann was offered a command of an application that is not there")
	}
	ann.Install()
	reply, err := ann.Slash(within(t), theirs, "stance", args)
	if err != nil || reply.Message.Content != "kyiv" {
		t.Errorf("got %+v, %v", reply.Message, err)
	}
	if seen := bob.Messages(theirs); len(seen) != 1 {
		t.Errorf("bob sees %d messages of 1", len(seen))
	}
	if _, err := ann.SendSlash(dm, "settings language", nil); err != nil {
		t.Error("without contexts a command is offered everywhere:", err)
	}
}

func TestSessionResumesWithWhatItMissed(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	got, lost := make(chan string, 10), make(chan bool, 10)
	s := open(t, d,
		func(_ *discordgo.Session, m *discordgo.MessageCreate) { got <- m.Content },
		func(*discordgo.Session, *discordgo.Disconnect) { lost <- true })
	// When its first heartbeat meets a lost connection, discordgo closes the next one, too.
	beaten := func(all []discordtest.Connection) bool { return all[0].Heartbeats > 0 }
	if err := d.AwaitConnections(within(t), "a heartbeat", beaten); err != nil {
		t.Fatal(err)
	}
	if err := d.Shard(0).Drop(); err != nil {
		t.Fatal(err)
	}
	next(t, lost)
	if _, err := ann.Say(ch, "missed"); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	if text := next(t, got); text != "missed" {
		t.Errorf("after the interruption came %q", text)
	}
	if _, err := ann.Say(ch, "heard"); err != nil {
		t.Fatal(err)
	}
	if text := next(t, got); text != "heard" {
		t.Errorf("then came %q", text)
	}
	if d.Identifies() != 1 || d.Resumes() != 1 {
		t.Errorf("%d identifies and %d resumes, not 1 and 1", d.Identifies(), d.Resumes())
	}
}

func TestContentOfMessagesTheBotMayRead(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.NewGuild("talks", ann).Text("general")
	got := make(chan string, 10)
	s := open(t, d, func(s *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.ID != s.State.User.ID {
			got <- m.Content
		}
	})
	said := []string{"not for the bot", d.Bot().Mention() + " what now?"}
	for _, text := range said {
		if _, err := ann.Say(ch, text); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := next(t, got), next(t, got); first != "" || second != said[1] {
		t.Errorf("the bot read %q and %q", first, second)
	}
	posted, err := s.ChannelMessageSendComplex(ch.ID.String(), &discordgo.MessageSend{Content: "an answer", AllowedMentions: silent})
	if err != nil {
		t.Fatal(err)
	}
	mine := ann.Messages(ch)[2]
	if mine.ID.String() != posted.ID {
		t.Fatalf("ann sees %v last, not %s", mine.ID, posted.ID)
	}
	for _, ping := range []bool{false, true} {
		if _, err := ann.SayTo(mine, "go on", ping); err != nil {
			t.Fatal(err)
		}
		if text := next(t, got); (text == "go on") != ping {
			t.Errorf("with ping %t the bot read %q", ping, text)
		}
	}
	history, err := s.ChannelMessages(ch.ID.String(), 5, "", "", "")
	if err != nil || len(history) != 5 || history[3].Content != said[1] || history[4].Content != "" {
		t.Errorf("history up to the answer is %v, %v", history, err)
	}
}

func TestFilesArriveWithTheirAltText(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	s := open(t, d)
	type described struct {
		ID          int    `json:"id"`
		Description string `json:"description"`
	}
	payload := struct {
		*discordgo.MessageSend
		Attachments []described `json:"attachments"`
	}{
		&discordgo.MessageSend{AllowedMentions: silent, Embeds: []*discordgo.MessageEmbed{{Type: "rich", Image: &discordgo.MessageEmbedImage{URL: "attachment://timeline.png"}}}},
		[]described{{0, "Statements a month"}},
	}
	kind, body, err := discordgo.MultipartBodyWithJSON(payload, []*discordgo.File{{Name: "timeline.png", ContentType: "image/png", Reader: strings.NewReader("PNG")}})
	if err != nil {
		t.Fatal(err)
	}
	url := discordgo.EndpointChannelMessages(ch.ID.String())
	if _, err := s.RequestRaw("POST", url, kind, body, url, 0); err != nil {
		t.Fatal(err)
	}
	a := ann.Messages(ch)[0].Attachments[0]
	if a.Name != "timeline.png" || a.Description != "Statements a month" || string(a.Data) != "PNG" || a.ContentType != "image/png" {
		t.Errorf("ann got %+v", a)
	}
}

func TestBulkOverwriteCountsNewNames(t *testing.T) {
	t.Parallel() // discordgo takes a second to close
	d := start(t, discordtest.Options{})
	s := open(t, d)
	register(t, d, s)
	before := d.Commands()
	register(t, d, s)
	after := d.Commands()
	if n := d.CommandsCreated(); n != 3 {
		t.Errorf("%d creates, not 3", n)
	}
	sameID := func(a, b discordtest.Command) bool { return a.ID == b.ID }
	if !slices.EqualFunc(before, after, sameID) {
		t.Error("commands that were there got new ids")
	}
	if _, err := s.ApplicationCommandBulkOverwrite(d.ApplicationID().String(), "", []*discordgo.ApplicationCommand{}); err != nil {
		t.Error(err)
	}
	if n := len(d.Commands()); n != 0 {
		t.Errorf("%d commands are left of an empty list", n)
	}
	d.Advance(24 * time.Hour)
	if n := d.CommandsCreated(); n != 0 {
		t.Errorf("%d creates are counted a day later", n)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	dial(t, d).identify(0, 1)
	d.NextHandshakes(discordtest.Handshake{NoHello: true})
	dial(t, d)
	d.Close()
	stacks := make([]byte, 1<<20)
	for _, g := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(g, "gateway.(*conn)") || strings.Contains(g, "discordtest.(*Server)") {
			t.Errorf("still running:\n%s", g)
		}
	}
	if err := d.AwaitReady(t.Context(), 1); err == nil {
		t.Error("a closed fake was waited for")
	}
}
