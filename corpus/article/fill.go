package article

import "slices"

// maxGap is the number of blocks of a gap that is filled: a longer one is a part of the
// page that readability left out on purpose.
const maxGap = 2

// fill puts back the prose that readability left out between blocks that it kept: it
// judges an element by the share of its links, which is high where a page gives each
// paragraph an element of its own.
func fill(kept, all []block) []block {
	at := map[string][]int{} // places in all, by text
	for i, b := range all {
		at[b.text] = append(at[b.text], i)
	}
	var out []block
	last := -1 // place of the block before
	for _, b := range kept {
		place := following(at[b.text], last)
		if last >= 0 && place > last+1 && place-last-1 <= maxGap {
			for _, left := range all[last+1 : place] {
				if isProse(left) {
					out = append(out, left)
				}
			}
		}
		out = append(out, b)
		last = place
	}
	return out
}

// following is the first of the places after last; -1 when there is none.
func following(places []int, last int) int {
	if i, _ := slices.BinarySearch(places, last+1); i < len(places) {
		return places[i]
	}
	return -1
}
