package console

import (
	"regexp"
	"strings"

	"parley/bot/safetext"
)

// sequence matches what a terminal takes for a command instead of text (ECMA-48, 5.4
// and 5.6): CSI, complete strings such as OSC with their end, and other escapes.
var sequence = regexp.MustCompile(
	`\x1b\[[0-?]*[ -/]*[@-~]` +
		`|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)` +
		`|\x1b[ -/]*[0-~]?`)

// clean removes what would command the terminal or reorder the text on it, and nothing that
// can be seen. The 8-bit controls are removed alone: in texts that were decoded wrongly they
// stand for letters, and without them what follows is nothing but text.
func clean(s string) string {
	return safetext.Clean(sequence.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), ""))
}
