-- What a database of version 2 may hold.
INSERT INTO conversations (seq, id, title, created, updated, settings, leaf, trash) VALUES
    (1, x'00000000000000000000000000000001', 'Orchard 果樹園', 1000000000, 9000000000, '{"temperature":0.5}',
     x'0000000000000000000000000000000c', NULL),
    (2, x'00000000000000000000000000000002', 'gone', 2000000000, 3000000000, NULL,
     x'00000000000000000000000000000014', x'000000000000000000000000000000f2');
INSERT INTO messages (seq, id, conversation, parent, role, status, endpoint, key, model, created, cost, writer, trash,
    provenance, reasoning, text, parts) VALUES
    (1, x'0000000000000000000000000000000a', 1, NULL, 'user', 'complete', NULL, NULL, NULL, 1000000000, NULL, NULL,
     NULL, NULL, NULL, '東京都の桃は？', NULL),
    (2, x'0000000000000000000000000000000b', 1, x'0000000000000000000000000000000a', 'assistant', 'complete', 'demo',
     'default', 'tour', 2000000000, 5, NULL, NULL, '{"attempts":1,"cost_eur":0.000000005}', 'hm', 'Peaches.', NULL),
    (3, x'0000000000000000000000000000000c', 1, x'0000000000000000000000000000000a', 'assistant', 'streaming', 'demo',
     'default', 'tour', 3000000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, x'0000000000000000000000000000000d', 1, x'0000000000000000000000000000000a', 'assistant', 'complete', 'demo',
     'default', 'tour', 4000000000, 7, NULL, x'000000000000000000000000000000f1', '{"attempts":1}', NULL, NULL,
     '[{"type":"refusal","text":"No peaches."}]'),
    (5, x'00000000000000000000000000000014', 2, NULL, 'user', 'complete', NULL, NULL, NULL, 2000000000, NULL, NULL,
     NULL, NULL, NULL, 'peaches too', NULL);
INSERT INTO choices VALUES (1, x'', x'0000000000000000000000000000000a'),
    (1, x'0000000000000000000000000000000a', x'0000000000000000000000000000000c');
INSERT INTO chunks (message, n, data, said) VALUES (3, 1, '[{"t":"Ripe pea"}]', 5000000000);
INSERT INTO turns (message, began, purpose) VALUES (3, 3000000000, 'tui');
INSERT INTO drafts VALUES (x'', 'a draft');
INSERT INTO trash (id, conversation, message, title, messages, deleted) VALUES
    (x'000000000000000000000000000000f1', 1, x'0000000000000000000000000000000d', 'No peaches.', 1, 6000000000),
    (x'000000000000000000000000000000f2', 2, NULL, 'gone', 1, 7000000000);
INSERT INTO message_words (rowid, text) VALUES (1, ' 東  京  都  の  桃  は ？'), (2, 'Peaches.'), (4, 'No peaches.'),
    (5, 'peaches too');
INSERT INTO title_words (rowid, text) VALUES (1, 'Orchard  果  樹  園 '), (2, 'gone');
