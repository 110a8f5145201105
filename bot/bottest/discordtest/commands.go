package discordtest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

var commandRoutes = []*route{
	{method: "PUT", path: "/applications/{application_id}/commands", rules: commandSetRules, serve: (*Server).overwriteCommands},
}

// createsADay is how many commands may be created in a day.
const createsADay = 200

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

// commandSet is the commands that the application has registered, all of them global.
type commandSet struct {
	all     []*Command
	created []time.Time // of the last day
}

// Commands are the commands that are registered.
func (d *Server) Commands() []Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Command
	for _, c := range d.commands.all {
		all = append(all, *c)
	}
	return all
}

// overwriteCommands replaces all commands. Those whose name and type exist keep their id and do
// not count as created; those that are not named are gone.
func (d *Server) overwriteCommands(c *call) (any, error) {
	if c.id("application_id") != d.appID {
		return nil, errUnknownApp
	}
	next := []*Command{}
	if err := c.decode(&next); err != nil {
		return nil, err
	}
	created := 0
	for _, cmd := range next {
		cmd.Type = max(cmd.Type, commandSlash)
		cmd.ID, cmd.ApplicationID = 0, d.appID
		for _, old := range d.commands.all {
			if old.Name == cmd.Name && old.Type == cmd.Type {
				cmd.ID = old.ID
			}
		}
		if cmd.ID == 0 {
			created++
		}
	}
	if d.commandsCreated()+created > createsADay {
		return nil, errTooManyCreates
	}
	for _, cmd := range next {
		cmd.Version = d.newID()
		if cmd.ID == 0 {
			cmd.ID = d.newID()
			d.commands.created = append(d.commands.created, d.now())
		}
	}
	d.commands.all = next
	return next, nil
}

// commandsCreated is how many commands were created within the last day.
func (d *Server) commandsCreated() int {
	s := &d.commands
	s.created = slices.DeleteFunc(s.created, func(t time.Time) bool { return d.now().Sub(t) >= 24*time.Hour })
	return len(s.created)
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

// size is what Discord counts towards the limit of 8000 characters of a command: names,
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
