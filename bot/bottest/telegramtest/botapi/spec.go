package botapi

import (
	_ "embed" // of the excerpt
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"parley/bot/bottest/telegramtest/markup"
	"parley/corpus/sharedtest"
)

// Spec is a description of the Bot API, against which requests and results are held.
type Spec struct {
	methods map[string]specMethod // by lower-case name
	types   map[string]specType
}

type specMethod struct {
	Name    string      `json:"name"`
	Returns []string    `json:"returns"`
	Fields  []specField `json:"fields"`
}

type specType struct {
	Fields   []specField `json:"fields"`
	Subtypes []string    `json:"subtypes"`
}

type specField struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"` // of which one has to fit
	Required    bool     `json:"required"`
	Description string   `json:"description"`

	only   string       // the one value allowed, "" for any
	limits []specLength // that the description states
}

// excerpt describes what Parley uses, in the form of the published description.
//
//go:embed excerpt.json
var excerpt []byte

// Excerpt is the description of what Parley uses of the Bot API: some methods, their parameters
// that Parley sends, and few results.
func Excerpt() (*Spec, error) { return read(excerpt) }

// Find is the published description where it stands in ../shared, and the excerpt elsewhere.
// It is read once a process.
var Find = sync.OnceValues(func() (*Spec, error) {
	path, ok := sharedtest.Find("specs", "telegram-bot-api.json")
	if !ok {
		return Excerpt()
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the description of the Bot API: %w", err)
	}
	return read(raw)
})

