// Package config reads Parley's configuration: from the file, over the defaults, and reports everything that
// is wrong with it at once. It opens nothing that the configuration names but the files of secrets.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"parley/bot"
	"parley/bot/digest/commands"
	"parley/bot/store"
)

// DefaultPath is read where no other file is named, if it exists.
const DefaultPath = "parley.toml"

// Config is the configuration; config.example.toml explains every key.
type Config struct {
	DataDir  string   `toml:"data_dir"`
	Log      Log      `toml:"log"`
	Database Database `toml:"database"`
	Corpus   Corpus   `toml:"corpus"`
	Sync     Sync     `toml:"sync"`
	Lexicon  Lexicon  `toml:"lexicon"`
	Answer   Answer   `toml:"answer"`
	Bot      Bot      `toml:"bot"`
	Digest   Digest   `toml:"digest"`
	Privacy  Privacy  `toml:"privacy"`
	Discord  Discord  `toml:"discord"`
	Telegram Telegram `toml:"telegram"`
}

// Log says what is logged to stderr, and how.
type Log struct {
	Level  LogLevel `toml:"level"`
	Format string   `toml:"format"` // "text" or "json"
}

// JSON reports whether stderr is read by a program.
func (l Log) JSON() bool { return l.Format == "json" }

// Database says where the database is: without an address, in data_dir.
type Database struct {
	DSN     Secret `toml:"dsn"` // it may hold a password
	DSNFile string `toml:"dsn_file"`
}

// Address is where PostgreSQL is, empty for SQLite.
func (d Database) Address() (Secret, error) {
	return secretSource{"database.dsn", d.DSN, d.DSNFile, "PARLEY_DATABASE_DSN"}.secret()
}

// Corpus says what the record is made of.
type Corpus struct {
	Paths     []string `toml:"paths"`
	Briefs    bool     `toml:"briefs"`
	MaxFileMB int      `toml:"max_file_mb"`
}

// Sync says what is followed on the web, and how.
type Sync struct {
	Feeds     []string `toml:"feeds"`
	Serve     bool     `toml:"serve"` // also while "parley serve" runs
	UserAgent string   `toml:"user_agent"`
	// AllowPrivate are networks that may be fetched from although they are not public.
	AllowPrivate []Network `toml:"allow_private"`
}

// Lexicon names the operator's own actors and topics.
type Lexicon struct {
	File string `toml:"file"`
	Mode string `toml:"mode"` // "extend" or "replace"
}

// Replaces reports whether the file stands in the place of the built-in lexicon, and not beside it.
func (l Lexicon) Replaces() bool { return l.Mode == "replace" }

// Answer shapes answers.
type Answer struct {
	MaxPassages int `toml:"max_passages"`
	CacheMB     int `toml:"cache_mb"` // for what was decoded of the index
}

// Bot shapes what every platform offers.
type Bot struct {
	// ActorCommands are names of actors that are commands of their own.
	ActorCommands []string `toml:"actor_commands"`
	PerMinute     int      `toml:"requests_per_minute"` // of one user
	Burst         int      `toml:"burst"`               // how many of them at once
}

// Digest says when digests are posted that name no time, and how late they may be.
type Digest struct {
	Time    TimeOfDay `toml:"time"`
	Zone    Zone      `toml:"timezone"`
	CatchUp CatchUp   `toml:"catch_up"`
}

// Defaults hold for subscriptions that name no time.
func (d Digest) Defaults() commands.Defaults {
	return commands.Defaults{Zone: d.Zone.Name, At: d.Time.Minutes}
}

// Privacy says for how many days what is kept can be found.
type Privacy struct {
	Buttons int `toml:"keep_buttons_days"`
	Digests int `toml:"keep_digests_days"`
	Shown   int `toml:"keep_shown_days"`
}

