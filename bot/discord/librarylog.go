package discord

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bwmarrin/discordgo"
)

// discordgo has one logger for the whole process, a plain variable. It is set once, to
// one that writes to the log of the Discord made last.
var (
	setLibraryLog sync.Once
	libraryLog    atomic.Pointer[redactingLog]
)

type redactingLog struct {
	log    *slog.Logger
	secret *strings.Replacer
}

// libraryLevels are discordgo's levels of messages. What it calls an error is handled
// and reported by the shards, so it says nothing new.
var libraryLevels = map[int]slog.Level{
	discordgo.LogError: slog.LevelInfo, discordgo.LogWarning: slog.LevelInfo,
	discordgo.LogInformational: slog.LevelDebug, discordgo.LogDebug: slog.LevelDebug,
}

func redirectLibraryLog(log *slog.Logger, token string) {
	libraryLog.Store(&redactingLog{log, strings.NewReplacer(token, "***")})
	setLibraryLog.Do(func() {
		discordgo.Logger = func(level, _ int, format string, args ...any) { libraryLog.Load().write(level, format, args...) }
	})
}

func (l *redactingLog) write(level int, format string, args ...any) {
	if to := libraryLevels[level]; l.log.Enabled(context.Background(), to) {
		l.log.Log(context.Background(), to, "discordgo: "+redact(l.secret.Replace(fmt.Sprintf(format, args...))))
	}
}

// interactionToken matches the tokens of interactions where they stand in addresses and
// in JSON.
var interactionToken = regexp.MustCompile(`((?:interactions|webhooks)/\d+/|\\?"token\\?":\s*\\?")[^/"\\?\s]+`)

func redact(s string) string { return interactionToken.ReplaceAllString(s, "$1***") }
