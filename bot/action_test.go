package bot

import (
	"context"
	"maps"
	"strings"
	"testing"

	"parley/index"
)

func TestAnActionIsFoundAgainByItsKey(t *testing.T) {
	ctx := context.Background()
	f := newFixture(index.Answer{})
	for _, a := range []Action{
		{Command: "help"},
		{Command: "stance", Args: Args{"actor": "united-states", "topic": "territory", "page": "2"}},
		{Command: "stance", Args: Args{"actor": "russia", "page": "1000"}},
		{Command: "ask", Args: Args{"question": strings.Repeat("Що каже Москва? ", 20)}},
		{Command: "ask", Args: Args{"question": "a|b"}},
	} {
		key, err := f.ActionKey(ctx, a)
		if err != nil || len(key) > MaxActionKey {
			t.Fatalf("%v: key %q of %d bytes, %v", a, key, len(key), err)
		}
		command, args, ok, err := f.ActionOf(ctx, key)
		maps.DeleteFunc(args, func(_, v string) bool { return v == "" })
		if err != nil || !ok || command != a.Command || !maps.Equal(args, a.Args) {
			t.Errorf("%s: got /%s %v, %t, %v; want %v", key, command, args, ok, err, a)
		}
	}
	for _, key := range []string{"", "nonsense", "help|1|2", "#gone", "#", "stance|a|b|c|d|e|f"} {
		if command, _, ok, err := f.ActionOf(ctx, key); ok || err != nil {
			t.Errorf("%q: /%s, %v", key, command, err)
		}
	}
}