// Retention is the same for the store.
func (p Privacy) Retention() store.Retention {
	const day = 24 * time.Hour
	return store.Retention{
		Actions: time.Duration(p.Buttons) * day, Slots: time.Duration(p.Digests) * day, Shown: time.Duration(p.Shown) * day,
	}
}

// Discord connects the bot to Discord, where a token is set.
type Discord struct {
	Token      Secret     `toml:"token"`
	TokenFile  string     `toml:"token_file"`
	APIURL     WebAddress `toml:"api_url"`
	ShardCount ShardCount `toml:"shard_count"`
	Shards     string     `toml:"shards"` // "0-3", or empty for all
}

// BotToken is the token from the one place where it stands; empty where there is none.
func (d Discord) BotToken() (Secret, error) {
	return secretSource{"discord.token", d.Token, d.TokenFile, "PARLEY_DISCORD_TOKEN"}.secret()
}

// Telegram connects the bot to Telegram, where a token is set.
type Telegram struct {
	Token             Secret     `toml:"token"`
	TokenFile         string     `toml:"token_file"`
	APIURL            WebAddress `toml:"api_url"`
	WebhookURL        WebAddress `toml:"webhook_url"`
	WebhookListen     Listen     `toml:"webhook_listen"`
	WebhookSecret     Secret     `toml:"webhook_secret"`
	WebhookSecretFile string     `toml:"webhook_secret_file"`
	DeleteWebhook     bool       `toml:"delete_webhook"`
}

// BotToken is the token from the one place where it stands; empty where there is none.
func (t Telegram) BotToken() (Secret, error) {
	return secretSource{"telegram.token", t.Token, t.TokenFile, "PARLEY_TELEGRAM_TOKEN"}.secret()
}

// Secret is the webhook's secret from the one place where it stands; empty where there is none.
func (t Telegram) Secret() (Secret, error) {
	return secretSource{"telegram.webhook_secret", t.WebhookSecret, t.WebhookSecretFile, "PARLEY_TELEGRAM_WEBHOOK_SECRET"}.secret()
}

// CheckSecrets says which tokens are set in several places, or cannot be read.
func (c Config) CheckSecrets() error {
	_, discord := c.Discord.BotToken()
	_, telegram := c.Telegram.BotToken()
	_, webhook := c.Telegram.Secret()
	return errors.Join(discord, telegram, webhook)
}

// Default is the configuration without a file.
func Default() Config {
	return Config{
		DataDir: "data",
		Log:     Log{Level: autoLevel, Format: "text"},
		Corpus:  Corpus{Paths: []string{}, Briefs: true, MaxFileMB: 32},
		Sync:    Sync{Feeds: []string{}, Serve: true, UserAgent: "Parley/1.0", AllowPrivate: []Network{}},
		Lexicon: Lexicon{Mode: "extend"},
		Answer:  Answer{MaxPassages: bot.MaxPassages, CacheMB: 16},
		Bot:     Bot{ActorCommands: []string{"ukraine", "russia", "us", "europe", "nato"}, PerMinute: 20, Burst: 5},
		Digest:  Digest{Time: TimeOfDay{9 * 60}, Zone: Zone{"UTC"}, CatchUp: CatchUp{3 * time.Hour}},
		Privacy: Privacy{Buttons: 30, Digests: 90, Shown: 365},
	}
}

// Load reads the file at path, or the one at DefaultPath if path is empty. It returns the path that it read,
// empty where there is no file and the defaults hold. The error has a line for each thing that is wrong; what
// is right is in c all the same.
func Load(path string) (c Config, read string, err error) {
	if path == "" {
		if _, err := os.Stat(DefaultPath); errors.Is(err, fs.ErrNotExist) {
			return Default(), "", nil
		}
		path = DefaultPath
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Default(), path, fmt.Errorf("configuration: %w", err)
	}
	c, err = decode(path, bytes.TrimPrefix(text, []byte("\ufeff"))) // some editors mark UTF-8
	return c, path, err
}
