package timeline

import (
	"fmt"
	"math/rand/v2"
	"time"
)

func on(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// busy is a chart with so many marks a row within 15 months, the same at every call; a
// tenth of them are known by their month only.
func busy(rows, marks int) Chart {
	r := rand.New(rand.NewPCG(1, 2))
	c := Chart{Title: "Security guarantees", Subtitle: "Statements and events in the record"}
	for n := range rows {
		row := Row{Name: fmt.Sprintf("Actor %d", n+1)}
		for range marks {
			m := Mark{From: on(2025, time.February, 1+r.IntN(450)), Kind: Demands + Kind(r.IntN(int(Event)))}
			if r.IntN(10) == 0 {
				m.From = month.floor(dayOf(m.From)).start()
				m.To = m.From.AddDate(0, 1, 0)
			}
			row.Marks = append(row.Marks, m)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
