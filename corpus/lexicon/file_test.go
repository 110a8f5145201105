package lexicon

import (
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, source string) *File {
	t.Helper()
	f, err := Parse("test.toml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFileExtendsTheDefault(t *testing.T) {
	base := loadDefault(t)
	l, err := base.Extend(parse(t, `
bodies = ["chancery"]
group = [{ words = ["parley", "palaver"] }]

[[actor]]
id = "germany"
names = ["Teutonia"]
person = [{ name = "Erika Mustermann", offices = [{ office = "envoy", from = "2026-01" }] }]

[[actor]]
id = "atlantis"
name = "Atlantis"
main = true
side = true
adjectives = ["Atlantean"]
office = [{ id = "doge", title = "doge", titles = ["doge"] }]
person = [{ name = "Poseidon", offices = [{ office = "doge" }] }]

[[topic]]
id = "territory"
words = ["seabed"]

[[topic]]
id = "fishing"
label = "Fishing"
words = ["herring"]
`))
	if err != nil {
		t.Fatal(err)
	}
	text := "Teutonia, Erika Mustermann, the Atlantean doge and the chancery of Atlantis on herrings"
	var got []string
	for _, m := range l.Find(text) {
		got = append(got, written(text, m))
	}
	want := []string{"Teutonia=germany:name", "Erika Mustermann=germany:person(Erika Mustermann)", "Atlantean doge=atlantis:office(Poseidon)", "chancery of Atlantis=atlantis:institution", "herrings=fishing"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var sides []string
	for _, a := range l.Actors() {
		if a.Side {
			sides = append(sides, a.ID)
		}
	}
	if want := []string{"ukraine", "russia", "atlantis"}; !slices.Equal(sides, want) {
		t.Errorf("sides %q, want %q", sides, want)
	}
	if topic, ok := l.ResolveTopic("seabed"); !ok || topic.ID != "territory" || topic.Label != "Territory" {
		t.Errorf("seabed: %+v", topic)
	}
	if a := l.Alternatives([]string{"palaver"}); len(a) != 1 || a[0].Words[0] != "parley" || a[0].Weight != defaultWeight {
		t.Errorf("palaver: %+v", a)
	}
	if _, ok := base.ResolveActor("Atlantis"); ok {
		t.Error("the default was changed")
	}
	if again := loadDefault(t); base.Hash() == l.Hash() || base.Hash() != again.Hash() {
		t.Error("the hash does not tell lexicons apart")
	}
}

func TestAFileCanStandAlone(t *testing.T) {
	l, err := New(parse(t, `
[[actor]]
id = "left"
name = "Left Bank"

[[topic]]
id = "bridge"
label = "Bridge"
`))
	if err != nil {
		t.Fatal(err)
	}
	if a := l.Actors(); len(a) != 1 || a[0].Name != "Left Bank" {
		t.Errorf("%+v", a)
	}
	if got := IDs(KindTopic, l.Find("Ukraine builds bridges")); !slices.Equal(got, []string{"bridge"}) {
		t.Errorf("%v", got)
	}
}

func TestAllProblemsAreReportedWithTheirLines(t *testing.T) {
	_, err := Parse("test.toml", []byte("colour = 1\n[[actor]]\nid = \"a\"\nname = \"A\"\nsize = 3\n"))
	wantProblems(t, err, "test.toml:1: unknown key colour", "test.toml:5: unknown key actor.size")

	_, err = Parse("test.toml", []byte("[[actor]]\nid = 1\n"))
	wantProblems(t, err, "test.toml:2:")

	_, err = New(parse(t, `
[[actor]]
id = "a"
name = "Alpha"
names = ["Shared", "ab*", "[open"]
person = [
  { name = "Ann", names = ["Smith"], offices = [{ office = "juggler" }] },
  { name = "Bob", names = ["Smith"], offices = [{ office = "chair", from = "2025-02-30" }] },
  { name = "Cid", offices = [{ office = "chair", from = "2025", until = "2024" }, { office = "chair", actor = "zeta" }] },
]
office = [{ id = "chair", title = "chair" }]

[[actor]]
id = "b"
name = "Beta"
names = ["shared"]

[[actor]]
id = "b"
names = ["Bee"]

[[actor]]
id = "c"

[[topic]]
id = "x"
words = ["ex"]

[[group]]
words = ["alone"]
`))
	wantProblems(t, err,
		`test.toml:5: "ab*"`, `test.toml:5: "[open"`, `test.toml:16: "shared": a name of a and of b`,
		`test.toml:8: "Smith": a name of Ann and of Bob`, `test.toml:7: Ann: office "juggler" is not known`,
		`test.toml:8: Bob: date "2025-02-30"`, `test.toml:9: Cid: chair until 2024, before 2025`, `test.toml:9: Cid: actor "zeta" is not known`,
		`test.toml:19: actor "b": twice`, `test.toml:23: actor "c": needs a name`, `test.toml:26: topic "x"`, `test.toml:30: group of "alone"`)
}

func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("no %q in:\n%v", w, err)
		}
	}
	if n := len(strings.Split(err.Error(), "\n")); n != len(want) {
		t.Errorf("%d problems, want %d:\n%v", n, len(want), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[[actor]]\nid = \"a\"\nname = \"~=[the] A\"\n"))
	f.Add([]byte("group = [{ from = [\"a\"], to = [\"\"] }]"))
	f.Fuzz(func(t *testing.T, source []byte) {
		file, err := Parse("fuzz.toml", source)
		if err != nil {
			return
		}
		if l, err := New(file); err == nil {
			l.Find("The president of A, a b c.")
			l.Alternatives([]string{"a"})
		}
	})
}

func TestStemsMakeInflectionsEqual(t *testing.T) {
	l := loadDefault(t)
	for _, words := range []string{"cede ceding ceded cedes", "concede conceding conceded", "truce truces", "guarantee guarantees guaranteed", "stop stopped stopping", "give gave given giving gives", "territory territories", "carry carried carries", "child children", "freeze frozen freezing", "call calling called", "pass passed passes"} {
		forms := strings.Fields(words)
		for _, form := range forms[1:] {
			if l.stem(form) != l.stem(forms[0]) {
				t.Errorf("%s is %q, %s is %q", form, l.stem(form), forms[0], l.stem(forms[0]))
			}
		}
	}
	for _, pair := range []string{"plan plane", "us use", "hop hope", "force forge", "car care"} {
		a, b, _ := strings.Cut(pair, " ")
		if l.stem(a) == l.stem(b) {
			t.Errorf("%s and %s are both %q", a, b, l.stem(a))
		}
	}
}
