package neighbours

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"
)

func mustEncode(t *testing.T, lists map[string][]Neighbour) *Table {
	t.Helper()
	data, err := Encode(lists)
	if err != nil {
		t.Fatal(err)
	}
	table, err := decode(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestEncodeSortsAndRoundsIntoTheRange(t *testing.T) {
	table := mustEncode(t, map[string][]Neighbour{"a": {{"b", 1e-9}, {"c", 1}, {"d", 0.5}}})
	got := table.Of("a")
	if len(got) != 3 || got[0] != (Neighbour{"c", 1}) || got[1].Term != "d" || got[2] != (Neighbour{"b", 1.0 / 255}) {
		t.Errorf("%v", got)
	}
	if table := mustEncode(t, nil); table.count != 0 || table.Of("a") != nil {
		t.Errorf("empty table: %d terms", table.count)
	}
}

func TestEncodeRefusesWhatIsNoSimilarity(t *testing.T) {
	for _, s := range []float64{0, -1, 1.01} {
		if _, err := Encode(map[string][]Neighbour{"a": {{"b", s}}}); err == nil {
			t.Errorf("similarity %v was encoded", s)
		}
	}
}

func TestDecodeRefusesCorruptTables(t *testing.T) {
	for name, data := range map[string]string{
		"empty":         "",
		"other version": strings.Replace(embedded, magic, "PNB\x02", 1),
		"truncated":     embedded[:len(embedded)-1],
		"flipped bit":   embedded[:100] + string(embedded[100]^1) + embedded[101:],
		"own neighbour": resum(func(b []byte) { copy(b[len(b)-6:], []byte{0, 0}) }),
		"no such term":  resum(func(b []byte) { b[len(b)-3] = 9 }),
		"similarity 0":  resum(func(b []byte) { b[len(b)-1] = 0 }),
		"rising":        resum(func(b []byte) { b[len(b)-1] = 255 }),
		"not ascending": resum(func(b []byte) { b[len(b)-7] = 'a' }),
		"many terms":    resum(func(b []byte) { b[11] = 1 }),
		"long terms":    resum(func(b []byte) { b[12]++ }),
	} {
		if _, err := decode(data); !errors.Is(err, errCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// resum is a table of a, b and c, changed, with a checksum that fits.
func resum(change func([]byte)) string {
	data, err := Encode(map[string][]Neighbour{"a": {{"b", 0.9}, {"c", 0.5}}})
	if err != nil {
		panic(err)
	}
	change(data)
	binary.LittleEndian.PutUint32(data[4:], crc32.ChecksumIEEE(data[8:]))
	return string(data)
}

// FuzzDecode repairs the checksum, so that the checks behind it are reached:
// whatever they let through can be read without a panic.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(resum(func([]byte) {})))
	f.Add([]byte(resum(func(b []byte) { b[20] = 7 })))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= headerSize {
			binary.LittleEndian.PutUint32(data[4:], crc32.ChecksumIEEE(data[8:]))
		}
		table, err := decode(string(data))
		if err != nil {
			return
		}
		for id := range table.count {
			checkNeighbours(t, table, table.term(id))
		}
	})
}
