INSERT INTO chat_settings (chat, settings) VALUES ('chat', '{"language":"uk","private":true,"channels":["7"]}');
INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ('chat', 'kicked', 1777999999);
INSERT INTO telegram_offsets (bot, update_id, committed_at) VALUES (1, 42, 1777999999);
INSERT INTO telegram_updates (bot, update_id, handled_at) VALUES (1, 42, 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('action', '#a', '{}', 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('file', 'picture', 'AgAC', 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('registered', 'commands', 'abc', 1777999999);
INSERT INTO subscriptions (id, chat, channel, zone, minute, days, topics, actors, language, quiet_days, paused, by_user, since, cursor)
VALUES ('abc', 'chat', '7', 'Europe/Kyiv', 570, '1,5', 'ceasefire,sanctions', 'russia', 'uk', 1, 0, 'telegram/1', 1777000000, 42);
INSERT INTO slots (subscription, date, chat, channel, due, state, why, done, tries, wake, holder, held_until, record, reason) VALUES ('abc', '2026-05-05', 'chat', '7', 1777960000, 'due', 'late', 0, 1, 1777960000, '', 0, '{"through":9}', '{"text":"late"}');
INSERT INTO parts (subscription, date, number, content, begun, message, lost) VALUES ('abc', '2026-05-05', 0, 'one', 1777960001, '77', 0);
INSERT INTO parts (subscription, date, number, content, begun, message, lost) VALUES ('abc', '2026-05-05', 1, 'two', 0, '', 0);
INSERT INTO shown (subscription, document, revision, shown_at) VALUES ('abc', 'doc', 2, 1777960000);
INSERT INTO marks (name, at) VALUES ('mark', 1777960000);
