package botapi

import (
	"fmt"
	"net/http"
)

// Error is a refusal as the Bot API words it. Code is also the HTTP status.
type Error struct {
	Code        int
	Description string
	RetryAfter  int   // seconds
	MigrateTo   int64 // chat id
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Description) }

func NewError(code int, description string) *Error {
	return &Error{Code: code, Description: description}
}

func BadRequest(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, "Bad Request: "+fmt.Sprintf(format, args...))
}

func Forbidden(reason string) *Error {
	return NewError(http.StatusForbidden, "Forbidden: "+reason)
}

func Conflict(reason string) *Error {
	return NewError(http.StatusConflict, "Conflict: "+reason)
}

func TooManyRequests(seconds int) *Error {
	return &Error{
		Code:        http.StatusTooManyRequests,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		RetryAfter:  seconds,
	}
}
