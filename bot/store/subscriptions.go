package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"parley/bot"
	"parley/corpus/database"
)

// idLength is that of a subscription's id: 50 random bits, of which two subscriptions of a
// million have the same with a chance of one in two thousand, and then the second is refused.
const idLength = 10

// subscriptionColumns are the columns in the order of scanSubscription.
const subscriptionColumns = `id, chat, channel, zone, minute, days, topics, actors, language,
	quiet_days, paused, by_user, since, cursor`

// AddSubscription keeps a new subscription under an id of its own, and returns it as kept.
// Its digests begin behind the library's change with the number cursor.
func (s *Store) AddSubscription(ctx context.Context, sub bot.Subscription, cursor int64) (bot.Subscription, error) {
	sub.ID = strings.ToLower(rand.Text()[:idLength])
	_, err := s.db.Exec(ctx, `INSERT INTO subscriptions (`+subscriptionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		sub.ID, sub.Chat, sub.Channel, sub.Zone, sub.At, joinDays(sub.Days), joinIDs(sub.Topics), joinIDs(sub.Actors),
		sub.Language, flag(sub.QuietDays), flag(sub.Paused), sub.By, sub.Since.Unix(), cursor)
	return sub, database.Wrap(err, "add a subscription of chat %s", sub.Chat)
}

// ChangeSubscription replaces what is kept of a subscription, but for its chat, who
// subscribed and when, and where its digests go on. ok is false if there is none.
func (s *Store) ChangeSubscription(ctx context.Context, sub bot.Subscription) (ok bool, err error) {
	rows, err := s.db.Exec(ctx, `UPDATE subscriptions SET channel = $2, zone = $3, minute = $4, days = $5, topics = $6,
		actors = $7, language = $8, quiet_days = $9, paused = $10 WHERE id = $1`,
		sub.ID, sub.Channel, sub.Zone, sub.At, joinDays(sub.Days), joinIDs(sub.Topics), joinIDs(sub.Actors),
		sub.Language, flag(sub.QuietDays), flag(sub.Paused))
	return rows > 0, database.Wrap(err, "change subscription %s", sub.ID)
}

// RemoveSubscription forgets a subscription. ok is false if there was none.
func (s *Store) RemoveSubscription(ctx context.Context, id string) (ok bool, err error) {
	rows, err := s.db.Exec(ctx, `DELETE FROM subscriptions WHERE id = $1`, id)
	return rows > 0, database.Wrap(err, "remove subscription %s", id)
}

// Subscription returns a subscription, and the number of the library's change behind which
// its next digest begins. ok is false if there is none.
func (s *Store) Subscription(ctx context.Context, id string) (sub bot.Subscription, cursor int64, ok bool, err error) {
	sub, cursor, err = scanSubscription(s.db.Read.QueryRowContext(ctx,
		`SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return bot.Subscription{}, 0, false, nil
	}
	return sub, cursor, err == nil, database.Wrap(err, "subscription %s", id)
}

// Subscriptions returns the subscriptions of a chat, the oldest first.
func (s *Store) Subscriptions(ctx context.Context, chat string) ([]bot.Subscription, error) {
	all, err := s.subscriptions(ctx, `WHERE chat = $1 ORDER BY since, id`, chat)
	return all, database.Wrap(err, "subscriptions of chat %s", chat)
}

// EachSubscription calls do with every subscription as they are at the beginning, paused
// ones as well, until it fails.
func (s *Store) EachSubscription(ctx context.Context, do func(bot.Subscription) error) error {
	all, err := s.subscriptions(ctx, `ORDER BY id`)
	if err != nil {
		return database.Wrap(err, "all subscriptions")
	}
	for _, sub := range all {
		if err := do(sub); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) subscriptions(ctx context.Context, which string, args ...any) ([]bot.Subscription, error) {
	return database.ReadRows(ctx, s.db.Read, func(row database.Scanner) (bot.Subscription, error) {
		sub, _, err := scanSubscription(row)
		return sub, err
	}, `SELECT `+subscriptionColumns+` FROM subscriptions `+which, args...)
}

// ForgetUser removes a user's id from the subscriptions that the user made. The
// subscriptions themselves belong to the chat and stay.
func (s *Store) ForgetUser(ctx context.Context, user string) error {
	_, err := s.db.Exec(ctx, `UPDATE subscriptions SET by_user = '' WHERE by_user = $1`, user)
	return database.Wrap(err, "forget user %s", user)
}

func scanSubscription(row database.Scanner) (sub bot.Subscription, cursor int64, err error) {
	var days, topics, actors string
	var quiet, paused int64
	err = row.Scan(&sub.ID, &sub.Chat, &sub.Channel, &sub.Zone, &sub.At, &days, &topics, &actors, &sub.Language,
		&quiet, &paused, &sub.By, database.Time{To: &sub.Since}, &cursor)
	if err != nil {
		return bot.Subscription{}, 0, err
	}
	sub.Topics, sub.Actors = splitIDs(topics), splitIDs(actors)
	sub.QuietDays, sub.Paused = quiet == 1, paused == 1
	sub.Days, err = splitDays(days)
	return sub, cursor, err
}

func joinIDs(ids []string) string { return strings.Join(ids, ",") }

func splitIDs(ids string) []string {
	if ids == "" {
		return nil
	}
	return strings.Split(ids, ",")
}

func joinDays(days []time.Weekday) string {
	ids := make([]string, len(days))
	for i, d := range days {
		ids[i] = strconv.Itoa(int(d))
	}
	return joinIDs(ids)
}

func splitDays(text string) (days []time.Weekday, err error) {
	for _, id := range splitIDs(text) {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, database.Wrap(err, "days %q", text)
		}
		days = append(days, time.Weekday(n))
	}
	return days, nil
}

func flag(on bool) int64 {
	if on {
		return 1
	}
	return 0
}
