package index_test

import (
	"slices"
	"strings"
	"testing"
)

func TestNamesOfAnActorFindTheSameFirstDocument(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ canonical, others string }{
		{"what does Zelensky say about NATO?", "Зеленський, Зеленский, Zelenskiy, Zelenskyy, ZELENSKY, Volodymyr Zelenskyi, the Ukrainian president"},
		{"what did Merz say about peacekeepers?", "Friedrich Merz, MERZ, merz"},
		{"what did Hegseth say about NATO?", "the pentagon chief, pete hegseth, the US defense secretary"},
		{"what does Kyiv want on territory?", "Kiev, KYIV, Київ, Киев, ukraine"},
		{"where does Türkiye stand on Ukraine's borders?", "ANKARA, Turkey, turkiye, Erdoğan, erdogan"},
		{"what does Moscow want on sanctions?", "Russia, the Kremlin, Москва, МОСКВА"},
		{"what does Putin want?", "Путин, путін, vladimir putin, the Russian president"},
	} {
		name, want := "", ask(t, c.canonical)
		for _, n := range []string{"Zelensky", "Merz", "Hegseth", "Kyiv", "Türkiye", "Moscow", "Putin"} {
			if strings.Contains(c.canonical, n) {
				name = n
			}
		}
		if !want.Answered {
			t.Errorf("%q is not answered", c.canonical)
			continue
		}
		for other := range strings.SplitSeq(c.others, ", ") {
			question := strings.Replace(c.canonical, name, other, 1)
			got := ask(t, question)
			if len(got.Passages) == 0 || got.Passages[0].Source.ID != want.Passages[0].Source.ID {
				t.Errorf("%q shows %v, %q shows %v", question, shown(got), c.canonical, shown(want))
			}
			if !slices.Equal(got.Plan.Actors, want.Plan.Actors) {
				t.Errorf("%q asks about %v, not %v", question, got.Plan.Actors, want.Plan.Actors)
			}
		}
	}
}
