package discord

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
)

const (
	// nonceAge is for how long a nonce is relied upon. Discord enforces it "in the past few
	// minutes" (https://discord.com/developers/docs/resources/message#create-message).
	nonceAge = 2 * time.Minute
	// skew is how much Discord's clock and ours may differ.
	skew = time.Minute
	// archivedAfter is when Discord may archive a thread at the earliest.
	archivedAfter = time.Hour
	// pageSize and maxPages bound a look at the history of a channel.
	pageSize, maxPages = 100, 10
)

// errCannotTell says why it will never be known whether a message arrived.
var errCannotTell = errors.New("the history of the channel does not tell whether the message was posted")

// ResendPart sends a part that was begun at a time and of which it is not known whether it
// arrived, unless it did, and returns the id of its message either way: by the nonce while
// Discord enforces it, then by the channel's history. An error is a *bot.SendError: Retry
// says that it is still not known, Unknown that it never will be.
func (d *Discord) ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error) {
	on, err := readPost(p)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: err}
	}
	forum, err := d.isForum(ctx, on.channel())
	noNonce := forum && p.First == "" // Discord takes none with a new thread
	if err == nil && (noNonce || d.now().Sub(begun) >= nonceAge) {
		id, err = d.find(ctx, on, forum, begun.Add(-skew))
	}
	switch {
	case errors.Is(err, errCannotTell):
		return "", &bot.SendError{Outcome: bot.Unknown, Err: err}
	case err != nil:
		return "", askAgain(d.failed(ctx, p.Place, err))
	case id != "":
		d.publish(ctx, on, id)
		return id, nil
	}
	id, err = d.SendPart(ctx, p)
	return id, askAgain(err)
}

// askAgain turns an outcome that is not known into one that is to be asked for later.
func askAgain(err error) error {
	var e *bot.SendError
	if errors.As(err, &e) && e.Outcome == bot.Unknown {
		return &bot.SendError{Outcome: bot.Retry, Err: e.Err}
	}
	return err
}

// isForum reports whether a channel is one that has threads and no messages.
func (d *Discord) isForum(ctx context.Context, id string) (bool, error) {
	kind, err := d.kind(ctx, id)
	is := kind == discordgo.ChannelTypeGuildForum || kind == discordgo.ChannelTypeGuildMedia
	if err == nil {
		d.forums.put(id, is)
	}
	return is, err
}

func (d *Discord) kind(ctx context.Context, channel string) (kind discordgo.ChannelType, err error) {
	var c struct {
		Type discordgo.ChannelType `json:"type"`
	}
	err = d.api.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointChannel(channel), into: &c})
	return c.Type, err
}

// find looks for a part among what the bot has posted since a moment; the id is empty
// where it certainly was not posted.
func (d *Discord) find(ctx context.Context, p post, forum bool, since time.Time) (id string, err error) {
	self, err := d.me(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case !forum:
		return d.findMessage(ctx, p, p.channel(), self, since)
	case p.First != "":
		return d.findMessage(ctx, p, p.First, self, since)
	}
	return d.findThread(ctx, p, self, since)
}

// me is the id of the bot's user.
func (d *Discord) me(ctx context.Context) (string, error) {
	if id := d.self.user(); id != "" {
		return id, nil
	}
	var self user
	err := d.api.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointUser("@me"), into: &self})
	return self.ID, err
}

// posted is a message as the history shows it, or as it was sent.
type posted struct {
	ID      string `json:"id"`
	Author  user   `json:"author"`
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

// words are all that can be read in a message. Spaces do not count: Discord takes some off.
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

// is reports whether a message may be a part: it has the words that were wanted, and no
// other nonce.
func (m posted) is(p post, want posted) bool {
	return (m.Nonce == nil || m.Nonce == p.Nonce) && m.words() == want.words()
}

// owned reports whether a message or thread is another part than p, which may have the
// same words: two digests of a place on one day have the same title at least.
func (p post) owned(ctx context.Context, id string) (bool, error) {
	if p.Owned == nil {
		return false, nil
	}
	return p.Owned(ctx, id)
}

// findMessage goes through a channel's messages since a moment. It cannot tell where there
// are too many, nor where there are none at all: a bot without Read Message History is
// shown an empty channel.
func (d *Discord) findMessage(ctx context.Context, p post, channel, self string, since time.Time) (id string, err error) {
	var want posted
	if err := json.Unmarshal(p.Message, &want); err != nil {
		return "", err
	}
	after, seen := snowflake(since), false
	for range maxPages {
		page, err := d.history(ctx, channel, url.Values{"after": {after}, "limit": {strconv.Itoa(pageSize)}})
		if err != nil {
			return "", err
		}
		for _, m := range page {
			if m.Author.ID == self && m.is(p, want) {
				if other, err := p.owned(ctx, m.ID); err != nil || !other {
					return m.ID, err
				}
			}
			after, seen = laterID(after, m.ID), true
		}
		if len(page) == pageSize {
			continue
		}
		if !seen {
			any, err := d.history(ctx, channel, url.Values{"limit": {"1"}})
			if err != nil || len(any) == 0 {
				return "", errors.Join(err, errCannotTell)
			}
		}
		return "", nil
	}
	return "", errCannotTell
}

func (d *Discord) history(ctx context.Context, channel string, query url.Values) (page []posted, err error) {
	err = d.api.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointChannelMessages(channel) + "?" + query.Encode(), into: &page})
	return page, err
}

// findThread goes through the threads of a forum since a moment.
func (d *Discord) findThread(ctx context.Context, p post, self string, since time.Time) (id string, err error) {
	sources := []string{discordgo.EndpointGuildActiveThreads(strings.TrimPrefix(p.Chat, platform+"/"))}
	if d.now().Sub(since) > archivedAfter {
		sources = append(sources, discordgo.EndpointChannelPublicArchivedThreads(p.channel()))
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
		if err := d.api.do(ctx, call{method: http.MethodGet, url: source, into: &found}); err != nil {
			return "", err
		}
		for _, t := range found.Threads {
			if t.Parent == p.channel() && t.Owner == self && t.Name == p.Title && laterID(t.ID, snowflake(since)) == t.ID {
				if other, err := p.owned(ctx, t.ID); err != nil || !other {
					return t.ID, err
				}
			}
		}
	}
	return "", nil
}

// discordEpoch is the moment from which Discord's ids count, in Unix milliseconds.
const discordEpoch = 1420070400000

// snowflake is the first id of a moment.
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
