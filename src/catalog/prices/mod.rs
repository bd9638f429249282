//! What a model costs at an endpoint, and who says so.
//!
//! Prices are told in layers, of which the first that knows the model counts:
//!
//! | layer | told by |
//! |---|---|
//! | own | `prices.models` of the configuration |
//! | token config | `tokenConfig` of the endpoint |
//! | free | what is known to cost nothing: the demo, models that run on this machine |
//! | list | the endpoint's model list, where it tells prices |
//! | imported | a price map of LiteLLM that the person imported |
//! | built in | `config/prices.txt` |
//!
//! What no layer knows has no price. Each layer is asked for the id that was sent, then for the one that was served.
//! Nothing is read before a price is asked for, and no layer before those above it have no answer.
//!
//! | file | subject |
//! |---|---|
//! | `table` | rows of text, and the search through them |
//! | `seller` | who is paid at an endpoint |
//! | `litellm` | reading LiteLLM's price map |

mod litellm;
pub mod seller;
pub mod table;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use jiff::civil::Date;

use self::seller::Seller;
use self::table::{Row, Source, Table};
use super::ModelInfo;
use crate::chat::{ModelId, Price, Rates};
use crate::config::{Endpoint, Location, Paths, private};

pub use litellm::{NotAMap, Taken, take};

/// The built-in table, as text.
pub const BUILT_IN: &str = include_str!("../../../config/prices.txt");

/// The built-in table.
pub fn built_in() -> Table<'static> {
    Table::new(BUILT_IN)
}

/// What one layer says a model costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Who says so.
    pub origin: Origin,
    /// The id, or the pattern, by which the layer knows the model.
    pub known_as: String,
    /// What it costs.
    pub price: Price,
}

/// Who says what a model costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The person, in `prices.models`.
    Own {
        /// Where.
        at: Location,
        /// When it was so, where they say.
        as_of: Option<Date>,
        /// What they say it is from.
        source: Option<String>,
    },
    /// The endpoint's `tokenConfig`.
    TokenConfig {
        /// Where the endpoint is configured.
        at: Location,
    },
    /// Nobody is paid.
    Free(Free),
    /// The endpoint's model list.
    List,
    /// A price map that was imported.
    Imported(Sold),
    /// The table that comes with the program.
    BuiltIn(Sold),
}

/// Why something is known to cost nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    /// The demo asks nobody.
    Demo,
    /// A server of this machine runs it.
    Local,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// Whose price it is.
    pub seller: String,
    /// Whether that is who is asked.
    pub fit: Fit,
    /// Where the row comes from.
    pub source: Option<Source>,
}

/// Whether a price is that of who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is.
    Seller,
    /// Who is asked passes on what others sell, and is taken to ask what they ask.
    Assumed,
}

/// The layers that know a model, the one that counts first. They are asked one after the other, as they are taken.
pub fn layers<'a>(
    imported: &'a Imported,
    endpoint: &'a Endpoint,
    listed: Option<&'a ModelInfo>,
    ids: &'a [&'a ModelId],
) -> impl Iterator<Item = Layer> + 'a {
    let each = |ask: fn(&'a Imported, &'a Endpoint, &'a ModelId) -> Option<Layer>| {
        std::iter::once_with(move || ids.iter().find_map(|id| ask(imported, endpoint, id))).flatten()
    };
    let list = std::iter::once_with(move || {
        let listed = listed?;
        Some(Layer { origin: Origin::List, known_as: listed.id.to_string(), price: listed.price? })
    });
    each(own)
        .chain(each(token_config))
        .chain(each(free))
        .chain(list.flatten())
        .chain(each(|imported, endpoint, id| from_table(imported.table()?, endpoint, id, Origin::Imported)))
        .chain(each(|_, endpoint, id| from_table(built_in(), endpoint, id, Origin::BuiltIn)))
}

