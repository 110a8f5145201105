package main

import (
	"context"
	"time"

	"parley/index/bleveindex"
	"parley/index/follow"
)

// How often a serving process asks the library whether it changed, and publishes the index
// that it brought up to date. A document is to be answerable within five seconds.
const (
	followEvery  = time.Second
	publishEvery = 15 * time.Minute
)

// follower keeps an index in step with the library of the plan.
func (p plan) follower(x *bleveindex.Live) *follow.Follower {
	return &follow.Follower{Library: p.library, Index: x, Log: p.log, Every: followEvery, PublishEvery: publishEvery}
}
