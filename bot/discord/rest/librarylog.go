package rest

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

// discordgo has one logger for the whole process, a plain variable. It is set once, to one
// that writes to the log named last.
var (
	setLibraryLog sync.Once
	libraryLog    atomic.Pointer[redactingLog]
)

type redactingLog struct {
	log    *slog.Logger
	secret *strings.Replacer
}

// libraryLevel is the level of all that discordgo logs: what it calls an error, the gateway
// handles and reports itself.
const libraryLevel = slog.LevelDebug

// RedirectLibraryLog sends what discordgo logs to log, without the token and without those
// of interactions.
func RedirectLibraryLog(log *slog.Logger, token string) {
	libraryLog.Store(&redactingLog{log, strings.NewReplacer(token, "***")})
	setLibraryLog.Do(func() {
		discordgo.Logger = func(_, _ int, format string, args ...any) { libraryLog.Load().write(format, args...) }
	})
}

func (l *redactingLog) write(format string, args ...any) {
	if l.log.Enabled(context.Background(), libraryLevel) {
		l.log.Log(context.Background(), libraryLevel, "discordgo: "+Redact(l.secret.Replace(fmt.Sprintf(format, args...))))
	}
}

// interactionToken matches the tokens of interactions where they stand in addresses and
// in JSON.
var interactionToken = regexp.MustCompile(`((?:interactions|webhooks)/\d+/|\\?"token\\?":\s*\\?")[^/"\\?\s]+`)

// Redact takes the tokens of interactions out of a text.
func Redact(s string) string { return interactionToken.ReplaceAllString(s, "$1***") }
