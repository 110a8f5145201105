package timeline

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	day := Mark{From: on(2025, time.May, 1), Kind: Says}
	row := func(marks ...Mark) []Row { return []Row{{Name: "Türkiye", Marks: marks}} }
	tests := map[string]struct {
		chart Chart
		want  string // part of the error; empty: valid
	}{
		"a mark":           {Chart{Rows: row(day)}, ""},
		"an empty row too": {Chart{Rows: append(row(day), Row{Name: "Vatican"})}, ""},
		"the last day":     {Chart{Rows: row(Mark{From: on(9999, time.December, 31), To: on(10000, time.January, 1), Kind: Says})}, ""},
		"partly outside": {Chart{
			From: on(2025, time.June, 1), To: on(2025, time.July, 1),
			Rows: row(Mark{From: on(2025, time.January, 1), To: on(2026, time.January, 1), Kind: Says}),
		}, ""},
		"no rows":         {Chart{Title: "x"}, "0 marks"},
		"no marks":        {Chart{Rows: row()}, "0 marks"},
		"too many rows":   {Chart{Rows: slices.Repeat(row(day), MaxRows+1)}, "13 rows; at most 12"},
		"too many marks":  {Chart{Rows: row(slices.Repeat([]Mark{day}, MaxMarks+1)...)}, "5001 marks"},
		"no name":         {Chart{Rows: []Row{{Name: " \u200b", Marks: []Mark{day}}}}, "row 1 has no name"},
		"no kind":         {Chart{Rows: row(Mark{From: day.From})}, "no kind"},
		"unknown kind":    {Chart{Rows: row(Mark{From: day.From, Kind: Event + 1})}, "Kind(9)"},
		"mark inverted":   {Chart{Rows: row(Mark{From: day.From, To: day.From.Add(-1), Kind: Says})}, "before it begins"},
		"year 0":          {Chart{Rows: row(Mark{From: on(0, time.May, 1), Kind: Says})}, "the year 0"},
		"year 10000":      {Chart{Rows: row(Mark{From: on(10000, time.May, 1), Kind: Says})}, "the year 10000"},
		"mark outside":    {Chart{To: on(2025, time.May, 1), Rows: row(day, Mark{From: on(2025, time.April, 1), Kind: Says})}, "a mark on 1 May 2025 lies outside of the period, Apr 2025"},
		"period inverted": {Chart{From: on(2026, time.May, 2), To: on(2025, time.May, 2), Rows: row(day)}, "the period ends on 1 May 2025"},
		"period's year":   {Chart{From: on(-5, time.May, 2), Rows: row(day)}, "the year -5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			err := test.chart.WritePNG(&b)
			if test.want == "" {
				if err != nil || b.Len() == 0 {
					t.Errorf("WritePNG wrote %d bytes, %v", b.Len(), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || b.Len() > 0 {
				t.Errorf("WritePNG wrote %d bytes, %v; want an error with %q", b.Len(), err, test.want)
			}
		})
	}
}

type brokenWriter struct{ error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.error }

func TestWritePNGReportsTheWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	if err := busy(1, 1).WritePNG(brokenWriter{full}); !errors.Is(err, full) {
		t.Errorf("WritePNG = %v, want %v", err, full)
	}
}

func TestParseKind(t *testing.T) {
	t.Parallel()
	for k := Demands; k <= Event; k++ {
		if got, err := ParseKind(k.String()); got != k || err != nil {
			t.Errorf("ParseKind(%q) = %v, %v", k, got, err)
		}
	}
	for _, s := range []string{"", "Demands", "insists", "Kind(0)"} {
		if k, err := ParseKind(s); err == nil {
			t.Errorf("ParseKind(%q) = %v, want an error", s, k)
		}
	}
}

// picture draws a chart and reads it back.
func picture(t testing.TB, c Chart) (*image.Paletted, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := c.WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Paletted), b.Bytes()
}

