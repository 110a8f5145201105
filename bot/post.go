package bot

import "context"

// Rendered is a message of a reply as the platform's adapter sends it.
type Rendered struct {
	Content []byte
	// Blocks is how many blocks of the reply, from the first, are wholly shown once this
	// message and those before it are posted.
	Blocks int
}

// Post is a part of a reply on its way to a place, as the platform's adapter rendered it.
type Post struct {
	Place
	// Part is the message as the adapter sends it.
	Part []byte
	// Nonce names the part among all that were ever posted, in 1 to 25 ASCII characters.
	Nonce string
	// First is the id of the reply's first message; empty while there is none.
	First string
	// Owned reports whether a message of the chat is known to be another part. It is asked
	// where it is looked for what became of this one; nil: none is known to be.
	Owned func(ctx context.Context, message string) (bool, error)
	// Begin is called when nothing is left to wait for before the part goes out. Where it
	// fails nothing is sent.
	Begin func(ctx context.Context) error
}
