package openapi

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// explain lists what is wrong. Of a union it follows the member that was meant.
func explain(e *jsonschema.ValidationError) (problems []Problem) {
	for _, leaf := range leaves(e) {
		problems = append(problems, describe(leaf)...)
	}
	return problems
}

func leaves(e *jsonschema.ValidationError) (all []*jsonschema.ValidationError) {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return meant(e)
	}
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// meant are the leaves of the member of a union that fits best: one of another type, or
// with another number under its key "type", was not meant.
func meant(union *jsonschema.ValidationError) (best []*jsonschema.ValidationError) {
	least := -1
	for _, member := range union.Causes {
		found := leaves(member)
		misfit := len(found)
		for _, leaf := range found {
			if foreign(leaf, len(union.InstanceLocation)) {
				misfit += 1000
			}
		}
		if least < 0 || misfit < least {
			least, best = misfit, found
		}
	}
	return best
}

// foreign reports whether a leaf says that a value at a depth is of another kind.
func foreign(leaf *jsonschema.ValidationError, depth int) bool {
	at := leaf.InstanceLocation[min(depth, len(leaf.InstanceLocation)):]
	switch leaf.ErrorKind.(type) {
	case *kind.Type:
		return len(at) == 0
	case *kind.Enum, *kind.Const:
		return len(at) == 1 && at[0] == "type"
	}
	return false
}

var english = message.NewPrinter(language.English)

// describe says what a leaf means in Discord's codes.
func describe(leaf *jsonschema.ValidationError) []Problem {
	p := Problem{Path: slices.Clone(leaf.InstanceLocation), Text: leaf.ErrorKind.LocalizedString(english)}
	switch k := leaf.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return unknown(p.Path, k.Properties)
	case *kind.FalseSchema:
		p.Text = "the document knows no such key"
		return []Problem{p}
	case *kind.Required:
		var all []Problem
		for _, key := range k.Missing {
			all = append(all, Problem{append(slices.Clone(p.Path), key), "BASE_TYPE_REQUIRED", "This field is required"})
		}
		return all
	case *kind.Enum, *kind.Const:
		p.Code = "BASE_TYPE_CHOICES"
	case *kind.MinLength, *kind.MaxLength, *kind.MinItems, *kind.MaxItems:
		p.Code = "BASE_TYPE_BAD_LENGTH"
	case *kind.Minimum:
		p.Code = "NUMBER_TYPE_MIN"
	case *kind.Maximum:
		p.Code = "NUMBER_TYPE_MAX"
	default:
		p.Code = "BASE_TYPE_INVALID"
	}
	return []Problem{p}
}

func unknown(path []string, keys []string) (all []Problem) {
	for _, key := range keys {
		all = append(all, Problem{Path: append(slices.Clone(path), key), Text: "the document knows no such key"})
	}
	return all
}
