//! What floats: lists, forms and pages.

use super::*;

#[test]
fn every_list_form_and_page() {
    let mut app = talking(80, 24);
    let error = Failure::new(ErrorKind::Auth, "Incorrect API key provided");
    let mut home = models(0);
    home.key = "home".into();
    home.error = Some(error);
    app.send(Message::ModelsLoaded { list: home, at: noon() });
    let state = |endpoint: &str, key: &str, state| crate::app::KeyStatus {
        endpoint: EndpointName::from(endpoint),
        key: key.into(),
        state,
    };
    app.send(Message::KeyStates(vec![
        state("LiteLLM", "work", KeyState::Ready(KeyOrigin::Environment)),
        state("LiteLLM", "home", KeyState::Missing),
        state("demo", "default", KeyState::Ready(KeyOrigin::NotNeeded)),
    ]));
    let of = crate::app::model::KeyOf::from(&litellm("claude-sonnet"));
    app.send(Message::HealthKnown { of, result: Ok(std::time::Duration::from_millis(184)) });
    let summary = |n: u128, title: &str, hours: i64| Summary {
        id: ConversationId(Uuid::from_u128(n)),
        title: title.into(),
        created: noon(),
        updated: Timestamp::from_second(noon().as_second() - hours * 3600).unwrap(),
        messages: 8,
        branches: 3,
        cost_eur: Some(Money::from_nanos(21_300_000)),
        shelf: crate::chat::Shelf::default(),
    };
    let list = vec![summary(1, "Rust lifetimes", 1), summary(2, "", 30)];
    app.send(Message::ConversationsListed(list));
    for (name, keys) in [
        ("palette", "ctrl-p"),
        ("models", "ctrl-x m"),
        ("endpoints", "ctrl-x p"),
        ("conversations", "ctrl-x s"),
        ("search", "ctrl-x /"),
        ("history", "ctrl-x h"),
        ("settings", "ctrl-x g"),
        ("rename", "ctrl-x t"),
        ("delete", "ctrl-x s ctrl-d"),
        ("help", "f1"),
    ] {
        app.model.overlays.clear();
        app.keys(keys);
        insta::assert_snapshot!(format!("{name}_80x24"), screen(&app));
    }
    app.model.overlays.clear();
    app.model.pane.route = litellm("claude-sonnet");
    app.keys("ctrl-x k");
    app.type_text("sk-very-secret");
    assert!(!screen(&app).contains("very"));
    insta::assert_snapshot!("key_80x24", screen(&app));
    app.model.overlays.clear();
    app.keys("ctrl-x m");
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: noon() });
    insta::assert_snapshot!("models_40x12", screen(&app));
    for (name, keys) in [
        ("endpoints", "ctrl-x p"),
        ("conversations", "ctrl-x s"),
        ("settings", "ctrl-x g"),
        ("key", "ctrl-x k"),
        ("help", "f1"),
    ] {
        app.model.overlays.clear();
        app.keys(keys);
        insta::assert_snapshot!(format!("{name}_40x12"), screen(&app));
    }
}

/// The list of themes over a conversation, with one of the person's own that cannot be read.
fn choosing_a_theme(width: u16, height: u16) -> App {
    let mut app = talking(width, height);
    app.model.look.colors = crate::config::ColorDepth::True;
    app.keys("ctrl-x v t");
    let built_in = theme::built_in::names().map(|name| ThemeRow {
        name: name.into(),
        background: Theme::named(name).unwrap().background,
        origin: ThemeOrigin::BuiltIn,
    });
    let why = crate::text::sanitise("~/.config/loquat/themes/mine.yaml:2:1: error: “acent” is no role");
    let mine = ThemeRow { name: "mine".into(), background: None, origin: ThemeOrigin::Broken(why) };
    app.send(Message::ThemesListed(std::iter::once(mine).chain(built_in).collect()));
    app
}

#[test]
fn themes_are_chosen_from_a_list() {
    let mut app = choosing_a_theme(80, 24);
    app.keys("down down");
    insta::assert_snapshot!("themes_80x24", screen(&app));
    let mut app = choosing_a_theme(40, 12);
    app.keys("down");
    insta::assert_snapshot!("themes_40x12", screen(&app));
}

