package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"parley/bot"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/render"
	"parley/bot/wording"
)

const (
	latestCommand = "timeline" // offered where nothing is typed
	maxOffers     = 10
	offersKept    = 60 // seconds for which Telegram may give the same offers again
	maxTitle      = 100
	maxSummary    = 250
	startInline   = "inline" // what the button above no offers starts the bot with
)

type article struct {
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Summary string         `json:"description,omitempty"`
	Content articleContent `json:"input_message_content"`
}

type articleContent struct {
	Text    string      `json:"message_text"`
	Mode    string      `json:"parse_mode"`
	Preview linkPreview `json:"link_preview_options"`
}

type inlineButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
}

// onInline offers the passages that answer what is typed after the bot's name in any
// chat; each is a message with the quotation and where it comes from.
func (t *Telegram) onInline(ctx context.Context, q *inlineQuery) error {
	if latest, ok := t.typed.Get(q.From.ID); ok && latest != q.ID {
		return nil // the user has typed on
	}
	offers, next, err := t.offers(ctx, q)
	if err != nil {
		return err
	}
	params := api.Params{
		"inline_query_id": q.ID, "results": api.JSON(offers), "cache_time": strconv.Itoa(offersKept),
		"is_personal": "true", // the language is the user's
	}
	params.AddNonEmpty("next_offset", next)
	if len(offers) == 0 && q.Offset == "" {
		params["button"] = api.JSON(inlineButton{wording.In(q.From.Language).Say("platform.ask_here"), startInline})
	}
	if err := t.client.Call(ctx, "answerInlineQuery", params, nil); !tooOld(err) {
		return err
	}
	return nil // nobody waits for it any more
}

// offers are the passages for one query and the key of the action that shows more,
// empty if there are no more.
func (t *Telegram) offers(ctx context.Context, q *inlineQuery) (offers []article, next string, err error) {
	req := bot.Request{User: outbox.ChatKey(q.From.ID), Language: q.From.Language, Text: strings.TrimSpace(q.Query)}
	offers = []article{}
	if req.Text == "" {
		req.Command = latestCommand
	}
	if q.Offset != "" {
		var ok bool
		if req.Command, req.Args, ok, err = t.core.ActionOf(ctx, q.Offset); err != nil || !ok {
			return offers, "", err
		}
	}
	for {
		var reply bot.Reply
		if err := t.think(ctx, func() { reply = t.core.Handle(ctx, req) }); err != nil {
			return nil, "", err
		}
		found := articles(reply.Blocks)
		offers = append(offers, found[:min(len(found), maxOffers-len(offers))]...)
		more, ok := nextPage(reply.Actions, req.Args)
		if !ok {
			return offers, "", nil
		}
		if len(offers)+len(found) > maxOffers || len(found) == 0 {
			next, err = t.core.ActionKey(ctx, more)
			return offers, next, err
		}
		req.Command, req.Args, req.Text = more.Command, more.Args, ""
	}
}

// nextPage is the action that shows what comes after what args show.
func nextPage(actions []bot.Action, args bot.Args) (bot.Action, bool) {
	now := max(number(args[pageArg]), 1)
	for _, a := range actions {
		if number(a.Args[pageArg]) == now+1 {
			return a, true
		}
	}
	return bot.Action{}, false
}

// number is 0 for what is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// articles are the quotations of a reply that fit into one message each.
func articles(blocks []bot.Block) (list []article) {
	seen := map[string]bool{}
	for _, b := range blocks {
		q, ok := b.(bot.Quote)
		if !ok {
			continue
		}
		q.Number = 0 // it stands alone
		message, fits := render.Quotation(q)
		// The id is the same for the same words of the same document.
		sum := sha256.Sum256(fmt.Append(nil, q.Citation.Document, "\x00", q.Text()))
		id := base64.RawURLEncoding.EncodeToString(sum[:18])
		if !fits || seen[id] {
			continue
		}
		seen[id] = true
		list = append(list, article{
			Type: "article", ID: id,
			Title:   render.Label(q.Citation.Attribution()+", "+q.Citation.Date, maxTitle),
			Summary: render.Label(q.Text(), maxSummary),
			Content: articleContent{message.HTML, "HTML", linkPreview{true}},
		})
	}
	return list
}
