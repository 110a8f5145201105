package digest

const childVariable = "PARLEY_DIGEST_TEST_CHILD"

func child() int { return 1 }
