package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"parley/bot"
	"parley/bot/store"
	"parley/corpus/fetch"
)

// defaultConfig is read where no other file is named, if it exists.
const defaultConfig = "parley.toml"

// Config is the configuration file; config.example.toml explains every key.
type Config struct {
	DataDir  string         `toml:"data_dir"`
	Log      LogConfig      `toml:"log"`
	Database DatabaseConfig `toml:"database"`
	Corpus   CorpusConfig   `toml:"corpus"`
	Sync     SyncConfig     `toml:"sync"`
	Lexicon  LexiconConfig  `toml:"lexicon"`
	Answer   AnswerConfig   `toml:"answer"`
	Bot      BotConfig      `toml:"bot"`
	Digest   DigestConfig   `toml:"digest"`
	Privacy  PrivacyConfig  `toml:"privacy"`
	Discord  DiscordConfig  `toml:"discord"`
	Telegram TelegramConfig `toml:"telegram"`
}

// DatabaseConfig says where the database is: without an address, in data_dir.
type DatabaseConfig struct {
	DSN     Secret `toml:"dsn"` // it may hold a password
	DSNFile string `toml:"dsn_file"`
}

// CorpusConfig says what the record is made of.
type CorpusConfig struct {
	Paths     []string `toml:"paths"`
	Briefs    bool     `toml:"briefs"`
	MaxFileMB int      `toml:"max_file_mb"`
}

// SyncConfig says what is followed on the web, and how.
type SyncConfig struct {
	Feeds     []string `toml:"feeds"`
	Serve     bool     `toml:"serve"` // also while "parley serve" runs
	UserAgent string   `toml:"user_agent"`
	// AllowPrivate are networks that may be fetched from although they are not public.
	AllowPrivate []Network `toml:"allow_private"`
}

// Network is a range of addresses.
type Network struct{ netip.Prefix }

// UnmarshalText reads "192.168.7.0/24".
func (n *Network) UnmarshalText(text []byte) (err error) {
	if n.Prefix, err = netip.ParsePrefix(string(text)); err != nil {
		return fmt.Errorf(`%q is no network; networks are written 192.168.7.0/24 or fd00::/8, a single address 192.168.7.5/32`, text)
	}
	return nil
}

// private are the networks as the client takes them.
func (c SyncConfig) private() (all []netip.Prefix) {
	for _, n := range c.AllowPrivate {
		all = append(all, n.Prefix)
	}
	return all
}

// LexiconConfig names the operator's own actors and topics.
type LexiconConfig struct {
	File string `toml:"file"`
	Mode string `toml:"mode"` // "extend" or "replace"
}

// AnswerConfig shapes answers.
type AnswerConfig struct {
	MaxPassages int `toml:"max_passages"`
	CacheMB     int `toml:"cache_mb"` // for what was decoded of the index
}

// BotConfig shapes what every platform offers.
type BotConfig struct {
	// ActorCommands are actors with a command of their own, by the name that the
	// lexicon knows and the command shall have.
	ActorCommands []string `toml:"actor_commands"`
	// PerMinute is how many requests a user may make in a minute, Burst how many of them
	// at once.
	PerMinute int `toml:"requests_per_minute"`
	Burst     int `toml:"burst"`
}

// DigestConfig says when digests are posted that name no time, and how late they may be.
type DigestConfig struct {
	Time    string `toml:"time"`     // "09:00"
	Zone    string `toml:"timezone"` // of IANA
	CatchUp string `toml:"catch_up"` // "3h"
}

// defaults hold for subscriptions that name no time.
func (c DigestConfig) defaults() (bot.DigestDefaults, error) {
	minute, timeErr := c.minute()
	zone, zoneErr := c.zone()
	return bot.DigestDefaults{Zone: zone, At: minute}, errors.Join(timeErr, zoneErr)
}

// minute is the time of a digest in minutes after midnight.
func (c DigestConfig) minute() (int, error) {
	at, err := time.Parse("15:04", c.Time)
	if err != nil {
		return 0, fmt.Errorf(`digest.time is %q; it must be like "09:00"`, c.Time)
	}
	return at.Hour()*60 + at.Minute(), nil
}

// zone is the IANA name of the time zone of a digest.
func (c DigestConfig) zone() (string, error) {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		return "", fmt.Errorf(`digest.timezone is %q; it must be a name like "Europe/Kyiv"`, c.Zone)
	}
	return c.Zone, nil
}

// catchUp is how long after its time a digest is still posted.
func (c DigestConfig) catchUp() (time.Duration, error) {
	d, err := time.ParseDuration(c.CatchUp)
	if err != nil || d < time.Minute || d > 24*time.Hour {
		return 0, fmt.Errorf(`digest.catch_up is %q; it must be from "1m" to "24h"`, c.CatchUp)
	}
	return d, nil
}

// PrivacyConfig says for how many days what is kept can be found.
type PrivacyConfig struct {
	Buttons int `toml:"keep_buttons_days"`
	Digests int `toml:"keep_digests_days"`
	Shown   int `toml:"keep_shown_days"`
}

