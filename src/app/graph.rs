//! A conversation's tree as rows with lanes, as `git log --graph` draws history.
//!
//! Depth first, siblings in their order. Only where branches part does a row indent: a run of messages without
//! siblings goes straight down, so that a long talk is as narrow as a short one; and from some depth on the last
//! sibling does so, too, since nothing follows it in its parent's lane. Rows are structure and nothing else, no text: whoever draws asks for the lanes of the rows that are seen. Everything is a pass over a list, so
//! that neither the number of messages nor the depth of the tree matters beyond their count.

use std::collections::{HashMap, HashSet};

use crate::chat::{Message, MessageId, Tree};

/// Whether every message of a run without siblings has a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runs {
    /// Each has one.
    #[default]
    Whole,
    /// Only its first and its last one have.
    Ends,
}

/// How a row hangs on the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is the only root.
    Root,
    /// It is the only one below its parent: it goes straight on.
    Straight,
    /// The first of several roots.
    Top,
    /// A sibling that others follow.
    Middle,
    /// The last of several siblings.
    Last,
    /// The last of several siblings, so deep that it goes straight on in its parent's lane.
    Onward,
}

/// From this many lanes on, last siblings go straight on: who always goes on below the newest of them, as one does
/// who edits and asks again, goes no deeper.
const STRAIGHT_FROM: usize = 4;

/// Why a row is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was asked for.
    Wanted,
    /// What was asked for hangs on it: branches part here.
    Connection,
}

/// Whether what is below a row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// It is, as far as it was asked for.
    Shown,
    /// It is folded away.
    Folded,
}

/// A message's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The message.
    pub id: MessageId,
    /// The row of the nearest message above it that has one.
    pub parent: Option<usize>,
    /// The first row below it that hangs on it.
    pub child: Option<usize>,
    /// The sibling before it.
    pub previous: Option<usize>,
    /// The sibling after it.
    pub next: Option<usize>,
    /// How often branches part above it: the lanes at its left.
    pub depth: usize,
    /// How it hangs on its parent.
    pub link: Link,
    /// Why it is there.
    pub reason: Reason,
    /// Whether what is below it is folded.
    pub below: Below,
    /// Messages between it and the rows below it that have no row.
    pub hidden: usize,
    /// The row in which its lane begins.
    head: usize,
}

/// A lane at the left of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Nothing more comes in it.
    Blank,
    /// A sibling further down hangs on it.
    Through,
    /// The row's own, and more siblings follow.
    Tee,
    /// The row's own, and it is the last sibling.
    Corner,
    /// The row's own, and it is the first root.
    Top,
    /// There are more lanes than are drawn.
    More,
}

/// The rows of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    rows: Vec<Row>,
    places: HashMap<MessageId, usize>,
}

/// A message on the way to its row.
struct Node {
    id: MessageId,
    parent: Option<usize>,
    reason: Reason,
    hidden: usize,
    below: Below,
}

impl Graph {
    /// The rows of those messages that are `wanted`, and of those that connect them: where branches that lead to
    /// several of them part. What is below `folded` messages has none.
    pub fn build(
        tree: &Tree,
        wanted: impl Fn(&Message) -> bool,
        runs: Runs,
        folded: &HashSet<MessageId>,
    ) -> Self {
        let nodes = in_order(tree);
        let keep: Vec<bool> = nodes.iter().map(|node| tree.get(node.id).is_some_and(&wanted)).collect();
        let mut nodes = contract(nodes, &keep);
        if runs == Runs::Ends {
            let keep = ends(&nodes);
            nodes = contract(nodes, &keep);
        }
        Self::of(fold(nodes, folded))
    }

    fn of(nodes: Vec<Node>) -> Self {
        let counts = children(&nodes);
        let roots = nodes.iter().filter(|node| node.parent.is_none()).count();
        let mut rows: Vec<Row> = Vec::with_capacity(nodes.len());
        let mut last_child: Vec<Option<usize>> = vec![None; nodes.len()];
        let mut placed: Vec<usize> = vec![0; nodes.len()];
        let (mut last_root, mut placed_roots) = (None, 0);
        for (at, node) in nodes.into_iter().enumerate() {
            let (previous, nth, of) = match node.parent {
                Some(parent) => {
                    placed[parent] += 1;
                    (last_child[parent].replace(at), placed[parent], counts[parent])
                }
                None => {
                    placed_roots += 1;
                    (last_root.replace(at), placed_roots, roots)
                }
            };
            if let Some(previous) = previous {
                rows[previous].next = Some(at);
            }
            let above = node.parent.map(|parent| (rows[parent].depth, rows[parent].head));
            let link = match (of, nth) {
                (1, _) if above.is_none() => Link::Root,
                (1, _) => Link::Straight,
                (_, 1) if above.is_none() => Link::Top,
                (of, nth) if nth == of => match above {
                    Some((STRAIGHT_FROM.., _)) => Link::Onward,
                    Some(_) | None => Link::Last,
                },
                (_, _) => Link::Middle,
            };
            let (depth, head) = match (above, link) {
                (Some((depth, head)), Link::Straight | Link::Onward) => (depth, head),
                (above, _) => (above.map_or(0, |(depth, _)| depth) + usize::from(of > 1), at),
            };
            if let Some(parent) = node.parent
                && rows[parent].child.is_none()
            {
                rows[parent].child = Some(at);
            }
            rows.push(Row {
                id: node.id,
                parent: node.parent,
                child: None,
                previous,
                next: None,
                depth,
                link,
                reason: node.reason,
                below: node.below,
                hidden: node.hidden,
                head,
            });
        }
        let places = rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        Self { rows, places }
    }

