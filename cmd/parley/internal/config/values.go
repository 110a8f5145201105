package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The types of this file check themselves while they are decoded. They are structs, since go-toml lets no type
// made of a string read its own text. An error that begins with "is" continues the name of the key.

// LogLevel is the least that is logged.
type LogLevel struct{ Name string }

// autoLevel leaves it to the command: one that goes on for long says what it does.
var autoLevel = LogLevel{"auto"}

var logLevels = map[LogLevel]slog.Level{
	{"debug"}: slog.LevelDebug, {"info"}: slog.LevelInfo, {"warn"}: slog.LevelWarn, {"error"}: slog.LevelError,
}

// UnmarshalText reads a level in upper or lower case.
func (l *LogLevel) UnmarshalText(text []byte) error {
	l.Name = strings.ToLower(string(text))
	if _, known := logLevels[*l]; !known && *l != autoLevel {
		return fmt.Errorf(`it is %q; it must be "auto", "debug", "info", "warn" or "error"`, text)
	}
	return nil
}

// Or is the level for slog, or usual for "auto".
func (l LogLevel) Or(usual slog.Level) slog.Level {
	if level, known := logLevels[l]; known {
		return level
	}
	return usual
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

// TimeOfDay is a time in minutes after midnight.
type TimeOfDay struct{ Minutes int }

// UnmarshalText reads "09:00".
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	at, err := time.Parse("15:04", string(text))
	if err != nil {
		return fmt.Errorf(`is %q; it must be like "09:00"`, text)
	}
	t.Minutes = at.Hour()*60 + at.Minute()
	return nil
}

// Zone is a time zone by its IANA name.
type Zone struct{ Name string }

// UnmarshalText reads "Europe/Kyiv".
func (z *Zone) UnmarshalText(text []byte) error {
	z.Name = string(text)
	if _, err := time.LoadLocation(z.Name); err != nil || z.Name == "" || z.Name == "Local" {
		return fmt.Errorf(`is %q; it must be a name like "Europe/Kyiv"`, text)
	}
	return nil
}

// CatchUp is how long after its time a digest is still posted.
type CatchUp struct{ time.Duration }

// UnmarshalText reads "3h".
func (c *CatchUp) UnmarshalText(text []byte) (err error) {
	c.Duration, err = time.ParseDuration(string(text))
	if err != nil || c.Duration < time.Minute || c.Duration > 24*time.Hour {
		return fmt.Errorf(`is %q; it must be from "1m" to "24h"`, text)
	}
	return nil
}

// ShardCount is the number of shards, 0 for as many as Discord advises.
type ShardCount struct{ N int }

// UnmarshalText reads "auto" or a number.
func (s *ShardCount) UnmarshalText(text []byte) (err error) {
	if string(text) == "auto" {
		s.N = 0
		return nil
	}
	if s.N, err = strconv.Atoi(string(text)); err != nil || s.N < 1 || s.N > 16384 {
		return fmt.Errorf(`is %q; it must be "auto" or a number from 1 to 16384`, text)
	}
	return nil
}

// WebAddress is an http or https address, or empty.
type WebAddress struct{ URL string }

// UnmarshalText reads "https://api.telegram.org".
func (w *WebAddress) UnmarshalText(text []byte) error {
	w.URL = string(text)
	if w.URL != "" && !isWebAddress(w.URL) {
		return fmt.Errorf("is %q; it must be an http or https address", text)
	}
	return nil
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Listen is where a server listens: an address of this machine and a port; or empty.
type Listen struct{ Address string }

// UnmarshalText reads "127.0.0.1:8443". A port may have a name that the system knows.
func (l *Listen) UnmarshalText(text []byte) error {
	l.Address = string(text)
	if l.Address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(l.Address)
	if err == nil && port != "" {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		return fmt.Errorf(`is %q; it must be an address of this machine and a port, such as "127.0.0.1:8443"`, text)
	}
	return nil
}
