package rest

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRoutes(t *testing.T) {
	for _, tc := range []struct{ path, name, major, shown string }{
		{"/api/v9/channels/12/messages", "POST /channels/{id}/messages", "12", "POST /channels/12/messages"},
		{"/api/v10/channels/12/messages/34", "POST /channels/{id}/messages/{id}", "12", "POST /channels/12/messages/34"},
		{"/api/v9/webhooks/1/tok/messages/@original", "POST /webhooks/{id}/{token}/messages/@original", "tok", "POST /webhooks/1/***/messages/@original"},
		{"/api/v9/interactions/1/tok/callback", "POST /interactions/{id}/{token}/callback", "tok", "POST /interactions/1/***/callback"},
		{"/gateway/bot", "POST /gateway/bot", "", "POST /gateway/bot"},
	} {
		r := routeOf(http.MethodPost, tc.path)
		if r.name != tc.name || r.major != tc.major || r.shown != tc.shown {
			t.Errorf("%s: %+v", tc.path, r)
		}
	}
}

func TestBucketsDoNotPileUp(t *testing.T) {
	l := newLimits()
	now := time.Now()
	for i := range 5 * maxBuckets {
		b, _, _, err := l.take(route{name: "PATCH /webhooks", major: string(rune(i)), exempt: true}, now)
		if err != nil {
			t.Fatal(err)
		}
		l.observe(route{}, b, nil, now)
	}
	if n := len(l.buckets); n > maxBuckets {
		t.Errorf("%d buckets", n)
	}
}

func TestTheLibrarysLogHoldsNoTokens(t *testing.T) {
	const botToken = "MTIz.secret-of-the-bot.abc"
	var log bytes.Buffer
	l := &redactingLog{slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), strings.NewReplacer(botToken, "***")}
	event, _ := json.Marshal(map[string]string{"token": "aW50ZXJhY3Rpb24", "id": "1"})
	l.write("Identify Packet: %#v %s", map[string]string{"Token": "Bot " + botToken}, event)
	l.write("Data: %s https://discord.com/api/v9/interactions/12/aW50ZXJhY3Rpb24/callback", `\"token\":\"aW50ZXJhY3Rpb24\"`)
	l.write("https://discord.com/api/v9/webhooks/12/aW50ZXJhY3Rpb24?wait=true")
	if got := log.String(); strings.Contains(got, "aW50") || strings.Contains(got, botToken) || strings.Count(got, "***") != 5 {
		t.Errorf("logged %s", got)
	}
}
