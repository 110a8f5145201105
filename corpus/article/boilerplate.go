package article

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus/article/dom"
	"parley/corpus/dates"
)

// known are the title, date and byline of a page's head, which the body may repeat.
type known struct {
	titles          []string
	author, summary string
}

func (k known) isTitle(s string) bool { return dom.IsAny(s, k.titles) }

// trim removes the blocks that are not the article's own text: what its head repeats,
// links to other pages, invitations, notices, and the headings left without text.
func trim(blocks []block, k known) []block {
	blocks = trimHead(blocks, k)
	blocks = trimLinks(blocks)
	blocks = slices.DeleteFunc(blocks, isNotice)
	blocks = trimTail(blocks)
	for len(blocks) > 0 && blocks[len(blocks)-1].kind == heading {
		blocks = blocks[:len(blocks)-1]
	}
	return blocks
}

// minProse is the length from which a block that ends like a sentence is prose, in
// runes: shorter ones may be slogans, standfirsts and captions.
const minProse = 140

func isProse(b block) bool {
	if b.kind == heading || b.linkShare() > 0.5 {
		return false
	}
	n := utf8.RuneCountInString(b.text)
	return n >= minProse || n >= minProse/2 && endsSentence(b.text)
}

func endsSentence(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.Is(unicode.Pf, r) || unicode.Is(unicode.Pe, r) || r == '"' || r == '\''
	})
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…。！？؟।:", last)
}

// trimHead removes what stands before the first prose and says what the head says:
// the title, the author, the date, the way to the page.
func trimHead(blocks []block, k known) []block {
	first := slices.IndexFunc(blocks, func(b block) bool { return isProse(b) && !k.isTitle(b.text) })
	if first < 0 {
		return blocks
	}
	head := slices.DeleteFunc(slices.Clone(blocks[:first]), func(b block) bool {
		return k.isTitle(b.text) || dom.SameText(b.text, k.author) || dom.SameText(b.text, k.summary) ||
			b.kind == paragraph && dates.IsDateline(b.text) || filing.MatchString(b.text) || b.linkShare() > 0.8
	})
	return append(head, blocks[first:]...)
}

// Link shares from which a block, or a run of list items together, leads elsewhere.
const (
	linkParagraph = 0.9
	linkList      = 0.75
)

// trimLinks removes paragraphs and lists that are only links, with the words that introduce them.
func trimLinks(blocks []block) []block {
	var out []block
	for start, end := 0, 0; start < len(blocks); start = end {
		end = start + 1 // the items of a list are judged together, all other blocks one by one
		for blocks[start].kind == item && end < len(blocks) && blocks[end].kind == item {
			end++
		}
		run := blocks[start:end]
		if !isLinks(run) {
			out = append(out, run...)
			continue
		}
		if n := len(out); n > 0 && introduces(out[n-1]) {
			out = out[:n-1]
		}
	}
	return out
}

func isLinks(run []block) bool {
	linked, all := 0, 0
	for _, b := range run {
		linked += b.linked
		all += utf8.RuneCountInString(b.text)
	}
	share := float64(linked) / float64(max(1, all))
	switch run[0].kind {
	case item:
		return share >= linkList
	case paragraph:
		return share >= linkParagraph
	}
	return false
}

// introduces reports whether a block is a few words that need what follows.
func introduces(b block) bool {
	return utf8.RuneCountInString(b.text) < 60 && (b.kind == heading || strings.HasSuffix(b.text, ":"))
}

// trimTail removes a closing section that its heading names as something else than the
// article, down to the end. A section with a quarter of the prose is of the article.
func trimTail(blocks []block) []block {
	all := 0
	for _, b := range blocks {
		all += b.prose()
	}
	left := all
	for i, b := range blocks {
		left -= b.prose()
		isHeading := b.kind != item && utf8.RuneCountInString(b.text) < 80 && !strings.HasSuffix(b.text, ".")
		if isHeading && left <= all/4 && closing.MatchString(b.text) {
			return blocks[:i]
		}
	}
	return blocks
}

// prose is the length of a block in runes where it is prose, else 0.
func (b block) prose() int {
	if !isProse(b) {
		return 0
	}
	return utf8.RuneCountInString(b.text)
}

// noticeLength is the length up to which a block can be a notice, in runes.
const noticeLength = 320

// isNotice reports whether a block speaks of the page and its publisher instead of the story.
func isNotice(b block) bool {
	if utf8.RuneCountInString(b.text) > noticeLength {
		return false
	}
	s := strings.Trim(b.text, " \t\n[]()*•·|-–—>»←→")
	hasWords := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	return !hasWords && b.kind == paragraph ||
		labels.MatchString(s) || b.kind != item && notices.MatchString(s)
}

// alternatives is the pattern of the phrases, one or more a line, ignoring case.
func alternatives(before, after string, phrases string) *regexp.Regexp {
	var parts []string
	for line := range strings.Lines(phrases) {
		if line = strings.TrimSpace(line); line != "" {
			parts = append(parts, line)
		}
	}
	return regexp.MustCompile(`(?i)` + before + `(?:` + strings.Join(parts, "|") + `)` + after)
}

