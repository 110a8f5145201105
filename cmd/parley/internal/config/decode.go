package config

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"parley/bot"
	"parley/corpus/weburl"
)

// decode reads a configuration strictly and reports everything that is wrong with it.
func decode(path string, text []byte) (Config, error) {
	wrong := map[int]string{} // by line
	for {
		c := Default()
		err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&c)
		var unknown *toml.StrictMissingError
		var bad *toml.DecodeError
		switch {
		case errors.As(err, &unknown):
			for _, e := range unknown.Errors {
				line, _ := e.Position()
				wrong[line] = "unknown key " + strings.Join(e.Key(), ".")
			}
		case errors.As(err, &bad):
			line, _ := bad.Position()
			wrong[line] = explain(bad)
			// A wrong value hides what comes after it: look again without its line.
			if rest, ok := withoutLine(text, line); ok && len(bad.Key()) > 0 {
				text = rest
				continue
			}
		case err != nil:
			return c, fmt.Errorf("%s: %w", path, err)
		}
		var problems []error
		for _, line := range slices.Sorted(maps.Keys(wrong)) {
			problems = append(problems, fmt.Errorf("%s:%d: %s", path, line, wrong[line]))
		}
		for _, problem := range c.check() {
			problems = append(problems, fmt.Errorf("%s: %s", path, problem))
		}
		return c, errors.Join(problems...)
	}
}

// explain words an error of the decoder for somebody who has not read this code.
func explain(e *toml.DecodeError) string {
	message := strings.TrimPrefix(e.Error(), "toml: ")
	if i := strings.Index(message, " into "); strings.HasPrefix(message, "cannot decode TOML ") && i > 0 {
		message = "a value of another type is needed than " + strings.TrimPrefix(message[:i], "cannot decode TOML ")
	}
	key := strings.Join(e.Key(), ".")
	switch {
	case key == "":
		return message
	case strings.HasPrefix(message, "is "):
		return key + " " + message
	}
	return key + ": " + message
}

// withoutLine blanks a line, keeping the numbers of the others; not ok if it was blank.
func withoutLine(text []byte, number int) (rest []byte, ok bool) {
	lines := bytes.Split(text, []byte("\n"))
	if number < 1 || number > len(lines) || len(bytes.TrimSpace(lines[number-1])) == 0 {
		return text, false
	}
	lines[number-1] = nil
	return bytes.Join(lines, []byte("\n")), true
}

// check reports values that are out of range or do not go together.
func (c Config) check() (problems []string) {
	need := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	atMost := func(key string, n, most int) {
		need(n >= 1 && n <= most, "%s is %d; it must be from 1 to %d", key, n, most)
	}
	need(c.DataDir != "", "data_dir is empty; name a folder")
	need(c.Log.Format == "text" || c.Log.Format == "json", `log.format is %q; it must be "text" or "json"`, c.Log.Format)
	atMost("corpus.max_file_mb", c.Corpus.MaxFileMB, 4096)
	need(!slices.Contains(c.Corpus.Paths, ""), "corpus.paths holds an empty path")
	for _, address := range c.Sync.Feeds {
		need(isWebAddress(address), "sync.feeds holds %q; it must be an http or https address", weburl.Redacted(address))
	}
	for _, address := range repeated(c.Sync.Feeds) {
		need(false, "sync.feeds holds %q more than once", weburl.Redacted(address))
	}
	need(c.Sync.UserAgent != "", "sync.user_agent is empty; servers are told who fetches")
	need(!strings.ContainsFunc(c.Sync.UserAgent, unicode.IsControl),
		"sync.user_agent is %q; a header has no line breaks or other control characters", c.Sync.UserAgent)
	need(c.Lexicon.Mode == "extend" || c.Lexicon.Replaces(), `lexicon.mode is %q; it must be "extend" or "replace"`, c.Lexicon.Mode)
	need(!c.Lexicon.Replaces() || c.Lexicon.File != "", `lexicon.mode is "replace" without a lexicon.file to replace with`)
	atMost("answer.cache_mb", c.Answer.CacheMB, 4096)
	atMost("answer.max_passages", c.Answer.MaxPassages, bot.MaxPassages)
	for _, name := range c.Bot.ActorCommands {
		need(bot.IsCommandName(name), "bot.actor_commands holds %q; a command is 1 to 32 lower-case letters and digits", name)
	}
	for _, name := range repeated(c.Bot.ActorCommands) {
		need(false, "bot.actor_commands holds %q more than once", name)
	}
	atMost("bot.requests_per_minute", c.Bot.PerMinute, 6000)
	atMost("bot.burst", c.Bot.Burst, 1000)
	const tenYears = 3650 // in days
	atMost("privacy.keep_buttons_days", c.Privacy.Buttons, tenYears)
	atMost("privacy.keep_digests_days", c.Privacy.Digests, tenYears)
	atMost("privacy.keep_shown_days", c.Privacy.Shown, tenYears)
	need(c.Telegram.WebhookURL.URL == "" || c.Telegram.WebhookListen.Address != "",
		"telegram.webhook_url is set without telegram.webhook_listen")
	return problems
}

// repeated are the values that a list holds more than once.
func repeated(list []string) (twice []string) {
	seen := map[string]int{}
	for _, value := range list {
		if seen[value]++; seen[value] == 2 {
			twice = append(twice, value)
		}
	}
	return twice
}
