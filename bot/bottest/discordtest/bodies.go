package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// jsonObject is a decoded JSON object.
type jsonObject map[string]any

// Embed is an embed of a message.
type Embed struct {
	Type        string       `json:"type,omitempty"`
	URL         string       `json:"url,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Color       int          `json:"color,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedAuthor is the author of an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedFooter is the last line of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is a picture of an embed.
type EmbedImage struct {
	URL string `json:"url,omitempty"`
}

// EmbedField is a field of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// texts are the texts of an embed that count towards the limit of a message's embeds.
func (e Embed) texts() []string {
	all := []string{e.Title, e.Description}
	if e.Author != nil {
		all = append(all, e.Author.Name)
	}
	for _, f := range e.Fields {
		all = append(all, f.Name, f.Value)
	}
	if e.Footer != nil {
		all = append(all, e.Footer.Text)
	}
	return all
}

// Types of components.
const (
	componentRow    = 1
	componentButton = 2

	styleLink = 5
)

// Component is a row of buttons, or a button.
type Component struct {
	Type       int             `json:"type"`
	ID         int             `json:"id,omitempty"`
	CustomID   string          `json:"custom_id,omitempty"`
	Style      int             `json:"style,omitempty"`
	Label      string          `json:"label,omitempty"`
	Emoji      json.RawMessage `json:"emoji,omitempty"`
	URL        string          `json:"url,omitempty"`
	Disabled   bool            `json:"disabled,omitempty"`
	Components []Component     `json:"components,omitempty"`
}

// messageBody is the JSON body by which a message is sent or edited. Absent keys, null and empty values
// mean different things in an edit.
type messageBody struct {
	Content         optional[string]           `json:"content"`
	Embeds          optional[[]Embed]          `json:"embeds"`
	Components      optional[[]Component]      `json:"components"`
	Attachments     optional[[]attachmentBody] `json:"attachments"`
	AllowedMentions optional[allowedMentions]  `json:"allowed_mentions"`
	Flags           optional[int]              `json:"flags"`
	Reference       optional[referenceBody]    `json:"message_reference"`
	Nonce           any                        `json:"nonce"`
	EnforceNonce    bool                       `json:"enforce_nonce"`
}

type attachmentBody struct {
	ID          snowflakeOrIndex `json:"id"`
	Filename    string           `json:"filename"`
	Description string           `json:"description"`
}

type allowedMentions struct {
	Parse       optional[[]string] `json:"parse"`
	Users       []string           `json:"users"`
	Roles       []string           `json:"roles"`
	RepliedUser bool               `json:"replied_user"`
}

type referenceBody struct {
	MessageID       ID             `json:"message_id"`
	FailIfNotExists optional[bool] `json:"fail_if_not_exists"`
}

// snowflakeOrIndex is the id of an attachment that exists, or n of "files[n]"; both are
// sent as strings and as numbers.
type snowflakeOrIndex uint64

func (s *snowflakeOrIndex) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	*s = snowflakeOrIndex(n)
	return err
}

// optional is a value that may be absent or null.
type optional[T any] struct {
	set   bool // it was there, perhaps as null
	null  bool
	value T
}

// empty reports whether a body has nothing to show.
func (b messageBody) empty(files []upload) bool {
	return strings.TrimSpace(b.Content.value) == "" && len(b.Embeds.value) == 0 &&
		len(b.Components.value) == 0 && len(files) == 0
}

// text is how a nonce was written, a string or a number.
func (b messageBody) nonce() string {
	if b.Nonce == nil {
		return ""
	}
	return fmt.Sprint(b.Nonce)
}

// upload is a file of a request's form.
type upload struct {
	index       int // n of "files[n]"
	name        string
	contentType string
	data        []byte
}

// threadBody is the JSON body by which a post in a forum is made.
type threadBody struct {
	Name        string                `json:"name"`
	AppliedTags []ID                  `json:"applied_tags"`
	Message     optional[messageBody] `json:"message"`
}

// Types of commands.
const (
	commandSlash   = 1
	commandMessage = 3
)

