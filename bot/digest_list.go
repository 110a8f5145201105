package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/bot/argument"
	"parley/bot/names"
	"parley/bot/wording"
	"parley/corpus"
)

// wholeList is the value of an option for all topics, or all actors.
const wholeList = "all"

// everythings are the words by which people ask for all of something.
var everythings = map[string]bool{wholeList: true, "everything": true, "everyone": true, "усі": true, "всі": true, "усе": true, "все": true}

// orAll reads a word for all, or a list.
func orAll(resolve func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if everythings[names.Fold(text)] {
			return wholeList, nil
		}
		return resolve(text)
	}
}

// idsOf are the ids in an argument that orAll has read; nil for all.
func idsOf(ids string) []string {
	if ids == wholeList {
		return nil
	}
	ordered := strings.Split(ids, ",")
	slices.Sort(ordered)
	return slices.Compact(ordered)
}

// listDigests shows the subscriptions of a chat.
func (b *Bot) listDigests(ctx context.Context, req Request) (Reply, error) {
	all, err := b.digests.Subscriptions(ctx, req.Chat)
	if err != nil {
		return Reply{}, err
	}
	if len(all) == 0 {
		return Reply{}, wording.Refuse("no_digests", nil)
	}
	p := b.presenter(req.Language)
	reply := Reply{Private: true}
	for i, s := range all {
		card, err := b.digestCard(ctx, p, req, s, p.Fill("digest_number", wording.Data{"Number": i + 1}))
		if err != nil {
			return Reply{}, err
		}
		reply.Blocks = append(reply.Blocks, card)
	}
	return reply, nil
}

// digestCard is a subscription with the time at which it is due next.
func (b *Bot) digestCard(ctx context.Context, p Presenter, req Request, s Subscription, title string) (Fields, error) {
	card := b.digestFields(p, req, s, title)
	if s.Paused {
		return card, nil
	}
	_, next, err := b.digests.Slots(ctx, s.ID, 0)
	if err != nil {
		return Fields{}, err
	}
	if !next.IsZero() {
		card.Rows = append(card.Rows, Field{p.Say("digest_next"), Plain(p.moment(next, s.Zone))})
	}
	return card, nil
}

// digestFields are what a subscription says.
func (b *Bot) digestFields(p Presenter, req Request, s Subscription, title string) Fields {
	card := Fields{Title: title}
	add := func(name wording.Key, value Line) {
		card.Rows = append(card.Rows, Field{p.Say(name), value})
	}
	if s.Channel != "" && !strings.HasSuffix(s.Chat, "/"+s.Channel) { // a private chat is its own channel
		where := Run{Text: s.Channel}
		if req.ChannelName != nil {
			where = req.ChannelName(s.Channel)
		}
		add("digest_where", Line{where})
	}
	when := p.Fill("digest_when", wording.Data{"Days": daysInWords(p.Language, s.Days), "Time": clock(s.At), "Zone": s.Zone})
	if s.Paused {
		when += ", " + p.Say("digest_is_paused")
	}
	add("digest_times", Plain(when))
	add("digest_topics", Plain(or(listed(p.TopicNames(s.Topics)), p.Say("digest_all"))))
	add("digest_actors", Plain(or(listed(p.ActorNames(s.Actors)), p.Say("digest_all"))))
	language := argument.Choice{Value: chatLanguage}
	if s.Language != "" {
		language = argument.Choice{Name: s.Language, Value: s.Language}
	}
	add("setting_language", Plain(language.Describe(p.Tag())))
	quiet := wording.Key("digest_silent")
	if s.QuietDays {
		quiet = "digest_tells"
	}
	add("digest_quiet_days", Plain(p.Say(quiet)))
	return card
}

// whyDigest shows what the last slots of a subscription did, and when the next is due.
func (b *Bot) whyDigest(ctx context.Context, req Request) (Reply, error) {
	s, err := b.pick(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	last, next, err := b.digests.Slots(ctx, s.ID, maxSlots)
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	card := Fields{Title: p.Fill("digest_number", wording.Data{"Number": s.number})}
	for _, slot := range last {
		card.Rows = append(card.Rows, Field{p.Date(slot.Date), Plain(p.slotLine(slot))})
	}
	reply := Reply{Private: true}
	if len(last) > 0 {
		reply.Blocks = append(reply.Blocks, card)
	} else {
		reply.Blocks = append(reply.Blocks, Text{Plain(p.Say("no_slots"))})
	}
	switch {
	case s.Paused:
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Say("paused_now"))})
	case !next.IsZero():
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Fill("next_slot", wording.Data{"Moment": p.moment(next, s.Zone)}))})
	}
	return reply, nil
}

// slotLine is what became of a slot: "posted, 2 of 2 messages. …".
func (p Presenter) slotLine(slot Slot) string {
	line, ok := p.Lookup("slot", string(slot.State))
	if !ok {
		line = string(slot.State)
	}
	if slot.Parts > 0 {
		line += ", " + p.Fill("slot_parts", wording.Data{"Sent": slot.Sent, "Parts": slot.Parts})
	}
	return strings.TrimSpace(line + ". " + p.reason(slot.Why))
}

// moment is "8 May 2026, 09:00 (Europe/Kyiv)".
func (p Presenter) moment(t time.Time, zone string) string {
	if l, err := time.LoadLocation(zone); err == nil {
		t = t.In(l)
	}
	return p.Fill("moment", wording.Data{"Date": p.Date(corpus.DateOf(t, corpus.Day)), "Time": t.Format("15:04"), "Zone": zone})
}
