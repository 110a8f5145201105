package discordtest

// ApplicationID is the application's id, which is the bot user's, too.
func (d *Server) ApplicationID() ID { return d.appID }

// Tag is the id of a forum's tag, 0 if it has none of that name.
func (ch *Channel) Tag(name string) ID {
	for _, t := range ch.tags {
		if t.name == name {
			return t.id
		}
	}
	return 0
}

// CommandsCreated is how many commands count as created within the last day.
func (d *Server) CommandsCreated() int { return d.commandsCreated() }

// Permissions is what a person may do in a channel.
func (ch *Channel) Permissions(u *User) Permissions { return ch.permissions(u) }
