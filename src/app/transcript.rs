//! What is read: the anchor, what of the branch is visible, and the blocks laid out so far.
//!
//! A place is a message and a line of it, never an offset, so that nothing that arrives can move what is
//! being read. Blocks are laid out when they become visible, kept, and dropped when their message changes;
//! the text of a live answer is laid out as it grows. Only [`arrange`], at the end of `update`, lays out.

use std::collections::{HashMap, HashSet};

use crate::chat::{MessageId, Money, Tree};

use super::block::{Block, Fold, Kind, Names, block};
use super::geometry::{screen, text_width};
use super::message::Extent;
use super::model::{Model, Pane, Presence};

/// Where the view is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The end stays in view as it grows.
    #[default]
    Follow,
    /// This line of this message is the first one visible.
    At(MessageId, usize),
}

/// What of the branch is visible. All but the first two fields are computed by [`arrange`].
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Where it is held.
    pub anchor: Anchor,
    /// The message that transcript commands are about; the last one for `None`.
    pub cursor: Option<MessageId>,
    /// The chosen branch, root first.
    pub branch: Vec<MessageId>,
    /// What the branch and the tree add up to.
    pub figures: Figures,
    /// The rows on the screen, top first.
    pub visible: Vec<(MessageId, usize)>,
    /// What had been seen of the end when following stopped.
    pub seen: Option<(MessageId, usize)>,
    /// Lines below that came since then.
    pub new_lines: usize,
    /// Whether anything is below the last visible row.
    pub more_below: bool,
    /// A move up that came to the end of what is read so far: it goes on as more is.
    pub owed: Option<Owed>,
}

/// How far up a view goes when it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// To the root.
    Top,
    /// So many rows.
    Rows(usize),
    /// So many messages.
    Messages(usize),
}

/// Sums that the status line shows; kept because every frame asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Branches of the tree.
    pub branches: usize,
    /// Sum of the known prices; `None` where none is known.
    pub spent: Option<Money>,
    /// Tokens the last answer of the branch read and wrote.
    pub context: Option<u64>,
}

impl View {
    /// Reads the branch and the sums from the tree, after it changed.
    pub fn read(&mut self, tree: &Tree) {
        self.branch = tree.branch();
        let mut costs = tree.walk().into_iter().filter_map(|message| message.provenance.as_ref()?.cost_eur);
        let spent = costs.next().map(|first| costs.fold(first, |sum, cost| sum + cost));
        let context = self.branch.iter().rev().find_map(|id| {
            let usage = tree.get(*id)?.provenance.as_ref()?.usage;
            Some(usage.tokens_in? + usage.tokens_out.unwrap_or(0))
        });
        self.figures = Figures { branches: tree.branch_count(), spent, context };
        if self.cursor.is_some_and(|cursor| !self.branch.contains(&cursor)) {
            self.cursor = None;
        }
    }

    /// The message that commands are about.
    pub fn current(&self) -> Option<MessageId> {
        self.cursor.or_else(|| self.branch.last().copied())
    }
}

/// Blocks by message, at one width.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    blocks: HashMap<MessageId, Block>,
    /// Messages whose reasoning is shown though there is text.
    unfolded: HashSet<MessageId>,
    width: u16,
}

impl Layouts {
    /// Forgets a message's block: it changed.
    pub fn drop_block(&mut self, id: MessageId) {
        self.blocks.remove(&id);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.blocks.clear();
    }

    /// How many messages are laid out.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// A block, where it is laid out.
    pub fn get(&self, id: MessageId) -> Option<&Block> {
        self.blocks.get(&id)
    }

    /// Shows a message's reasoning, or folds it again.
    pub fn toggle_fold(&mut self, id: MessageId) {
        if !self.unfolded.remove(&id) {
            self.unfolded.insert(id);
        }
        self.drop_block(id);
    }

    /// Adds text to the end of a live answer. A block that does not end in text of this kind is made anew.
    pub fn push(&mut self, id: MessageId, kind: Kind, text: &str) {
        if !self.blocks.get_mut(&id).is_some_and(|block| block.grow(kind, text)) {
            self.drop_block(id);
        }
    }
}

/// Lays out what is visible, and says what that is.
pub fn arrange(model: &mut Model) {
    let area = screen(model).transcript;
    let width = text_width(model.size.width);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    if pane.layouts.width != width {
        pane.layouts.clear();
        pane.layouts.width = width;
    }
    let height = usize::from(area.height);
    let view = &pane.view;
    let start = match view.anchor {
        Anchor::At(id, line) => view.branch.iter().position(|other| *other == id).map(|at| (at, line)),
        Anchor::Follow => None,
    };
    if start.is_none() {
        pane.view.anchor = Anchor::Follow;
    }
    // An anchor so near the end that the screen would not be full shows the end.
    let end = first_of_end(pane, &names, height);
    let start = start.into_iter().chain(end).min();
    let mut visible = Vec::with_capacity(height);
    let mut more_below = false;
    if let Some((first, line)) = start {
        let mut line = line;
        'fill: for at in first..pane.view.branch.len() {
            let id = pane.view.branch[at];
            let rows = rows_of(pane, &names, id);
            for row in line.min(rows.saturating_sub(1))..rows {
                if visible.len() == height {
                    // The empty row after the last message is not worth a pill.
                    more_below = at + 1 < pane.view.branch.len() || row + 1 < rows;
                    break 'fill;
                }
                visible.push((id, row));
            }
            line = 0;
        }
    }
    pane.view.visible = visible;
    pane.view.more_below = more_below;
    count_new(pane, &names);
}

