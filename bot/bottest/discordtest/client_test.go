package discordtest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot/bottest/discordtest"
)

// start makes a fake that is closed with the test, which fails on violations.
func start(t *testing.T, o discordtest.Options) *discordtest.Server {
	t.Helper()
	d := discordtest.New(o)
	t.Cleanup(func() {
		for _, v := range d.Violations() {
			t.Error("violation:", v)
		}
		d.Close()
	})
	return d
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// next receives what must come.
func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-within(t).Done():
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// redirect sends what is meant for Discord to the fake.
type redirect struct{ host string }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = "http", r.host
	return http.DefaultTransport.RoundTrip(req)
}

// open connects a plain session of discordgo.
func open(t *testing.T, d *discordtest.Server, handlers ...any) *discordgo.Session {
	t.Helper()
	s, err := discordgo.New("Bot " + d.Token())
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	s.Client.Transport = redirect{to.Host}
	s.ShouldReconnectOnError = false // its loop cannot be stopped
	s.SyncEvents = true
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	for _, h := range handlers {
		s.AddHandler(h)
	}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.AwaitReady(within(t), 1); err != nil {
		t.Fatal(err)
	}
	return s
}

var silent = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}

func commands() []*discordgo.ApplicationCommand {
	everywhere := &[]discordgo.InteractionContextType{0, 1, 2}
	both := &[]discordgo.ApplicationIntegrationType{0, 1}
	manage := int64(discordgo.PermissionManageGuild)
	return []*discordgo.ApplicationCommand{
		{Name: "stance", Description: "Where an actor stands", Contexts: everywhere, IntegrationTypes: both, Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "actor", Description: "Who", Required: true, Autocomplete: true},
			{Type: discordgo.ApplicationCommandOptionInteger, Name: "count", Description: "How many"},
		}},
		{Name: "settings", Description: "Settings", DefaultMemberPermissions: &manage, Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "language", Description: "Language", Options: []*discordgo.ApplicationCommandOption{
				{Type: discordgo.ApplicationCommandOptionString, Name: "to", Description: "Which", Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "English", Value: "en"}, {Name: "Ukrainian", Value: "uk"}}},
			}},
		}},
		{Type: discordgo.MessageApplicationCommand, Name: "Find in the record", Contexts: everywhere, IntegrationTypes: both},
	}
}

func register(t *testing.T, d *discordtest.Server, s *discordgo.Session) {
	t.Helper()
	if _, err := s.ApplicationCommandBulkOverwrite(d.ApplicationID().String(), "", commands()); err != nil {
		t.Fatal(err)
	}
}

// echo is a small bot: it answers with what it was asked.
func echo(t *testing.T) func(*discordgo.Session, *discordgo.InteractionCreate) {
	return func(s *discordgo.Session, e *discordgo.InteractionCreate) {
		r := echoed(e.Interaction)
		if err := s.InteractionRespond(e.Interaction, r); err != nil {
			t.Error(err)
			return
		}
		if r.Type != discordgo.InteractionResponseDeferredChannelMessageWithSource {
			return
		}
		content := "here it is"
		if _, err := s.InteractionResponseEdit(e.Interaction, &discordgo.WebhookEdit{Content: &content, AllowedMentions: silent}); err != nil {
			t.Error(err)
		}
		for _, text := range []string{"more", "and more"} {
			params := &discordgo.WebhookParams{Content: text, AllowedMentions: silent, Flags: discordgo.MessageFlagsEphemeral}
			if _, err := s.FollowupMessageCreate(e.Interaction, true, params); err != nil {
				t.Error(err)
			}
		}
	}
}

func echoed(i *discordgo.Interaction) *discordgo.InteractionResponse {
	switch i.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		typed := i.ApplicationCommandData().Options[0].StringValue()
		return &discordgo.InteractionResponse{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: &discordgo.InteractionResponseData{
			Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: strings.ToUpper(typed), Value: typed}},
		}}
	case discordgo.InteractionMessageComponent:
		return message(discordgo.InteractionResponseUpdateMessage, "pressed "+i.MessageComponentData().CustomID, 0)
	}
	switch data := i.ApplicationCommandData(); {
	case data.TargetID != "":
		return message(discordgo.InteractionResponseChannelMessageWithSource, "found "+data.Resolved.Messages[data.TargetID].Content, 0)
	case data.Name == "settings":
		return message(discordgo.InteractionResponseChannelMessageWithSource, data.Options[0].Name+" "+data.Options[0].Options[0].StringValue(), discordgo.MessageFlagsEphemeral)
	case data.Options[0].StringValue() == "slow":
		return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	default:
		return message(discordgo.InteractionResponseChannelMessageWithSource, data.Options[0].StringValue(), 0)
	}
}

func message(kind discordgo.InteractionResponseType, text string, flags discordgo.MessageFlags) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{Type: kind, Data: &discordgo.InteractionResponseData{
		Content: text, Flags: flags, AllowedMentions: silent, Embeds: []*discordgo.MessageEmbed{{Title: "Answer", Description: text, Footer: &discordgo.MessageEmbedFooter{Text: "the record"}}},
		Components: []discordgo.MessageComponent{
			discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.Button{Label: "Next", CustomID: "next", Style: discordgo.SecondaryButton},
				discordgo.Button{Label: "Source", Style: discordgo.LinkButton, URL: "https://source.example/1"},
			}},
		},
	}}
}

// request sends a request as the bot, and returns the response with its body read.
func request(t *testing.T, d *discordtest.Server, method, path, kind, body string) (*http.Response, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t), method, d.URL()+"/api/v9"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+d.Token())
	if body != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res, answer, err
}

// decoded sends JSON as the bot, and returns the status and what came back.
func decoded[T any](t *testing.T, d *discordtest.Server, method, path, body string) (status int, v T) {
	t.Helper()
	res, raw, err := request(t, d, method, path, "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s %s answered %d %s: %v", method, path, res.StatusCode, raw, err)
		}
	}
	return res.StatusCode, v
}

// do sends JSON as the bot, and returns the status and the object that came back, if it
// was one.
func do(t *testing.T, d *discordtest.Server, method, path, body string) (int, map[string]any) {
	t.Helper()
	status, v := decoded[any](t, d, method, path, body)
	object, _ := v.(map[string]any)
	return status, object
}

// post sends a message as the bot.
func post(t *testing.T, d *discordtest.Server, ch *discordtest.Channel) (*http.Response, string, error) {
	t.Helper()
	res, body, err := request(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", "application/json", "{"+text+"}")
	return res, string(body), err
}

// history is the ids of the messages that the bot is told.
func history(t *testing.T, d *discordtest.Server, ch *discordtest.Channel, query string) (ids []string) {
	t.Helper()
	_, all := decoded[[]struct{ ID string }](t, d, "GET", "/channels/"+ch.ID.String()+"/messages"+query, "")
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	return ids
}

// attach sends a message with a file as the bot.
func attach(t *testing.T, d *discordtest.Server, path, name, content string) (status int) {
	t.Helper()
	kind, body, err := discordgo.MultipartBodyWithJSON(
		map[string]any{"allowed_mentions": silent},
		[]*discordgo.File{{Name: name, ContentType: "text/plain", Reader: strings.NewReader(content)}})
	if err != nil {
		t.Fatal(err)
	}
	res, _, err := request(t, d, "POST", path, kind, string(body))
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}
