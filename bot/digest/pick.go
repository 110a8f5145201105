package digest

import (
	"cmp"
	"maps"
	"slices"

	"parley/bot"
	"parley/index"
)

const (
	// maxItems is how many stories a digest shows.
	maxItems = 8
	// maxOnTopic is how many stories on one topic it shows, unless there is room left.
	maxOnTopic = 3
	// maxRead is how many stories are read for a digest, the most promising ones.
	maxRead = 250
	// sameMatter is the share of the weight of its words that a story has in common with
	// another on the same matter: most of the names and of what happened.
	sameMatter = 0.5
)

// wish holds the topics and actors that a subscription asks for; an empty set means all.
type wish struct{ topics, actors map[string]bool }

func wishOf(s bot.Subscription) wish { return wish{setOf(s.Topics), setOf(s.Actors)} }

// wants reports whether nothing is wished for, or one of the ids is.
func wants(wished map[string]bool, ids []string) bool {
	return len(wished) == 0 || slices.ContainsFunc(ids, func(id string) bool { return wished[id] })
}

// choose picks the sentence to quote of a story; false where it has none that is wanted.
// A document that is about no topic is told of only where its beginning names the parties
// and no topic is wished.
func (w wish) choose(s *story) bool {
	topics, actors := slices.Collect(maps.Keys(s.topics)), slices.Collect(maps.Keys(s.actors))
	if !wants(w.topics, topics) || !wants(w.actors, actors) || len(topics) == 0 && !s.prominent {
		return false
	}
	fits := func(c candidate) bool { return wants(w.topics, c.Topics) && wants(w.actors, c.Actors) }
	i := slices.IndexFunc(s.candidates, fits)
	if i < 0 { // the actors stand in its title or lead
		i = slices.IndexFunc(s.candidates, func(c candidate) bool { return wants(w.topics, c.Topics) })
	}
	if i < 0 {
		return false
	}
	s.key = s.candidates[i].Statement
	s.key.Source, s.key.AlsoIn = s.Source, s.alsoIn()
	return true
}

// weigh finds the stories on the same matter, and by how many publishers it is carried.
func weigh(list []*story) {
	has := map[string]float64{}
	for _, s := range list {
		for _, t := range s.terms {
			has[t]++
		}
	}
	weight := make(map[string]float64, len(has))
	for t, n := range has {
		weight[t] = rarity(len(list), n)
	}
	common := func(a, b []string) (total float64) {
		for len(a) > 0 && len(b) > 0 {
			switch cmp.Compare(a[0], b[0]) {
			case 0:
				total += weight[a[0]]
				a, b = a[1:], b[1:]
			case -1:
				a = a[1:]
			default:
				b = b[1:]
			}
		}
		return total
	}
	all := make([]float64, len(list))
	for i, s := range list {
		all[i] = common(s.terms, s.terms)
		for j, t := range list[:i] {
			if common(s.terms, t.terms) >= sameMatter*min(all[i], all[j]) {
				s.alike, t.alike = append(s.alike, t), append(t.alike, s)
			}
		}
	}
	for _, s := range list {
		publishers := map[string]bool{}
		for _, t := range append([]*story{s}, s.alike...) {
			for p := range t.publishers {
				publishers[p] = true
			}
		}
		s.carried = len(publishers)
	}
}

// pick takes the stories to show, in their order: each time the weightiest of those left,
// where every one already taken on a topic counts as a publisher less. What is on no topic,
// or on one of which there is enough, comes after the others, and what is on the same
// matter as one already taken last. Of the same sentence in several documents the first is
// shown.
func pick(list []*story) (picked []*story) {
	left := slices.SortedFunc(slices.Values(list), byWeight)
	taken := map[string]int{} // by topic
	told := map[*story]bool{}
	onTopic := func(s *story) bool { return s.topic() != "" && taken[s.topic()] < maxOnTopic }
	for len(picked) < maxItems && len(left) > 0 {
		best := slices.MinFunc(left, func(a, b *story) int {
			return cmp.Or(
				trueFirst(!a.late, !b.late),
				trueFirst(!told[a], !told[b]),
				trueFirst(onTopic(a), onTopic(b)),
				cmp.Compare(b.carried-taken[b.topic()], a.carried-taken[a.topic()]))
		})
		left = slices.DeleteFunc(left, func(s *story) bool { return s.key.Text == best.key.Text })
		picked = append(picked, best)
		taken[best.topic()]++
		for _, s := range best.alike {
			told[s] = true
		}
	}
	return picked
}

// topic is the one under which a story stands; empty: none.
func (s *story) topic() string {
	if len(s.key.Topics) == 0 {
		return ""
	}
	return s.key.Topics[0]
}

// byTopic groups what is news by topic in the order of their first, those on none last.
func byTopic(picked []*story, wished map[string]bool) (news []topicNews, earlier []index.Statement) {
	for _, s := range picked {
		if s.late {
			earlier = append(earlier, s.key)
			continue
		}
		topic := s.topic()
		if i := slices.IndexFunc(s.key.Topics, func(id string) bool { return wished[id] }); i >= 0 {
			topic = s.key.Topics[i]
		}
		at := slices.IndexFunc(news, func(n topicNews) bool { return n.Topic == topic })
		if at < 0 {
			at, news = len(news), append(news, topicNews{Topic: topic})
		}
		news[at].Items = append(news[at].Items, s.key)
	}
	slices.SortStableFunc(news, func(x, y topicNews) int { return trueFirst(x.Topic != "", y.Topic != "") })
	return news, earlier
}
