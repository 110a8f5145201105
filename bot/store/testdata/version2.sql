INSERT INTO chat_settings (chat, settings) VALUES ('chat', '{"language":"uk","private":true,"channels":["7"]}');
INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ('chat', 'kicked', 1777999999);
INSERT INTO telegram_offsets (bot, update_id, committed_at) VALUES (1, 42, 1777999999);
INSERT INTO telegram_updates (bot, update_id, handled_at) VALUES (1, 42, 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('action', '#a', '{}', 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('file', 'picture', 'AgAC', 1777999999);
INSERT INTO kept (kind, name, content, put_at) VALUES ('registered', 'commands', 'abc', 1777999999);
INSERT INTO subscriptions (id, chat, channel, zone, minute, days, topics, actors, language, quiet_days, paused, by_user, since, cursor)
VALUES ('abc', 'chat', '7', 'Europe/Kyiv', 570, '1,5', 'ceasefire,sanctions', 'russia', 'uk', 1, 0, 'telegram/1', 1777000000, 42);