// maxDays is the most days of a retention: ten years.
const maxDays = 3650

func (c PrivacyConfig) retention() store.Retention {
	const day = 24 * time.Hour
	return store.Retention{Actions: time.Duration(c.Buttons) * day, Slots: time.Duration(c.Digests) * day, Shown: time.Duration(c.Shown) * day}
}

// DiscordConfig connects the bot to Discord, where a token is set.
type DiscordConfig struct {
	Token      Secret `toml:"token"`
	TokenFile  string `toml:"token_file"`
	APIURL     string `toml:"api_url"`
	ShardCount string `toml:"shard_count"` // "auto" or a number
	Shards     string `toml:"shards"`      // "0-3", or empty for all
}

// TelegramConfig connects the bot to Telegram, where a token is set.
type TelegramConfig struct {
	Token             Secret `toml:"token"`
	TokenFile         string `toml:"token_file"`
	APIURL            string `toml:"api_url"`
	WebhookURL        string `toml:"webhook_url"`
	WebhookListen     string `toml:"webhook_listen"`
	WebhookSecret     Secret `toml:"webhook_secret"`
	WebhookSecretFile string `toml:"webhook_secret_file"`
	DeleteWebhook     bool   `toml:"delete_webhook"`
}

func (c DiscordConfig) token() (Secret, error) {
	return secretSource{"discord.token", c.Token, c.TokenFile, "PARLEY_DISCORD_TOKEN"}.secret()
}

// shardCount is the number of shards, 0 for what Discord advises.
func (c DiscordConfig) shardCount() (int, error) {
	if c.ShardCount == "auto" {
		return 0, nil
	}
	n, err := strconv.Atoi(c.ShardCount)
	if err != nil || n < 1 || n > 16384 {
		return 0, fmt.Errorf(`discord.shard_count is %q; it must be "auto" or a number from 1 to 16384`, c.ShardCount)
	}
	return n, nil
}

func (c TelegramConfig) token() (Secret, error) {
	return secretSource{"telegram.token", c.Token, c.TokenFile, "PARLEY_TELEGRAM_TOKEN"}.secret()
}

func (c TelegramConfig) webhookSecret() (Secret, error) {
	return secretSource{"telegram.webhook_secret", c.WebhookSecret, c.WebhookSecretFile, "PARLEY_TELEGRAM_WEBHOOK_SECRET"}.secret()
}

// defaults is the configuration without a file.
func defaults() Config {
	return Config{
		DataDir: "data",
		Log:     LogConfig{Level: autoLevel, Format: "text"},
		Corpus:  CorpusConfig{Paths: []string{}, Briefs: true, MaxFileMB: 32},
		Sync:    SyncConfig{Feeds: []string{}, Serve: true, UserAgent: "Parley/1.0", AllowPrivate: []Network{}},
		Lexicon: LexiconConfig{Mode: "extend"},
		Answer:  AnswerConfig{MaxPassages: bot.MaxPassages, CacheMB: 16},
		Bot:     BotConfig{ActorCommands: []string{"ukraine", "russia", "us", "europe", "nato"}, PerMinute: 20, Burst: 5},
		Digest:  DigestConfig{Time: "09:00", Zone: "UTC", CatchUp: "3h"},
		Privacy: PrivacyConfig{Buttons: 30, Digests: 90, Shown: 365},
		Discord: DiscordConfig{ShardCount: "auto"},
	}
}

// config is the configuration that holds: flag before environment before file
// before default. Kong has already put the environment in the place of missing flags.
func (a *app) config() (Config, error) {
	path := a.configPath()
	c := defaults()
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, fmt.Errorf("configuration: %w", err)
		}
		if c, err = decode(path, bytes.TrimPrefix(text, []byte("\ufeff"))); err != nil { // some editors mark UTF-8
			return c, err
		}
	}
	c.DataDir = cmp.Or(a.DataDir, c.DataDir)
	c.Log.Level = cmp.Or(a.LogLevel, c.Log.Level)
	return c, nil
}

// configPath is the file to read, empty if there is none.
func (a *app) configPath() string {
	if a.Config != "" {
		return a.Config
	}
	if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return defaultConfig
}

// decode reads a configuration strictly and reports everything that is wrong with it.
func decode(path string, text []byte) (Config, error) {
	wrong := map[int]string{} // by line
	for {
		c := defaults()
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
		return c, errors.Join(append(problems, c.check(path)...)...)
	}
}

// explain words an error of the decoder for somebody who has not read this code.
func explain(e *toml.DecodeError) string {
	message := strings.TrimPrefix(e.Error(), "toml: ")
	if i := strings.Index(message, " into "); strings.HasPrefix(message, "cannot decode TOML ") && i > 0 {
		message = "a value of another type is needed than " + strings.TrimPrefix(message[:i], "cannot decode TOML ")
	}
	if key := strings.Join(e.Key(), "."); key != "" {
		return key + ": " + message
	}
	return message
}

