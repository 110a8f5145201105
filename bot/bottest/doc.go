// Package bottest holds stateful fakes of the chat platforms, served on 127.0.0.1, which
// tests drive as users while an adapter talks to them as to the platform. A fake refuses
// what the platform refuses, can be told to fail in the ways the platform fails, and notes
// what a well-behaved bot must not do. It knows no adapter and no client library.
package bottest
