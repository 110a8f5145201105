package commands

import (
	"cmp"
	"context"
	"strings"
	"time"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/digest/schedule"
	"parley/bot/wording"
)

// presenter says in one language what a subscription is and what became of its slots.
type presenter struct{ bot.Presenter }

// card is a subscription with the time at which it is due next.
func (c *commander) card(
	ctx context.Context, p presenter, req bot.Request, s bot.Subscription, title string,
) (bot.Fields, error) {
	card := p.fields(req, s, title)
	if s.Paused {
		return card, nil
	}
	_, next, err := c.Digests.Slots(ctx, s.ID, 0)
	if err != nil {
		return bot.Fields{}, err
	}
	if !next.IsZero() {
		card.Rows = append(card.Rows, bot.Field{Name: p.Say("digest_next"), Value: bot.Plain(p.moment(next, s.Zone))})
	}
	return card, nil
}

// fields shows when and where a subscription is due, and what it asks for.
func (p presenter) fields(req bot.Request, s bot.Subscription, title string) bot.Fields {
	card := bot.Fields{Title: title}
	add := func(name wording.Key, value bot.Line) {
		card.Rows = append(card.Rows, bot.Field{Name: p.Say(name), Value: value})
	}
	if s.Channel != "" && !strings.HasSuffix(s.Chat, "/"+s.Channel) { // a private chat is its own channel
		where := bot.Run{Text: s.Channel}
		if req.ChannelName != nil {
			where = req.ChannelName(s.Channel)
		}
		add("digest_where", bot.Line{where})
	}
	when := p.Fill("digest_when", wording.Data{
		"Days": schedule.InWords(p.Language, s.Days), "Time": schedule.Clock(s.At), "Zone": s.Zone,
	})
	if s.Paused {
		when += ", " + p.Say("digest_is_paused")
	}
	add("digest_times", bot.Plain(when))
	add("digest_topics", bot.Plain(cmp.Or(strings.Join(p.TopicNames(s.Topics), ", "), p.Say("digest_all"))))
	add("digest_actors", bot.Plain(cmp.Or(strings.Join(p.ActorNames(s.Actors), ", "), p.Say("digest_all"))))
	language := argument.Choice{Value: chatLanguage}
	if s.Language != "" {
		language = argument.Choice{Name: s.Language, Value: s.Language}
	}
	add("setting_language", bot.Plain(language.Describe(p.Tag())))
	quiet := wording.Key("digest_silent")
	if s.QuietDays {
		quiet = "digest_tells"
	}
	add("digest_quiet_days", bot.Plain(p.Say(quiet)))
	return card
}

// slotLine says what became of a slot: "posted, 2 of 2 messages. …".
func (p presenter) slotLine(slot bot.Slot) string {
	line, ok := p.Lookup("slot", string(slot.State))
	if !ok {
		line = string(slot.State)
	}
	if slot.Parts > 0 {
		line += ", " + p.Fill("slot_parts", wording.Data{"Sent": slot.Sent, "Parts": slot.Parts})
	}
	return strings.TrimSpace(line + ". " + slot.Why.In(p.Tag()))
}

// moment is "8 May 2026, 09:00 (Europe/Kyiv)".
func (p presenter) moment(t time.Time, zone string) string {
	if l, err := time.LoadLocation(zone); err == nil {
		t = t.In(l)
	}
	return p.Fill("moment", wording.Data{"Date": p.Day(t), "Time": t.Format("15:04"), "Zone": zone})
}
