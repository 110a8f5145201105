// Package dates reads the dates that feeds and web pages write. A date is as precise as what
// is written: without a zone a time of day says no moment, so the day remains; of 03/04/2025,
// which may be in March or in April, the year. Nothing is guessed. Questions and documents
// of our own are read elsewhere.
package dates
