// Package bottest holds the conformance suite that the adapter of every platform passes,
// and the real core over the built-in record for it to ask. The fakes of the platforms are
// in the packages below: discordtest and telegramtest.
package bottest
