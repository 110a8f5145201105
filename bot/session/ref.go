package session

import (
	"fmt"
	"regexp"
	"strconv"

	"parley/corpus"
)

// Ref refers to a document or, where Passage is set, to a passage of it.
type Ref struct {
	Document, Passage string      // ids
	Revision          int         // of the text, from 1; 0 without a passage
	Key               corpus.Span // the sentence marked in the passage; empty: none
}

// To refers to a passage of a document, in the revision of the source.
func To(src corpus.Source, passage string, key corpus.Span) Ref {
	return Ref{Document: src.ID, Passage: passage, Revision: Revision(src), Key: key}
}

// Revision is that of a source's text, from 1.
func Revision(src corpus.Source) int { return max(1, src.Revision) }

// String is what Parse reads: "F016", "F016#0", "F016#0~2" in the second revision or,
// with the key sentence, "F016#0@12-80".
func (r Ref) String() string {
	if r.Passage == "" {
		return r.Document
	}
	text := r.Passage
	if r.Revision > 1 {
		text += fmt.Sprintf("~%d", r.Revision)
	}
	if r.Key.Len() > 0 {
		text += fmt.Sprintf("@%d-%d", r.Key.Start, r.Key.End)
	}
	return text
}

// passageRef is the id of a passage, with or without the revision of its text and the
// span of its key sentence.
var passageRef = regexp.MustCompile(`^((.+)#\d{1,9})(?:~(\d{1,9}))?(?:@(\d{1,9})-(\d{1,9}))?$`)

// Parse reads what String writes; what is no passage is a document.
func Parse(text string) Ref {
	m := passageRef.FindStringSubmatch(text)
	if m == nil {
		return Ref{Document: text}
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(m[i]) // nine digits are a number, and none are 0
		return n
	}
	return Ref{
		Document: m[2], Passage: m[1], Revision: max(1, number(3)),
		Key: corpus.Span{Start: number(4), End: number(5)},
	}
}
