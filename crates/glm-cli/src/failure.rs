//! What went wrong, as a person reads it and as a program does, and the exit status that says it.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::args::Format;

/// Bad data or a bad formula.
const DATA: u8 = 1;
/// Bad usage.
const USAGE: u8 = 2;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    code: String,
    message: String,
    details: Map<String, Value>,
    hint: Option<&'static str>,
    status: u8,
}

impl Failure {
    /// Arguments that cannot be used together, or not at all.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: "usage".to_owned(), message: message.into(), details: Map::new(), hint: None, status: USAGE }
    }

    /// A file that cannot be written.
    pub(crate) fn writing(path: &Path, error: &io::Error) -> Self {
        let what = match error.kind() {
            io::ErrorKind::NotFound => "there is no such directory".to_owned(),
            _ => error.to_string(),
        };
        let message = format!("cannot write {}: {what}", path.display());
        let details = Map::from_iter([("file".to_owned(), json!(path.display().to_string()))]);
        Self { code: "cannot_write".to_owned(), message, details, hint: None, status: DATA }
    }

    /// A file beside the data that cannot be read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        let message = match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file {}", path.display()),
            _ => format!("cannot read {}: {error}", path.display()),
        };
        let code = if error.kind() == io::ErrorKind::NotFound { "no_such_file" } else { "cannot_read" };
        let details = Map::from_iter([("file".to_owned(), json!(path.display().to_string()))]);
        Self { code: code.to_owned(), message, details, hint: None, status: DATA }
    }

    /// The same, with a file's name before the message.
    pub(crate) fn of_file(self, path: &Path) -> Self {
        Self { message: format!("{}: {}", path.display(), self.message), ..self }
    }

    /// Tells it on the standard error, or as JSON on the standard output.
    pub(crate) fn tell(&self, format: Format) -> ExitCode {
        let told = match format {
            Format::Table => {
                let hint = self.hint.map_or(String::new(), |hint| format!("\nhint: {hint}"));
                writeln!(stderr(), "error: {}{hint}", self.message)
            }
            Format::Json => writeln!(stdout(), "{}", self.json()),
        };
        // Where nobody listens the exit status is all that is left.
        told.map_or(ExitCode::from(self.status), |()| ExitCode::from(self.status))
    }

    fn json(&self) -> Value {
        let mut error = self.details.clone();
        error.insert("code".to_owned(), json!(self.code));
        error.insert("message".to_owned(), json!(self.message));
        error.extend(self.hint.map(|hint| ("hint".to_owned(), json!(hint))));
        json!({ "error": error })
    }
}

impl From<glm_model::Error> for Failure {
    fn from(error: glm_model::Error) -> Self {
        let details = match error.details() {
            Value::Object(details) => details,
            _ => Map::new(),
        };
        let (message, hint) = (error.to_string(), hint(&error));
        Self { code: error.code().to_owned(), message, details, hint, status: error.exit_status() }
    }
}

impl From<glm_frame::Error> for Failure {
    fn from(error: glm_frame::Error) -> Self {
        glm_model::Error::Data(error).into()
    }
}

/// What to do about it on the command line.
fn hint(error: &glm_model::Error) -> Option<&'static str> {
    use glm_model::Error;
    match error {
        Error::Data(glm_frame::Error::MissingValues { .. }) => Some("--na omit leaves such rows out"),
        Error::Response { found, .. } if found.starts_with("a category") => {
            Some("if its type was guessed wrongly, --schema with { \"type\": \"number\" } for it finds the text in it")
        }
        Error::Separation { .. } => Some("--bias-reduction gives finite estimates"),
        Error::NotConverged { .. } => Some("try --max-iterations, another --solver, or --start"),
        _ => None,
    }
}

/// What clap has to say: help and versions on the standard output; errors as all others, because whoever asked for JSON
/// reads JSON.
pub(crate) fn of_arguments(error: &clap::Error, args: &[OsString]) -> ExitCode {
    if error.use_stderr() && wants_json(args) {
        let text = error.to_string();
        let message = text.trim_start_matches("error: ").trim_end();
        return Failure::usage(message).tell(Format::Json);
    }
    // As in `tell`.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
}

fn wants_json(args: &[OsString]) -> bool {
    let follows = args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    follows || args.iter().any(|arg| arg == "--format=json")
}

/// Writes an answer to the standard output; whoever reads may have seen enough.
pub(crate) fn answer(text: impl Display) -> Result<(), Failure> {
    let written = write!(stdout(), "{text}").and_then(|()| stdout().flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::writing(Path::new("the standard output"), &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_code_message_and_details() {
        let failure = Failure::writing(Path::new("a.csv"), &io::ErrorKind::PermissionDenied.into());
        let error = &failure.json()["error"];
        assert_eq!((&error["code"], &error["file"]), (&json!("cannot_write"), &json!("a.csv")));
        assert_eq!(error["message"], "cannot write a.csv: permission denied");
    }

    #[test]
    fn json_is_asked_for_in_two_ways() {
        let wants = |args: &[&str]| wants_json(&args.iter().map(OsString::from).collect::<Vec<_>>());
        assert!(wants(&["glm", "--format", "json"]) && wants(&["--format=json"]));
        assert!(!wants(&["glm", "json"]) && !wants(&["--format", "table"]));
    }
}