var (
	// labels are blocks that are nothing but the name of a control or a mark.
	labels = alternatives(`^`, `[\s:.!…]*$`, `
		adverts?|advertisements?|advertising|story continues below( advertisement)?|article continues below.*
		sponsored( content)?|promoted( content)?|affiliate|anzeige|werbung|publicité|publicidad|publicidade|iklan|реклама
		reklam
		comments?( \(\d+\))?|\d+ comments?|leave a comment|no comments( yet)?|comentarios|comentários|kommentare|коментарі
		комментарии
		share( this)?( (on|via) \S+)?|tweet|pin( it)?|e-?mail|print|whats ?app|facebook|twitter|telegram|copy link
		поділитися|поделиться|partager|teilen|compartir|compartilhar
		skip to (the )?(main )?content|back to top|menu|search|home|close|loading|play|watch( now)?|enlarge( image)?
		view gallery|caption|highlights
		subscribe( now)?|sign up( now)?|sign in|log in|read more|read next|more
		related( (news|stories|articles|coverage|content))?|see also
		follow (us|on \S+)|updated|opinion|image \d+ of /? ?\d+|click to tweet`)

	// notices begin blocks that invite, refer or claim rights.
	notices = alternatives(`^`, ``, `
		https?://\S+$
		(read|see|watch|listen|learn|find out)( (more|also|next|now|the full story|it here))*\s?[:|>»]
		also (read|see)\s*[:|]|also on \w+\.\w{2,}\b|more (on|from)\b.{0,60}:|related( \S+){0,2}:|(more|also):
		don['’]t miss:|recommended:
		(читайте|читати|дивіться|смотрите|див\.) (також|также|ещё|ще)[\s:]|(по темі|по теме):
		(підписуйтесь|подписывайтесь|підпишіться|подпишитесь) на 
		lesen sie (auch|hier)|mehr zum thema|lire aussi|à lire|lea también|lee también|leia (também|mais)|ver también
		leggi anche|czytaj (też|także|więcej)|okumaya devam
		(click|tap) here\b|click to\b|download (our|the) \S+ ?app|get the \S+( \S+)? app\b
		(please )?(subscribe|sign up|register (now|here|for free)|follow (us|me|him|her|them) on)\b
		(please )?(join (us|our)|like us|support (us|our (work|journalism))|donate|become a member)\b
		(like|enjoy(ed)?|love) (this|what you)\b.{0,40}\b(story|article|post|share|read)
		want (more|to read more) (stories|news|like)\b|got a (news )?tip|have a (news )?tip|send (us|your) (news )?tips?
		tell us what
		(email|contact|reach|write to|follow) .{1,80}(@|\bat http|on twitter)
		(copyright|©|\(c\))|.{0,40}all rights reserved|source: .{1,40}$
		(image|photo|picture|video)s?( credit| by| courtesy)?: .{1,80}$
		(tempo de leitura|reading time|lesezeit|temps de lecture|час читання|время чтения)[\s:].{0,20}$
		\d+[ -]min(ute)?s?( read)?$
		(posted|published|publicado|filed) ?(in|on|by|em|por|under|:)(\s[^.!?]{0,80})?$
		(tags?|categor(y|ies|ia|ias)|topics?|labels?) ?(in|on|by|em|por|under|:)(\s[^.!?]{0,80})?$
		.*\bcontributed to this (report|story|article)\.?$|reporting by .{1,200}editing by
		(reporting|writing|editing) by (?-i:\p{Lu})\S+ (?-i:\p{Lu})\S+
		by signing up|this (article|story|post) (was|is|has been|originally)( originally)? (published|appeared|first)
		(the )?views expressed (in|here|by)|we (may|use) (earn|income|affiliate|cookies)
		this (site|website|page) uses cookies`)

	// filing says who put the article where on the site, and when.
	filing = regexp.MustCompile(`(?i)(^|[-|•·,;/]\s*)((posted|published|filed|written) (by|in|on|under)|` +
		`publicado (por|em|en)|categor\pL+:|tags?:|опубліковано|опубликовано)`)

	// closing are headings from which on a page is no longer the article.
	closing = alternatives(`^`, ``, `
		(about|meet) (the )?(author|writer|reporter)s?\b|(read |see )?more (from|on|great|stories|news|like)\b.*
		(you )?(may|might) (also|be interested)\b.*
		recommended( for you)?:?$|trending( now)?:?$|most (read|popular|viewed|shared):?$|popular (posts|stories|now):?$
		latest (news|stories|posts|articles):?$
		related( \S+){0,3}:?$|(leave|post|add|write) a (reply|comment)\b.*|\d* ?comments?:?$|share (this|on)\b.*|tags:?$
		topics:?$|further reading:?$
		what to read next|read next|up next|in other news|around the web|from the web|from our partners
		editors?['’]s? picks?|want more stories
		related coverage\b.*`)
)