/// The first row of the last screenful.
fn first_of_end(pane: &mut Pane, names: &Names<'_>, height: usize) -> Option<(usize, usize)> {
    let mut left = height;
    for at in (0..pane.view.branch.len()).rev() {
        let rows = rows_of(pane, names, pane.view.branch[at]);
        // The last message's empty row gives way, so that its text ends at the composer.
        let rows = if at + 1 == pane.view.branch.len() { rows - 1 } else { rows };
        if rows >= left {
            return Some((at, rows - left));
        }
        left -= rows;
    }
    (!pane.view.branch.is_empty()).then_some((0, 0))
}

fn count_new(pane: &mut Pane, names: &Names<'_>) {
    let Some(&last) = pane.view.branch.last() else {
        (pane.view.seen, pane.view.new_lines) = (None, 0);
        return;
    };
    if pane.view.anchor == Anchor::Follow || !pane.view.more_below {
        let rows = rows_of(pane, names, last);
        (pane.view.seen, pane.view.new_lines) = (Some((last, rows)), 0);
        return;
    }
    let Some((seen, rows)) = pane.view.seen else { return };
    let Some(at) = pane.view.branch.iter().position(|id| *id == seen) else {
        let rows = rows_of(pane, names, last);
        pane.view.seen = Some((last, rows));
        return;
    };
    let now: usize = (at..pane.view.branch.len()).map(|at| rows_of(pane, names, pane.view.branch[at])).sum();
    pane.view.new_lines = now.saturating_sub(rows);
}

/// Which way the view moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// Towards the root, this many rows.
    Up(usize),
    /// Towards the leaf, this many rows.
    Down(usize),
    /// To the root.
    Top,
    /// To the leaf, and on with it.
    Bottom,
}

/// Moves the view.
pub fn scroll(model: &mut Model, by: Scroll) {
    let height = usize::from(screen(model).transcript.height);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    let owed = pane.view.owed.take();
    let top = pane.view.visible.first().copied();
    let Some((at, line)) =
        top.and_then(|(id, line)| Some((pane.view.branch.iter().position(|other| *other == id)?, line)))
    else {
        match by {
            Scroll::Top => owe(pane, owed, Owed::Top),
            Scroll::Up(rows) => owe(pane, owed, Owed::Rows(rows)),
            Scroll::Down(_) | Scroll::Bottom => {}
        }
        return;
    };
    let end = first_of_end(pane, &names, height).unwrap_or((0, 0));
    let to = match by {
        Scroll::Top => {
            owe(pane, owed, Owed::Top);
            (0, 0)
        }
        Scroll::Bottom => end,
        Scroll::Up(rows) => {
            let (to, left) = up(pane, &names, (at, line), rows);
            if left > 0 {
                owe(pane, owed, Owed::Rows(left));
            }
            to
        }
        Scroll::Down(rows) => down(pane, &names, (at, line), rows, end),
    };
    pane.view.anchor = match pane.view.branch.get(to.0) {
        Some(id) if to < end => Anchor::At(*id, to.1),
        Some(_) | None => Anchor::Follow,
    };
    model.pane.view.cursor = None;
    arrange(model);
    // The message commands are about is one that can be seen: the last whose name or text is on the screen.
    let view = &mut model.pane.view;
    view.cursor = match view.anchor {
        Anchor::Follow => None,
        Anchor::At(..) => view.visible.first().map(|(id, _)| *id),
    };
}

/// Where so many rows up leads, and how many of them there are not.
fn up(pane: &mut Pane, names: &Names<'_>, from: (usize, usize), rows: usize) -> ((usize, usize), usize) {
    let (mut at, mut line) = from;
    let mut left = rows;
    while left > line {
        if at == 0 {
            return ((0, 0), left - line);
        }
        left -= line + 1;
        at -= 1;
        line = rows_of(pane, names, pane.view.branch[at]) - 1;
    }
    ((at, line - left), 0)
}

/// Notes a move up that cannot be made before more is read. Where all of it is, the top is the top.
fn owe(pane: &mut Pane, before: Option<Owed>, more: Owed) {
    pane.view.owed = match pane.presence {
        Presence::New | Presence::Here(Extent::Whole) => None,
        Presence::Loading | Presence::Here(Extent::Tail) => Some(match (before, more) {
            (Some(Owed::Top), _) => Owed::Top,
            (Some(Owed::Rows(before)), Owed::Rows(more)) => Owed::Rows(before + more),
            (Some(Owed::Messages(before)), Owed::Messages(more)) => Owed::Messages(before + more),
            (_, more) => more,
        }),
    };
}

