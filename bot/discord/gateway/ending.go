package gateway

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/websocket"

	"parley/bot/discord/rest"
)

// ending is why a connection ended.
type ending struct {
	cause     error
	code      int  // of the gateway's close frame, 0: there was none
	resumable bool // the session may be continued
	ready     bool // there was a READY or RESUMED before
	status    int  // of the HTTP answer to the dial, 0: none
}

// advice is what to do about the close codes after which a bot must not come back.
var advice = map[int]string{
	4004: "the gateway does not accept the bot's token: set the one that Discord's Developer Portal shows under Bot",
	4010: "the gateway refuses the shard: check shards and shard_count, which must be the same for all processes",
	4011: "the bot is in too many servers for so few shards: set shard_count to auto or a higher number",
	4012: "the gateway does not know the version of its API that this program uses: update Parley",
	4013: "the gateway refuses the intents that this program asks for: update Parley",
	4014: "the gateway refuses an intent: it is privileged and not switched on in Discord's Developer Portal under Bot",
}

// fatal is the error of an ending after which it is no use to come back, nil for all
// others. A gateway that refuses the very first connection is taken for a wrong address.
func fatal(e ending, everReady bool) error {
	switch {
	case advice[e.code] != "":
		return fmt.Errorf("%s (close code %d)", advice[e.code], e.code)
	case errors.Is(e.cause, rest.ErrUnauthorized):
		return rest.ErrUnauthorized
	case everReady:
		return nil
	case errors.Is(e.cause, websocket.ErrBadHandshake) && e.status/100 == 4 && e.status != http.StatusTooManyRequests:
		return fmt.Errorf("the gateway refuses the connection with HTTP %d: check api_url", e.status)
	}
	if refused, ok := errors.AsType[*rest.APIError](e.cause); ok && refused.Status/100 == 4 {
		return fmt.Errorf("the API refuses to name its gateway: %w: check api_url", refused)
	}
	return nil
}
