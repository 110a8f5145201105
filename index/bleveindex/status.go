package bleveindex

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"parley/index/bleveindex/contents"
	"parley/index/generation"
)

// State says how an index on disk fits what is wanted.
type State int

// The states of an index directory.
const (
	Missing  State = iota // no index: build it
	Equal                 // usable as it is
	Outdated              // another schema, mapping or lexicon: rebuild
	Other                 // of other documents: rebuild
	Corrupt               // torn or damaged: rebuild
)

func (s State) String() string {
	return [...]string{"missing", "current", "outdated", "of another corpus", "damaged"}[s]
}

// Want identifies the index that a record needs. An empty string fits any.
type Want struct {
	Mapping     string // see Mapping
	Fingerprint string // of the files that the documents are read from
}

// Status is what Inspect found.
type Status struct {
	State State
	// Why explains the state in a sentence for the operator.
	Why string
	// Building tells that a process is building this index now.
	Building bool
	// Meta is what the index says of itself; zero when Missing or Corrupt.
	Meta Meta
	// Bytes is its size on disk.
	Bytes int64
}

// Meta is what a generation says of itself.
type Meta struct {
	Schema  int    `json:"schema"`
	Mapping string `json:"mapping"`
	// Fingerprint is that of the files from which the generation was built, or the one
	// from which it was brought up to date: changes do not come from those files.
	Fingerprint string    `json:"fingerprint"`
	Built       time.Time `json:"built"` // or brought up to date
	// Problems are those of the files that could not be read.
	Problems []string `json:"problems,omitempty"`
	contents.Summary
}

// maxChecked bounds what Inspect reads to compare checksums, in bytes: about 50 ms. Damage
// to a larger file is found by its size, or by the checksums inside, when it is read.
const maxChecked = 256 << 20

// Inspect says how the index in dir fits, without opening it. It compares the checksums of
// the smallest files, up to maxChecked bytes, and the sizes of all.
func Inspect(dir string, want Want) (Status, error) {
	building, err := generation.Locked(dir)
	if err != nil {
		return Status{}, err
	}
	st := Status{Building: building}
	st.Meta, err = generation.Use(dir, func(gen generation.Generation) (m Meta, err error) {
		files, err := gen.ReadManifest(&m)
		if err != nil {
			return Meta{}, err
		}
		st.Bytes, err = gen.Verify(files, maxChecked)
		return m, err
	})
	switch m := st.Meta; {
	case errors.Is(err, generation.ErrCorrupt):
		return Status{State: Corrupt, Why: err.Error(), Building: building}, nil
	case errors.Is(err, fs.ErrNotExist):
		st.Why = "there is no index yet"
		return st, nil
	case err != nil:
		return Status{}, fmt.Errorf("index in %s: %w", dir, err)
	case m.Schema != schema:
		st.State, st.Why = Outdated, fmt.Sprintf("it has schema %d, this version of parley needs %d", m.Schema, schema)
	case want.Mapping != "" && want.Mapping != m.Mapping:
		st.State, st.Why = Outdated, "it was built with another lexicon or another version of parley"
	case want.Fingerprint != "" && want.Fingerprint != m.Fingerprint:
		st.State, st.Why = Other, "it was built from other documents"
	default:
		st.State, st.Why = Equal, "it fits"
	}
	return st, nil
}
