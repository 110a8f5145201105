package htmltext

import "testing"

func TestNoMarkupLeaves(t *testing.T) {
	for in, want := range map[string]string{
		"<p>a</p><p>b</p>":    "a\n\nb",
		"a<br/>b<br>c":        "a\nb\nc",
		"a &amp; b &lt;i&gt;": "a & b <i>",
		"one\n  two":          "one\ntwo",
		"<b>one</b>\n  two":   "one two",
		"<script>if (a<b) alert('x')</script>seen":       "seen",
		"<style>p{}</style><STYLE>x</STYLE>seen":         "seen",
		"seen<script>never closed":                       "seen",
		"<iframe src=x><b>a</b></iframe>b":               "ab",
		"seen<object data=x> and this":                   "seen and this",
		"<noscript><img src=x onerror=y>text</noscript>": "text",
		"a<!-- b -->c":                   "ac",
		"<img alt='a>b' src=x>c":         "c",
		"<td>a</td><td>b</td>":           "a b",
		"<plaintext>a<b>c":               "ac",
		"\u202eevil\u2066 \x00 \x1b[31m": "evil [31m",
		"a\u00a0b":                       "a b",
	} {
		if got := Blocks(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
