package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) Run(p *process) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	fmt.Fprintf(p.stdout, "parley %s\n", describe(info))
	return nil
}

// describe is "v1.2.3 (revision 0123456789ab, modified), go1.26.8, bleve v2.6.3".
func describe(info *debug.BuildInfo) string {
	text := cmp.Or(info.Main.Version, "(devel)")
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision := settings["vcs.revision"]; revision != "" {
		text += " (revision " + revision[:min(12, len(revision))]
		if settings["vcs.modified"] == "true" {
			text += ", modified"
		}
		text += ")"
	}
	text += ", " + cmp.Or(info.GoVersion, "unknown Go")
	for _, m := range info.Deps {
		if m.Path == "github.com/blevesearch/bleve/v2" {
			text += ", bleve " + m.Version
		}
	}
	return text
}
