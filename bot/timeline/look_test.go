package timeline

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// linear is a colour's light, red, green and blue, as WCAG 2.2 and the simulations below take it.
func linear(c color.RGBA) (l [3]float64) {
	for i, v := range []uint8{c.R, c.G, c.B} {
		if s := float64(v) / 255; s <= 0.04045 {
			l[i] = s / 12.92
		} else {
			l[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return l
}

// contrast is that of WCAG 2.2, 1 to 21.
func contrast(a, b color.RGBA) float64 {
	luminance := func(c color.RGBA) float64 {
		l := linear(c)
		return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
	}
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestContrast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]color.RGBA{"ink": ink, "muted": muted} {
		if got := contrast(c, ground); got < 4.5 {
			t.Errorf("text in %s has a contrast of %.2f, want 4.5", name, got)
		}
	}
	for i, c := range append([]color.RGBA{edge}, rowColours...) {
		if got := contrast(c, ground); got < 3 {
			t.Errorf("colour %d has a contrast of %.2f, want 3", i, got)
		}
	}
}

// sights are how a colour is seen: with all cones, and without those for long, middle or
// short waves (Machado, Oliveira and Fernandes 2009, severity 1).
var sights = map[string][3][3]float64{
	"trichromacy":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is the colour as it is seen, in CIE L*a*b* (D65).
func lab(c color.RGBA, sight [3][3]float64) [3]float64 {
	l := linear(c)
	var s [3]float64
	for i, m := range sight {
		s[i] = min(1, max(0, m[0]*l[0]+m[1]*l[1]+m[2]*l[2]))
	}
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*s[0] + 0.3576*s[1] + 0.1805*s[2]) / 0.9505)
	y := f(0.2126*s[0] + 0.7152*s[1] + 0.0722*s[2])
	z := f((0.0193*s[0] + 0.1192*s[1] + 0.9505*s[2]) / 1.0890)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func TestRowColoursApart(t *testing.T) {
	t.Parallel()
	for name, sight := range sights {
		for i, a := range rowColours {
			for j, b := range rowColours[:i] {
				least := 15.0
				if i-j == 1 || i-j == len(rowColours)-1 {
					least = 30 // neighbours
				}
				p, q := lab(a, sight), lab(b, sight)
				if d := math.Hypot(math.Hypot(p[0]-q[0], p[1]-q[1]), p[2]-q[2]); d < least {
					t.Errorf("%s: colours %d and %d are %.1f apart, want %.0f", name, j, i, d, least)
				}
			}
		}
	}
}

// Every pair of shapes differs in a quarter of their ink, on a phone as well, where a mark
// is about 13 device-independent pixels.
func TestShapesApart(t *testing.T) {
	t.Parallel()
	for _, size := range []int{markSize, 13} {
		var masks [len(kindNames)][]uint8
		for k := Demands; k <= Event; k++ {
			p := newPen(size)
			k.draw(p)
			masks[k] = p.mask().Pix
			for o := Demands; o < k; o++ {
				differ, inked := 0, 0
				for i, v := range masks[k] {
					w := masks[o][i]
					differ += int(max(v, w) - min(v, w))
					inked += int(max(v, w))
				}
				if 4*differ < inked {
					t.Errorf("%v and %v at %d pixels differ in %d of %d", o, k, size, differ, inked)
				}
			}
		}
	}
}

func TestFontsHaveTheLetters(t *testing.T) {
	t.Parallel()
	const letters = "Türkiye İıŞşĞğÇç Łódź Orbán Macron München Nausėda Šefčovič Țoiu " +
		"АаБбВвГгҐґДдЕеЄєЖжЗзИиІіЇїЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЬьЮюЯяЁёЪъЫыЭэ’ " +
		"ΑαΒβΓγΔδΕεΖζΗηΘθΙιΚκΛλΜμΝνΞξΟοΠπΡρΣσςΤτΥυΦφΧχΨψΩωΆάΈέΉήΊίΌόΎύΏώ 0123456789×–—…“”"
	for name, ttf := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range letters {
			if i, err := f.GlyphIndex(nil, r); i == 0 || err != nil {
				t.Errorf("%s has no %q: %v", name, r, err)
			}
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		" Saudi\u00a0\n Arabia\u202f": "Saudi Arabia",
		"Tu\u0308rkiye":               "Türkiye",
		"cease\u2011fire\u202e\x00":   "cease-fire",
		"\u200b":                      "",
		"\xff":                        "\ufffd",
		strings.Repeat("я", 600):      strings.Repeat("я", maxText-1) + ellipsis,
	}
	for in, want := range tests {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFitAndWrap(t *testing.T) {
	t.Parallel()
	face := mustFaces(t).text
	w := func(s string) int { return width(face, s) }
	fits := []struct {
		text   string
		pixels int
		want   string
	}{
		{"", 0, ""},
		{"Ukraine", w("Ukraine"), "Ukraine"},
		{"Ukraine", w("Ukraine") - 1, "Ukrai…"},
		{"United States", w("United …"), "United…"},
		{"y\u0308\u0301zzzzz", w("y\u0308\u0301…") - 1, "…"}, // a letter keeps its accents or goes
		{"Ω", 0, "…"},
	}
	for _, test := range fits {
		if got := fit(face, test.text, test.pixels); got != test.want {
			t.Errorf("fit(%q, %d) = %q, want %q", test.text, test.pixels, got, test.want)
		}
	}
	wraps := []struct{ text, want string }{
		{"", ""},
		{"one two", "one two"},
		{"one two three", "one two|three"},
		{"one two three four", "one two|three…"},
		{"incomprehensible words", "inco…|words"},
	}
	for _, test := range wraps {
		if got := strings.Join(wrap(face, test.text, w("one two"), 2), "|"); got != test.want {
			t.Errorf("wrap(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
