package index

import (
	"testing"
	"time"

	"parley/index/when"
)

func FuzzPeriodTermsAreFew(f *testing.F) {
	f.Add(int64(0), int64(0), int64(0))
	f.Add(int64(20_000), int64(20_010), int64(20_000))
	f.Add(int64(0), int64(20_010), int64(20_000))
	f.Fuzz(func(t *testing.T, since, until, now int64) {
		day := func(n int64) time.Time { return time.Unix(0, 0).UTC().AddDate(0, 0, int(n%100_000)) }
		for _, p := range []when.Period{{}, {Since: day(since)}, {Until: day(until)}, {Since: day(since), Until: day(until)}} {
			if n := len(periodTerms(p, day(now))); n > 31 {
				t.Errorf("%d terms for %v", n, p)
			}
		}
	})
}