    /// The rows, parents before children.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// A message's row.
    pub fn place(&self, id: MessageId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// The row of a message, or of the nearest one above it that has a row.
    pub fn nearest(&self, tree: &Tree, id: MessageId) -> Option<usize> {
        std::iter::successors(tree.get(id), |message| tree.get(message.parent?))
            .find_map(|message| self.place(message.id))
    }

    /// The lanes of a row from the left, at most so many: the outer ones give way.
    pub fn lanes(&self, at: usize, most: usize) -> Vec<Lane> {
        let Some(row) = self.rows.get(at) else { return Vec::new() };
        let mut lanes = Vec::with_capacity(row.depth.min(most));
        let mut head = row.head;
        while lanes.len() < row.depth.min(most) {
            let link = self.rows[head].link;
            lanes.push(match link {
                Link::Middle if head == at => Lane::Tee,
                Link::Last if head == at => Lane::Corner,
                Link::Top if head == at => Lane::Top,
                Link::Middle | Link::Top => Lane::Through,
                Link::Last | Link::Root | Link::Straight | Link::Onward => Lane::Blank,
            });
            let Some(parent) = self.rows[head].parent else { break };
            head = self.rows[parent].head;
        }
        lanes.reverse();
        if row.depth > most
            && let Some(outer) = lanes.first_mut()
        {
            *outer = Lane::More;
        }
        lanes
    }
}

/// Every message, parents before children, siblings in their order.
fn in_order(tree: &Tree) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::with_capacity(tree.len());
    let mut open: Vec<(MessageId, Option<usize>)> =
        tree.children(None).iter().rev().map(|id| (*id, None)).collect();
    while let Some((id, parent)) = open.pop() {
        let at = nodes.len();
        nodes.push(Node { id, parent, reason: Reason::Wanted, hidden: 0, below: Below::Shown });
        open.extend(tree.children(Some(id)).iter().rev().map(|child| (*child, Some(at))));
    }
    nodes
}

/// Leaves out every node that is neither kept nor a parting of ways to several that are.
fn contract(nodes: Vec<Node>, keep: &[bool]) -> Vec<Node> {
    // Below how many of its children something is kept.
    let mut ways = vec![0usize; nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        if let Some(parent) = node.parent
            && (keep[at] || ways[at] > 0)
        {
            ways[parent] += 1;
        }
    }
    let mut left: Vec<Node> = Vec::new();
    let mut nearest: Vec<Option<usize>> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.into_iter().enumerate() {
        let above = node.parent.and_then(|parent| nearest[parent]);
        if keep[at] || ways[at] > 1 {
            nearest.push(Some(left.len()));
            let reason = if keep[at] { node.reason } else { Reason::Connection };
            left.push(Node { parent: above, reason, ..node });
        } else {
            nearest.push(above);
            if let Some(above) = above {
                left[above].hidden += 1 + node.hidden;
            }
        }
    }
    left
}

/// How many nodes hang on each.
fn children(nodes: &[Node]) -> Vec<usize> {
    let mut counts = vec![0; nodes.len()];
    for parent in nodes.iter().filter_map(|node| node.parent) {
        counts[parent] += 1;
    }
    counts
}

/// Which nodes begin or end a run.
fn ends(nodes: &[Node]) -> Vec<bool> {
    let counts = children(nodes);
    let begins = |node: &Node| node.parent.is_none_or(|parent| counts[parent] != 1);
    nodes.iter().enumerate().map(|(at, node)| counts[at] != 1 || begins(node)).collect()
}

