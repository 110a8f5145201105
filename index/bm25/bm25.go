// Package bm25 finds the k best documents by a weighted sum of clauses over
// posting lists. It knows neither text nor storage: lists come packed in bytes,
// which may be those of a mapped file.
//
// The weight of a term is BM25 (Robertson and Zaragoza, The Probabilistic
// Relevance Framework: BM25 and Beyond, 2009, eq. 3.15) with the inverse
// document frequency of Lucene, ln(1 + (N-n+0.5)/(n+0.5)), which is never
// negative.
//
// Documents are numbered in segments, and a segment is cut into windows of 4,096
// documents. A list knows where each window begins in it and how much it scores
// there at most. Windows are taken in the order of their bounds. Within one, the
// lists that can lift a document into the k best are added up list by list, in small
// integers that are never less than the scores; the others are added only as far as
// documents need them (MaxScore: Turtle and Flood, Query Evaluation: Strategies and
// Optimizations, 1995; bounds of blocks: Ding and Suel, Faster Top-k Document Retrieval
// Using Block-Max Indexes, 2011). What may still be among the best then is scored
// exactly: the result is that of scoring everything.
package bm25

import "math"

// The usual parameters, as the literature calls them.
const (
	k1 = 1.2  // how slowly repeated terms stop to count
	b  = 0.75 // how much the length of a text counts
)

// IDF is the inverse document frequency of a term in n of total documents.
func IDF(n, total int) float64 {
	return math.Log1p((float64(total-n) + 0.5) / (float64(n) + 0.5))
}

// TF is the saturated frequency of a term that occurs freq times in a document
// of the given length; it lies in (0, MaxTF).
func TF(freq, length, average float64) float64 {
	return freq * (k1 + 1) / (freq + k1*(1-b+b*length/average))
}

// MaxTF is the least upper bound of TF.
const MaxTF = k1 + 1

// MaxFreq and MaxLength are how many times a term counts in a document, and how many
// terms count into its length: passages are far shorter.
const (
	MaxFreq   = 15
	MaxLength = 1023
)

// Norms are the parts of TF that depend on a document's length.
type Norms [MaxLength + 1]float64

// NormsOf makes the norms for an average length.
func NormsOf(average float64) *Norms {
	var n Norms
	for length := range n {
		n[length] = k1 * (1 - b + b*float64(length)/average)
	}
	return &n
}

// tf is TF for a frequency up to MaxFreq and a length up to MaxLength.
func (n *Norms) tf(freq uint8, length int) float64 {
	f := float64(freq)
	return f * (k1 + 1) / (f + n[length])
}
