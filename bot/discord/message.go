package discord

import (
	"github.com/bwmarrin/discordgo"
)

// message is a message to send. discordgo's own types leave out the nonce and the
// attachments.
type message struct {
	Content      string                       `json:"content,omitempty"`
	Embeds       []*discordgo.MessageEmbed    `json:"embeds,omitempty"`
	Components   []discordgo.MessageComponent `json:"components,omitempty"`
	Attachments  []attachment                 `json:"attachments,omitempty"`
	Mentions     mentions                     `json:"allowed_mentions"`
	Flags        int                          `json:"flags,omitempty"`
	Reference    *reference                   `json:"message_reference,omitempty"`
	Nonce        string                       `json:"nonce,omitempty"`
	EnforceNonce bool                         `json:"enforce_nonce,omitempty"`

	files []file
	from  int // the block of the reply that it begins in
}

// attachment describes the file of a message with the same index.
type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"` // alt text
}

// mentions are whom a message may ping: nobody, whatever it quotes.
type mentions struct{}

func (mentions) MarshalJSON() ([]byte, error) { return []byte(`{"parse":[]}`), nil }

// reference is the message that one replies to.
type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

// replacement is a message that takes the place of another: what it does not have is
// taken away.
type replacement struct {
	Content     string                       `json:"content"`
	Embeds      []*discordgo.MessageEmbed    `json:"embeds"`
	Components  []discordgo.MessageComponent `json:"components"`
	Attachments []attachment                 `json:"attachments"`
	Mentions    mentions                     `json:"allowed_mentions"`
}

func (m message) replacing() replacement {
	return replacement{
		Content: m.Content, Embeds: orEmpty(m.Embeds), Components: orEmpty(m.Components), Attachments: orEmpty(m.Attachments),
	}
}

// orEmpty makes a list that JSON does not write as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// to is the message for the caller alone, or for everybody.
func (m message) to(ephemeral bool) message {
	if ephemeral {
		m.Flags |= flagEphemeral
	}
	return m
}

// say is a message of one plain sentence.
func say(sentence string) message { return message{Content: escape(sentence)} }