func read(raw []byte) (*Spec, error) {
	var file struct {
		Methods map[string]specMethod `json:"methods"`
		Types   map[string]specType   `json:"types"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("decode the description of the Bot API: %w", err)
	}
	spec := &Spec{methods: map[string]specMethod{}, types: file.Types}
	for name, method := range file.Methods {
		readFields(method.Fields)
		spec.methods[strings.ToLower(name)] = method
	}
	for _, kind := range file.Types {
		readFields(kind.Fields)
	}
	return spec, nil
}

// readFields takes out of the descriptions what they state as rules.
func readFields(fields []specField) {
	for i := range fields {
		f := &fields[i]
		if m := onlyForm.FindStringSubmatch(f.Description); m != nil {
			f.only = m[1]
		}
		f.limits = statedLengths(f.Description)
	}
}

// onlyForm is how the description names the one value of a discriminator.
var onlyForm = regexp.MustCompile(`(?:, must be |, always ["“])([a-z0-9_]+)["”]?$`)

// specLength is a length that a description states.
type specLength struct {
	min, max int
	unit     string // characters (UTF-16 units), bytes, or value for a number itself
}

var lengthForms = []struct {
	pattern *regexp.Regexp
	unit    string
}{
	{regexp.MustCompile(`\b(\d+)-(\d+) characters`), "characters"},
	{regexp.MustCompile(`(?i)\b(\d+)-(\d+) bytes`), "bytes"},
	{regexp.MustCompile(`length can't exceed ()(\d+) bytes`), "bytes"},
	{regexp.MustCompile(`[Vv]alues between (\d+)-(\d+) are accepted`), "value"},
}

func statedLengths(description string) []specLength {
	var lengths []specLength
	for _, form := range lengthForms {
		m := form.pattern.FindStringSubmatch(description)
		if m == nil {
			continue
		}
		low, _ := strconv.Atoi(m[1])  // "" is 0
		high, _ := strconv.Atoi(m[2]) // digits, by the pattern
		lengths = append(lengths, specLength{low, high, form.unit})
	}
	return lengths
}

// broken says which length a text does not keep; "" is none. The characters of a text
// with marks are counted after parsing, where the fake carries the request out.
func (l specLength) broken(text string, marked bool) string {
	n := markup.Units(text)
	switch l.unit {
	case "bytes":
		n = len(text)
	case "value":
		n, _ = strconv.Atoi(text) // that it is a number is checked as its type
	case "characters":
		if marked {
			return ""
		}
	}
	if l.min <= n && n <= l.max {
		return ""
	}
	if l.unit == "value" {
		return fmt.Sprintf("is %d, allowed are %d to %d", n, l.min, l.max)
	}
	return fmt.Sprintf("has %d %s, allowed are %d to %d", n, l.unit, l.min, l.max)
}

// has says whether the Bot API has a method, in any case of letters.
func (s *Spec) Has(method string) bool {
	_, ok := s.methods[strings.ToLower(method)]
	return ok
}

// CheckCall returns the faults of a request, nil for none.
func (s *Spec) CheckCall(call *Call) []string {
	method, ok := s.methods[strings.ToLower(call.Method)]
	switch {
	case !ok:
		return []string{"the Bot API has no such method"}
	case method.Name != call.Method:
		return []string{fmt.Sprintf("the method is spelled %s", method.Name)}
	}
	return s.checkParams(method, call)
}

func (s *Spec) checkParams(method specMethod, call *Call) []string {
	var problems []string
	known := map[string]bool{}
	marked := call.Has("parse_mode") || slices.ContainsFunc(nilLists, func(list string) bool {
		return call.Has(list) && call.Text(list) != "null"
	})
	for _, f := range method.Fields {
		known[f.Name] = true
		text, given := call.params[f.Name]
		_, uploaded := call.Files[f.Name]
		switch {
		case given:
			problems = append(problems, s.checkParam(f, text, call, marked)...)
		case uploaded && !slices.Contains(f.Types, "InputFile"):
			problems = append(problems, fmt.Sprintf("%s: a file where %s is expected", f.Name, strings.Join(f.Types,
				" or ")))
		case f.Required && !uploaded:
			problems = append(problems, fmt.Sprintf("%s is missing", f.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(call.params)) {
		if !known[name] && !olderParam(method.Name, name) {
			problems = append(problems, fmt.Sprintf("%s is no parameter of this method", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(call.Files)) {
		attached := slices.ContainsFunc(slices.Collect(maps.Values(call.params)), func(text string) bool {
			return strings.Contains(text, AttachPrefix+name)
		})
		if !known[name] && !attached {
			problems = append(problems, fmt.Sprintf("the file %s is no parameter of this method, nor attached by one",
				name))
		}
	}
	return problems
}

// olderParams are the names that telegram-bot-api v5.5.1 sends and that the Bot API
// still takes, though its description has dropped them: what reply_parameters,
// link_preview_options and the button of inline results were before 7.0.
var olderParams = map[string][]string{
	"send":              {"reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview"},
	"edit":              {"disable_web_page_preview"},
	"answerInlineQuery": {"switch_pm_text", "switch_pm_parameter"},
}

// olderFields are the same for objects.
var olderFields = map[string][]string{
	"InlineQueryResultArticle": {"hide_url", "thumb_url", "thumb_width", "thumb_height"},
	"InlineQueryResultPhoto":   {"thumb_url"},
	"InputTextMessageContent":  {"disable_web_page_preview"},
}

// nilLists are the lists that v5 sends as null where there are none.
var nilLists = []string{"entities", "caption_entities"}

func olderParam(method, name string) bool {
	for prefix, names := range olderParams {
		if strings.HasPrefix(method, prefix) && slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// checkParam holds one parameter against its field. In a form everything is text:
// numbers and objects are JSON in it, strings stand for themselves.
func (s *Spec) checkParam(f specField, text string, call *Call, marked bool) []string {
	if slices.Contains(f.Types, "InputFile") {
		return checkFileRef(f, text, call)
	}
	raw := json.RawMessage(text)
	number := slices.Contains(f.Types, "Integer") && integerForm.Match(raw)
	if slices.Contains(f.Types, "String") && !number {
		raw, _ = json.Marshal(text) // strings can be encoded
	}
	if !json.Valid(raw) {
		return []string{fmt.Sprintf("%s: %q is no %s", f.Name, shorten(text), strings.Join(f.Types, " or "))}
	}
	return s.checkField(f.Name, f, raw, marked)
}

// checkFileRef takes a file id or an address; a file must have come with attach://.
func checkFileRef(f specField, text string, call *Call) []string {
	name, attached := strings.CutPrefix(text, AttachPrefix)
	if _, uploaded := call.Files[name]; attached && !uploaded {
		return []string{fmt.Sprintf("%s: no file %q was uploaded", f.Name, name)}
	}
	if !attached && !slices.Contains(f.Types, "String") {
		return []string{fmt.Sprintf("%s: has to be uploaded as a file", f.Name)}
	}
	return nil
}

// CheckResult returns the faults of a method's result, as far as the excerpt describes it.
func (s *Spec) CheckResult(method string, raw json.RawMessage) []string {
	return s.checkOneOf("result", s.methods[strings.ToLower(method)].Returns, raw)
}

// CheckType returns the faults of a value of the type, none where the type is not described.
func (s *Spec) CheckType(kind string, raw json.RawMessage) []string {
	if _, described := s.types[kind]; !described {
		return nil
	}
	return s.check(kind, kind, raw)
}

// checkField holds a value against a field: its type, and the lengths it states.
func (s *Spec) checkField(path string, f specField, raw json.RawMessage, marked bool) []string {
	if string(raw) == "null" && slices.Contains(nilLists, f.Name) {
		return nil
	}
	problems := s.checkOneOf(path, f.Types, raw)
	if len(problems) > 0 {
		return problems
	}
	text := string(raw)
	if json.Unmarshal(raw, &text) != nil && !integerForm.Match(raw) {
		return nil // an object or a list
	}
	if f.only != "" && text != f.only {
		return []string{fmt.Sprintf("%s is %q, must be %q", path, text, f.only)}
	}
	for _, limit := range f.limits {
		if broken := limit.broken(text, marked); broken != "" {
			problems = append(problems, path+" "+broken)
		}
	}
	return problems
}

// checkOneOf is empty where one of the types fits, and otherwise what is wrong with
// the type that comes nearest.
func (s *Spec) checkOneOf(path string, kinds []string, raw json.RawMessage) []string {
	var nearest []string
	for i, kind := range kinds {
		problems := s.check(path, kind, raw)
		if len(problems) == 0 {
			return nil
		}
		if i == 0 || misfit(path, problems) < misfit(path, nearest) {
			nearest = problems
		}
	}
	return nearest
}

// misfit is how far a value is from a type by the problems with it: most where it
// is another kind of thing or another subtype, much where it has other fields, and
// little where something inside is wrong.
func misfit(path string, problems []string) int {
	distance := 0
	for _, p := range problems {
		field, own := strings.CutPrefix(p, path+".")
		name, rest, _ := strings.Cut(field, " ")
		switch {
		case strings.HasPrefix(p, path+": "), own && strings.Contains(rest, "must be"):
			distance += 100
		case own && !strings.ContainsAny(name, ".["):
			distance += 10
		default:
			distance++
		}
	}
	return distance
}

var (
	integerForm = regexp.MustCompile(`^-?\d+$`)
	floatForm   = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d+)?$`)
)

// check holds a value against one type.
func (s *Spec) check(path, kind string, raw json.RawMessage) []string {
	wrong := []string{fmt.Sprintf("%s: %s, %s expected", path, shorten(string(raw)), kind)}
	fits := func(ok bool) []string {
		if ok {
			return nil
		}
		return wrong
	}
	switch kind {
	case "String":
		return fits(len(raw) > 0 && raw[0] == '"')
	case "Integer":
		return fits(integerForm.Match(raw))
	case "Float":
		return fits(floatForm.Match(raw))
	case "Boolean":
		return fits(string(raw) == "true" || string(raw) == "false")
	}
	if element, ok := strings.CutPrefix(kind, "Array of "); ok {
		var list []json.RawMessage
		if len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
			return wrong
		}
		var problems []string
		for i, item := range list {
			problems = append(problems, s.check(fmt.Sprintf("%s[%d]", path, i), element, item)...)
		}
		return problems
	}
	declared, ok := s.types[kind]
	if !ok {
		return []string{fmt.Sprintf("%s: the description has no type %s", path, kind)}
	}
	if len(declared.Subtypes) > 0 {
		return s.checkOneOf(path, declared.Subtypes, raw)
	}
	var object map[string]json.RawMessage
	if len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &object) != nil {
		return wrong
	}
	return s.checkObject(path, kind, declared, object)
}

func (s *Spec) checkObject(path, kind string, declared specType, object map[string]json.RawMessage) []string {
	var problems []string
	known := map[string]bool{}
	marked := object["parse_mode"] != nil || object["entities"] != nil || object["caption_entities"] != nil
	for _, f := range declared.Fields {
		known[f.Name] = true
		value, given := object[f.Name]
		switch {
		case given:
			problems = append(problems, s.checkField(path+"."+f.Name, f, value, marked)...)
		case f.Required:
			problems = append(problems, fmt.Sprintf("%s.%s is missing", path, f.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !known[name] && !slices.Contains(olderFields[kind], name) {
			problems = append(problems, fmt.Sprintf("%s.%s is no field of %s", path, name, kind))
		}
	}
	return problems
}

// shorten cuts a value that is quoted in a message.
func shorten(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