fn own(_: &Imported, endpoint: &Endpoint, id: &ModelId) -> Option<Layer> {
    let row = endpoint.own_price(id)?;
    let origin = Origin::Own { at: row.at.clone(), as_of: row.as_of, source: row.source.clone() };
    Some(Layer { origin, known_as: row.model.clone(), price: row.price })
}

fn token_config(_: &Imported, endpoint: &Endpoint, id: &ModelId) -> Option<Layer> {
    let told = endpoint.token_config.get(id.as_str())?;
    let rates = Rates {
        cache_read: told.cache_read,
        cache_write: told.cache_write,
        ..Rates::new(told.prompt?, told.completion?)
    };
    let origin = Origin::TokenConfig { at: endpoint.at.clone() };
    Some(Layer { origin, known_as: id.to_string(), price: rates.into() })
}

fn free(_: &Imported, endpoint: &Endpoint, id: &ModelId) -> Option<Layer> {
    let why = match Seller::of(endpoint, id.as_str()) {
        Seller::Demo => Free::Demo,
        Seller::Local => Free::Local,
        Seller::Known(_) | Seller::Gateway => return None,
    };
    Some(Layer { origin: Origin::Free(why), known_as: id.to_string(), price: Price::FREE })
}

fn from_table(
    table: Table<'_>,
    endpoint: &Endpoint,
    id: &ModelId,
    origin: fn(Sold) -> Origin,
) -> Option<Layer> {
    let (row, fit) = row(table, endpoint, id.as_str())?;
    let source = table.source(row.source);
    Some(Layer {
        origin: origin(Sold { seller: row.seller.to_owned(), fit, source }),
        known_as: row.model.to_owned(),
        price: row.price,
    })
}

/// The row that holds for a model of an endpoint.
fn row<'t>(table: Table<'t>, endpoint: &Endpoint, id: &str) -> Option<(Row<'t>, Fit)> {
    match Seller::of(endpoint, id) {
        Seller::Demo | Seller::Local => None,
        Seller::Known(name) => Some((table.nearest(name, seller::written(name, id))?, Fit::Seller)),
        Seller::Gateway => seller::behind_gateway(id).find_map(|(name, id)| {
            let id = seller::written(name, id);
            // Gateways write the versions of Claude with a point.
            let row = table.nearest(name, id).or_else(|| table.nearest(name, &id.replace('.', "-")));
            Some((row?, Fit::Assumed))
        }),
    }
}

/// How many tokens may be sent at once, as the tables know.
pub fn context(imported: &Imported, endpoint: &Endpoint, model: &ModelId) -> Option<u64> {
    let known = |table: Table<'_>| row(table, endpoint, model.as_str())?.0.context;
    imported.table().and_then(known).or_else(|| built_in_context(endpoint, model))
}

/// The context window that the built-in table knows of a model.
pub fn built_in_context(endpoint: &Endpoint, model: &ModelId) -> Option<u64> {
    row(built_in(), endpoint, model.as_str())?.0.context
}

/// The table that the person imported: read at the first question, once in a process.
#[derive(Clone, Debug)]
pub struct Imported {
    file: PathBuf,
    text: Arc<OnceLock<Option<String>>>,
}

/// Its file in the data folder.
const IMPORTED_FILE: &str = "prices.txt";

impl Imported {
    /// The one kept below `paths`. Reads nothing yet.
    pub fn new(paths: &Paths) -> Self {
        Self { file: paths.data.join(IMPORTED_FILE), text: Arc::default() }
    }

    /// The table; `None` where nothing was imported.
    pub fn table(&self) -> Option<Table<'_>> {
        self.text.get_or_init(|| fs::read_to_string(&self.file).ok()).as_deref().map(Table::new)
    }

    /// Keeps a table for later processes, instead of the one before.
    ///
    /// # Errors
    /// The file system's.
    pub fn replace(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            private::create_folder(folder)?;
        }
        private::write(&self.file, text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
