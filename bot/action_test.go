package bot

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"

	"parley/bot/button"
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
		if err != nil || len(key) > button.MaxKey {
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

// spying keeps actions and shows what a look into the store would find.
type spying struct {
	button.Store
	kept string
}

func (s *spying) PutAction(ctx context.Context, name string, action []byte) error {
	s.kept += fmt.Sprintf("%s %s\n", name, action)
	return s.Store.PutAction(ctx, name, action)
}

func TestNobodyReadsQuestionsInTheStore(t *testing.T) {
	f := newFixture(answered())
	kept := &spying{Store: f.buttons.Store}
	f.buttons.Store = kept
	const private = "did anybody say what became of my brother Andriy at Olenivka?"
	key, err := f.ActionKey(t.Context(), Action{Command: "ask", Args: Args{"question": private, "page": "2"}})
	if err != nil {
		t.Fatal(err)
	}
	command, args, ok, err := f.ActionOf(t.Context(), key)
	if err != nil || !ok || command != "ask" || args["question"] != private {
		t.Errorf("got %q, %v, %v, %v", command, args, ok, err)
	}
	store := kept.kept
	if store == "" || strings.Contains(store, key) {
		t.Errorf("the store holds the key of the button: %s", store)
	}
	for line := range strings.Lines(store) {
		_, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		raw, err := base64.RawStdEncoding.DecodeString(value)
		if err != nil || bytes.Contains(raw, []byte("Andriy")) || strings.Contains(value, "Andriy") {
			t.Errorf("the store holds %s (%v)", line, err)
		}
	}
}
