package discord

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/wording"
)

// interaction is Discord's event for the use of a command or button, with the fields that are
// read here.
type interaction struct {
	ID             string                            `json:"id"`
	Token          string                            `json:"token"`
	Type           discordgo.InteractionType         `json:"type"`
	GuildID        string                            `json:"guild_id"`
	ChannelID      string                            `json:"channel_id"`
	Channel        channelEvent                      `json:"channel"`
	Locale         string                            `json:"locale"`
	Context        *discordgo.InteractionContextType `json:"context"`
	AppPermissions permissions                       `json:"app_permissions"`
	Data           interactionData                   `json:"data"`
	User           user                              `json:"user"` // in private
	Member         *struct {
		User        user        `json:"user"`
		Permissions permissions `json:"permissions"`
	} `json:"member"`
	Message *struct { // with the component
		ID    string                 `json:"id"`
		Flags discordgo.MessageFlags `json:"flags"`
	} `json:"message"`
}

type interactionData struct {
	Name     string                           `json:"name"`
	Type     discordgo.ApplicationCommandType `json:"type"`
	CustomID string                           `json:"custom_id"`
	TargetID string                           `json:"target_id"`
	Options  []given                          `json:"options"`
	Resolved struct {
		Messages map[string]targetMessage `json:"messages"`
		Channels map[string]struct{}      `json:"channels"`
	} `json:"resolved"`
}

// given is the value of an option.
type given struct {
	Name    string                                 `json:"name"`
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Value   json.RawMessage                        `json:"value"`
	Focused bool                                   `json:"focused"`
	Options []given                                `json:"options"` // of a sub-command
}

// invoked returns the path of the command, with its sub-command if it has one, and the
// options that were given.
func (d interactionData) invoked() (command string, options []given) {
	if len(d.Options) == 1 && d.Options[0].Type == discordgo.ApplicationCommandOptionSubCommand {
		return d.Name + " " + d.Options[0].Name, d.Options[0].Options
	}
	return d.Name, d.Options
}

// args are the values of options by name. A channel is left out unless Discord vouches for
// it, since only then it is one of this server that the user can see.
func (d interactionData) args(options []given) bot.Args {
	args := bot.Args{}
	for _, o := range options {
		value := o.text()
		if o.Type == discordgo.ApplicationCommandOptionChannel {
			if _, vouched := d.Resolved.Channels[value]; !vouched {
				continue
			}
		}
		args[o.Name] = value
	}
	return args
}

// text is the value as the core reads it.
func (g given) text() string {
	var s string
	if json.Unmarshal(g.Value, &s) == nil {
		return s
	}
	return string(g.Value) // a number or a boolean
}

// userID is the id of the user who did it.
func (i *interaction) userID() string {
	if i.Member != nil {
		return i.Member.User.ID
	}
	return i.User.ID
}

// isManager reports whether the user may change the settings of the chat: in a server by
// permission, in a private channel with the bot always.
func (i *interaction) isManager() bool {
	if i.Member != nil {
		return i.Member.Permissions.allow(discordgo.PermissionManageGuild)
	}
	return i.Context != nil && *i.Context == discordgo.InteractionContextBotDM
}

// targetMessage is the message on which a command was used.
type targetMessage struct {
	Content string `json:"content"`
	Embeds  []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"embeds"`
}

// text is the content of the message, or that of its embeds where it has none.
func (m targetMessage) text() string {
	if strings.TrimSpace(m.Content) != "" {
		return m.Content
	}
	var lines []string
	for _, e := range m.Embeds {
		lines = append(lines, e.Title, e.Description)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// messageEvent is a message that somebody wrote, as far as it matters here.
type messageEvent struct {
	ID        string                `json:"id"`
	ChannelID string                `json:"channel_id"`
	GuildID   string                `json:"guild_id"`
	Type      discordgo.MessageType `json:"type"`
	Content   string                `json:"content"`
	Author    user                  `json:"author"`
	WebhookID string                `json:"webhook_id"`
	Mentions  []user                `json:"mentions"`
	Reference *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
}

// isQuestion reports whether a message is meant for the bot: a person wrote it, in private or
// with a mention. A reply to the bot usually has one, too; of all other messages Discord
// withholds the content.
func (m *messageEvent) isQuestion(self string) bool {
	switch {
	case self == "" || m.ID == "" || m.ChannelID == "" || m.Author.ID == "":
		return false
	case m.Author.ID == self || m.Author.Bot || m.WebhookID != "":
		return false
	case m.Type != discordgo.MessageTypeDefault && m.Type != discordgo.MessageTypeReply:
		return false
	}
	return m.GuildID == "" || slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == self })
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"username"`
	Bot  bool   `json:"bot"`
}

type readyEvent struct {
	User   user         `json:"user"`
	Guilds []guildEvent `json:"guilds"`
	Shard  []int        `json:"shard"` // which of how many
}

type guildEvent struct {
	ID          string         `json:"id"`
	Unavailable bool           `json:"unavailable"`
	Channels    []channelEvent `json:"channels"`
	Threads     []channelEvent `json:"threads"`
}

// channelEvent is a channel or a thread.
type channelEvent struct {
	ID     string                `json:"id"`
	Type   discordgo.ChannelType `json:"type"`
	Parent string                `json:"parent_id"` // of other channels it is the category
	Guild  string                `json:"guild_id"`
}

// permissions is a set of permissions, which Discord writes as a number in a string.
type permissions uint64

func (p *permissions) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	*p = permissions(n)
	return err
}

// allow reports whether a permission is in the set, as all are for administrators.
func (p permissions) allow(bit permissions) bool {
	return p&bit != 0 || p&discordgo.PermissionAdministrator != 0
}

// needs are the permissions that the bot uses, with what does not work without.
var needs = []struct {
	bit  permissions
	name string
	why  wording.Key
}{
	{discordgo.PermissionViewChannel, "View Channel", "why.see"},
	{discordgo.PermissionSendMessages, "Send Messages", "why.send"},
	{discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads", "why.send_in_threads"},
	{discordgo.PermissionEmbedLinks, "Embed Links", "why.embed"},
	{discordgo.PermissionAttachFiles, "Attach Files", "why.attach"},
	{discordgo.PermissionReadMessageHistory, "Read Message History", "why.history"},
}

// findings reports for each of the needs whether the bot has the permission.
func (p permissions) findings() []bot.Finding {
	found := make([]bot.Finding, len(needs))
	for i, n := range needs {
		found[i] = bot.Finding{Need: n.name, Missing: !p.allow(n.bit)}
		if found[i].Missing {
			found[i].Why = n.why
		}
	}
	return found
}