/// Leaves out what is below folded nodes.
fn fold(nodes: Vec<Node>, folded: &HashSet<MessageId>) -> Vec<Node> {
    let counts = children(&nodes);
    let mut left: Vec<Node> = Vec::with_capacity(nodes.len());
    // Where each node went: its own place, or that of the fold it is in.
    let mut places: Vec<usize> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.into_iter().enumerate() {
        let parent = node.parent.map(|parent| places[parent]);
        if let Some(above) = parent
            && left[above].below == Below::Folded
        {
            left[above].hidden += 1 + node.hidden;
            places.push(above);
            continue;
        }
        places.push(left.len());
        let below = if counts[at] > 0 && folded.contains(&node.id) { Below::Folded } else { Below::Shown };
        left.push(Node { parent, below, ..node });
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::Role;
    use crate::chat::tree::tests::message;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn tree(links: &[(u128, Option<u128>)]) -> Tree {
        Tree::build(links.iter().map(|&(n, parent)| message(n, parent, &n.to_string())), [])
    }

    /// Two answers to a question; the first one goes on, and parts again.
    const LINKS: [(u128, Option<u128>); 9] = [
        (1, None),
        (2, Some(1)),
        (4, Some(1)),
        (5, Some(2)),
        (6, Some(5)),
        (7, Some(6)),
        (8, Some(7)),
        (10, Some(7)),
        (11, Some(10)),
    ];

    /// A row a line: its lanes, the message's number, what is hidden below it.
    fn drawn(graph: &Graph, most: usize) -> Vec<String> {
        let row = |(at, row): (usize, &Row)| {
            let lanes: String = graph
                .lanes(at, most)
                .into_iter()
                .map(|lane| match lane {
                    Lane::Blank => "  ",
                    Lane::Through => "│ ",
                    Lane::Tee => "├─",
                    Lane::Corner => "└─",
                    Lane::Top => "┌─",
                    Lane::More => "⋯ ",
                })
                .collect();
            let hidden = if row.hidden > 0 { format!(" +{}", row.hidden) } else { String::new() };
            let sign = match row.reason {
                Reason::Wanted => "",
                Reason::Connection => "~",
            };
            format!("{lanes}{sign}{}{hidden}", row.id.0.as_u128())
        };
        graph.rows().iter().enumerate().map(row).collect()
    }

    fn whole(tree: &Tree) -> Graph {
        Graph::build(tree, |_| true, Runs::Whole, &HashSet::new())
    }

    #[test]
    fn only_where_branches_part_a_row_indents() {
        assert_eq!(
            drawn(&whole(&tree(&LINKS)), 9),
            ["1", "├─2", "│ 5", "│ 6", "│ 7", "│ ├─8", "│ └─10", "│   11", "└─4"]
        );
    }

    #[test]
    fn several_roots_are_siblings() {
        let graph = whole(&tree(&[(1, None), (2, Some(1)), (3, None), (5, None), (6, Some(5))]));
        assert_eq!(drawn(&graph, 9), ["┌─1", "│ 2", "├─3", "└─5", "  6"]);
    }

    #[test]
    fn outer_lanes_give_way_where_there_is_no_room() {
        assert_eq!(
            drawn(&whole(&tree(&LINKS)), 1),
            ["1", "├─2", "│ 5", "│ 6", "│ 7", "⋯ 8", "⋯ 10", "⋯ 11", "└─4"]
        );
    }

    #[test]
    fn runs_keep_their_ends() {
        let graph = Graph::build(&tree(&LINKS), |_| true, Runs::Ends, &HashSet::new());
        assert_eq!(drawn(&graph, 9), ["1", "├─2 +2", "│ 7", "│ ├─8", "│ └─10", "│   11", "└─4"]);
    }

    #[test]
    fn a_fold_hides_what_is_below_it_and_says_how_much() {
        let folded = HashSet::from([id(2), id(4)]);
        let graph = Graph::build(&tree(&LINKS), |_| true, Runs::Whole, &folded);
        assert_eq!(drawn(&graph, 9), ["1", "├─2 +6", "└─4"]);
        // A leaf has nothing to fold.
        assert_eq!(graph.rows()[2].below, Below::Shown);
    }

    #[test]
    fn a_filter_keeps_the_partings_that_connect_what_it_finds() {
        let only = |numbers: &'static [u128]| {
            let wanted = move |message: &Message| numbers.contains(&message.id.0.as_u128());
            drawn(&Graph::build(&tree(&LINKS), wanted, Runs::Whole, &HashSet::new()), 9)
        };
        assert_eq!(only(&[8, 11]), ["~7 +1", "├─8", "└─11"]);
        assert_eq!(only(&[8, 4]), ["~1 +6", "├─8", "└─4"]);
        assert_eq!(only(&[6, 11]), ["6 +3", "11"]);
        assert_eq!(only(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_message_without_a_row_is_found_at_the_nearest_one_above() {
        let tree = tree(&LINKS);
        let graph = Graph::build(&tree, |_| true, Runs::Ends, &HashSet::new());
        let nearest = |n| graph.nearest(&tree, id(n)).map(|at| graph.rows()[at].id);
        assert_eq!([nearest(6), nearest(11), nearest(99)], [Some(id(2)), Some(id(11)), None]);
    }

    #[test]
    fn neither_depth_nor_nesting_overflows_anything() {
        // Combs: of every two siblings one is a leaf, and the talk goes on below the older, or below the newer one.
        for (goes_on, deepest) in [(2, 9_999), (3, STRAIGHT_FROM)] {
            let mut links = vec![(1, None)];
            let mut above = 1;
            for n in 1..10_000u128 {
                links.push((2 * n, Some(above)));
                links.push((2 * n + 1, Some(above)));
                above = 2 * n - 2 + goes_on;
            }
            let tree = tree(&links);
            let graph = whole(&tree);
            assert_eq!(graph.rows().len(), links.len());
            let at = graph.place(id(above)).unwrap();
            assert_eq!((graph.rows()[at].depth, graph.lanes(at, 8).len()), (deepest, deepest.min(8)));
        }
    }

    #[test]
    fn deep_down_the_last_sibling_goes_straight_on() {
        let mut links = vec![(1, None)];
        for n in 1..=6u128 {
            links.push((2 * n, Some(2 * n - 1)));
            links.push((2 * n + 1, Some(2 * n - 1)));
        }
        assert_eq!(
            drawn(&whole(&tree(&links)), 9),
            [
                "1",
                "├─2",
                "└─3",
                "  ├─4",
                "  └─5",
                "    ├─6",
                "    └─7",
                "      ├─8",
                "      └─9",
                "        ├─10",
                "        11",
                "        ├─12",
                "        13"
            ]
        );
    }

    /// Links of a tree of up to 40 messages, parents before children.
    fn links() -> impl Strategy<Value = Vec<(u128, Option<u128>)>> {
        prop::collection::vec(0u128..40, 1..40).prop_map(|parents| {
            let parent = |n: usize, parent: u128| (parent > 0 && parent <= n as u128).then_some(parent);
            parents.iter().enumerate().map(|(n, &above)| (n as u128 + 1, parent(n, above))).collect()
        })
    }

    proptest! {
        #[test]
        fn every_message_has_one_row_after_its_parents_and_in_its_lane(links in links()) {
            let tree = tree(&links);
            let graph = whole(&tree);
            let mut ids: Vec<MessageId> = graph.rows().iter().map(|row| row.id).collect();
            prop_assert_eq!(&ids, &tree.walk().iter().map(|message| message.id).collect::<Vec<_>>());
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), links.len());
            for (at, row) in graph.rows().iter().enumerate() {
                let message = tree.get(row.id).unwrap();
                prop_assert_eq!(row.parent.map(|parent| graph.rows()[parent].id), message.parent);
                prop_assert!(row.parent.is_none_or(|parent| parent < at));
                prop_assert_eq!(graph.lanes(at, usize::MAX).len(), row.depth);
                let depth = tree.path(row.id).into_iter().fold(0, |depth, id| {
                    let place = tree.place(id).unwrap();
                    let straight = place.position == place.count && depth >= STRAIGHT_FROM;
                    depth + usize::from(place.count > 1 && !straight)
                });
                prop_assert_eq!(row.depth, depth);
                prop_assert_eq!(row.hidden, 0);
            }
        }

        #[test]
        fn a_filter_shows_all_it_finds_and_nothing_else_but_partings(
            links in links(),
            found in prop::collection::hash_set(1u128..40, 0..20),
            ends in any::<bool>(),
        ) {
            let tree = tree(&links);
            let runs = if ends { Runs::Ends } else { Runs::Whole };
            let wanted = |message: &Message| found.contains(&message.id.0.as_u128());
            let graph = Graph::build(&tree, wanted, runs, &HashSet::new());
            for row in graph.rows() {
                let is_found = found.contains(&row.id.0.as_u128());
                prop_assert_eq!(row.reason == Reason::Wanted, is_found);
                // The nearest row above is the one it hangs on.
                let above = tree.get(row.id).unwrap().parent.and_then(|parent| graph.nearest(&tree, parent));
                prop_assert_eq!(row.parent, above);
                let below = graph.rows().iter().filter(|other| other.parent == graph.place(row.id)).count();
                prop_assert!(is_found || below > 1);
            }
            if runs == Runs::Whole {
                let shown = graph.rows().iter().filter(|row| row.reason == Reason::Wanted).count();
                prop_assert_eq!(shown, found.iter().filter(|n| tree.get(id(**n)).is_some()).count());
            }
        }
    }

    #[test]
    fn mine_only_leaves_the_answers_out() {
        let wanted = |message: &Message| message.role == Role::User;
        let graph = Graph::build(&tree(&LINKS), wanted, Runs::Whole, &HashSet::new());
        assert_eq!(drawn(&graph, 9), ["1 +2", "5 +1", "7 +2", "11"]);
    }
}
