package telegramtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"parley/bot/bottest/telegramtest/botapi"
)

// errorResponse is the answer to a call that failed. What is no refusal is a fault of
// the fake itself and comes as a 500 with its cause.
func errorResponse(err error) response {
	refusal, ok := errors.AsType[*botapi.Error](err)
	if !ok {
		refusal = botapi.NewError(http.StatusInternalServerError, "Internal Server Error: "+err.Error())
	}
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	answer := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: refusal.Code, Description: refusal.Description}
	if refusal.RetryAfter != 0 || refusal.MigrateTo != 0 {
		answer.Parameters = &parameters{refusal.RetryAfter, refusal.MigrateTo}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return response{status: refusal.Code, body: body}
}

// describedResult is a result with a description beside it, as setWebhook gives.
type describedResult struct {
	value any
	note  string
}

func (d describedResult) MarshalJSON() ([]byte, error) { return json.Marshal(d.value) }

func okResponse(result json.RawMessage, note string) response {
	body, err := json.Marshal(struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Description string          `json:"description,omitempty"`
	}{true, result, note})
	if err != nil {
		return errorResponse(fmt.Errorf("encode an answer: %w", err))
	}
	return response{status: http.StatusOK, body: body}
}

func (r response) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", cmp.Or(r.contentType, "application/json"))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a client that went away is no error of the fake's
}
