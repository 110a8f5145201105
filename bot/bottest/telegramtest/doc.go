// Package telegramtest is a stateful fake of Telegram's Bot API, served on 127.0.0.1.
// Tests drive it as the users while an adapter talks to it as to the platform. It refuses
// what Telegram refuses, can be told to fail in the ways Telegram fails, and notes what a
// well-behaved bot must not do. It knows no adapter and no client library.
package telegramtest
