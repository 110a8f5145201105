package main

type corpusCmd struct {
	Add       corpusAddCmd       `cmd:"" help:"Take feeds, pages, files, lists of feeds or an export into the library."`
	Sync      corpusSyncCmd      `cmd:"" help:"Fetch the feeds and pages that are due; fails where none of them can be got."`
	List      corpusListCmd      `cmd:"" help:"List documents, the newest first."`
	Show      corpusShowCmd      `cmd:"" help:"Show a document, with its history."`
	Remove    corpusRemoveCmd    `cmd:"" help:"Have documents no longer quoted, or feeds and pages no longer fetched."`
	Restore   corpusRestoreCmd   `cmd:"" help:"Have documents quoted again that were removed, or feeds and pages fetched again that were given up or removed."`
	Export    corpusExportCmd    `cmd:"" help:"Write the library as JSON Lines, or its feeds as OPML."`
	Extract   corpusExtractCmd   `cmd:"" help:"Show what is read from a web page."`
	ParseFeed corpusParseFeedCmd `cmd:"" help:"Show what is read from a feed."`
	Doctor    corpusDoctorCmd    `cmd:"" help:"Say which feeds and pages fail, and why."`
}
