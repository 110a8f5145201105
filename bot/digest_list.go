package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/corpus"
)

// wholeList is the value of an option for all topics, or all actors.
const wholeList = "all"

// everythings are the words by which people ask for all of something.
var everythings = map[string]bool{wholeList: true, "everything": true, "everyone": true, "усі": true, "всі": true, "усе": true, "все": true}

// orAll reads a word for all, or a list.
func orAll(resolve func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if everythings[foldName(text)] {
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
		return Reply{}, refuse(sayNoDigests, nil)
	}
	w := speak(req.Language)
	reply := Reply{Private: true}
	for i, s := range all {
		card, err := b.digestCard(ctx, w, req, s, w.say(sayDigestNumber, data{"Number": i + 1}))
		if err != nil {
			return Reply{}, err
		}
		reply.Blocks = append(reply.Blocks, card)
	}
	return reply, nil
}

// digestCard is a subscription with the time at which it is due next.
func (b *Bot) digestCard(ctx context.Context, w words, req Request, s Subscription, title string) (Fields, error) {
	card := b.digestFields(w, req, s, title)
	if s.Paused {
		return card, nil
	}
	_, next, err := b.digests.Slots(ctx, s.ID, 0)
	if err != nil {
		return Fields{}, err
	}
	if !next.IsZero() {
		card.Rows = append(card.Rows, Field{w.say(sayDigestNext, nil), plain(w.moment(next, s.Zone))})
	}
	return card, nil
}

// digestFields are what a subscription says.
func (b *Bot) digestFields(w words, req Request, s Subscription, title string) Fields {
	card := Fields{Title: title}
	add := func(name phrase, value Line) {
		card.Rows = append(card.Rows, Field{w.say(name, nil), value})
	}
	if s.Channel != "" && !strings.HasSuffix(s.Chat, "/"+s.Channel) { // a private chat is its own channel
		where := Run{Text: s.Channel}
		if req.ChannelName != nil {
			where = req.ChannelName(s.Channel)
		}
		add(sayDigestWhere, Line{where})
	}
	when := w.say(sayDigestWhen, data{"Days": w.days(s.Days), "Time": clock(s.At), "Zone": s.Zone})
	if s.Paused {
		when += ", " + w.say(sayDigestIsPaused, nil)
	}
	add(sayDigestTimes, plain(when))
	add(sayDigestTopics, plain(or(listed(b.topicNames(w, s.Topics)), w.say(sayDigestAll, nil))))
	add(sayDigestActors, plain(or(listed(b.actorNames(w, s.Actors)), w.say(sayDigestAll, nil))))
	language := Choice{Value: chatLanguage}
	if s.Language != "" {
		language = Choice{Name: s.Language, Value: s.Language}
	}
	add(saySettingLanguage, plain(language.Describe(w.tag)))
	quiet := sayDigestSilent
	if s.QuietDays {
		quiet = sayDigestTells
	}
	add(sayDigestQuiet, plain(w.say(quiet, nil)))
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
	w := speak(req.Language)
	card := Fields{Title: w.say(sayDigestNumber, data{"Number": s.number})}
	for _, slot := range last {
		card.Rows = append(card.Rows, Field{w.date(slot.Date), plain(w.slotLine(slot))})
	}
	reply := Reply{Private: true}
	if len(last) > 0 {
		reply.Blocks = append(reply.Blocks, card)
	} else {
		reply.Blocks = append(reply.Blocks, Text{plain(w.say(sayNoSlots, nil))})
	}
	switch {
	case s.Paused:
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayPausedNow, nil))})
	case !next.IsZero():
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayNextSlot, data{"Moment": w.moment(next, s.Zone)}))})
	}
	return reply, nil
}

// slotLine is what became of a slot: "posted, 2 of 2 messages. …".
func (w words) slotLine(slot Slot) string {
	line, ok := w.has(slotStates, string(slot.State))
	if !ok {
		line = string(slot.State)
	}
	if slot.Parts > 0 {
		line += ", " + w.say(saySlotParts, data{"Sent": slot.Sent, "Parts": slot.Parts})
	}
	return strings.TrimSpace(line + ". " + w.reason(slot.Why))
}

// moment is "8 May 2026, 09:00 (Europe/Kyiv)".
func (w words) moment(t time.Time, zone string) string {
	if l, err := time.LoadLocation(zone); err == nil {
		t = t.In(l)
	}
	return w.say(sayMoment, data{"Date": w.date(corpus.DateOf(t, corpus.Day)), "Time": t.Format("15:04"), "Zone": zone})
}
