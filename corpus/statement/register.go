package statement

import "regexp"

// register is how a document speaks.
type register uint8

const (
	// report tells of others in the third person: news, readouts, briefs.
	report register = iota
	// own is the publisher's word from first to last: a statement, prepared remarks.
	own
	// official is the publisher's text that tells of facts and of itself: a fact sheet.
	official
	// joint is the word of several, of whom the publisher is one.
	joint
	// transcript names who speaks at the start of paragraphs.
	transcript
)

// Titles tell the registers of an actor's own documents apart. The first that fits counts.
var registers = []struct {
	register
	title *regexp.Regexp
}{
	{report, regexp.MustCompile(`(?i)\breadout\b|what they are saying|support pours|more support|^icymi|sunday shows|hailed|telephone conversation|^(meeting|talks|conversation) `)},
	{joint, regexp.MustCompile(`(?i)\bjoint\b|leaders[’'] |\bcommuni|\bdeclaration\b|from the leaders|\bG-?(7|20)\b.*\bstatement\b|\btrilateral\b|\bquad\b|\bcompact\b|outcomes of|commitment to|^.*\w.* (vision |action )?statement (on|for|following)\b`)},
	{own, regexp.MustCompile(`(?i)^(remarks|statement|message|letters?|notice|a message|a letter|a proclamation|proclamation|address|speech|article|interview|national statement|op-ed)\b|\b(statement|remarks|address|speech|message) (by|from)\b|article by`)},
}

// weTheLeaders opens the text of a joint document whose title does not say so.
var weTheLeaders = regexp.MustCompile(`(?m)^[*_]*We, (the|as)\b`)

// conversation is what two have, in the title of a record of it.
var conversation = regexp.MustCompile(`(?i)^(telephone )?(conversation|meeting|talks) with\b`)

// club is a group of states whose joint documents its members publish.
var club = regexp.MustCompile(`(?i)\b(g-?7|g-?20|quad|brics|compact)\b`)

// opEd is who an article is by, in a title that passes it on.
var opEd = regexp.MustCompile(`(?i)^icymi: ([^:]+): `)

// byline is who remarks or a statement are by, in their title.
var byline = regexp.MustCompile(`(?i)\b(?:by|from)\b (.*?)(?:\b(?:on|at|in|to|before|after|during|announcing|regarding|about)\b|$)`)

// unnamed are the words of a title that leave open who took part, or tell of a third.
var unnamed = regexp.MustCompile(`(?i)\b(compact|allies|partners|members|ministers|congress|committee|platform|g-?7|g-?20|quad|nordic|b9|regarding|about|on the)\b`)
