package discord

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// publishTime is what publishing may take; Discord takes ten an hour of a channel, and the
// message stands in its own channel either way.
const publishTime = 5 * time.Second

// publish shows a message of an announcement channel in the channels that follow it, if
// the bot may.
func (d *Discord) publish(ctx context.Context, p post, message string) {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	announces, err := d.announces(ctx, p)
	if err == nil && announces {
		err = d.api.do(ctx, call{method: http.MethodPost, url: discordgo.EndpointChannelMessageCrosspost(p.channel(), message)})
	}
	if err != nil && codeOf(err) != codeCrossposted {
		d.log.WarnContext(ctx, "a message was posted, but not published to the channels that follow", "place", p.Place.Key(), "err", err)
	}
}

// announces reports whether a place is an announcement channel. Of its servers the gateway
// tells; those of other shards must be asked for.
func (d *Discord) announces(ctx context.Context, p post) (bool, error) {
	if is, known := d.news.get(p.channel()); known {
		return is, nil
	}
	if p.Channel == "" || d.self.knows(strings.TrimPrefix(p.Chat, platform+"/")) {
		return false, nil
	}
	if err := d.bulk.Wait(ctx); err != nil {
		return false, err
	}
	kind, err := d.kind(ctx, p.channel())
	is := kind == discordgo.ChannelTypeGuildNews
	if err == nil {
		d.news.put(p.channel(), is)
	}
	return is, err
}
