package bot

import (
	"fmt"
	"strconv"
	"strings"

	"parley/corpus"
	"parley/index"
)

// The fixed phrases of the interface: neutral, without a word about an actor.
const (
	sayWhatThisIs   = "Parley quotes what a record of sources says about peace talks: who said it, who reported it, when, and where to read it. Type a question, or a command."
	sayCommands     = "Commands"
	sayNothing      = "The record has nothing that answers this."
	sayNearest      = "Nearest in the record"
	sayRepair       = "Read “%s” as “%s”."
	sayOrder        = "The question names no side: the passages are spread over the actors, in an order that turns from day to day. Today: %s."
	sayMore         = "The record has passages on this also from: %s. Ask for them by name."
	saySilent       = "Named in these passages, but not speaking in any that was found: %s."
	sayBrief        = "Parley brief"
	sayNoPublisher  = "unnamed publisher"
	sayNothingShown = "No passage has been shown here lately. Ask a question first, or give the id of a document."
	sayShownOnly    = "The last answer here showed %s: give a number from 1 to %d, or the id of a document."
	sayNoDocument   = "The record has no document “%s”."

	sayStanceOn        = "%s on %s"
	sayStatementsFound = "Statements on this stand in %s. %s"
	sayOnly            = "the only one in the record"
	sayFirst           = "first in the record"
	sayLatest          = "latest"
	sayNoStatement     = "The record has no statement by %s."
	sayNoStatementOn   = "The record has no statement by %s on %s."
	sayNoStatementIn   = "The record has no statement by %s on %s %s."
	sayNoFurther       = "There is nothing further."
	sayMoreBy          = "More: %s"
	sayOtherTopics     = "Also on: %s. More: %s"
	sayTurning         = "The newest %s of each, in an order that turns from day to day."
	sayOneSide         = "With a statement by one actor alone there is nothing to compare it with."
	saySources         = "%s from %s"
	sayClaim           = "“%s”"
	sayNoClaim         = "No sentence of this text names an actor and a topic that the record is about."
	sayNoVerdict       = "Shown are the statements nearest in words by the actors named, on the topics named. Whether they bear the text out is not judged here."
	sayMoreClaims      = "%s of this text could be checked as well; send them separately."
	sayTimelineOf      = "Timeline: %s"
	sayAllTopics       = "all topics"
	sayNoMarks         = "The record has nothing dated on this."
	sayNoActor         = "No actor is called “%s”. Known are: %s."
	sayNoTopic         = "No topic is called “%s”. Known are: %s."
	sayNoDate          = "“%s” is no date. Dates are written 2025, 2025-03, 14 March 2025, last week or Monday."
	sayBackwards       = "The time from %s until %s is empty."
	sayNoPage          = "The page must be a number from 1 to %d."

	// Labels of actions.
	sayOlder          = "Older"
	sayMoreTopics     = "More topics"
	sayMorePublishers = "More publishers"
	sayOthers         = "Other actors"
	sayTimeline       = "Timeline"

	sayNoQuestion   = "The question is empty."
	sayLongQuestion = "The question has %d characters; at most %d can be read."
	sayNoCommand    = "There is no command /%s. /help lists the commands."
	sayMissing      = "The %s is missing: %s"
	sayLongArgument = "The %s has %d characters; at most %d can be read."
	sayNoNumber     = "The %s must be a number, not “%s”."
	sayNoBoolean    = "The %s must be true or false, not “%s”."
	sayNoChoice     = "The %s must be one of: %s."
	sayTooFast      = "Too many requests in a short time. Please wait a moment."
	sayInterrupted  = "The answer was interrupted."
	sayFailed       = "The record could not be read. The operator’s log says why."
)

// Refusal is an error that a user may read: what was asked cannot be done, and
// what to do instead.
type Refusal string

func (r Refusal) Error() string { return string(r) }

func refuse(format string, args ...any) Refusal { return Refusal(fmt.Sprintf(format, args...)) }

// coverageLine is "4 documents from 3 publishers, 12 February 2025 to 8 May 2026;
// the record goes through 8 May 2026."
func coverageLine(c *index.Coverage, r index.Record) string {
	if c == nil {
		return recordLine(r)
	}
	line := count(c.Documents, "document", "documents") + " from " + count(c.Publishers, "publisher", "publishers")
	if !c.To.IsZero() {
		line += ", " + period(c.From, c.To)
	}
	if !r.Newest.IsZero() {
		line += "; the record goes through " + r.Newest.Long()
	}
	return line + "."
}

// recordLine is "The record has 104 documents and goes through 8 May 2026."
func recordLine(r index.Record) string {
	line := "The record has " + count(r.Documents, "document", "documents")
	if !r.Newest.IsZero() {
		line += " and goes through " + r.Newest.Long()
	}
	return line + "."
}

// period is one date in words or two.
func period(from, to corpus.PartialDate) string {
	if from.IsZero() || from.Long() == to.Long() {
		return to.Long()
	}
	return from.Long() + " to " + to.Long()
}

// count is "1 document" or "3,273 documents".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes n with a comma between thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func quoted(s string) string { return "“" + s + "”" }
