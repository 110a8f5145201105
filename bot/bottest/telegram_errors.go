package bottest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// tgError is a refusal as the Bot API words it. Code is also the HTTP status.
type tgError struct {
	Code        int
	Description string
	RetryAfter  int   // seconds
	MigrateTo   int64 // chat id
}

func (e *tgError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Description) }

func tgErr(code int, description string) *tgError {
	return &tgError{Code: code, Description: description}
}

func tgBad(format string, args ...any) *tgError {
	return tgErr(http.StatusBadRequest, "Bad Request: "+fmt.Sprintf(format, args...))
}

func tgForbidden(reason string) *tgError {
	return tgErr(http.StatusForbidden, "Forbidden: "+reason)
}

func tgConflict(reason string) *tgError {
	return tgErr(http.StatusConflict, "Conflict: "+reason)
}

func tgTooMany(seconds int) *tgError {
	return &tgError{
		Code:        http.StatusTooManyRequests,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		RetryAfter:  seconds,
	}
}

// tgFailure is the answer to a call that failed. What is no refusal is a fault of
// the fake itself and comes as a 500 with its cause.
func tgFailure(err error) tgReply {
	refusal, ok := errors.AsType[*tgError](err)
	if !ok {
		refusal = tgErr(http.StatusInternalServerError, "Internal Server Error: "+err.Error())
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
	return tgReply{refusal.Code, body}
}