/// A list of conversations, pinned, tagged and of several days.
fn shelved(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    let summary = |n: u128, title: &str, hours: u64| {
        let updated = noon() - std::time::Duration::from_secs(hours * 3600);
        Summary {
            id: ConversationId(Uuid::from_u128(n)),
            title: title.into(),
            created: updated,
            updated,
            messages: 4,
            branches: 2,
            cost_eur: Some(Money::from_nanos(4_100_000)),
            shelf: crate::chat::Shelf::default(),
        }
    };
    let mut all = vec![
        summary(1, "Figs and dates", 4000),
        summary(2, "Rust lifetimes", 1),
        summary(3, "日本語の助詞", 2),
        summary(4, "Why the borrow checker rejects what seems to be a harmless loop", 30),
        summary(5, "An older one", 900),
    ];
    all[0].shelf.pinned = true;
    all[1].shelf.tags = vec!["rust".into(), "work".into()];
    app.send(Message::ConversationsListed(all));
    app.keys("ctrl-x s");
    app
}

#[test]
fn conversations_stand_below_headings() {
    insta::assert_snapshot!("shelf_40x12", screen(&shelved(40, 12)));
    insta::assert_snapshot!("shelf_80x24", screen(&shelved(80, 24)));
    insta::assert_snapshot!("shelf_200x50", screen(&shelved(200, 50)));
    let mut end = shelved(40, 12);
    end.keys("end");
    insta::assert_snapshot!("shelf_end_40x12", screen(&end));
}

#[test]
fn hits_show_what_was_looked_for() {
    let searching = |width, height| {
        let mut app = App::new(width, height);
        app.keys("ctrl-x / f i g");
        let hit = |n: u128, role, snippet: &str| {
            let matches = snippet.match_indices("fig").map(|(at, found)| at..at + found.len()).collect();
            crate::storage::Hit {
                conversation: ConversationId(Uuid::from_u128(1)),
                message: crate::chat::MessageId(Uuid::from_u128(n)),
                role,
                model: Some("claude-sonnet".into()),
                snippet: snippet.into(),
                matches,
                title: "Fruit of the Mediterranean".into(),
            }
        };
        let hits = vec![
            hit(1, crate::chat::Role::User, "When are figs ripe, and which fig keeps longest?"),
            hit(2, crate::chat::Role::Assistant, "…after a long way through words that do not matter, a fig"),
        ];
        app.send(Message::Searched { search: app.model.search, hits });
        app
    };
    insta::assert_snapshot!("hits_40x12", screen(&searching(40, 12)));
    insta::assert_snapshot!("hits_80x24", screen(&searching(80, 24)));
    insta::assert_snapshot!("hits_200x50", screen(&searching(200, 50)));
}

#[test]
fn presets_and_the_trash() {
    let presets = |width, height| {
        let mut app = App::new(width, height);
        app.model.presets = vec![crate::chat::Preset {
            name: "brief".into(),
            endpoint: Some("LiteLLM".into()),
            model: Some("claude-sonnet".into()),
            settings: crate::chat::Settings { system: Some("Be brief.".into()), ..Default::default() },
            is_default: true,
            ..Default::default()
        }];
        app.keys("ctrl-x P");
        app
    };
    insta::assert_snapshot!("presets_40x12", screen(&presets(40, 12)));
    insta::assert_snapshot!("presets_80x24", screen(&presets(80, 24)));
    let mut app = presets(80, 24);
    app.keys("ctrl-e");
    insta::assert_snapshot!("preset_form_80x24", screen(&app));
    let mut app = App::new(80, 24);
    app.keys("ctrl-x T");
    app.send(Message::TrashListed(vec![crate::storage::Trashed {
        id: Uuid::from_u128(1),
        conversation: ConversationId(Uuid::from_u128(2)),
        message: None,
        title: "Figs and dates".into(),
        messages: 12,
        deleted: noon(),
    }]));
    insta::assert_snapshot!("trash_80x24", screen(&app));
    app.keys("ctrl-d");
    insta::assert_snapshot!("trash_empty_80x24", screen(&app));
}

#[test]
fn prices_of_models_stand_in_columns_and_order_them() {
    for (width, height) in [(40, 12), (60, 20), (80, 24), (200, 50)] {
        let mut app = priced(width, height);
        app.keys("ctrl-x m alt-p");
        insta::assert_snapshot!(format!("models_priced_{width}x{height}"), screen(&app));
    }
}
