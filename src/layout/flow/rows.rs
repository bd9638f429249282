//! Rows, and what stands left of them and between them: the margins of the containers around, and blank rows where
//! the text has blank lines.

use crate::layout::code::{self, CodeAt};
use crate::layout::{CodeBlock, CodeRow, Line, Span, work};
use crate::text::{sanitise, width::width};

use super::{Above, Flow, OpenCode, blanks};

/// What stands left of the rows of a container.
#[derive(Clone, Debug)]
pub(super) struct Margin {
    /// On its first row.
    pub first: Span,
    /// On the others.
    rest: Span,
    pub state: State,
    /// The cells of the first, and of the wider of both: every row asks.
    first_cells: usize,
    cells: usize,
}

/// Whether a container has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Fresh,
    Begun,
}

impl Margin {
    /// That of a container which has no row yet.
    pub fn new(first: Span, rest: Span) -> Self {
        let (first_cells, rest_cells) = (width(&first.text), width(&rest.text));
        Self { first, rest, state: State::Fresh, first_cells, cells: first_cells.max(rest_cells) }
    }
}

impl Flow<'_> {
    /// Rows of the text gathered so far.
    pub(super) fn flush(&mut self) {
        let at = self.runs_at.take();
        let mut runs = std::mem::take(&mut self.runs);
        let Some(at) = at else { return };
        if runs.is_empty() {
            return;
        }
        self.gap(at);
        runs.recognise(std::mem::take(&mut self.carried));
        let text_end = runs.since(0).trim_end_matches('\n').len();
        runs = if text_end < runs.len() { runs.slice(0..text_end) } else { runs };
        let mut last_row = 0;
        for line in runs.lines().collect::<Vec<_>>() {
            let hang = runs.indent(&line);
            let room = self.room();
            let hang = if hang * 2 < room { hang } else { 0 };
            let rows = runs.rows(line, room, room - hang);
            for (nth, row) in rows.into_iter().enumerate() {
                last_row = row.start;
                let mut spans = runs.spans(row, if nth == 0 { room } else { room - hang });
                if nth > 0 && hang > 0 {
                    spans.insert(0, blanks(hang));
                }
                self.row(spans, None);
            }
        }
        self.last = runs.slice(last_row..runs.len());
    }

    pub(super) fn code_block(&mut self) {
        let Some(OpenCode { at, language, text, places }) = self.code.take() else { return };
        let source = sanitise(&text).into_string();
        let number = self.laid.code.len() + 1;
        if !source.is_empty() {
            self.gap(at);
        }
        let room = self.room();
        let mut from = 0;
        for (line, text) in source.split_inclusive('\n').enumerate() {
            let text = text.strip_suffix('\n').unwrap_or(text);
            // Blanks that a parser made of a tab stand nowhere.
            let there = places.range(&(from..from + text.len()));
            let begins = there.filter(|there| there.len() == text.len()).map(|there| there.start);
            for row in code::rows(text, CodeAt { block: number, line, source: begins }, room) {
                self.row(row.spans, row.code);
            }
            from += text.len() + 1;
        }
        self.laid.code.push(CodeBlock { number, language, source });
    }

    pub(super) fn close_container(&mut self, at: usize) {
        self.flush();
        if self.margins.last().is_some_and(|margin| margin.state == State::Fresh) {
            self.gap(at);
            self.row(Vec::new(), None);
        }
        self.margins.pop();
    }

    /// A blank row where the text has a blank line before the one at `at`.
    pub(super) fn gap(&mut self, at: usize) {
        let before = self.source.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        if self.gap_at.is_some_and(|last| last >= line) {
            return;
        }
        self.gap_at = Some(line);
        let Some(above) = before.get(..line.saturating_sub(1)).filter(|_| line > 0) else { return };
        let above = above.rsplit('\n').next().unwrap_or_default();
        if self.above == Above::Rows && above.trim_matches(|c: char| c.is_whitespace() || c == '>').is_empty()
        {
            let shown = self.shown_margins();
            let mut spans: Vec<Span> = self
                .margins
                .iter()
                .skip(shown)
                .filter(|margin| margin.state == State::Begun)
                .map(|margin| margin.rest.clone())
                .collect();
            // Blanks at the end of a row are nothing.
            while spans.last().is_some_and(|span| span.text.trim().is_empty()) {
                spans.pop();
            }
            self.laid.lines.push(Line { spans, code: None });
        }
    }

    /// The first margin that is shown: together they take no more than half of the width, and what is nearest to the
    /// text is told first.
    fn shown_margins(&self) -> usize {
        let mut left = self.setting.width / 2;
        let mut shown = self.margins.len();
        for margin in self.margins.iter().rev() {
            match left.checked_sub(margin.first_cells) {
                Some(less) => left = less,
                None => break,
            }
            shown -= 1;
        }
        shown
    }

    /// The cells right of the margins.
    pub(super) fn room(&self) -> usize {
        let margins = self.margins.get(self.shown_margins()..).unwrap_or_default();
        let taken: usize = margins.iter().map(|margin| margin.cells).sum();
        self.setting.width.saturating_sub(taken).max(1)
    }

    pub(super) fn row(&mut self, mut spans: Vec<Span>, code: Option<CodeRow>) {
        let shown = self.shown_margins();
        let mut row = Vec::with_capacity(self.margins.len() - shown + spans.len());
        work::count(row.capacity());
        for (at, margin) in self.margins.iter_mut().enumerate() {
            let span = match margin.state {
                State::Fresh => &margin.first,
                State::Begun => &margin.rest,
            };
            if at >= shown {
                row.push(span.clone());
            }
            margin.state = State::Begun;
        }
        row.append(&mut spans);
        self.above = Above::Rows;
        self.laid.lines.push(Line { spans: row, code });
    }
}