// The order of marks is nobody's matter, and nor is that of a map.
func TestSameChartSameBytes(t *testing.T) {
	t.Parallel()
	c := busy(4, 60)
	_, want := picture(t, c)
	for _, r := range c.Rows {
		slices.Reverse(r.Marks)
	}
	for range 3 {
		if _, got := picture(t, c); !bytes.Equal(got, want) {
			t.Fatal("the same chart was drawn to other bytes")
		}
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		chart Chart
		bytes int // at most
	}{
		"a usual topic": {busy(5, 10), 150_000},
		"a busy one":    {busy(11, 400), 500_000},
		"the most":      {busy(MaxRows, MaxMarks/MaxRows), 500_000},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img, written := picture(t, test.chart)
			if len(written) > test.bytes {
				t.Errorf("%d bytes, want at most %d", len(written), test.bytes)
			}
			if s := img.Bounds().Size(); s.X != pictureWidth || s.X+s.Y > 10_000 || s.Y > 20*s.X || s.X > 20*s.Y {
				t.Errorf("%v: Telegram takes 10,000 pixels of width and height together, and 1:20", s)
			}
			if !img.Opaque() {
				t.Error("the chat's ground shows through")
			}
			checkRowsDrawn(t, img, test.chart)
		})
	}
}

// checkRowsDrawn reports marks that are not in the picture in their row's colour, and
// colour where there is none.
func checkRowsDrawn(t *testing.T, img *image.Paletted, c Chart) {
	t.Helper()
	l := arrange(c, mustFaces(t))
	for n, r := range l.rows {
		colour := rowColours[n%len(rowColours)]
		for _, i := range r.items {
			around := image.Rect(i.x-markSize/2, r.y(i)-markSize/2, i.x+markSize/2, r.y(i)+markSize/2)
			if got, least := pixels(img, around, colour), markSize*markSize/8; got < least {
				t.Errorf("row %d, %v: %d pixels have its colour, want %d", n, i, got, least)
			}
		}
		if n := pixels(img, image.Rect(plotRight, r.top, pictureWidth-4, r.bottom), ground); n != (pictureWidth-4-plotRight)*(r.bottom-r.top) {
			t.Errorf("row %d: something is drawn in the right margin", n)
		}
	}
}

func pixels(img image.Image, in image.Rectangle, want color.RGBA) (n int) {
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if color.RGBAModel.Convert(img.At(x, y)) == want {
				n++
			}
		}
	}
	return n
}

func TestAltText(t *testing.T) {
	t.Parallel()
	c := Chart{Title: "Ceasefire", Rows: []Row{
		{Name: "Ukraine", Marks: []Mark{
			{From: on(2025, time.March, 11), Kind: Supports},
			{From: on(2025, time.January, 1), To: on(2026, time.January, 1), Kind: Demands},
			{From: on(2025, time.March, 12), Kind: Demands},
		}},
		{Name: "Türkiye"},
		{Name: "Events", Marks: []Mark{{From: on(2025, time.May, 16), Kind: Event}}},
	}}
	want := "Ceasefire. Timeline, 2025. Ukraine: 3 entries, 2025 (demands 2, supports 1). " +
		"Türkiye: no statement in the record. Events: 1 entry, 16 May 2025 (event 1)."
	if got := c.AltText(); got != want {
		t.Errorf("AltText:\n%s\nwant\n%s", got, want)
	}
	c.From = on(2025, time.January, 1)
	c.To = on(2025, time.July, 1)
	if got, want := c.AltText(), "Timeline, 1 Jan 2025 to 30 Jun 2025."; !strings.Contains(got, want) {
		t.Errorf("AltText:\n%s\nwant the period asked for, %q", got, want)
	}
}

func TestAltTextIsShort(t *testing.T) {
	t.Parallel()
	c := busy(MaxRows, 400)
	c.Title = strings.Repeat("переговори ", 100)
	for i := range c.Rows {
		c.Rows[i].Name += strings.Repeat(" Міністерство", 40)
	}
	got := c.AltText()
	if n := utf8.RuneCountInString(got); n > maxAlt {
		t.Errorf("%d characters, want at most %d:\n%s", n, maxAlt, got)
	}
	for _, r := range c.Rows {
		if !strings.Contains(got, r.Name[:8]) {
			t.Errorf("%.8q is left out:\n%s", r.Name, got)
		}
	}
}
