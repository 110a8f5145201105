// Package wording holds the interface's own words in each of its languages: phrases by
// key, plural forms, dates, and refusals that a user may read. It knows neither commands
// nor replies, and it translates nothing of a source: quotations, titles and publishers
// stand as they were published.
//
// The phrases stand in locales, a file for each language, in the format of go-i18n. To
// add a language, translate en.toml into a file named by the language's BCP 47 tag, with
// the plural forms that CLDR knows for it, name the actors and the topics by the ids of
// the lexicon as uk.toml does, and add its own name to [choice] in all of them. The tests
// tell what is missing.
package wording

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// English is the tag of the language where no other is asked for.
const English = "en"

// Key names a phrase in the files of locales: "no_topic", "action.older". A test finds keys
// that are missing in the files, and phrases in the files that the code never uses.
type Key string

// Prefix begins keys whose second part is data: "actor" of "actor.russia".
type Prefix string

// Data fills the places of a phrase, by the place's name.
type Data map[string]any

// Text is something that can be said in any language.
type Text func(Language) string

// Phrase is the text of a phrase without places.
func Phrase(key Key) Text { return func(l Language) string { return l.Say(key) } }

// Language says things in one language. The zero value says nothing; In returns one.
type Language struct {
	tag       string
	localizer *i18n.Localizer
	numbers   *message.Printer
}

// Files are the languages that are built in, as Load reads them.
//
//go:embed locales/*.toml
var Files embed.FS

// loaded are the languages of the interface.
var loaded struct {
	tags    []language.Tag // English first
	matcher language.Matcher
	byTag   map[string]Language
}

func init() {
	if err := Load(Files); err != nil {
		panic(err) // the files are part of the binary, so the build is broken
	}
}

// Load makes the files locales/TAG.toml the languages of the interface, instead of those
// before. It must not be called while anything is said.
func Load(files fs.FS) error {
	names, err := fs.Glob(files, "locales/*.toml")
	if err != nil {
		return err
	}
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	var problems error
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			problems = errors.Join(problems, fmt.Errorf("interface language %s: %w", path.Base(name), err))
		}
	}
	if problems != nil {
		return problems
	}
	loaded.tags, loaded.byTag = bundle.LanguageTags(), map[string]Language{}
	loaded.matcher = language.NewMatcher(loaded.tags)
	for _, t := range loaded.tags {
		loaded.byTag[t.String()] = Language{t.String(), i18n.NewLocalizer(bundle, t.String()), message.NewPrinter(t)}
	}
	return nil
}

// Languages returns the BCP 47 tags of the interface's languages, English first.
func Languages() []string {
	tags := make([]string, len(loaded.tags))
	for i, t := range loaded.tags {
		tags[i] = t.String()
	}
	return tags
}

// In returns the language to speak to a user who prefers those named, BCP 47 tags, the
// most preferred first; English where none of them is spoken.
func In(preferred ...string) Language {
	for _, tag := range preferred {
		if l, ok := loaded.byTag[tag]; ok {
			return l
		}
		wanted, err := language.Parse(tag)
		if err != nil {
			continue
		}
		if _, i, sure := loaded.matcher.Match(wanted); sure != language.No {
			return loaded.byTag[loaded.tags[i].String()]
		}
	}
	return loaded.byTag[English]
}

// Tag is the language's BCP 47 tag.
func (l Language) Tag() string { return l.tag }

// Say returns a phrase without places.
func (l Language) Say(key Key) string { return l.Fill(key, nil) }

// Fill returns a phrase with its places filled. A phrase that the language lacks is returned
// in English, and one that English lacks as its key; a test proves that neither happens.
func (l Language) Fill(key Key, places Data) string {
	text, _ := l.localize(string(key), nil, places)
	return cmp.Or(text, string(key))
}

// Count returns a phrase in the plural form for n, which stands in its place Count.
func (l Language) Count(key Key, n int) string {
	text, _ := l.localize(string(key), n, Data{"Count": l.Number(n)})
	return cmp.Or(text, string(key))
}

// Number writes n with the thousands set apart.
func (l Language) Number(n int) string { return l.numbers.Sprint(n) }

// Either lists names within a sentence: "A", "A or B", "A, B or C".
func (l Language) Either(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, ", ")
	}
	return l.Fill("list_or", Data{"Others": strings.Join(names[:last], ", "), "Last": names[last]})
}

// Lookup returns the phrase under a prefix and an id; ok is false where this language lacks it.
func (l Language) Lookup(prefix Prefix, id string) (text string, ok bool) {
	if id == "" || strings.Contains(id, ".") {
		return "", false
	}
	text, err := l.localize(string(prefix)+"."+id, nil, nil)
	return text, err == nil
}

// localize returns an error, and the English text, where the language lacks the phrase.
func (l Language) localize(key string, plural any, places Data) (string, error) {
	return l.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: key, PluralCount: plural, TemplateData: map[string]any(places),
	})
}

// Refusal is an error that a user may read, with what to do instead.
type Refusal struct{ text Text }

// Refuse is the refusal in a phrase with its places filled.
func Refuse(key Key, places Data) Refusal {
	return RefuseText(func(l Language) string { return l.Fill(key, places) })
}

// RefuseText is the refusal in a text that depends on the language by more than a phrase.
func RefuseText(text Text) Refusal { return Refusal{text} }

// Error is the refusal in English.
func (r Refusal) Error() string { return r.In(English) }

// In is the refusal in the language nearest to a BCP 47 tag.
func (r Refusal) In(language string) string { return r.text(In(language)) }
