package main

import "slices"

// folds deals keys out into n folds, in turn and in their order; those that are
// equal come into the same fold.
func folds(keys []string, n int) []int {
	distinct := slices.Compact(slices.Sorted(slices.Values(keys)))
	fold := make([]int, len(keys))
	for i, key := range keys {
		at, _ := slices.BinarySearch(distinct, key)
		fold[i] = at % n
	}
	return fold
}

// outside are the items that are not in the fold.
func outside[T any](items []T, fold []int, k int) []T {
	var rest []T
	for i, item := range items {
		if fold[i] != k {
			rest = append(rest, item)
		}
	}
	return rest
}
