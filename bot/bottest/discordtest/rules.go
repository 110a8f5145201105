package discordtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/bot/bottest/discordtest/openapi"
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
			r.add("APPLICATION_COMMAND_TOO_MANY", "Maximum number of application commands of type %d reached (%d)", kind,
				most)
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
		r.at("description").add("APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
			"Context menu commands cannot have description")
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

// locales lists the locales of Discord's clients.
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
			at.at("required").add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
				"Required options must be placed before non-required options")
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
		r.at("autocomplete").add("APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
			"Autocomplete and choices are mutually exclusive")
	}
	if o.Autocomplete && !slices.Contains([]int{optionString, optionInteger, optionNumber}, o.Type) {
		r.at("autocomplete").add("APPLICATION_COMMAND_AUTOCOMPLETE_TYPE", "Options of this type cannot be completed")
	}
}

// Limits that Discord's description of its API leaves out, or states for other cases.
// Lengths are in UTF-16 units: the safe reading, as Discord's own clients count.
const (
	maxContent         = 2000
	maxEmbedTotal      = 6000 // over all embeds of a message
	maxEmbedTitle      = 256
	maxEmbedText       = 4096
	maxEmbedFields     = 25
	maxEmbedFooter     = 2048
	maxEmbedName       = 256 // of a field or an author
	maxEmbedValue      = 1024
	maxRows            = 5
	maxButtons         = 5 // in a row
	maxCustomID        = 100
	maxLabel           = 80 // of a button
	maxFiles           = 10
	maxAltText         = 1024
	maxNonce           = 25
	maxThreadName      = 100
	maxThreadTags      = 5
	maxProposals       = 25 // of an autocompletion
	badLength          = "BASE_TYPE_BAD_LENGTH"
	tooLong            = "BASE_TYPE_MAX_LENGTH"
	required           = "BASE_TYPE_REQUIRED"
	duplicatedCustomID = "COMPONENT_CUSTOM_ID_DUPLICATED"
)

// report collects problems below a path.
type report struct {
	problems *[]openapi.Problem
	path     []string
}

// at is the report on a key or an index.
func (r report) at(keys ...any) report {
	path := slices.Clone(r.path)
	for _, k := range keys {
		path = append(path, fmt.Sprint(k))
	}
	return report{r.problems, path}
}

// add notes a problem that Discord refuses; without a code, one that it lets pass.
func (r report) add(code, format string, args ...any) {
	*r.problems = append(*r.problems, openapi.Problem{Path: r.path, Code: code, Text: fmt.Sprintf(format, args...)})
}

func (r report) length(s string, least, most int) {
	switch n := utf16Len(s); {
	case least > 0 && n == 0:
		r.add(required, "This field is required")
	case n > most && least == 0:
		r.add(tooLong, "Must be %d or fewer in length.", most)
	case n < least, n > most:
		r.add(badLength, "Must be between %d and %d in length.", least, most)
	}
}

func (r report) count(n, least, most int) {
	if n < least || n > most {
		r.add(badLength, "Must be between %d and %d in length.", least, most)
	}
}

// decode reads the body of a call, or of a part of it.
func (r report) decode(raw []byte, v any) bool {
	if len(raw) == 0 {
		r.add(required, "The body is missing")
		return false
	}
	if err := json.Unmarshal(raw, v); err != nil {
		r.add("BASE_TYPE_INVALID", "%v", err)
		return false
	}
	return true
}

// messageRules are those of a message that is sent or edited.
func messageRules(c *call, r report) {
	var b messageBody
	if !r.decode(c.body, &b) {
		return
	}
	b.rules(c.files, r)
	if !c.route.exempt && b.Flags.value&flagEphemeral != 0 {
		r.at("flags").add("", "only answers to interactions are ephemeral")
	}
}

func (b messageBody) rules(files []upload, r report) {
	r.at("content").length(b.Content.value, 0, maxContent)
	r.at("nonce").length(b.nonce(), 0, maxNonce)
	embedRules(b.Embeds.value, files, r.at("embeds"))
	rowRules(b.Components.value, r.at("components"))
	fileRules(b, files, r)
	if b.Content.value != "" || len(b.Embeds.value) > 0 {
		mentionRules(b.AllowedMentions, r.at("allowed_mentions"))
	}
}

// mentionRules are Parley's: what it quotes must not ping anyone.
func mentionRules(o optional[allowedMentions], r report) {
	m := o.value
	silent := m.Parse.set && !m.Parse.null && len(m.Parse.value)+len(m.Users)+len(m.Roles) == 0 && !m.RepliedUser
	if !silent {
		r.add("", `must be {"parse": []}`)
	}
}

