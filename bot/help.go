package bot

import (
	"context"
	"slices"

	"parley/bot/wording"
)

// welcome says what the bot is and what can be asked, in the language nearest to a tag.
func (b *Bot) welcome(language string) Reply {
	p := b.presenter(language)
	items := make([]Line, len(b.commands))
	for i, c := range b.commands {
		items[i] = Plain(c.Usage() + ": " + c.About(p.Language))
	}
	return Reply{Blocks: []Block{
		Text{Plain(p.Say("what_this_is"))},
		Text{Plain(p.Say("how_to_ask"))},
		List{Title: p.Say("commands"), Items: items},
	}}
}

func (b *Bot) help(_ context.Context, req Request) (Reply, error) {
	record, err := b.index.Record()
	if err != nil {
		return Reply{}, err
	}
	reply := b.welcome(req.Language)
	reply.Blocks = append(reply.Blocks, Note{Plain(b.presenter(req.Language).RecordLine(record))})
	return reply, nil
}

// doctor shows the state of the record, the settings, and what the bot lacks to work here.
func (b *Bot) doctor(ctx context.Context, req Request) (Reply, error) {
	p := b.presenter(req.Language)
	reply := Reply{Private: true, Blocks: []Block{
		b.recordCard(ctx, p),
		b.settingsCard(p, b.settingsOf(ctx, req.Chat), req),
	}}
	reply.Blocks = append(reply.Blocks, b.suspended(ctx, p, req)...)
	if req.Diagnose == nil {
		return reply, nil
	}
	findings, err := req.Diagnose(ctx)
	if err != nil {
		b.log.ErrorContext(ctx, "diagnosis failed", "chat", req.Chat, "channel", req.Channel, "err", err)
		reply.Blocks = append(reply.Blocks, Text{Plain(p.Say("not_looked_at"))})
		return reply, nil
	}
	reply.Blocks = append(reply.Blocks, p.diagnosis(findings)...)
	return reply, nil
}

// recordCard says how much the record holds, or that it cannot be read.
func (b *Bot) recordCard(ctx context.Context, p Presenter) Fields {
	card := Fields{Title: p.Say("record_state")}
	record, err := b.index.Record()
	if err != nil {
		b.log.ErrorContext(ctx, "record not read", "err", err)
		card.Rows = []Field{{p.Say("record_documents"), Plain(p.Say("record_unreadable"))}}
		return card
	}
	card.Rows = []Field{
		{p.Say("record_documents"), Plain(p.Number(record.Documents))},
		{p.Say("record_newest"), Plain(p.Date(record.Newest))},
	}
	return card
}

// diagnosis lists what the bot needs here and what does not work without it.
func (p Presenter) diagnosis(findings []Finding) (blocks []Block) {
	card := Fields{Title: p.Say("needs")}
	for _, f := range findings {
		state := p.Say("need_met")
		if f.Missing {
			state = p.Fill("need_missing", wording.Data{"Why": p.Say(f.Why)})
		}
		card.Rows = append(card.Rows, Field{f.Need, Plain(state)})
	}
	if len(card.Rows) > 0 {
		blocks = append(blocks, card)
	}
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Missing }) {
		return append(blocks, Text{Plain(p.Say("ask_managers"))})
	}
	return append(blocks, Text{Plain(p.Say("all_well"))})
}

func (b *Bot) forgetMe(ctx context.Context, req Request) (Reply, error) {
	b.memory.Forget(req.Conversation)
	if b.forget != nil {
		if err := b.forget(ctx, req.User); err != nil {
			return b.notKept(ctx, req, err)
		}
	}
	return privately(wording.In(req.Language).Say("forgotten")), nil
}
