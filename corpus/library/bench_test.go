package library_test

import (
	"slices"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/files"
	"parley/corpus/library"
)

// BenchmarkPut keeps the documents of the shared corpora, in batches of 200.
func BenchmarkPut(b *testing.B) {
	docs, _, err := files.Reader{}.Read(b.Context(), "../../../shared/corpora", "../../../shared/seed")
	if err != nil || len(docs) == 0 {
		b.Skip("there are no documents here:", err)
	}
	var items []library.Item
	bytes := 0
	for _, d := range docs {
		items = append(items, library.Item{Document: d, Origin: file})
		bytes += len(d.Text)
	}
	for name, open := range map[string]func(testing.TB) *database.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(bytes))
			for range b.N {
				l, err := library.New(b.Context(), open(b), library.Options{Now: time.Now})
				if err != nil {
					b.Fatal(err)
				}
				for some := range slices.Chunk(items, 200) {
					if _, err := l.Put(b.Context(), some); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N*len(items))/b.Elapsed().Seconds(), "documents/s")
		})
	}
}