func embedRules(embeds []Embed, files []upload, r report) {
	total := 0
	for i, e := range embeds {
		e.rules(files, r.at(i))
		for _, text := range e.texts() {
			total += utf16Len(text)
		}
	}
	if total > maxEmbedTotal {
		r.add("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedTotal)
	}
}

func (e Embed) rules(files []upload, r report) {
	r.at("title").length(e.Title, 0, maxEmbedTitle)
	r.at("description").length(e.Description, 0, maxEmbedText)
	r.at("fields").count(len(e.Fields), 0, maxEmbedFields)
	for i, f := range e.Fields {
		r.at("fields", i, "name").length(strings.TrimSpace(f.Name), 1, maxEmbedName)
		r.at("fields", i, "value").length(strings.TrimSpace(f.Value), 1, maxEmbedValue)
	}
	if e.Author != nil {
		r.at("author", "name").length(e.Author.Name, 1, maxEmbedName)
	}
	if e.Footer != nil {
		r.at("footer", "text").length(e.Footer.Text, 1, maxEmbedFooter)
	}
	for key, p := range map[string]*EmbedImage{"image": e.Image, "thumbnail": e.Thumbnail} {
		if p != nil {
			p.rules(files, r.at(key, "url"))
		}
	}
	if strings.Join(e.texts(), "") == "" && e.Image == nil && e.Thumbnail == nil {
		r.add(required, "This field is required") // an embed with nothing to show
	}
}

// rules of a picture: where it is to come with the message, it must be there.
func (p EmbedImage) rules(files []upload, r report) {
	name, attached := strings.CutPrefix(p.URL, "attachment://")
	if attached && !slices.ContainsFunc(files, func(f upload) bool { return f.name == name }) {
		r.add("", "no file %q comes with the message", name)
	}
}

// rowRules are those of a message's components.
func rowRules(rows []Component, r report) {
	r.count(len(rows), 0, maxRows)
	ids := map[string]bool{}
	for i, row := range rows {
		if row.Type != componentRow {
			r.at(i, "type").add("", "the fake knows rows only at the top of a message, not type %d", row.Type)
			continue
		}
		if n := len(row.Components); n == 0 || n > maxButtons {
			r.at(i, "components").add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds 1 to %d buttons", maxButtons)
		}
		for j, c := range row.Components {
			at := r.at(i, "components", j)
			if c.Type != componentButton {
				at.at("type").add("", "the fake knows buttons only in a row, not type %d", c.Type)
				continue
			}
			c.buttonRules(at)
			if c.CustomID != "" && ids[c.CustomID] {
				at.at("custom_id").add(duplicatedCustomID, "Component custom id cannot be duplicated")
			}
			ids[c.CustomID] = true
		}
	}
}

func (c Component) buttonRules(r report) {
	r.at("label").length(c.Label, 0, maxLabel)
	if c.Label == "" && len(c.Emoji) == 0 {
		r.at("label").add(required, "A button needs a label or an emoji")
	}
	switch {
	case c.Style == styleLink && c.CustomID != "":
		r.at("custom_id").add("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
			"A custom id and url cannot both be specified")
	case c.Style == styleLink && c.URL == "":
		r.at("url").add("BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
	case c.Style != styleLink && c.URL != "":
		r.at("url").add("BUTTON_COMPONENT_INVALID_STYLE", "Only link buttons have a url")
	case c.Style != styleLink:
		r.at("custom_id").length(c.CustomID, 1, maxCustomID)
	}
}

// fileRules are those of a form's files and of what the JSON says about them.
func fileRules(b messageBody, files []upload, r report) {
	kept := slices.DeleteFunc(slices.Clone(b.Attachments.value), func(a attachmentBody) bool { return isUploaded(a, files) })
	if n := len(files) + len(kept); n > maxFiles {
		r.at("attachments").add(tooLong, "Must be %d or fewer in length.", maxFiles)
	}
	for i, f := range files {
		if f.index < 0 {
			r.at("files", i).add("", `a file's part must be named "files[n]"`)
		}
	}
	for i, a := range b.Attachments.value {
		r.at("attachments", i, "description").length(a.Description, 0, maxAltText)
	}
}

func isUploaded(a attachmentBody, files []upload) bool {
	return slices.ContainsFunc(files, func(f upload) bool { return f.index == int(a.ID) })
}

// threadRules are those of a thread, and of a forum post's first message.
func threadRules(c *call, r report) {
	var b threadBody
	if !r.decode(c.body, &b) {
		return
	}
	r.at("name").length(b.Name, 1, maxThreadName)
	r.at("applied_tags").count(len(b.AppliedTags), 0, maxThreadTags)
	if b.Message.set {
		b.Message.value.rules(c.files, r.at("message"))
	}
}

// callbackRules are those of the first answer to an interaction.
func callbackRules(c *call, r report) {
	var b struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if !r.decode(c.body, &b) {
		return
	}
	data := r.at("data")
	switch b.Type {
	case answerMessage, answerUpdate:
		var m messageBody
		if data.decode(b.Data, &m) {
			m.rules(c.files, data)
		}
	case answerChoices:
		choiceRules(b.Data, data)
	}
}

func choiceRules(raw []byte, r report) {
	var b struct{ Choices []Choice }
	if !r.decode(raw, &b) {
		return
	}
	r.at("choices").count(len(b.Choices), 0, maxProposals)
	for i, c := range b.Choices {
		c.rules(r.at("choices", i))
	}
}

// rules of a value that an option offers, fixed or proposed.
func (c Choice) rules(r report) {
	r.at("name").length(c.Name, 1, maxChoice)
	if s, ok := c.Value.(string); ok {
		r.at("value").length(s, 1, maxChoice)
	}
}
