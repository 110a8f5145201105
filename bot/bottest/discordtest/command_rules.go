package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

const (
	maxCommands        = 100 // slash commands of an application, or of a guild
	maxMenuCommands    = 15  // of messages, and of users
	maxOptions         = 25
	maxChoices         = 25
	maxChoice          = 100
	maxDescription     = 100
	maxCommandSize     = 8000
	maxMenuCommandName = 32
)

// slashName is the name of a slash command, and of an option.
var slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// commandSetRules are those of a bulk overwrite.
func commandSetRules(c *call, r report) {
	if string(c.body) == "null" {
		r.add("BASE_TYPE_INVALID", "null is no list of commands")
		return
	}
	var all []Command
	if !r.decode(c.body, &all) {
		return
	}
	type key struct {
		kind int
		name string
	}
	seen := map[key]bool{}
	kinds := map[int]int{}
	for i, cmd := range all {
		cmd.rules(r.at(i))
		k := key{max(cmd.Type, commandSlash), cmd.Name}
		if seen[k] {
			r.at(i, "name").add("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[k] = true
		kinds[k.kind]++
	}
	for kind, n := range kinds {
		most := maxMenuCommands
		if kind == commandSlash {
			most = maxCommands
		}
		if n > most {
			r.add("APPLICATION_COMMAND_TOO_MANY", "Maximum number of application commands of type %d reached (%d)", kind, most)
		}
	}
}

func (cmd Command) rules(r report) {
	if cmd.Type > commandSlash {
		cmd.menuRules(r)
	} else {
		nameRules(cmd.Name, cmd.NameLocalizations, r)
		descriptionRules(cmd.Description, cmd.DescLocalizations, r)
		optionListRules(cmd.Options, 0, r.at("options"))
	}
	if n := cmd.size(); n > maxCommandSize {
		r.add("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandSize)
	}
}

// menuRules are those of commands in the menu of a message or a user.
func (cmd Command) menuRules(r report) {
	r.at("name").length(cmd.Name, 1, maxMenuCommandName)
	if cmd.Description != "" {
		r.at("description").add("APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED", "Context menu commands cannot have description")
	}
	if len(cmd.Options) > 0 {
		r.at("options").add("APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Context menu commands cannot have options")
	}
}

func nameRules(name string, localized map[string]string, r report) {
	if !validName(name) {
		r.at("name").add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	for locale, l := range localized {
		if !validName(l) {
			r.at("name_localizations", locale).add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
	}
	localeRules(localized, r.at("name_localizations"))
}

// validName reports whether a name has the form, in lower case where its script has one.
func validName(s string) bool { return slashName.MatchString(s) && s == strings.ToLower(s) }

func descriptionRules(text string, localized map[string]string, r report) {
	r.at("description").length(text, 1, maxDescription)
	for locale, l := range localized {
		r.at("description_localizations", locale).length(l, 1, maxDescription)
	}
	localeRules(localized, r.at("description_localizations"))
}

// locales are those that Discord's clients can be set to.
var locales = strings.Fields(`ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko
	lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW`)

func localeRules(localized map[string]string, r report) {
	for locale := range localized {
		if !slices.Contains(locales, locale) {
			r.at(locale).add("BASE_TYPE_CHOICES", "Value must be one of the locales.")
		}
	}
}

// optionListRules are those of options on a level: 0 is the command's own.
func optionListRules(options []CommandOption, level int, r report) {
	r.count(len(options), 0, maxOptions)
	names := map[string]bool{}
	optional, plain, nested := false, false, false
	for i, o := range options {
		at := r.at(i)
		o.rules(level, at)
		if names[o.Name] {
			at.at("name").add("APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option name must be unique")
		}
		names[o.Name] = true
		if o.Required && optional {
			at.at("required").add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
		if o.isNested() {
			nested = true
		} else {
			plain = true
		}
	}
	if plain && nested {
		r.add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func (o CommandOption) isNested() bool {
	return o.Type == optionSubcommand || o.Type == optionGroup
}

func (o CommandOption) rules(level int, r report) {
	nameRules(o.Name, o.NameLocalizations, r)
	descriptionRules(o.Description, o.DescLocalizations, r)
	if o.Type == optionGroup && level > 0 || o.Type == optionSubcommand && level > 1 {
		r.at("type").add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands are nested too deeply")
	}
	if o.isNested() {
		optionListRules(o.Options, level+1, r.at("options"))
	}
	o.valueRules(r)
}

// valueRules are those of what an option takes.
func (o CommandOption) valueRules(r report) {
	r.at("choices").count(len(o.Choices), 0, maxChoices)
	names := map[string]bool{}
	for i, c := range o.Choices {
		at := r.at("choices", i)
		c.rules(at)
		if names[c.Name] {
			at.at("name").add("APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", "Option choice name must be unique")
		}
		names[c.Name] = true
	}
	if o.Autocomplete && len(o.Choices) > 0 {
		r.at("autocomplete").add("APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete and choices are mutually exclusive")
	}
	if o.Autocomplete && !slices.Contains([]int{optionString, optionInteger, optionNumber}, o.Type) {
		r.at("autocomplete").add("APPLICATION_COMMAND_AUTOCOMPLETE_TYPE", "Options of this type cannot be completed")
	}
}
