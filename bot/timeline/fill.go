package timeline

// maxHeight of a picture, in pixels. Telegram takes 10,000 of width and height together.
const maxHeight = 8000

// sizes are what a picture may grow to, in pixels, and into how many units of counting at
// least its period is divided: one screen of a phone, then more height, and only at last
// less detail.
var sizes = [...]struct{ height, units int }{{1600, 10}, {2200, 10}, {3200, 10}, {maxHeight, 4}}

// fill chooses the finest unit of counting with which the rows are low enough.
func fill(rows []Row, l *layout, width func(string) int) (step, [][]item) {
	for _, size := range sizes {
		lanes := (size.height - l.fixed(len(rows))) / lanePitch
		for _, unit := range steps {
			if unit != oneDay && unit.fits(l.scale.period) < size.units {
				break
			}
			if items, ok := fillLanes(rows, unit, lanes, l.scale, width); ok {
				return unit, items
			}
		}
	}
	// In one unit that holds the whole period a row has an item a kind: 12 rows of 8 have room.
	items, _ := fillLanes(rows, forever, MaxRows*len(kindNames), l.scale, width)
	return forever, items
}

// fillLanes lays out the marks of all rows; not ok where they need more lanes.
func fillLanes(rows []Row, unit step, lanes int, s scale, width func(string) int) (filled [][]item, ok bool) {
	for _, r := range rows {
		items := itemsOf(r.Marks, unit, s, width)
		used, ok := stack(items, lanes)
		if !ok {
			return nil, false
		}
		filled, lanes = append(filled, items), lanes-used
	}
	return filled, true
}
