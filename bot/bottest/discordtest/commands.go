package discordtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/bot/bottest/discordtest/openapi"
)

var commandRoutes = slices.Concat(
	commandRoutesAt("/applications/{application_id}/commands"),
	commandRoutesAt("/applications/{application_id}/guilds/{guild_id}/commands"),
)

// commandRoutesAt are the operations on a set of commands.
func commandRoutesAt(path string) []*route {
	return []*route{
		{method: "GET", path: path, serve: withCommands((*commandSet).list)},
		{method: "PUT", path: path, rules: commandSetRules, serve: withCommands((*commandSet).overwrite)},
		{method: "POST", path: path, status: http.StatusOK, rules: commandRules, serve: withCommands((*commandSet).create)},
		{method: "GET", path: path + "/{command_id}", serve: withCommands((*commandSet).get)},
		{method: "DELETE", path: path + "/{command_id}", serve: withCommands((*commandSet).delete)},
	}
}

// createsADay is how many commands may be made in a day, globally and for each guild.
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
	GuildID           ID                `json:"guild_id,omitzero"`
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

// commandSet is the commands of a guild, or the global ones.
type commandSet struct {
	d       *Server
	guild   ID
	all     []*Command
	created []time.Time // of the last day
}

// Commands are the commands registered for a guild, the global ones if it is nil.
func (d *Server) Commands(g *Guild) []Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Command
	for _, c := range d.commandsOf(g).all {
		all = append(all, *c)
	}
	return all
}

// CommandCreates is how many of the day's 200 creates were used, by the guild or globally.
func (d *Server) CommandCreates(g *Guild) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commandsOf(g).creates()
}

func (d *Server) commandsOf(g *Guild) *commandSet {
	var id ID
	if g != nil {
		id = g.ID
	}
	if d.commands[id] == nil {
		d.commands[id] = &commandSet{d: d, guild: id}
	}
	return d.commands[id]
}

// withCommands serves an operation with the set that the path names.
func withCommands(serve func(*commandSet, *call) (any, error)) func(*Server, *call) (any, error) {
	return func(d *Server, c *call) (any, error) {
		if c.id("application_id") != d.appID {
			return nil, errUnknownApp
		}
		if c.PathValue("guild_id") == "" {
			return serve(d.commandsOf(nil), c)
		}
		g, err := d.guild(c)
		if err != nil {
			return nil, err
		}
		return serve(d.commandsOf(g), c)
	}
}

func (s *commandSet) list(c *call) (any, error) {
	all := make([]Command, len(s.all))
	for i, cmd := range s.all {
		all[i] = *cmd
		if c.URL.Query().Get("with_localizations") != "true" {
			all[i].NameLocalizations, all[i].DescLocalizations = nil, nil
		}
	}
	return all, nil
}

// overwrite replaces the set. Commands whose name and type exist keep their id and do not
// count as created; those that are not named are gone.
func (s *commandSet) overwrite(c *call) (any, error) {
	var bodies []json.RawMessage
	if err := c.decode(&bodies); err != nil {
		return nil, err
	}
	var next []*Command
	fresh := 0
	for _, raw := range bodies {
		cmd, err := s.parse(raw)
		if err != nil {
			return nil, err
		}
		if cmd.ID == 0 {
			fresh++
		}
		next = append(next, cmd)
	}
	if s.creates()+fresh > createsADay {
		return nil, errTooManyCreates
	}
	for _, cmd := range next {
		s.stamp(cmd)
	}
	s.all = next
	return nonNil(next), nil
}

// create adds a command, or replaces the one of its name and type.
func (s *commandSet) create(c *call) (any, error) {
	cmd, err := s.parse(c.body)
	if err != nil {
		return nil, err
	}
	if cmd.ID == 0 && s.creates() >= createsADay {
		return nil, errTooManyCreates
	}
	s.all = slices.DeleteFunc(s.all, func(old *Command) bool { return old.ID == cmd.ID })
	s.stamp(cmd)
	s.all = append(s.all, cmd)
	return cmd, nil
}

// parse reads a command; it has the id of the one that it replaces.
func (s *commandSet) parse(raw json.RawMessage) (*Command, error) {
	var cmd Command
	if err := json.Unmarshal(raw, &cmd); err != nil {
		return nil, invalidForm(openapi.Problem{Code: "BASE_TYPE_INVALID", Text: err.Error()})
	}
	if cmd.Type == 0 {
		cmd.Type = commandSlash
	}
	cmd.ID, cmd.ApplicationID, cmd.GuildID, cmd.Version = 0, s.d.appID, s.guild, 0
	for _, old := range s.all {
		if old.Name == cmd.Name && old.Type == cmd.Type {
			cmd.ID = old.ID
		}
	}
	return &cmd, nil
}

// stamp gives a command its version, and its id if it is new.
func (s *commandSet) stamp(cmd *Command) {
	cmd.Version = s.d.newID()
	if cmd.ID == 0 {
		cmd.ID = s.d.newID()
		s.created = append(s.created, s.d.now())
	}
}

// creates is how many commands were made within the last day.
func (s *commandSet) creates() int {
	s.created = slices.DeleteFunc(s.created, func(t time.Time) bool { return s.d.now().Sub(t) >= 24*time.Hour })
	return len(s.created)
}

func (s *commandSet) find(c *call) (int, error) {
	i := slices.IndexFunc(s.all, func(cmd *Command) bool { return cmd.ID == c.id("command_id") })
	if i < 0 {
		return 0, errUnknownCommand
	}
	return i, nil
}

func (s *commandSet) get(c *call) (any, error) {
	i, err := s.find(c)
	if err != nil {
		return nil, err
	}
	return s.all[i], nil
}

func (s *commandSet) delete(c *call) (any, error) {
	i, err := s.find(c)
	if err != nil {
		return nil, err
	}
	s.all = slices.Delete(s.all, i, i+1)
	return nil, nil
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
