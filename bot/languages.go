package bot

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// locales are the words of the interface, a file for each language, in the format of
// go-i18n. To add a language, translate en.toml into a file named by the language's
// BCP 47 tag, with the plural forms that CLDR knows for it, name the actors and the
// topics by the ids of the lexicon as uk.toml does, and add its own name to [choice]
// in all of them. The tests tell what is missing.
//
//go:embed locales/*.toml
var locales embed.FS

// spoken are the languages of the interface. They are embedded in the binary, so that
// failing to read them is a broken build and no condition to handle.
var spoken = func() languages {
	l, err := loadLanguages(locales)
	if err != nil {
		panic(err)
	}
	return l
}()

// english is the language where no other is asked for.
const english = "en"

// Languages are the tags of the languages of the interface, English first.
func Languages() []string {
	tags := make([]string, len(spoken.tags))
	for i, t := range spoken.tags {
		tags[i] = t.String()
	}
	return tags
}

// languages are the languages that were loaded.
type languages struct {
	tags    []language.Tag // English first
	matcher language.Matcher
	words   map[string]words // by tag
}

// loadLanguages reads the files locales/TAG.toml.
func loadLanguages(files fs.FS) (languages, error) {
	names, err := fs.Glob(files, "locales/*.toml")
	if err != nil {
		return languages{}, err
	}
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	var problems []error
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			problems = append(problems, fmt.Errorf("interface language %s: %w", path.Base(name), err))
		}
	}
	l := languages{tags: bundle.LanguageTags(), words: map[string]words{}}
	l.matcher = language.NewMatcher(l.tags)
	for _, t := range l.tags {
		l.words[t.String()] = words{t.String(), i18n.NewLocalizer(bundle, t.String()), message.NewPrinter(t)}
	}
	return l, errors.Join(problems...)
}

// match is the tag of the language to speak to who prefers those named, first the one
// preferred most; English where none is spoken.
func (l languages) match(preferred ...string) string {
	for _, p := range preferred {
		wanted, err := language.Parse(p)
		if err != nil {
			continue
		}
		if _, i, sure := l.matcher.Match(wanted); sure != language.No {
			return l.tags[i].String()
		}
	}
	return english
}

// speak are the words of the language with a tag, English for one that is not spoken.
func speak(tag string) words {
	if w, ok := spoken.words[tag]; ok {
		return w
	}
	return spoken.words[spoken.match(tag)]
}

// words are the words of one language. The zero value speaks none.
type words struct {
	tag       string
	localizer *i18n.Localizer
	numbers   *message.Printer
}

// data are what stands in the places of a phrase, by the place's name. A value that is
// a saying is said in the language of the phrase.
type data map[string]any

// saying is something that can be said in any language.
type saying func(words) string

// say is a phrase with its places filled.
func (w words) say(p phrase, d data) string { return w.localize(p, nil, d) }

// count is a phrase that depends on a number, which is its place Count.
func (w words) count(p phrase, n int) string {
	return w.localize(p, n, data{"Count": w.number(n)})
}

// number writes n with the thousands set apart.
func (w words) number(n int) string { return w.numbers.Sprint(n) }

// localize falls back to English for what a language lacks, and to the key for what
// English lacks; a test proves that neither happens.
func (w words) localize(p phrase, plural any, d data) string {
	text, _ := w.lookup(p, plural, d)
	return cmp.Or(text, string(p))
}

// lookup is localize with an error where the language itself lacks the phrase.
func (w words) lookup(p phrase, plural any, d data) (string, error) {
	said := maps.Clone(d)
	for place, value := range d {
		if s, ok := value.(saying); ok {
			said[place] = s(w)
		}
	}
	return w.localizer.Localize(&i18n.LocalizeConfig{MessageID: string(p), PluralCount: plural, TemplateData: map[string]any(said)})
}

// has is the phrase under a prefix and a key that does not come from the code, such as
// the id of an actor; ok is false where the language has no such phrase.
func (w words) has(prefix, key string) (text string, ok bool) {
	if key == "" || strings.Contains(key, ".") {
		return "", false
	}
	text, err := w.lookup(phrase(prefix+"."+key), nil, nil)
	return text, err == nil
}
