package main

import (
	"encoding/gob"
	"os"
)

type spaceDump struct {
	Rows, Cols int
	Cells      []float32
}

func saveSpace(s *space) {
	f, _ := os.Create("/tmp/space.gob")
	e := gob.NewEncoder(f)
	for _, m := range s.views {
		e.Encode(spaceDump{m.rows, m.cols, m.cells})
	}
	f.Close()
}
func loadSpace(n, views int) *space {
	f, err := os.Open("/tmp/space.gob")
	if err != nil {
		return nil
	}
	defer f.Close()
	e := gob.NewDecoder(f)
	s := newSpace(n)
	for range views {
		var d spaceDump
		if e.Decode(&d) != nil {
			return nil
		}
		s.add(&matrix{d.Rows, d.Cols, d.Cells})
	}
	return s
}