// Command is a command as it is registered.
type Command struct {
	ID                ID                `json:"id"`
	ApplicationID     ID                `json:"application_id"`
	Version           ID                `json:"version"`
	Type              int               `json:"type"`
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Description       string            `json:"description"`
	DescLocalizations map[string]string `json:"description_localizations,omitempty"`
	Options           []CommandOption   `json:"options,omitempty"`
	MemberPermissions *Permissions      `json:"default_member_permissions"`
	Contexts          []int             `json:"contexts,omitempty"`
	IntegrationTypes  []int             `json:"integration_types,omitempty"`
	DirectMessages    *bool             `json:"dm_permission,omitempty"`
	NSFW              bool              `json:"nsfw"`
}

// Types of options.
const (
	optionSubcommand = 1
	optionGroup      = 2
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionChannel    = 7
	optionNumber     = 10
)

// CommandOption is an option of a command.
type CommandOption struct {
	Type              int               `json:"type"`
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Description       string            `json:"description"`
	DescLocalizations map[string]string `json:"description_localizations,omitempty"`
	Required          bool              `json:"required,omitempty"`
	Autocomplete      bool              `json:"autocomplete,omitempty"`
	Choices           []Choice          `json:"choices,omitempty"`
	Options           []CommandOption   `json:"options,omitempty"`
	MinLength         *int              `json:"min_length,omitempty"`
	MaxLength         *int              `json:"max_length,omitempty"`
	MinValue          *float64          `json:"min_value,omitempty"`
	MaxValue          *float64          `json:"max_value,omitempty"`
	ChannelTypes      []int             `json:"channel_types,omitempty"`
}

// Choice is a value that an option offers: a string, or a number.
type Choice struct {
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Value             any               `json:"value"`
}

// path finds the options below sub-commands: "settings language" is the sub-command
// language of settings.
func (cmd *Command) path(names []string) ([]CommandOption, bool) {
	options := cmd.Options
	for _, name := range names {
		i := slices.IndexFunc(options, func(o CommandOption) bool {
			return o.Name == name && (o.Type == optionSubcommand || o.Type == optionGroup)
		})
		if i < 0 {
			return nil, false
		}
		options = options[i].Options
	}
	nested := slices.ContainsFunc(options, func(o CommandOption) bool {
		return o.Type == optionSubcommand || o.Type == optionGroup
	})
	return options, !nested
}

// size is the length that Discord counts towards the limit of 8000 characters of a command: names,
// descriptions and values; of localised texts the longest.
func (cmd *Command) size() int {
	n := longest(cmd.Name, cmd.NameLocalizations) + longest(cmd.Description, cmd.DescLocalizations)
	return n + optionsSize(cmd.Options)
}

func optionsSize(options []CommandOption) (n int) {
	for _, o := range options {
		n += longest(o.Name, o.NameLocalizations) + longest(o.Description, o.DescLocalizations)
		for _, c := range o.Choices {
			value, _ := c.Value.(string)
			n += longest(c.Name, c.NameLocalizations) + utf16Len(value)
		}
		n += optionsSize(o.Options)
	}
	return n
}

func longest(text string, localized map[string]string) int {
	n := utf16Len(text)
	for l := range maps.Values(localized) {
		n = max(n, utf16Len(l))
	}
	return n
}

func (cmd *Command) String() string {
	if cmd.Type == commandSlash {
		return "/" + cmd.Name
	}
	return strings.TrimSpace(cmd.Name)
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

// nonNil makes a list that JSON writes as [].
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Permissions is a set of permissions, as bits.
type Permissions uint64

// MarshalText writes the bits in decimal, as Discord does.
func (p Permissions) MarshalText() ([]byte, error) {
	return strconv.AppendUint(nil, uint64(p), 10), nil
}

// UnmarshalJSON reads the bits in decimal, as a string or as a number.
func (p *Permissions) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	*p = Permissions(n)
	return err
}

// ID is a snowflake: the upper bits are the time of creation, so ids grow.
type ID uint64

// String is the id in decimal, as Discord writes it.
func (id ID) String() string { return strconv.FormatUint(uint64(id), 10) }

// MarshalText writes the id as JSON strings hold it.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads a decimal id.
func (id *ID) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	*id = ID(n)
	return err
}
