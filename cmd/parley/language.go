package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"parley/bot/wording"
)

// readerFlags say which record is asked, and in which language the interface answers.
type readerFlags struct {
	recordFlags
	Language Language `placeholder:"TAG" help:"Language of the interface's own words: ${languages} (default: as LC_ALL, LC_MESSAGES or LANG say, or else en)."`
}

// language is the one asked for or else the environment's, a BCP 47 tag; empty if neither
// names one.
func (f readerFlags) language() string { return cmp.Or(string(f.Language), environmentLanguage()) }

// Language is the tag of a language of the interface.
type Language string

// UnmarshalText refuses languages that the interface does not speak.
func (l *Language) UnmarshalText(text []byte) error {
	*l = Language(strings.ToLower(string(text)))
	if spoken := wording.Languages(); !slices.Contains(spoken, string(*l)) {
		return fmt.Errorf("it is %q; the languages are %s", text, strings.Join(spoken, ", "))
	}
	return nil
}

// environmentLanguage is the language of the process's locale, "uk-UA" for "uk_UA.UTF-8".
// POSIX, Base Definitions 8.2: the first of the three that is set and not empty holds.
func environmentLanguage() string {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if end := strings.IndexAny(locale, ".@"); end >= 0 {
		locale = locale[:end]
	}
	return strings.ReplaceAll(locale, "_", "-")
}
