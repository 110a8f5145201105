// Package discordtest is a stateful fake of Discord, REST and gateway, served on 127.0.0.1.
// Tests drive it as the users while an adapter talks to it as to the platform. It refuses
// what Discord refuses, can be told to fail in the ways Discord fails, and notes what a
// well-behaved bot must not do. It knows no adapter and no client library.
package discordtest
