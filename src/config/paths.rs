//! Where files live: the platform's folders, and the variables that override them (contracts section 1).

use std::path::PathBuf;

use directories::ProjectDirs;

use super::Env;

/// The folders and files of one person. Nothing is created here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Folder of `loquat.yaml`, themes.
    pub config: PathBuf,
    /// Folder of the database, the telemetry log, the key file.
    pub data: PathBuf,
    /// Folder of model lists and the usage index; deleting it loses nothing.
    pub cache: PathBuf,
    /// Folder of the log file, prompt history, last choices.
    pub state: PathBuf,
}

impl Paths {
    /// From the environment. Without a home, everything goes below the system's temporary folder, so that
    /// cron jobs and containers still work.
    pub fn from_env(env: &Env) -> Self {
        let dirs = ProjectDirs::from("", "", "loquat");
        let fallback = || std::env::temp_dir().join("loquat");
        let over = |name: &str| env.get(name).map(PathBuf::from);
        let data = over("LOQUAT_DATA_DIR")
            .or_else(|| dirs.as_ref().map(|dirs| dirs.data_dir().to_owned()))
            .unwrap_or_else(|| fallback().join("data"));
        let state = over("LOQUAT_STATE_DIR")
            .or_else(|| dirs.as_ref().and_then(|dirs| dirs.state_dir().map(ToOwned::to_owned)))
            .unwrap_or_else(|| data.join("state"));
        Self {
            config: dirs
                .as_ref()
                .map_or_else(|| fallback().join("config"), |dirs| dirs.config_dir().to_owned()),
            cache: over("LOQUAT_CACHE_DIR")
                .or_else(|| dirs.as_ref().map(|dirs| dirs.cache_dir().to_owned()))
                .unwrap_or_else(|| fallback().join("cache")),
            data,
            state,
        }
    }

    /// The person's configuration file, which need not exist.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("loquat.yaml")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.data.join("loquat.db")
    }

    /// The folder of the telemetry log's monthly files.
    pub fn telemetry(&self) -> PathBuf {
        self.data.join("telemetry")
    }

    /// The folder of the index over that log.
    pub fn usage_index(&self) -> PathBuf {
        self.cache.join("usage")
    }
}
