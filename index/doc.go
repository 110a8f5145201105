// Package index answers questions from a record of passages. It plans the question, finds
// candidates through a search engine, ranks them, picks the sentence that answers, and
// decides whether that is evidence enough. It never writes a word of an answer: all text
// that it returns is a span of a passage, or names what was looked for. It knows no engine;
// whatever implements Engine will do.
//
// A planner makes the question a Plan: concepts, which are its content words and names, each
// with its inverse document frequency in the record and with what may stand for it; the time
// asked about (package when), the kind of answer wanted, and what a follow-up takes from the
// question before. The engine finds the candidates by BM25 over the words and by constant
// weights for actors, topics, dates, kinds of source and the parties to the conflict
// (query.go). Each is matched with the concepts (match.go), measured (features.go) and ordered
// by a linear model; the same text is shown once (rank.go). A question that names only whom,
// what about and when is answered with the newest (browse.go), a dispute without an actor
// with those who speak (balance.go).
//
// The confidence that the best passage answers is given by boosted trees over the signals of
// confidence.go. A half is placed where 11.5 % of our unanswerable questions, most of them
// written to look answerable, would be answered. cmd/train makes the weights; what they were
// taught and what was tried stands in docs/measurements.md.
//
// The Asker also finds and compares statements: who takes which position on a topic, and when.
package index
