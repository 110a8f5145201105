package bot

import (
	"strconv"

	"parley/bot/argument"
	"parley/bot/wording"
)

// pageOption is which part of a long list to show.
func pageOption() argument.Option {
	return argument.Option{Name: "page", About: "option.page", Type: argument.Integer}
}

// pageOf is the page asked for, from 0.
func pageOf(args Args) (int, error) {
	if args["page"] == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(args["page"])
	if err != nil || n < 1 || n > maxPage {
		return 0, wording.Refuse("no_page", wording.Data{"Last": maxPage})
	}
	return n - 1, nil
}

// turn are the actions that show the page before and the page after one, from 0, of what
// a request asks for.
func turn(p Presenter, req Request, page int, more bool, back, on wording.Key) (actions []Action) {
	if page > 0 {
		actions = append(actions, onPage(p.Say(back), req, page-1))
	}
	if more {
		actions = append(actions, onPage(p.Say(on), req, page+1))
	}
	return actions
}

// onPage is the action that shows a page, from 0.
func onPage(label string, req Request, page int) Action {
	args := Args{}
	for name, value := range req.Args {
		if value != "" {
			args[name] = value
		}
	}
	args["page"] = strconv.Itoa(page + 1)
	return Action{Label: label, Command: req.Command, Args: args}
}

// typedNext is how the page after one is asked for where there are no buttons.
func (b *Bot) typedNext(req Request, page int) string {
	a := onPage("", req, page+1)
	c, _ := b.command(a.Command)
	return c.form().Line(a.Args)
}

// onThe is a page of a list, from 0, with so many entries each; more tells whether there
// is another.
func onThe[T any](list []T, page, size int) (entries []T, more bool) {
	from := min(page*size, len(list))
	to := min(from+size, len(list))
	return list[from:to], to < len(list)
}
