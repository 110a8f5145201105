package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// apiError is a refusal as the Bot API words it. Code is also the HTTP status.
type apiError struct {
	Code        int
	Description string
	RetryAfter  int   // seconds
	MigrateTo   int64 // chat id
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Description) }

func newError(code int, description string) *apiError {
	return &apiError{Code: code, Description: description}
}

func badRequest(format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, "Bad Request: "+fmt.Sprintf(format, args...))
}

func forbidden(reason string) *apiError {
	return newError(http.StatusForbidden, "Forbidden: "+reason)
}

func conflictError(reason string) *apiError {
	return newError(http.StatusConflict, "Conflict: "+reason)
}

func tooManyRequests(seconds int) *apiError {
	return &apiError{
		Code:        http.StatusTooManyRequests,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		RetryAfter:  seconds,
	}
}

// errorResponse is the answer to a call that failed. What is no refusal is a fault of
// the fake itself and comes as a 500 with its cause.
func errorResponse(err error) response {
	refusal, ok := errors.AsType[*apiError](err)
	if !ok {
		refusal = newError(http.StatusInternalServerError, "Internal Server Error: "+err.Error())
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
	return response{refusal.Code, body}
}
