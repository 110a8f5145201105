package bot

import "time"

// Limits of what one request may bring and one reply may hold.
const (
	// MaxQuestion is the longest question, in characters.
	MaxQuestion = 500
	// MaxPassages is the most passages in one reply.
	MaxPassages = 5

	maxTyped         = 4000 // characters of a question before its spaces are folded
	maxArgument      = 200  // characters of any other argument
	maxClaimEcho     = 120  // characters of a user's sentence that a reply repeats
	maxPage          = 1000 // of a list
	maxActions       = 10   // below a reply: two rows of buttons
	maxEarlier       = 5    // questions that a follow-up may rest on, one on the other
	maxNameWords     = 12   // words that one typed value may have
	maxEcho          = 40   // characters of a user's word that a reply repeats
	maxCiting        = 4    // outlets named in "citing …" and "also in …"
	maxNearest       = 3    // titles named when there is no answer
	maxConversations = 10_000
	maxLimited       = 10_000 // users whose pace is known at a time
	sessionAge       = time.Hour
)