// withoutLine blanks a line, keeping the numbers of the others. ok is false if it
// was blank already.
func withoutLine(text []byte, number int) (rest []byte, ok bool) {
	lines := bytes.Split(text, []byte("\n"))
	if number < 1 || number > len(lines) || len(bytes.TrimSpace(lines[number-1])) == 0 {
		return text, false
	}
	lines[number-1] = nil
	return bytes.Join(lines, []byte("\n")), true
}

// check reports values that are of the right type and yet wrong.
func (c Config) check(path string) (problems []error) {
	need := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
		}
	}
	need(c.DataDir != "", "data_dir is empty; name a folder")
	need(c.Log.Format == "text" || c.Log.Format == "json", `log.format is %q; it must be "text" or "json"`, c.Log.Format)
	need(c.Corpus.MaxFileMB >= 1 && c.Corpus.MaxFileMB <= 4096, "corpus.max_file_mb is %d; it must be from 1 to 4096", c.Corpus.MaxFileMB)
	need(!slices.Contains(c.Corpus.Paths, ""), "corpus.paths holds an empty path")
	for _, address := range c.Sync.Feeds {
		need(isWeb(address) && isAddress(address), "sync.feeds holds %q; it must be an http or https address", fetch.Redacted(address))
	}
	for _, address := range repeated(c.Sync.Feeds) {
		need(false, "sync.feeds holds %q more than once", fetch.Redacted(address))
	}
	need(c.Sync.UserAgent != "", "sync.user_agent is empty; servers are told who fetches")
	need(!strings.ContainsFunc(c.Sync.UserAgent, unicode.IsControl), "sync.user_agent is %q; a header has no line breaks or other control characters", c.Sync.UserAgent)
	need(c.Lexicon.Mode == "extend" || c.Lexicon.Mode == "replace", `lexicon.mode is %q; it must be "extend" or "replace"`, c.Lexicon.Mode)
	need(c.Lexicon.Mode != "replace" || c.Lexicon.File != "", `lexicon.mode is "replace" without a lexicon.file to replace with`)
	need(c.Answer.CacheMB >= 1 && c.Answer.CacheMB <= 4096, "answer.cache_mb is %d; it must be from 1 to 4096", c.Answer.CacheMB)
	need(c.Answer.MaxPassages >= 1 && c.Answer.MaxPassages <= bot.MaxPassages, "answer.max_passages is %d; it must be from 1 to %d", c.Answer.MaxPassages, bot.MaxPassages)
	for _, name := range c.Bot.ActorCommands {
		need(bot.IsCommandName(name), "bot.actor_commands holds %q; a command is 1 to 32 lower-case letters and digits", name)
	}
	for _, name := range repeated(c.Bot.ActorCommands) {
		need(false, "bot.actor_commands holds %q more than once", name)
	}
	need(c.Bot.PerMinute >= 1 && c.Bot.PerMinute <= 6000, "bot.requests_per_minute is %d; it must be from 1 to 6000", c.Bot.PerMinute)
	need(c.Bot.Burst >= 1 && c.Bot.Burst <= 1000, "bot.burst is %d; it must be from 1 to 1000", c.Bot.Burst)
	days := func(key string, n int) {
		need(n >= 1 && n <= maxDays, "privacy.%s is %d; it must be from 1 to %d", key, n, maxDays)
	}
	days("keep_buttons_days", c.Privacy.Buttons)
	days("keep_digests_days", c.Privacy.Digests)
	days("keep_shown_days", c.Privacy.Shown)
	_, timeErr := c.Digest.minute()
	_, zoneErr := c.Digest.zone()
	_, catchUpErr := c.Digest.catchUp()
	_, shardErr := c.Discord.shardCount()
	for _, err := range []error{timeErr, zoneErr, catchUpErr, shardErr} {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", path, err))
		}
	}
	need(isAddress(c.Discord.APIURL), "discord.api_url is %q; it must be an http or https address", c.Discord.APIURL)
	need(isAddress(c.Telegram.APIURL), "telegram.api_url is %q; it must be an http or https address", c.Telegram.APIURL)
	need(isAddress(c.Telegram.WebhookURL), "telegram.webhook_url is %q; it must be an http or https address", c.Telegram.WebhookURL)
	need(isListen(c.Telegram.WebhookListen), `telegram.webhook_listen is %q; it must be an address of this machine and a port, such as "127.0.0.1:8443"`, c.Telegram.WebhookListen)
	need(c.Telegram.WebhookURL == "" || c.Telegram.WebhookListen != "", "telegram.webhook_url is set without telegram.webhook_listen")
	return problems
}

// checkSecrets says which tokens are set in several places, or cannot be read.
func (c Config) checkSecrets() error {
	_, discord := c.Discord.token()
	_, telegram := c.Telegram.token()
	_, webhook := c.Telegram.webhookSecret()
	return errors.Join(discord, telegram, webhook)
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

// isListen reports whether text is where a server can listen, or empty.
func isListen(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return text == ""
	}
	_, err = net.LookupPort("tcp", port) // a number, or a name that the system knows
	return err == nil && port != ""
}

// isAddress reports whether text is an address of the web, or empty.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return text == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