/// More was read: makes the move that waited for it.
pub fn catch_up(model: &mut Model) {
    let Some(owed) = model.pane.view.owed.take() else { return };
    arrange(model);
    match owed {
        Owed::Top => scroll(model, Scroll::Top),
        Owed::Rows(rows) => scroll(model, Scroll::Up(rows)),
        Owed::Messages(messages) => (0..messages).for_each(|_| step(model, -1)),
    }
}

fn down(
    pane: &mut Pane,
    names: &Names<'_>,
    from: (usize, usize),
    rows: usize,
    end: (usize, usize),
) -> (usize, usize) {
    let (mut at, mut line) = (from.0, from.1 + rows);
    while at < pane.view.branch.len() {
        let rows = rows_of(pane, names, pane.view.branch[at]);
        if line < rows {
            break;
        }
        line -= rows;
        at += 1;
    }
    (at, line).min(end)
}

/// Moves the cursor to the message before or after, and shows its beginning.
pub fn step(model: &mut Model, by: isize) {
    let height = usize::from(screen(model).transcript.height);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    let owed = pane.view.owed.take();
    let Some(current) = pane.view.current() else { return };
    let Some(at) = pane.view.branch.iter().position(|id| *id == current) else { return };
    let Some(to) = at.checked_add_signed(by) else {
        owe(pane, owed, Owed::Messages(by.unsigned_abs()));
        return;
    };
    if to >= pane.view.branch.len() {
        return;
    }
    let id = pane.view.branch[to];
    let end = first_of_end(pane, &names, height).unwrap_or((0, 0));
    pane.view.anchor = if (to, 0) < end { Anchor::At(id, 0) } else { Anchor::Follow };
    pane.view.cursor = Some(id);
}

fn rows_of(pane: &mut Pane, names: &Names<'_>, id: MessageId) -> usize {
    if let Some(block) = pane.layouts.blocks.get(&id) {
        return block.rows();
    }
    let Some(message) = pane.conversation.tree.get(id) else { return 1 };
    let fold = if pane.layouts.unfolded.contains(&id) { Fold::Open } else { Fold::Folded };
    let block = block(message, &pane.conversation.tree, names, pane.layouts.width, fold);
    let rows = block.rows();
    pane.layouts.blocks.insert(id, block);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::Presence;
    use crate::app::testing::App;
    use crate::app::{Extent, Message};
    use crate::chat::StreamEvent;

    #[test]
    fn what_is_read_stays_while_an_answer_grows_and_the_pill_counts() {
        let mut app = App::new(80, 24);
        app.turn("long", &"line\n\n".repeat(40));
        let request = app.ask("more");
        app.keys("pageup");
        let before = app.model.pane.view.visible.clone();
        assert!(matches!(app.model.pane.view.anchor, Anchor::At(..)));
        for _ in 0..10 {
            app.say(request.turn, StreamEvent::Text("word\n\n".into()));
        }
        assert_eq!(app.model.pane.view.visible, before);
        assert!(app.model.pane.view.new_lines >= 10, "{}", app.model.pane.view.new_lines);
        app.keys("alt-t G");
        assert_eq!((app.model.pane.view.anchor, app.model.pane.view.new_lines), (Anchor::Follow, 0));
    }

    #[test]
    fn scrolling_up_and_down_again_comes_back_to_the_same_rows() {
        let mut app = App::new(80, 24);
        app.turn("a", &"line\n\n".repeat(40));
        app.turn("b", &"line\n\n".repeat(40));
        app.keys("alt-t u u");
        let here = app.model.pane.view.visible.clone();
        app.keys("k k k j j j");
        assert_eq!(app.model.pane.view.visible, here);
        app.keys("g");
        assert_eq!(app.model.pane.view.visible[0].1, 0);
        app.keys("G");
        assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
    }

    #[test]
    fn only_what_is_visible_of_a_long_conversation_is_laid_out() {
        let mut app = App::new(80, 24);
        let id = app.model.pane.conversation.id;
        let mut conversation = app.model.pane.conversation.clone();
        for n in 1..=10_000u128 {
            conversation.tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
        }
        app.model.pane.presence = Presence::Loading;
        app.send(Message::ConversationLoaded {
            conversation: Box::new(conversation),
            extent: Extent::Whole,
            draft: None,
        });
        let tree = app.model.pane.conversation.tree.branch();
        let laid = tree.iter().filter(|id| app.model.pane.layouts.get(**id).is_some()).count();
        assert_eq!((app.model.pane.conversation.id, tree.len()), (id, 10_000));
        assert!(laid <= 12, "{laid}");
    }

    #[test]
    fn paging_through_a_long_conversation_lays_out_only_what_is_passed() {
        let mut app = App::new(120, 40);
        let mut tree = crate::chat::Tree::default();
        for n in 1..=10_000u128 {
            tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
        }
        app.model.pane.conversation.tree = tree;
        app.model.pane.view.read(&app.model.pane.conversation.tree);
        app.keys("pageup pageup pagedown");
        let laid = app.model.pane.layouts.len();
        assert!(laid < 100, "{laid}");
    }
}
