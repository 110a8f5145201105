package discordtest

import (
	"errors"
	"net/http"

	"parley/bot/bottest/discordtest/openapi"
)

// apiError is a refusal in Discord's form.
type apiError struct {
	status  int
	Code    int            `json:"code"`
	Message string         `json:"message"`
	Errors  map[string]any `json:"errors,omitempty"`
}

func (e *apiError) Error() string { return e.Message }

// The refusals that the fake knows, with Discord's codes and words.
var (
	errUnauthorized     = refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	errNotFound         = refuse(http.StatusNotFound, 0, "404: Not Found")
	errUnknownApp       = refuse(http.StatusNotFound, 10002, "Unknown Application")
	errUnknownChannel   = refuse(http.StatusNotFound, 10003, "Unknown Channel")
	errUnknownGuild     = refuse(http.StatusNotFound, 10004, "Unknown Guild")
	errUnknownMessage   = refuse(http.StatusNotFound, 10008, "Unknown Message")
	errUnknownWebhook   = refuse(http.StatusNotFound, 10015, "Unknown Webhook")
	errUnknownAction    = refuse(http.StatusNotFound, 10062, "Unknown interaction")
	errTooManyCreates   = refuse(http.StatusBadRequest, 30034, "Max number of daily application command creates has been reached (200)")
	errTooLarge         = refuse(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
	errCrossposted      = refuse(http.StatusBadRequest, 40033, "This message has already been crossposted.")
	errAcknowledged     = refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	errTagRequired      = refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	errTooManyFollowUps = refuse(http.StatusBadRequest, 40094, "This interaction has reached the maximum number of follow up messages")
	errNoAccess         = refuse(http.StatusForbidden, 50001, "Missing Access")
	errEmptyMessage     = refuse(http.StatusBadRequest, 50006, "Cannot send an empty message")
	errCannotMessage    = refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
	errNoTextChannel    = refuse(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	errNoPermissions    = refuse(http.StatusForbidden, 50013, "Missing Permissions")
	errChannelType      = refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	errTokenExpired     = refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	errInvalidJSON      = refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	errNoHistory        = refuse(http.StatusForbidden, 160002, "Cannot reply without permission to read message history")
	errThreadLocked     = refuse(http.StatusBadRequest, 160005, "Thread is locked")
)

func refuse(status, code int, text string) *apiError {
	return &apiError{status: status, Code: code, Message: text}
}

// invalidForm is the refusal of a body, with each problem below the path of its key.
func invalidForm(problems ...openapi.Problem) *apiError {
	e := refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	e.Errors = map[string]any{}
	for _, p := range problems {
		at := e.Errors
		for _, key := range p.Path {
			below, ok := at[key].(map[string]any)
			if !ok {
				below = map[string]any{}
				at[key] = below
			}
			at = below
		}
		list, _ := at["_errors"].([]any)
		at["_errors"] = append(list, map[string]any{"code": p.Code, "message": p.Text})
	}
	return e
}

// asAPIError is the refusal in an error. Handlers return no other errors.
func asAPIError(err error) *apiError {
	var refused *apiError
	if !errors.As(err, &refused) {
		panic("fake: not an error of Discord: " + err.Error())
	}
	return refused
}
