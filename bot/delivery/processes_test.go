//go:build unix

package delivery

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus/database/dbtest"
)

// crowd is many places on a platform.
type crowd interface {
	orders() orders
	places(n int) []bot.Place
	// posts are the words of the messages that the bot posted at each.
	posts() [][]string
}

type chats100 struct {
	*telegramtest.Server
	users []*telegramtest.User
}

func (c *chats100) orders() orders {
	return orders{Platform: "telegram", URL: c.URL(), Token: c.Token()}
}

func (c *chats100) places(n int) (all []bot.Place) {
	for i := range n {
		u := c.User(fmt.Sprint("User", i), "")
		u.Start("")
		c.users = append(c.users, u)
		all = append(all, bot.Place{Chat: fmt.Sprint("telegram/", u.ID())})
	}
	return all
}

func (c *chats100) posts() (all [][]string) {
	for _, u := range c.users {
		var texts []string
		for _, m := range u.Private().Said() {
			texts = append(texts, m.Plain())
		}
		all = append(all, texts)
	}
	return all
}

type channels100 struct {
	*discordtest.Server
	scenes []*onDiscord
}

func (c *channels100) orders() orders {
	return orders{Platform: "discord", URL: c.URL(), Token: c.Token()}
}

func (c *channels100) places(n int) (all []bot.Place) {
	for i := range n {
		ann := c.NewUser("ann")
		s := &onDiscord{Server: c.Server, ann: ann, channel: c.NewGuild(fmt.Sprint("guild", i), ann).Text("digests")}
		c.scenes = append(c.scenes, s)
		all = append(all, s.place())
	}
	return all
}

func (c *channels100) posts() (all [][]string) {
	for _, s := range c.scenes {
		all = append(all, s.posts())
	}
	return all
}

// TestTwoProcessesShareTheWork has two deliver on one PostgreSQL, kills one in the middle,
// and looks whether every digest is there once.
func TestTwoProcessesShareTheWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	tg, dc := telegramtest.New(telegramtest.Options{}), discordtest.New(discordtest.Options{})
	t.Cleanup(tg.Close)
	t.Cleanup(dc.Close)
	for _, c := range []crowd{&chats100{Server: tg}, &channels100{Server: dc}} {
		t.Run(c.orders().Platform, func(t *testing.T) {
			t.Parallel()
			twoProcesses(t, c)
		})
	}
}

func twoProcesses(t *testing.T, c crowd) {
	const places = 60
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	o := c.orders()
	o.Database, o.Lease = dbtest.Address(t), 4*time.Second
	db := need(open(ctx, o.Database))
	defer db.Close()
	book := ledger.New(db, time.Now)
	w := depot{Deliverer: &Deliverer{ledger: book}, store: need(store.New(ctx, db, time.Now)), t: t, ctx: ctx, clock: &clock{at: time.Now()}}
	for _, p := range c.places(places) {
		w.due(w.subscribedNow(p))
	}
	first, _ := startChild(ctx, t, o)
	second, said := startChild(ctx, t, o)
	defer func() {
		_ = second.Process.Kill()
		_ = second.Wait()
	}()
	count := func() (n int) {
		for _, posts := range c.posts() {
			n += len(posts)
		}
		return n
	}
	until(t, "the middle", func() bool { return count() > places })
	_ = first.Process.Kill()
	_ = first.Wait()
	until(t, "the end: "+said.String(), func() bool {
		due, err := book.Find(ctx, ledger.Query{State: bot.SlotDue, Limit: 1})
		return err == nil && len(due) == 0
	})
	unknown := need(book.Find(ctx, ledger.Query{State: bot.SlotUnknown, Limit: places}))
	posted := need(book.Find(ctx, ledger.Query{State: bot.SlotPosted, Limit: places}))
	twice, missing := 0, 0
	for _, posts := range c.posts() {
		seen := map[int]int{}
		for _, text := range posts {
			seen[partOf([]byte(text))]++
		}
		for part := range posted[0].Parts {
			twice += max(0, seen[part]-1)
			missing += max(0, 1-seen[part])
		}
	}
	t.Logf("%s: %d slots posted, %d unknown; of %d parts %d twice, %d missing", o.Platform, len(posted), len(unknown), places*posted[0].Parts, twice, missing)
	if twice > 0 || missing > len(unknown) || len(posted)+len(unknown) != places || len(unknown) > 0 && o.Platform != "telegram" {
		t.Error("not every digest is there once")
	}
	if n := strings.Count(said.String(), "it is not known whether"); n != len(unknown) {
		t.Errorf("%d unknown slots were reported %d times", len(unknown), n)
	}
}
