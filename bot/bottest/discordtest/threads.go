package discordtest

import (
	"net/http"
	"slices"
	"strconv"

	"parley/bot/bottest/discordtest/openapi"
)

var threadRoutes = []*route{
	{
		method: "POST", path: "/channels/{channel_id}/threads",
		status: http.StatusCreated, rules: threadRules, serve: (*Server).createThread,
	},
	{method: "GET", path: "/guilds/{guild_id}/threads/active", serve: (*Server).activeThreads},
	{method: "GET", path: "/channels/{channel_id}/threads/archived/public", serve: (*Server).archivedThreads},
}

// createThread makes a post in a forum: a thread with its first message.
func (d *Server) createThread(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	var b threadBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	switch {
	case ch.Type != ForumChannel:
		d.violate("%s: the fake makes posts in forums only", c.route)
		return nil, errChannelType
	case ch.need(SendMessages|needed(b.Message.value, c.files)) != nil:
		return nil, errNoPermissions
	case b.Message.value.empty(c.files):
		return nil, errEmptyMessage
	case ch.tagRequired && len(b.AppliedTags) == 0:
		return nil, errTagRequired
	}
	for i, tag := range b.AppliedTags {
		if !slices.ContainsFunc(ch.tags, func(t forumTag) bool { return t.id == tag }) {
			path := []string{"applied_tags", strconv.Itoa(i)}
			return nil, invalidForm(openapi.Problem{Path: path, Code: "INVALID_TAG", Text: "Unknown tag"})
		}
	}
	// The first message of a post has the id of its thread.
	thread := ch.addThread(d.bot, b.Name)
	thread.applied = b.AppliedTags
	m := thread.newMessage(d.bot)
	m.ID = thread.ID
	m.fill(b.Message.value, c.files)
	d.announce("MESSAGE_CREATE", m)
	return thread.wire(), nil
}

// activeThreads lists the threads of a guild that are not archived.
func (d *Server) activeThreads(c *call) (any, error) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	list := threadList{Threads: []jsonObject{}, Members: []jsonObject{}}
	for _, ch := range g.channels {
		if ch.isThread() && !ch.deleted && !ch.archived && ch.permissions(d.bot)&ViewChannel != 0 {
			list.Threads = append(list.Threads, ch.wire())
		}
	}
	return list, nil
}

// archivedThreads lists the archived threads of a channel or forum.
func (d *Server) archivedThreads(c *call) (any, error) {
	parent, err := d.reach(c.id("channel_id"))
	if err == nil {
		err = parent.need(ReadMessageHistory)
	}
	if err != nil {
		return nil, err
	}
	list := threadList{Threads: []jsonObject{}, Members: []jsonObject{}}
	for _, ch := range parent.Guild.channels {
		if ch.parent == parent && !ch.deleted && ch.archived {
			list.Threads = append(list.Threads, ch.wire())
		}
	}
	return list, nil
}

// threadList is the response to a list of threads.
type threadList struct {
	Threads []jsonObject `json:"threads"`
	Members []jsonObject `json:"members"`
	More    bool         `json:"has_more"`
}
