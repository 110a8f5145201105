package discordtest

import (
	"slices"
	"time"
)

var commandRoutes = []*route{
	{
		method: "PUT", path: "/applications/{application_id}/commands",
		rules: commandSetRules, serve: (*Server).overwriteCommands,
	},
}

// createsADay is how many commands may be created in a day.
const createsADay = 200

// Commands are the commands that are registered.
func (d *Server) Commands() []Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Command
	for _, c := range d.commands.all {
		all = append(all, *c)
	}
	return all
}

// overwriteCommands replaces all commands. Those whose name and type exist keep their id and do
// not count as created; those that are not named are gone.
func (d *Server) overwriteCommands(c *call) (any, error) {
	if c.id("application_id") != d.appID {
		return nil, errUnknownApp
	}
	next := []*Command{}
	if err := c.decode(&next); err != nil {
		return nil, err
	}
	created := 0
	for _, cmd := range next {
		cmd.Type = max(cmd.Type, commandSlash)
		cmd.ID, cmd.ApplicationID = 0, d.appID
		for _, old := range d.commands.all {
			if old.Name == cmd.Name && old.Type == cmd.Type {
				cmd.ID = old.ID
			}
		}
		if cmd.ID == 0 {
			created++
		}
	}
	if d.commandsCreated()+created > createsADay {
		return nil, errTooManyCreates
	}
	for _, cmd := range next {
		cmd.Version = d.newID()
		if cmd.ID == 0 {
			cmd.ID = d.newID()
			d.commands.created = append(d.commands.created, d.now())
		}
	}
	d.commands.all = next
	return next, nil
}

// commandsCreated is how many commands were created within the last day.
func (d *Server) commandsCreated() int {
	s := &d.commands
	s.created = slices.DeleteFunc(s.created, func(t time.Time) bool { return d.now().Sub(t) >= 24*time.Hour })
	return len(s.created)
}
