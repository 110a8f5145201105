package posting

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/discord/rest"
)

const (
	// nonceAge is for how long a nonce is relied upon. Discord enforces it "in the past few
	// minutes" (https://discord.com/developers/docs/resources/message#create-message).
	nonceAge = 2 * time.Minute
	// skew is how much Discord's clock and ours may differ.
	skew = time.Minute
	// archivedAfter is when Discord may archive a thread at the earliest.
	archivedAfter = time.Hour
	// pageSize and maxPages bound how far the history of a channel is read.
	pageSize, maxPages = 100, 10
)

// errCannotTell says that it will never be known whether a message arrived.
var errCannotTell = errors.New("the history of the channel does not tell whether the message was posted")

// Resend sends a message that was begun at a time and of which it is not known whether it
// arrived, unless it did. It finds that out by the nonce while Discord enforces it, then by
// the history of the channel, and returns the message's id either way. An error is a
// *bot.SendError: Retry says that it is still not known, Unknown that it never will be.
func (p *Poster) Resend(ctx context.Context, message bot.Post, begun time.Time) (id string, err error) {
	on, err := decode(message)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: err}
	}
	kind, err := p.channelType(ctx, on.channel)
	forum := kind == discordgo.ChannelTypeGuildForum || kind == discordgo.ChannelTypeGuildMedia
	if err == nil {
		p.forums.Add(on.channel, forum)
	}
	noNonce := forum && on.First == "" // Discord takes none with a new thread
	if err == nil && (noNonce || p.Now().Sub(begun) >= nonceAge) {
		id, err = p.find(ctx, on, forum, begun.Add(-skew))
	}
	switch {
	case errors.Is(err, errCannotTell):
		return "", &bot.SendError{Outcome: bot.Unknown, Err: err}
	case err != nil:
		return "", askAgain(p.failed(ctx, on.Place, err))
	case id != "":
		p.publish(ctx, on, id)
		return id, nil
	}
	id, err = p.Send(ctx, message)
	return id, askAgain(err)
}

// askAgain turns an outcome that is not known into one to ask for later.
func askAgain(err error) error {
	if e, ok := errors.AsType[*bot.SendError](err); ok && e.Outcome == bot.Unknown {
		return &bot.SendError{Outcome: bot.Retry, Err: e.Err}
	}
	return err
}

// find looks for a message among what the bot has posted since a moment. The id is empty
// where it was certainly not posted.
func (p *Poster) find(ctx context.Context, on post, forum bool, since time.Time) (id string, err error) {
	self := p.Self()
	if self == "" {
		var me struct {
			ID string `json:"id"`
		}
		get := rest.Call{Method: http.MethodGet, URL: discordgo.EndpointUser("@me"), Into: &me}
		if err := p.Client.Do(ctx, get); err != nil {
			return "", err
		}
		self = me.ID
	}
	switch {
	case !forum:
		return p.findMessage(ctx, on, on.channel, self, since)
	case on.First != "":
		return p.findMessage(ctx, on, on.First, self, since)
	}
	return p.findThread(ctx, on, self, since)
}

// posted is a message as the history shows it, or as it was sent.
type posted struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Nonce   any    `json:"nonce"` // a string or a number; nil: Discord tells of none
	Content string `json:"content"`
	Embeds  []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Fields      []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
		Footer struct {
			Text string `json:"text"`
		} `json:"footer"`
	} `json:"embeds"`
	Attachments []struct {
		Filename string `json:"filename"`
	} `json:"attachments"`
}

// words is all text of a message, without its white space, some of which Discord removes.
func (m posted) words() string {
	words := strings.Fields(m.Content)
	for _, e := range m.Embeds {
		words = append(words, strings.Fields(e.Title+" "+e.Description+" "+e.Footer.Text)...)
		for _, f := range e.Fields {
			words = append(words, strings.Fields(f.Name+" "+f.Value)...)
		}
	}
	for _, a := range m.Attachments {
		words = append(words, a.Filename)
	}
	return strings.Join(words, " ")
}

// owned reports whether a message or thread is known to be another one than p. That may
// have the same words: two digests of a place on one day have at least the same title.
func (p post) owned(ctx context.Context, id string) (bool, error) {
	if p.Owned == nil {
		return false, nil
	}
	return p.Owned(ctx, id)
}

// findMessage goes through the messages of a channel since a moment, for one with the same
// words and no other nonce. It is errCannotTell where there are too many, and where there
// are none at all: a bot without Read Message History is shown an empty channel.
func (p *Poster) findMessage(
	ctx context.Context, on post, channel, self string, since time.Time,
) (id string, err error) {
	var want posted
	if err := json.Unmarshal(on.Message, &want); err != nil {
		return "", err
	}
	after, seen := snowflake(since), false
	for range maxPages {
		page, err := p.history(ctx, channel, url.Values{"after": {after}, "limit": {strconv.Itoa(pageSize)}})
		if err != nil {
			return "", err
		}
		for _, m := range page {
			if m.Author.ID == self && (m.Nonce == nil || m.Nonce == on.Nonce) && m.words() == want.words() {
				if other, err := on.owned(ctx, m.ID); err != nil || !other {
					return m.ID, err
				}
			}
			after, seen = laterID(after, m.ID), true
		}
		if len(page) == pageSize {
			continue
		}
		if !seen {
			any, err := p.history(ctx, channel, url.Values{"limit": {"1"}})
			if err != nil || len(any) == 0 {
				return "", errors.Join(err, errCannotTell)
			}
		}
		return "", nil
	}
	return "", errCannotTell
}

func (p *Poster) history(ctx context.Context, channel string, query url.Values) (page []posted, err error) {
	address := discordgo.EndpointChannelMessages(channel) + "?" + query.Encode()
	err = p.Client.Do(ctx, rest.Call{Method: http.MethodGet, URL: address, Into: &page})
	return page, err
}

// findThread goes through the threads of a forum since a moment.
func (p *Poster) findThread(ctx context.Context, on post, self string, since time.Time) (id string, err error) {
	sources := []string{discordgo.EndpointGuildActiveThreads(on.guild())}
	if p.Now().Sub(since) > archivedAfter {
		sources = append(sources, discordgo.EndpointChannelPublicArchivedThreads(on.channel))
	}
	for _, source := range sources {
		var found struct {
			Threads []struct {
				ID     string `json:"id"`
				Name   string `json:"name"`
				Parent string `json:"parent_id"`
				Owner  string `json:"owner_id"`
			} `json:"threads"`
		}
		if err := p.Client.Do(ctx, rest.Call{Method: http.MethodGet, URL: source, Into: &found}); err != nil {
			return "", err
		}
		for _, t := range found.Threads {
			isNew := laterID(t.ID, snowflake(since)) == t.ID
			if isNew && t.Parent == on.channel && t.Owner == self && t.Name == on.Title {
				if other, err := on.owned(ctx, t.ID); err != nil || !other {
					return t.ID, err
				}
			}
		}
	}
	return "", nil
}

// discordEpoch is the moment from which the ids of Discord count, in Unix milliseconds.
const discordEpoch = 1420070400000

// snowflake is the first id that belongs to a moment.
func snowflake(t time.Time) string {
	return strconv.FormatUint(uint64(max(t.UnixMilli()-discordEpoch, 0))<<22, 10)
}

// laterID is the later of two ids.
func laterID(a, b string) string {
	return slices.MaxFunc([]string{a, b}, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
}
