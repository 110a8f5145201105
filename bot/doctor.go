package bot

import (
	"context"
	"slices"
)

// doctor shows the state of the record, the settings that hold here, and what the bot
// lacks to work here.
func (b *Bot) doctor(ctx context.Context, req Request) (Reply, error) {
	w := speak(req.Language)
	reply := Reply{Private: true, Blocks: []Block{
		b.recordCard(ctx, w),
		b.settingsCard(w, b.settingsOf(ctx, req.Chat), req),
	}}
	reply.Blocks = append(reply.Blocks, b.suspended(ctx, w, req)...)
	if req.Diagnose == nil {
		return reply, nil
	}
	findings, err := req.Diagnose(ctx)
	if err != nil {
		b.log.ErrorContext(ctx, "diagnosis failed", "chat", req.Chat, "channel", req.Channel, "err", err)
		reply.Blocks = append(reply.Blocks, Text{plain(w.say(sayNotLookedAt, nil))})
		return reply, nil
	}
	reply.Blocks = append(reply.Blocks, w.diagnosis(findings)...)
	return reply, nil
}

// recordCard says how much the record holds, or that it cannot be read.
func (b *Bot) recordCard(ctx context.Context, w words) Fields {
	card := Fields{Title: w.say(sayRecordState, nil)}
	record, err := b.index.Record()
	if err != nil {
		b.log.ErrorContext(ctx, "record not read", "err", err)
		card.Rows = []Field{{w.say(sayRecordDocuments, nil), plain(w.say(sayRecordUnreadable, nil))}}
		return card
	}
	card.Rows = []Field{
		{w.say(sayRecordDocuments, nil), plain(w.number(record.Documents))},
		{w.say(sayRecordNewest, nil), plain(w.date(record.Newest))},
	}
	return card
}

// diagnosis lists what the bot needs here and what does not work without it.
func (w words) diagnosis(findings []Finding) (blocks []Block) {
	card := Fields{Title: w.say(sayNeeds, nil)}
	for _, f := range findings {
		state := w.say(sayNeedMet, nil)
		if f.Missing {
			state = w.say(sayNeedMissing, data{"Why": w.say(phrase(f.Why), nil)})
		}
		card.Rows = append(card.Rows, Field{f.Need, plain(state)})
	}
	if len(card.Rows) > 0 {
		blocks = append(blocks, card)
	}
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Missing }) {
		return append(blocks, Text{plain(w.say(sayAskManagers, nil))})
	}
	return append(blocks, Text{plain(w.say(sayAllWell, nil))})
}
