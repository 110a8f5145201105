package discordtest

import (
	"slices"
	"time"
)

// Types of messages.
const (
	messageDefault = 0
	messageReply   = 19
	messageCommand = 20
	messageContext = 23 // context menu command
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

func (u *User) wire() jsonObject {
	o := jsonObject{
		"id": u.ID, "username": u.Name, "global_name": u.Name, "discriminator": "0", "avatar": nil,
		"public_flags": 0, "flags": 0, "primary_guild": nil,
	}
	if u.Bot {
		o["bot"], o["global_name"] = true, nil
	}
	return o
}

func wireUsers(users []*User) []jsonObject {
	all := make([]jsonObject, len(users))
	for i, u := range users {
		all[i] = u.wire()
	}
	return all
}

func (d *Server) wireApplication() jsonObject {
	return jsonObject{
		"id": d.appID, "name": d.bot.Name, "icon": nil, "description": "", "type": nil, "bot": d.bot.wire(),
		"verify_key": "", "flags": 0, "flags_new": "0",
		"redirect_uris": []string{}, "interactions_endpoint_url": nil, "role_connections_verification_url": nil,
		"owner": d.bot.wire(), "approximate_guild_count": len(d.guilds), "approximate_user_install_count": 0,
		"approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": nil,
		"eligible_oauth2_scopes": []string{}, "integration_types_config": jsonObject{"0": jsonObject{}, "1": jsonObject{}},
		"bot_public": true, "bot_require_code_grant": false,
	}
}

func (m *member) wire() jsonObject {
	return jsonObject{
		"user": m.user.wire(), "nick": nil, "avatar": nil, "banner": nil, "roles": nonNil(m.roles),
		"joined_at": stamp(m.joined), "premium_since": nil, "pending": false, "flags": 0, "deaf": false, "mute": false,
		"communication_disabled_until": nil,
	}
}

func (r *Role) wire(position int) jsonObject {
	return jsonObject{
		"id": r.ID, "name": r.Name, "permissions": r.Permissions, "position": position, "color": 0,
		"colors": jsonObject{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist":  false, "managed": false, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}

// wireFull is the guild as GUILD_CREATE brings it.
func (g *Guild) wireFull() jsonObject {
	roles := make([]jsonObject, len(g.roles))
	for i, r := range g.roles {
		roles[i] = r.wire(i)
	}
	o := jsonObject{
		"id": g.ID, "name": g.Name, "icon": nil, "description": nil, "home_header": nil, "splash": nil,
		"discovery_splash": nil, "features": []string{}, "banner": nil, "owner_id": g.Owner.ID, "application_id": nil,
		"region": "deprecated", "afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil,
		"system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil, "verification_level": 0,
		"roles": roles, "default_message_notifications": 0, "mfa_level": 0, "explicit_content_filter": 0,
		"max_presences": nil, "max_members": 500000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
		"vanity_url_code": nil, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": g.Locale,
		"rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil,
		"premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": []jsonObject{}, "stickers": []jsonObject{},
		"incidents_data": nil,
	}
	channels, threads := []jsonObject{}, []jsonObject{}
	for _, ch := range g.channels {
		switch {
		case ch.deleted:
		case ch.isThread():
			threads = append(threads, ch.wire())
		default:
			channels = append(channels, ch.wire())
		}
	}
	o["joined_at"], o["large"], o["unavailable"] = stamp(g.members[g.d.bot.ID].joined), false, false
	o["member_count"], o["members"] = len(g.members), []jsonObject{g.members[g.d.bot.ID].wire()}
	o["channels"], o["threads"] = channels, threads
	o["voice_states"], o["presences"], o["stage_instances"] = []jsonObject{}, []jsonObject{}, []jsonObject{}
	o["guild_scheduled_events"], o["soundboard_sounds"] = []jsonObject{}, []jsonObject{}
	return o
}

func (ch *Channel) wire() jsonObject {
	o := jsonObject{"id": ch.ID, "type": ch.Type, "flags": 0}
	if n := len(ch.messages); n > 0 {
		o["last_message_id"] = ch.messages[n-1].ID
	}
	switch {
	case ch.isThread():
		ch.wireThread(o)
	case ch.Guild != nil:
		ch.wireGuild(o)
	default:
		isBot := func(u *User) bool { return u == ch.d.bot }
		o["recipients"] = wireUsers(slices.DeleteFunc(slices.Clone(ch.recipients), isBot))
		if ch.Type == GroupDMChannel {
			o["name"], o["icon"], o["owner_id"] = nil, nil, ch.recipients[0].ID
		}
	}
	return o
}

func (ch *Channel) wireThread(o jsonObject) {
	o["guild_id"], o["name"], o["parent_id"], o["owner_id"] = ch.Guild.ID, ch.Name, ch.parent.ID, ch.owner.ID
	o["thread_metadata"] = jsonObject{
		"archived": ch.archived, "archive_timestamp": stamp(ch.created), "auto_archive_duration": 1440,
		"locked": ch.locked, "create_timestamp": stamp(ch.created),
	}
	o["message_count"], o["total_message_sent"], o["member_count"] = len(ch.messages), len(ch.messages), 1
	o["rate_limit_per_user"] = 0
	if len(ch.applied) > 0 {
		o["applied_tags"] = ch.applied
	}
}

func (ch *Channel) wireGuild(o jsonObject) {
	overwrites := []jsonObject{}
	for _, w := range ch.overwrites {
		kind := 1
		if w.role {
			kind = 0
		}
		overwrites = append(overwrites, jsonObject{"id": w.id, "type": kind, "allow": w.allow, "deny": w.deny})
	}
	o["guild_id"], o["name"], o["position"], o["parent_id"] = ch.Guild.ID, ch.Name, 0, nil
	o["permission_overwrites"], o["nsfw"], o["topic"], o["rate_limit_per_user"] = overwrites, false, nil, 0
	if ch.Type != ForumChannel {
		return
	}
	tags := []jsonObject{}
	for _, t := range ch.tags {
		tags = append(tags, jsonObject{"id": t.id, "name": t.name, "moderated": false, "emoji_id": nil, "emoji_name": nil})
	}
	o["available_tags"] = tags
	if ch.tagRequired {
		o["flags"] = 1 << 4 // REQUIRE_TAG
	}
}

// wire is the message as the bot gets it.
func (m *storedMessage) wire() jsonObject {
	o := m.wireAlone()
	if m.ReplyTo != 0 {
		o["referenced_message"] = nil
		if to := m.Channel.message(m.ReplyTo); to != nil {
			o["referenced_message"] = to.wireAlone()
		}
	}
	return o
}

// wireAlone is the message without the one that it answers.
func (m *storedMessage) wireAlone() jsonObject {
	attachments := []jsonObject{}
	for _, a := range m.Attachments {
		attachments = append(attachments, a.wire())
	}
	o := jsonObject{
		"id": m.ID, "channel_id": m.Channel.ID, "type": m.Type, "author": m.Author.wire(), "content": m.Content,
		"mentions": wireUsers(m.mentions), "mention_roles": []string{}, "mention_everyone": false,
		"attachments": attachments, "embeds": nonNil(m.Embeds), "components": nonNil(m.Components),
		"timestamp": stamp(m.Sent), "edited_timestamp": nil,
		"flags": m.Flags, "pinned": false, "tts": false,
	}
	if !m.Edited.IsZero() {
		o["edited_timestamp"] = stamp(m.Edited)
	}
	if m.nonce != "" {
		o["nonce"] = m.nonce
	}
	if m.ReplyTo != 0 {
		ref := jsonObject{"type": 0, "channel_id": m.Channel.ID, "message_id": m.ReplyTo}
		if m.Channel.Guild != nil {
			ref["guild_id"] = m.Channel.Guild.ID
		}
		o["message_reference"] = ref
	}
	if m.action != nil {
		o["application_id"], o["webhook_id"] = m.Channel.d.appID, m.Channel.d.appID
		about := jsonObject{
			"id": m.action.ID, "type": m.action.Type, "user": m.action.By.wire(),
			"authorizing_integration_owners": m.action.owners,
		}
		if m.action.on != nil {
			about["interacted_message_id"] = m.action.on.ID
		}
		o["interaction_metadata"] = about
	}
	if m.hidesContent() {
		o["content"], o["embeds"], o["components"], o["attachments"] = "", []jsonObject{}, []jsonObject{}, []jsonObject{}
	}
	return o
}

// hidesContent reports whether the bot gets the message without its content: it needs the
// privileged intent for what is neither its own, nor private, nor mentions it.
func (m *storedMessage) hidesContent() bool {
	d := m.Channel.d
	if m.Author == d.bot || m.Channel.Guild == nil {
		return false
	}
	return !slices.Contains(m.mentions, d.bot)
}

// wireUncovered is the message with its content, as a message command brings its target.
func (m *storedMessage) wireUncovered() jsonObject {
	o := m.wireAlone()
	o["content"], o["embeds"], o["components"] = m.Content, nonNil(m.Embeds), nonNil(m.Components)
	return o
}

// wireEvent is the message as events bring it.
func (m *storedMessage) wireEvent() jsonObject {
	o := m.wire()
	if g := m.Channel.Guild; g != nil {
		o["guild_id"] = g.ID
		if mem := g.members[m.Author.ID]; mem != nil {
			partial := mem.wire()
			delete(partial, "user")
			o["member"] = partial
		}
	}
	return o
}

func (a Attachment) wire() jsonObject {
	o := jsonObject{"id": a.ID, "filename": a.Name, "size": len(a.Data), "url": a.URL, "proxy_url": a.URL}
	if a.ContentType != "" {
		o["content_type"] = a.ContentType
	}
	if a.Description != "" {
		o["description"] = a.Description
	}
	return o
}
